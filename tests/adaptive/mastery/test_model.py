"""The learner model: laws of predicting and observing."""

import json
import math
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.mastery.features import FEATURES, GROUPS, ITEM_SLOPES, NAMES, SKILL_SLOPES, TIMELESS, features
from adaptive.mastery.following import Learner, apart
from adaptive.mastery.model import (
    Asked,
    Event,
    LearnerState,
    Shared,
    default_weights,
    explain,
    observe,
    predict,
    predict_and_observe,
    probability,
)
from adaptive.mastery.state import NO_ITEM, NO_OVERALL
from adaptive.mastery.terms import NO_TERM, Term, Weights, add
from tests.adaptive.synthetic import histories, truths

START = Shared(default_weights())

asked = st.builds(
    Asked,
    st.sampled_from(["a", "b", "c"]),
    st.lists(st.sampled_from(["s", "t", "u"]), max_size=3, unique=True).map(tuple),
    st.one_of(st.none(), st.floats(0, 4e9)),
    st.one_of(st.none(), st.integers(1, 5)),
)
events = st.lists(
    st.builds(Event, asked, st.booleans(), st.one_of(st.none(), st.floats(0, 4e9)), st.booleans()), max_size=25
)


@dataclass
class Lived:
    """A learner and the shared terms after some answers."""

    state: LearnerState
    shared: Shared


def live(given: list[Event], state: LearnerState | None = None, shared: Shared = START) -> Lived:
    state = state or LearnerState()
    for event in given:
        seen = observe(state, shared, event)
        state, shared = state.updated(seen.state), shared.plus(seen.shared_change)
    return Lived(state, shared)


@given(events, asked)
def test_probabilities_are_proper_and_inside_their_interval(past: list[Event], next_: Asked) -> None:
    lived = live(past)
    found = predict(lived.state, lived.shared, next_)
    assert 0 < found.low <= found.p <= found.high < 1
    assert all(math.isfinite(term) for term in found.terms)


@given(events, asked)
def test_the_seven_terms_add_up_to_the_prediction(past: list[Event], next_: Asked) -> None:
    lived = live(past)
    found = predict(lived.state, lived.shared, next_)
    assert found.terms._fields == GROUPS
    assert sum(found.terms) == pytest.approx(found.logit, abs=1e-9)
    assert 1 / (1 + math.exp(-found.logit)) == pytest.approx(found.p)
    reasons = explain(found, lived.shared.weights)
    assert sum(r.logits for r in reasons) + lived.shared.weights.intercept == pytest.approx(found.logit, abs=1e-9)
    assert [abs(r.logits) for r in reasons] == sorted((abs(r.logits) for r in reasons), reverse=True)
    assert all(r.effect * r.logits >= 0 for r in reasons)


@given(events)
def test_a_state_goes_through_json(past: list[Event]) -> None:
    state = live(past).state
    assert LearnerState.from_json(json.loads(json.dumps(state.as_json()))) == state


@given(events, st.integers(0, 25))
def test_the_state_is_the_log_recomputed(past: list[Event], cut: int) -> None:
    whole = live(past)
    begun = live(past[:cut])
    resumed = live(past[cut:], LearnerState.from_json(json.loads(json.dumps(begun.state.as_json()))), begun.shared)
    assert resumed == whole
    learner = Learner(apart(START))
    learner.follow(past, adapting=True)
    assert learner.state == whole.state
    assert Shared(learner.shared.weights, dict(learner.shared.items), dict(learner.shared.skills)) == whole.shared


@given(events)
def test_the_parts_that_a_question_touches_are_enough(past: list[Event]) -> None:
    if not past:
        return
    before, last = live(past[:-1]), past[-1]
    part = LearnerState(
        before.state.overall,
        {k: v for k, v in before.state.skills.items() if k in last.asked.skill_ids},
        {k: v for k, v in before.state.items.items() if k == last.asked.item_id},
    )
    assert observe(part, before.shared, last) == observe(before.state, before.shared, last)
    seen = observe(part, before.shared, last)
    assert set(seen.state.skills) == set(last.asked.skill_ids)
    assert set(seen.state.items) == {last.asked.item_id}


@given(events, events)
def test_the_order_of_learners_with_nothing_in_common_is_irrelevant(one: list[Event], two: list[Event]) -> None:
    def elsewhere(event: Event) -> Event:
        own = event.asked
        skills = tuple("other " + key for key in own.skill_ids)
        return event._replace(asked=own._replace(item_id="other " + own.item_id, skill_ids=skills))

    other = [elsewhere(event) for event in two]
    first = live(one)
    second = live(other, shared=first.shared)
    reverse = live(other)
    again = live(one, shared=reverse.shared)
    assert (first.state, second.state) == (again.state, reverse.state)
    assert second.shared == again.shared


