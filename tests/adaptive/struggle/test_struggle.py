"""Struggle: signals, thresholds of rapid guessing, and the ladder that never says "again"."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.content.model import FORM_KINDS, FormKind
from adaptive.mastery.model import Asked, Event, LearnerState, Shared, default_weights, mastery, observe
from adaptive.mastery.state import OverallState, SkillState
from adaptive.sentences import sentence
from adaptive.struggle.guessing import CAP, FEW, rapid_threshold
from adaptive.struggle.ladder import CHANGES, LADDER, Approach, ApproachKind, Offers, next_approach
from adaptive.struggle.signals import (
    Attempt,
    across_skills,
    chance_of_row,
    deviation,
    hurried,
    notice,
    spinning,
    strained,
    too_easy,
    wrong_in_a_row,
)
from adaptive.struggle.wheel_spinning import (
    HORIZON,
    SIGNS,
    TRIES,
    Coefficients,
    came_at,
    is_wheel_spinning,
    risk,
    shipped,
    signs,
)

outcomes = st.lists(st.booleans(), max_size=14)


def said(code: str, **values: object) -> str:
    return sentence(f"reason.{code}", "zh-CN", **values)  # type: ignore[arg-type]


@settings(deadline=None)
@given(outcomes)
def test_wheel_spinning_is_ten_tries_without_three_right_in_a_row(tries: list[bool]) -> None:
    rows = [n for n in range(3, min(len(tries), HORIZON) + 1) if all(tries[n - 3 : n])]
    assert came_at(tries) == (rows[0] if rows else None)
    expected = False if rows else (True if len(tries) >= HORIZON else None)
    assert is_wheel_spinning(tries) is expected


def lived(answers: list[bool], skill: str = "s") -> tuple[LearnerState, Shared]:
    state, shared = LearnerState(), Shared(default_weights())
    for number, right in enumerate(answers):
        asked = Asked(f"q{number}", (skill,), 1e9 + 60 * number)
        state = state.updated(observe(state, shared, Event(asked, right, 1e9 + 60 * number + 20)).state)
    return state, shared


def test_the_risk_falls_with_what_was_right() -> None:
    chances = {}
    for tries in product((False, True), repeat=TRIES):
        if came_at(tries) is None:
            state, _shared = lived(list(tries))
            found = signs(state.overall, state.skills["s"], 0.5)
            assert len(found) == len(SIGNS)
            chances[tries] = risk(shipped(), found, "s")
    assert all(0 < chance < 1 for chance in chances.values())
    assert chances[False, False, False, False] == max(chances.values())
    assert chances[False, False, True, True] < chances[True, True, False, False]


def test_a_skill_that_many_spin_at_has_a_term_of_its_own() -> None:
    state, _shared = lived([False, True, False, True])
    found = signs(state.overall, state.skills["s"], 0.0)
    own = shipped()._replace(skills={"s": 1.0})
    assert risk(own, found, "s") > risk(own, found, "other") == risk(shipped(), found, "s")


def test_coefficients_go_through_json() -> None:
    assert Coefficients.from_json(shipped().as_json()) == shipped()


@settings(deadline=None)
@given(st.floats(0.01, 0.99), st.integers(-3, 2), st.integers(0, 7))
def test_the_chance_of_three_in_a_row_is_exact(p: float, streak: int, left: int) -> None:
    total = 0.0
    for tries in product((False, True), repeat=left):
        row, done = max(streak, 0), False
        for right in tries:
            row = row + 1 if right else 0
            done = done or row == 3
        if done:
            weight = 1.0
            for right in tries:
                weight *= p if right else 1 - p
            total += weight
    assert chance_of_row(p, streak, left) == pytest.approx(total, abs=1e-12)


def test_spinning_is_told_after_four_tries_and_not_once_the_skill_came() -> None:
    state, shared = lived([False] * TRIES)
    seen = mastery(state, shared, "s", 1e9 + 600)
    signal = spinning(state.overall, state.skills["s"], "s", -1.0, seen.p, shipped())
    assert signal is not None
    assert said(signal.reason.code, **signal.reason.values)
    assert spinning(OverallState(), SkillState(answers=3), "s", -1.0, 0.3, shipped()) is None
    assert spinning(OverallState(), SkillState(answers=8, best_streak=3), "s", -1.0, 0.3, shipped()) is None
    late = spinning(OverallState(), SkillState(answers=9, streak=-2), "s", -1.0, 0.9, shipped())
    assert late is not None and late.strength == 1.0


def attempts(pattern: str, **more: object) -> list[Attempt]:
    return [Attempt(f"q{n}", ("s",), mark == "+", **more) for n, mark in enumerate(pattern)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pattern", "stuck"), [("---", True), ("+---", True), ("--", False), ("--+-", False), ("---+", False)]
)
def test_three_wrong_in_a_row(pattern: str, stuck: bool) -> None:
    signal = wrong_in_a_row(attempts(pattern), "s")
    assert (signal is not None) == stuck
    assert wrong_in_a_row(attempts(pattern), "other") is None
    if signal is not None:
        assert said(signal.reason.code, **signal.reason.values)


def test_a_hurried_answer_is_no_failure() -> None:
    rushed = attempts("---", seconds=1.0, rapid=3.0)
    assert wrong_in_a_row(rushed, "s") is None
    signals = notice(rushed, "s")
    assert [signal.kind for signal in signals] == ["hurried"]
    assert hurried(attempts("---", seconds=9.0, rapid=3.0)) is None


def test_boredom_needs_certainty_without_help() -> None:
    assert too_easy(attempts("+++++", p=0.97)) is not None
    assert too_easy(attempts("+++++", p=0.9)) is None
    assert too_easy(attempts("+++++")) is None
    assert too_easy(attempts("+++++", p=0.97, hinted=True)) is None
    assert too_easy(attempts("++-++", p=0.97)) is None


@settings(deadline=None)
@given(st.lists(st.floats(0.1, 1_000), min_size=5, max_size=20), st.floats(0.1, 50), st.floats(0.1, 10))
def test_behaviour_is_seen_against_ones_own_median_only(own: list[float], times: float, pace: float) -> None:
    """A person who is slower in everything gives the same signals."""
    value = own[0] * times
    one, other = deviation(value, own), deviation(value * pace, [v * pace for v in own])
    assert one == pytest.approx(other, abs=1e-6)


def test_strain() -> None:
    own = [10.0, 11.0, 9.0, 10.0, 12.0]
    assert strained("pause", 12.0, own) is None
    assert strained("pause", 60.0, own[:4]) is None
    for kind in ("pause", "speech", "replay", "back", "seconds"):
        signal = strained(kind, 60.0, own)  # type: ignore[arg-type]
        assert signal is not None
        assert said(signal.reason.code, **signal.reason.values)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.1, 600), st.booleans()), max_size=150), st.sampled_from([0.0, 0.25, 0.5]))
def test_a_threshold_is_known_from_twenty_answers_on(given_answers: list[tuple[float, bool]], chance: float) -> None:
    threshold = rapid_threshold([t for t, _ in given_answers], [y for _, y in given_answers], chance)
    assert (threshold is None) == (len(given_answers) < FEW)
    assert threshold is None or 0 < threshold <= CAP


def test_guesses_push_the_threshold_up_and_quick_knowledge_does_not() -> None:
    guessed = [0.5 + 0.12 * n for n in range(40)]
    thought = [20.0 + 0.1 * n for n in range(160)]
    coins = [n % 4 == 0 for n in range(40)]
    blind = rapid_threshold(guessed + thought, coins + [True] * 160, 0.25)
    quick = rapid_threshold(guessed + thought, [True] * 200, 0.25)
    assert blind is not None and quick is not None
    assert blind >= 5.0 > quick
    with pytest.raises(ValueError, match="length"):
        rapid_threshold([1.0], [], 0.25)


offers = st.builds(
    Offers,
    forms=st.lists(st.sampled_from(FORM_KINDS), unique=True),
    examples=st.lists(st.sampled_from(["e1", "e2"]), unique=True),
    prerequisites=st.dictionaries(st.sampled_from(["p1", "p2", "p3"]), st.floats(0, 1)),
)


@settings(deadline=None)
@given(offers, st.none() | st.sampled_from(FORM_KINDS))
def test_the_ladder_goes_up_never_repeats_and_ends_with_a_person(given_offers: Offers, shown: FormKind | None) -> None:
    used: list[Approach] = []
    for _ in range(12):
        approach = next_approach("s", used, given_offers, shown)
        for reason in approach.reasons:
            assert said(reason.code, **reason.values)
        used.append(approach)
        if approach.kind == "person":
            break
    assert used[-1].kind == "person" and len(used) <= CHANGES + 1
    rungs = [LADDER.index(approach.kind) for approach in used]
    assert rungs == sorted(rungs)
    tried = [(a.kind, a.form, a.skill_id, a.question_id) for a in used]
    assert len(set(tried)) == len(tried)
    assert shown not in [a.form for a in used if a.kind == "form"]
    assert next_approach("s", used, given_offers, shown).kind == "person"


def test_the_weakest_prerequisite_comes_first() -> None:
    approach = next_approach("s", [], Offers(prerequisites={"a": 0.7, "b": 0.4, "c": 0.9}), "standard")
    assert approach.skill_id == "b"


def test_what_is_likely_missing_comes_before_an_example_and_an_example_before_what_may_be() -> None:
    form = Approach("form", (), form="easy")
    likely, perhaps = ({"a": p} for p in (0.4, 0.7))
    assert next_approach("s", [form], Offers((), ["e"], likely), "standard").kind == "prerequisite"
    assert next_approach("s", [form], Offers((), ["e"], perhaps), "standard").kind == "example"
    assert next_approach("s", [form], Offers((), [], perhaps), "standard").kind == "prerequisite"


@settings(deadline=None)
@given(offers, st.lists(st.sampled_from(LADDER), max_size=5))
def test_who_fails_across_skills_meets_a_person_after_one_change_but_not_only_persons(
    given_offers: Offers, lately: list[ApproachKind]
) -> None:
    alone = next_approach("new", [], given_offers, "standard")
    found = next_approach("new", [], given_offers, "standard", lately)
    if lately and "person" not in lately:
        assert found.kind == "person"
    else:
        assert found == alone


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.sampled_from("ab"), st.booleans()), max_size=14))
def test_failing_across_skills_is_six_of_eight_on_two(answers: list[tuple[bool, str, bool]]) -> None:
    made = [
        Attempt(f"q{n}", (skill,), right, seconds=1.0 if rushed else 9.0, rapid=3.0)
        for n, (right, skill, rushed) in enumerate(answers)
    ]
    counted = [answer for answer in answers if not answer[2]][-8:]
    wrong = [skill for right, skill, _rushed in counted if not right]
    signal = across_skills(made)
    assert (signal is not None) == (len(wrong) >= 6 and len(set(wrong)) == 2)
    if signal is not None:
        assert said(signal.reason.code, **signal.reason.values)
