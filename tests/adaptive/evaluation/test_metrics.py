"""Figures against scikit-learn, and intervals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from adaptive.evaluation.metrics import auc, auc_of, intervals, scores
from adaptive.mastery.calibration import ece, log_loss

answers = st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 0.3, 0.3001, 0.76, 0.8, 0.97])), min_size=2)


@given(answers)
def test_figures_are_those_of_scikit_learn(given_: list[tuple[bool, float]]) -> None:
    y, p = np.array([y for y, _ in given_], np.int8), np.array([p for _, p in given_])
    found = scores(y, p, np.arange(len(y)))
    assert found.log_loss == pytest.approx(oracle.log_loss(y, p, labels=[0, 1]))
    assert found.rmse == pytest.approx(math.sqrt(oracle.brier_score_loss(y, p)))
    assert found.accuracy == pytest.approx(oracle.accuracy_score(y, p >= 0.5))
    if 0 < y.sum() < len(y):
        assert found.auc == pytest.approx(oracle.roc_auc_score(y, p))
    else:
        assert math.isnan(found.auc)


@given(answers, st.integers(0, 99))
def test_weights_count_a_row_as_often_as_they_say(given_: list[tuple[bool, float]], seed: int) -> None:
    y, p = np.array([y for y, _ in given_], np.int8), np.array([p for _, p in given_])
    weights = np.random.default_rng(seed).integers(0, 3, len(y))
    repeated = np.repeat(np.arange(len(y)), weights)
    once, often = auc_of(y, p)(weights.astype(float)), auc(y[repeated], p[repeated])
    assert once == pytest.approx(often, nan_ok=True)


def test_calibration_and_the_band() -> None:
    y = np.array([1, 1, 1, 0] * 50 + [1, 0] * 50, np.int8)
    p = np.array([0.75] * 200 + [0.5] * 100)
    assert ece(y, p) == pytest.approx(0)
    assert ece(y, p - 0.1) == pytest.approx(0.1)
    found = scores(y, p, np.arange(300) % 20)
    assert (found.band, found.band_answers) == (0.75, 200)
    assert math.isnan(scores(y, p * 0.5, np.arange(300)).band)


def test_first_ten_answers_alone() -> None:
    y, p, number = np.array([1, 0, 0, 1], np.int8), np.array([0.9, 0.1, 0.9, 0.1]), np.array([0, 9, 10, 11])
    assert scores(y, p, number).first_ten == 1.0
    assert auc(y, p) == 0.5


def test_log_loss_of_a_certain_error_is_finite() -> None:
    assert math.isfinite(log_loss(np.array([0], np.int8), np.array([1.0])))


def test_intervals_come_from_drawing_learners_not_answers() -> None:
    """When every learner's answers are alike, more answers of the same learners make nobody surer."""
    draw = np.random.default_rng(5)
    level = draw.uniform(0.2, 0.9, 30)
    learners = np.repeat(np.arange(30, dtype=np.int32), 20)
    p = np.clip(level[learners] + draw.normal(0, 0.05, 600), 0.01, 0.99)
    y = (draw.uniform(size=600) < level[learners]).astype(np.int8)
    once = intervals(y, p, learners, 200, 1, other=np.full(600, 0.5))
    often = intervals(np.tile(y, 5), np.tile(p, 5), np.tile(learners, 5), 200, 1)
    assert often["auc"] == pytest.approx(once["auc"])
    assert once["auc"].low < auc(y, p) < once["auc"].high
    assert once["auc_ahead"] == pytest.approx((once["auc"].low - 0.5, once["auc"].high - 0.5))
    assert intervals(y, p, learners, 50, 7) == intervals(y, p, learners, 50, 7)
