"""Forgetting and mastery."""

from datetime import UTC, datetime, timedelta

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from adaptive.mastery.memory import DAY, due_at, rate, recall, retrievability, review
from adaptive.mastery.model import Asked, Event, LearnerState, Shared, default_weights, due, mastery, observe
from adaptive.mastery.state import Memory

NOW = 1.7e9
reviews = st.lists(st.tuples(st.sampled_from(list(Rating)), st.integers(0, 400)), min_size=1, max_size=8)


@given(reviews)
def test_whole_days_are_as_the_package_has_them(given_: list[tuple[Rating, int]]) -> None:
    """With gaps of whole days, continuous time changes nothing."""
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    at = datetime.fromtimestamp(NOW, UTC)
    card, memory = Card(card_id=1, due=at), None
    for rating, days in given_:
        at += timedelta(days=days)
        card, _log = scheduler.review_card(card, rating, at)
        memory = review(memory, rating, at.timestamp())
        assert (memory.stability, memory.difficulty) == pytest.approx((card.stability, card.difficulty))
    later = at + timedelta(days=17)
    assert memory is not None
    assert retrievability(memory, later.timestamp()) == pytest.approx(scheduler.get_card_retrievability(card, later))


def test_hours_count_too() -> None:
    memory = review(None, Rating.Good, NOW)
    hours = [retrievability(memory, NOW + h * 3600) for h in (0, 6, 12, 23)]
    assert hours[0] == 1 and hours == sorted(hours, reverse=True) and len(set(hours)) == 4


@given(st.floats(0.01, 1000), st.floats(0.7, 0.99))
def test_a_review_is_due_when_recall_has_fallen_to_the_retention_wanted(stability: float, retention: float) -> None:
    memory = Memory(stability, 5.0, NOW)
    assert retrievability(memory, due_at(memory, retention)) == pytest.approx(retention, abs=1e-4)
    assert recall(stability, stability) == pytest.approx(0.9)


def test_how_well_it_was_remembered() -> None:
    assert rate(False, False, None, None) is Rating.Again
    assert rate(True, True, 1.0, 1.0) is Rating.Hard
    assert rate(True, False, 1.0 + 0.7, 1.0) is Rating.Hard  # over twice the median time
    assert rate(True, False, 1.0 + 0.69, 1.0) is Rating.Good
    assert rate(True, False, None, 1.0) is Rating.Good
    assert rate(True, False, 9.0, None) is Rating.Good


def practise(answers: list[bool], items: int, *, timed: bool = True) -> tuple[LearnerState, Shared]:
    state, shared = LearnerState(), Shared(default_weights())
    for number, correct in enumerate(answers):
        at = NOW + 60 * number if timed else None
        asked = Asked(f"q{number % items}", ("s",), at)
        state = state.updated(observe(state, shared, Event(asked, correct, at and at + 5)).state)
    return state, shared


def test_mastery_needs_three_answers_to_two_questions_and_a_high_probability() -> None:
    state, shared = practise([True] * 30, 10)
    reached = mastery(state, shared, "s", NOW + 3600)
    assert reached.mastered and reached.p >= 0.85 and reached.attempts == 30 and reached.distinct_items == 10
    assert reached.mastered_at is not None and reached.due_at is not None and reached.due_at > NOW
    assert reached.low <= reached.p <= reached.high

    one, shared = practise([True] * 30, 1)
    assert not mastery(one, shared, "s", NOW).mastered and one.skills["s"].memory is None
    failing, shared = practise([False] * 30, 10)
    assert not mastery(failing, shared, "s", NOW).mastered
    never = mastery(LearnerState(), shared, "s", NOW)
    assert (never.attempts, never.mastered, never.due_at, never.retrievability) == (0, False, None, None)


def test_mastery_can_be_told_without_a_clock_but_is_not_remembered() -> None:
    state, shared = practise([True] * 30, 10, timed=False)
    assert mastery(state, shared, "s", None).mastered
    assert state.skills["s"].memory is None


def test_what_is_due_comes_least_remembered_first() -> None:
    state, _shared = practise([True] * 30, 10)
    skill = state.skills["s"]
    assert skill.memory is not None
    weak = skill._replace(memory=Memory(0.5, 5.0, NOW))
    state = state._replace(skills={"s": skill, "weak": weak})
    assert due(state, NOW) == ()
    later = NOW + 4000 * DAY
    assert [d.skill_id for d in due(state, later)] == ["weak", "s"]
    first = due(state, NOW + 2 * DAY, retention=0.9)
    assert [d.skill_id for d in first] == ["weak"]
    assert first[0].due_at > due(state, NOW + 2 * DAY, retention=0.95)[0].due_at


def test_a_wrong_answer_after_mastery_brings_the_review_closer() -> None:
    state, shared = practise([True] * 30, 10)
    at = NOW + 5 * DAY
    ends = [observe(state, shared, Event(Asked("q1", ("s",), at), right, at + 5)).state for right in (True, False)]
    dates = [due_at(end.skills["s"].memory) for end in ends if end.skills["s"].memory]
    assert len(dates) == 2 and dates[0] > dates[1]
    assert [end.skills["s"].mastered_at for end in ends] == [state.skills["s"].mastered_at] * 2
