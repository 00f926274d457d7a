"""Fitting anew: the same weights whoever computes, and a new version only if it is no worse."""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from adaptive.mastery import preparing
from adaptive.mastery.accepting import accept
from adaptive.mastery.calibration import log_loss
from adaptive.mastery.features import NAMES
from adaptive.mastery.following import Learner, apart
from adaptive.mastery.model import Shared
from adaptive.mastery.prediction import look
from adaptive.mastery.preparing import prepare
from adaptive.mastery.refitting import refit, refitted
from adaptive.mastery.terms import Weights, default_weights
from tests.adaptive.synthetic import histories


class Elsewhere(Executor):
    """An executor with nothing but ``submit``, as Dask's; it computes at once and returns a finished future."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "BLOCK", 500)


@pytest.mark.usefixtures("small_blocks")
def test_every_executor_gives_the_same_weights_to_the_last_bit() -> None:
    given = histories(40, 50)

    def fitted(executor: Executor | None) -> Shared:
        return refitted(prepare(given), executor, "1", "made up")

    alone = fitted(None)
    assert len(prepare(given).blocks) == 4
    assert fitted(Elsewhere()) == alone
    with ThreadPoolExecutor(2) as threads:
        assert fitted(threads) == alone
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        assert fitted(processes) == alone


@pytest.mark.parametrize("timed", [True, False])
def test_the_rows_are_what_stands_before_each_answer_online(timed: bool) -> None:
    """Elo does not depend on the weights, so that what is prepared is what ``predict`` looks at while terms adapt."""
    given = histories(12, 40, timed=timed)
    raw = default_weights()._replace(scales=(1.0,) * len(NAMES), means=(0.0,) * len(NAMES))
    shared = apart(Shared(raw))
    rows = iter(np.concatenate(prepare(given).blocks))
    for history in given:
        learner = Learner(shared)
        for event in history:
            z = look(learner.state, shared, event.asked).z
            row = next(rows)
            assert z == pytest.approx(np.clip(row[: len(z)], -5, 5).tolist(), abs=1e-5, rel=1e-5)
            assert np.isnan(row[len(z) :]).all() and (len(z) == len(NAMES)) is timed
            learner.follow([event], adapting=True)
    assert next(rows, None) is None


def test_without_terms_it_is_a_logistic_regression() -> None:
    """With one question and no skill there is nothing but weights: scikit-learn agrees."""
    given = [
        [e._replace(asked=e.asked._replace(item_id="q", skill_ids=())) for e in history]
        for history in histories(60, 30, timed=False)
    ]
    prepared = prepare(given)
    raw = np.nan_to_num(np.concatenate(prepared.blocks).astype(np.float64))
    weights, items, skills = refit(prepared, None, "1", "made up", rounds=25)
    z = np.clip((raw - weights.means) * weights.scales, -5, 5)
    own = np.array(weights.values) @ z.T
    oracle = LogisticRegression(C=1.0, solver="newton-cholesky", tol=1e-10).fit(z, prepared.correct)
    theirs = oracle.coef_[0] @ z.T
    assert skills == {} and set(items) == {"q"}
    assert np.corrcoef(own, theirs)[0, 1] > 0.97
    assert np.abs((own - own.mean()) - (theirs - theirs.mean())).mean() < 0.12


def test_hard_questions_get_low_biases_and_all_their_information() -> None:
    given = histories(150, 60, seed=3)
    _weights, items, skills = refit(prepare(given), None, "1", "made up")
    answers: dict[str, list[bool]] = {}
    for history in given:
        for event in history:
            answers.setdefault(event.asked.item_id, []).append(event.correct)
    rates = [sum(own) / len(own) for own in (answers[key] for key in items)]
    assert np.corrcoef([term.bias for term in items.values()], rates)[0, 1] > 0.9
    assert all(term.answers == len(answers[key]) for key, term in items.items())
    assert all(0 < term.information <= 0.25 * term.answers for term in items.values())
    assert set(skills) == {f"s{n}" for n in range(6)}


def test_an_earlier_version_helps_where_there_are_few_answers() -> None:
    """Weights from many other learners, asked other questions, make up for what a small log cannot say."""
    earlier = refitted(prepare(histories(150, 60, seed=1)), None, "1", "made up").weights
    given = histories(60, 40, seed=2)
    few, new = given[:6], given[6:]

    def lost(known: Weights | None) -> float:
        shared = refitted(prepare(few), None, "2", "made up", known)
        p = np.array([p for history in new for p in Learner(shared).follow(history, adapting=False)])
        return log_loss(np.array([e.correct for history in new for e in history], np.int8), p)

    assert lost(earlier) < lost(None) - 0.01


def test_many_answers_outweigh_an_earlier_version() -> None:
    given, new = histories(150, 60, seed=3), histories(20, 60, seed=4)
    nonsense = default_weights()._replace(values=tuple(-w for w in default_weights().values))
    alone, drawn = (refitted(prepare(given), None, "2", "made up", known) for known in (None, nonsense))
    one, two = (
        np.array([p for history in new for p in Learner(shared).follow(history, adapting=False)])
        for shared in (alone, drawn)
    )
    assert np.abs(one - two).mean() < 0.06
    assert alone.weights.means == drawn.weights.means and alone.weights.scales == drawn.weights.scales


def test_nothing_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="nothing"):
        refit(prepare([]), None, "1", "made up")


def test_one_kind_of_answer_does_no_harm() -> None:
    given = [[e._replace(correct=True) for e in h] for h in histories(5, 10)]
    shared = refitted(prepare(given), None, "1", "made up")
    assert all(np.isfinite(shared.weights.values))
    assert 0.9 < Learner(shared).follow(given[0], adapting=False)[0] < 1


def test_a_new_version_is_accepted_only_if_it_is_no_worse() -> None:
    given = histories(80, 60, seed=9)
    since = sorted(e.asked.presented_at or 0 for h in given for e in h)[-800]
    earlier = [[e for e in h if (e.asked.presented_at or 0) < since] for h in given]
    good = refitted(prepare(earlier), None, "2", "made up")
    bad_weights = good.weights._replace(values=tuple(-w for w in good.weights.values))
    better = accept(good, bad_weights, given, since)
    assert better.accepted and better.answers >= 800
    assert better.candidate is not None and better.current is not None
    assert better.candidate.log_loss < better.current.log_loss
    worse = accept(Shared(bad_weights, good.items, good.skills), good.weights, given, since)
    assert not worse.accepted


def test_without_newest_answers_the_old_version_stays() -> None:
    given = histories(3, 10)
    assert accept(Shared(default_weights()), default_weights(), given, 1e12) == (False, None, None, 0)


def test_the_same_version_is_no_worse_than_itself() -> None:
    given = histories(20, 40)
    since = sorted(e.asked.presented_at or 0 for h in given for e in h)[-200]
    weights: Weights = default_weights()
    learned = apart(Shared(weights))
    for history in given:
        Learner(learned).follow([e for e in history if (e.asked.presented_at or 0) < since], adapting=True)
    assert accept(learned, weights, given, since).accepted
