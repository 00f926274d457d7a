"""Off-policy estimates: right on average, honest about how little a log can say."""

from random import Random

import pytest

from adaptive.evaluation.logged_choices import LoggedChoice, compare

TRUE = {"a": 0.2, "b": 0.5, "c": 0.8}


def logged(count: int, seed: int, propensities: dict[str, float]) -> list[LoggedChoice]:
    luck = Random(seed)
    names = list(propensities)
    rows = []
    for number in range(count):
        shown = luck.choices(names, [propensities[name] for name in names])[0]
        reward = float(luck.random() < TRUE[shown])
        rows.append(LoggedChoice(f"learner{number % 60}", tuple(names), shown, propensities[shown], reward))
    return rows


def only(name: str):  # type: ignore[no-untyped-def]
    return lambda choice: float(choice.shown == name)


def test_a_policy_that_was_never_run_is_estimated_from_what_explored() -> None:
    log = logged(3000, 5, {"a": 0.6, "b": 0.2, "c": 0.2})
    found = compare(log, only("c"))
    for estimate in (found.ips, found.snips, found.replay):
        assert estimate.low < TRUE["c"] < estimate.high
        assert estimate.value == pytest.approx(TRUE["c"], abs=0.06)
    assert found.logged.value == pytest.approx(0.6 * 0.2 + 0.2 * 0.5 + 0.2 * 0.8, abs=0.04)
    assert found.usable
    assert found.support == pytest.approx(0.2, abs=0.03)


def test_the_intervals_hold_what_they_say() -> None:
    held = 0
    for seed in range(60):
        found = compare(logged(600, 100 + seed, {"a": 0.4, "b": 0.3, "c": 0.3}), only("b"), seed)
        held += found.snips.low <= TRUE["b"] <= found.snips.high
    assert held >= 51


def test_the_logged_policy_itself_comes_out_as_it_was() -> None:
    log = logged(500, 2, {"a": 0.5, "b": 0.3, "c": 0.2})
    found = compare(log, lambda choice: choice.propensity)
    assert found.ips.value == pytest.approx(found.logged.value)
    assert found.snips.value == pytest.approx(found.logged.value)
    assert found.effective == pytest.approx(500)


def test_a_log_that_never_explored_says_so() -> None:
    log = [LoggedChoice(f"l{n}", ("a", "b"), "a", 1.0, 1.0) for n in range(200)]
    found = compare(log, only("b"))
    assert found.support == 0.0
    assert not found.usable


def test_what_cannot_be_estimated_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        compare([], only("a"))
    for propensity in (0.0, 1.5):
        with pytest.raises(ValueError, match="propensity"):
            compare([LoggedChoice("l", ("a",), "a", propensity, 1.0)], only("a"))
