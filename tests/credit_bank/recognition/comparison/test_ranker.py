"""Weights, confidence, thresholds: against plain reckoning and by their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.recognition.comparison.ranker import (
    MOST_BACKING,
    Calibration,
    Example,
    fit,
    fit_backing,
    probabilities,
    sureness,
    threshold,
)


def test_probabilities_are_proper_whatever_the_scores() -> None:
    found = probabilities(np.array([[1000.0], [999.0], [-1000.0]]), np.array([1.0]))
    assert abs(found.sum() - 1) < 1e-12 and found[0] > found[1] > found[2] >= 0


def test_weights_go_to_what_tells_right_from_wrong() -> None:
    chance = np.random.default_rng(1)
    examples = []
    for _ in range(200):
        x = chance.normal(size=(6, 3))
        p = probabilities(x, np.array([2.0, -1.0, 0.0]))
        right = np.zeros(6, dtype=bool)
        right[chance.choice(6, p=p)] = True
        examples.append(Example(x, right))
    found = fit(examples, np.zeros(3), precision=0.1)
    assert np.abs(found - [2.0, -1.0, 0.0]).max() < 0.45


def test_nothing_to_learn_from_leaves_the_weights_as_they_were() -> None:
    prior = np.array([1.0, 2.0])
    assert (fit([], prior) == prior).all()
    assert (fit([Example(np.ones((2, 2)), np.zeros(2, dtype=bool))], prior) == prior).all()


PART = st.floats(0, 1)


@given(st.tuples(PART, PART), st.tuples(PART, PART), st.floats(0, MOST_BACKING))
def test_more_precedents_behind_it_or_better_odds_are_never_less_sure(
    probability: tuple[float, float], share: tuple[float, float], backing: float
) -> None:
    less, more = sureness(np.sort(np.array(probability)), np.sort(np.array(share)), backing)
    assert 0 <= less <= more <= 1
    assert sureness(np.array([more]), np.array([1.0]), backing) == pytest.approx(more, abs=2e-6)


def test_what_precedents_are_worth_is_found_again_and_kept_where_nothing_teaches_it() -> None:
    chance = np.random.default_rng(3)
    probability, share = chance.uniform(0.01, 0.99, 4000), chance.uniform(0, 1, 4000)
    right = chance.uniform(size=4000) < sureness(probability, share, 6.0)
    assert abs(fit_backing(probability, share, right, 0.0) - 6.0) < 0.6
    assert fit_backing(probability, share, chance.uniform(size=4000) < probability, 6.0) < 0.3
    assert fit_backing(np.array([]), np.array([]), np.array([], dtype=bool), 4.0) == 4.0


RESULTS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


@given(RESULTS)
def test_confidence_never_falls_and_is_a_probability(results: list[tuple[float, bool]]) -> None:
    calibration = Calibration.fitted([p for p, _right in results], [right for _p, right in results])
    told = [calibration.of(p) for p in np.linspace(0, 1, 21)]
    assert told == sorted(told) and told[0] > 0 and told[-1] < 1


@given(RESULTS, st.sampled_from([0.5, 0.8, 0.95, 1.0]))
def test_a_threshold_holds_its_precision_and_none_lower_does(
    results: list[tuple[float, bool]], precision: float
) -> None:
    found, right = np.array([p for p, _ in results]), np.array([r for _, r in results])
    least = threshold(found, right, precision)
    taken = found >= least
    if taken.any():
        assert right[taken].mean() >= precision
    for lower in set(found[found < least]):
        assert right[found >= lower].mean() < precision