@given(events)
def test_predicting_and_observing_at_once_is_one_after_the_other(past: list[Event]) -> None:
    if past:
        lived, last = live(past[:-1]), past[-1]
        found = predict_and_observe(lived.state, lived.shared, last)
        assert found == (predict(lived.state, lived.shared, last.asked), observe(lived.state, lived.shared, last))
        assert found[0].p == probability(lived.state, lived.shared, last.asked)


@given(events, asked, st.floats(0, 4e9))
def test_a_prediction_knows_nothing_of_its_own_answer(past: list[Event], next_: Asked, answered_at: float) -> None:
    lived = live(past)
    before = predict(lived.state, lived.shared, next_)
    for correct in (True, False):
        observe(lived.state, lived.shared, Event(next_, correct, answered_at))
        assert predict(lived.state, lived.shared, next_) == before


@given(events, asked)
def test_a_right_answer_is_better_news_than_a_wrong_one(past: list[Event], next_: Asked) -> None:
    lived = live(past)
    right, wrong = (observe(lived.state, lived.shared, Event(next_, correct)) for correct in (True, False))
    assert right.state.overall.ability > wrong.state.overall.ability
    assert right.shared_change.items[next_.item_id].bias > 0 > wrong.shared_change.items[next_.item_id].bias
    for key in next_.skill_ids:
        assert right.state.skills[key].offset > wrong.state.skills[key].offset


def test_terms_from_several_processes_add_up_in_any_order() -> None:
    one = Term(1, 0.25, 0.5, 0.125, (0.5,) * 5, (0.25,) * 5)
    two = Term(1, -0.5, 0.25, 0.5, (0.25,) * 5, (0.5,) * 5)
    assert add(add(NO_TERM, one), two) == add(add(NO_TERM, two), one)


def test_what_a_question_has_shown_of_itself_changes_its_prediction() -> None:
    """A question that everybody fails becomes harder for the next learner, and surer."""
    shared = START
    for _ in range(30):
        shared = shared.plus(observe(LearnerState(), shared, Event(Asked("hard", ("s",)), False)).shared_change)
    known, unknown = (predict(LearnerState(), shared, Asked(item, ("s",))) for item in ("hard", "new"))
    assert known.p < unknown.p
    assert known.high - known.low < unknown.high - unknown.low


def test_a_question_that_its_author_calls_harder_is_harder() -> None:
    found = [predict(LearnerState(), START, Asked("q", ("s",), None, d)).p for d in (1, 2, 3, 4, 5)]
    assert found == sorted(found, reverse=True)
    assert found[2] == predict(LearnerState(), START, Asked("q", ("s",))).p


def test_every_group_stands_together_and_the_clock_comes_last() -> None:
    order = [group for _name, group in FEATURES]
    assert order == [group for group in GROUPS for _ in range(order.count(group))]
    assert len(set(NAMES)) == len(NAMES)
    assert max(*ITEM_SLOPES, *SKILL_SLOPES) < TIMELESS
    without = features(NO_OVERALL, [], NO_ITEM, [], None)
    timed = features(NO_OVERALL, [], NO_ITEM, [], 1.0)
    assert len(without) == TIMELESS and len(timed) == len(NAMES) and timed[:TIMELESS] == without


def test_weights_go_through_json_and_forget_no_feature() -> None:
    weights = default_weights()
    assert Weights.from_json(json.loads(json.dumps(weights.as_json()))) == weights
    assert len(weights.values) == len(NAMES) == len(weights.scales)
    given_ = weights.as_json()
    del given_["features"]["ability"]
    assert Weights.from_json(given_).values[NAMES.index("ability")] == 0


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000))
def test_the_interval_holds_the_truth_more_often_than_not(seed: int) -> None:
    """90 % intervals are wide rather than narrow on learners whose probabilities are known."""
    held = asked_ = 0
    for own in truths(20, 40, seed=seed):
        state = LearnerState()
        for event, p in own:
            found = predict(state, START, event.asked)
            held += found.low <= p <= found.high
            asked_ += 1
            state = state.updated(observe(state, START, event).state)
    assert held / asked_ > 0.8


def test_shipped_weights_already_tell_learners_apart() -> None:
    """On learners never seen, with terms learned from nothing, predictions beat the plain share of right answers."""
    given_ = histories(60, 60, seed=5)
    shared = apart(START)
    loss = base = 0.0
    right = sum(e.correct for h in given_ for e in h) / 3600
    for history in given_:
        for event, p in zip(history, Learner(shared).follow(history, adapting=True), strict=True):
            loss -= math.log(p if event.correct else 1 - p)
            base -= math.log(right if event.correct else 1 - right)
    assert loss < 0.95 * base
