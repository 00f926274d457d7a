"""Weights, confidence, thresholds: against plain reckoning and by their laws."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.recognition.comparison.ranker import Calibration, Example, fit, probabilities, threshold


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
