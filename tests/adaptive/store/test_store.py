"""The learning store: what is kept can be shown, taken along and erased; wishes, choices, sittings, policy."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import SQLModel

from adaptive.answering import Learning
from adaptive.errors import InvalidInput, Missing
from adaptive.mastery.terms import NO_TERM, SharedChange, Term, default_weights
from adaptive.practising import next_question, stop, wish
from adaptive.store import (
    answers,
    decisions,
    fairness,
    personal_data,
    plans,
    preferences,
    sittings,
    terms,
    types,
    visits,
)
from adaptive.store.tables import LearningPlan
from adaptive.suiting import Choices, Practice
from credit_bank.store import types as bank_types
from credit_bank.store.types import new_id
from tests.adaptive.lessons import COURSE, Somebody, learning_of, small_library
from tests.banks import Clock
from web.database import Database

GAS = "kitchen-safety/gas#first"


@pytest.fixture
def learning(clock: Clock) -> Learning:
    return learning_of(clock)


@pytest.fixture
def choices() -> Choices:
    return Choices(small_library())


def everything_of(db: Database, clock: Clock, learning: Learning, learner_id: UUID) -> None:
    """Something in every table that holds something of a learner."""
    somebody = Somebody(learning, clock, learner_id)
    with db.writing() as session:
        next_question(session, learning, Choices(small_library()), learner_id, Practice(COURSE))
        for _ in range(4):
            for question in small_library().questions:
                somebody.answers(session, question)
        preferences.change(session, learner_id, clock(), band="easier")
        preferences.mark(session, learner_id, new_id(), GAS, "not_now", clock(), None)
        visits.opened(session, learner_id, new_id(), "kitchen-safety/gas", "easy", clock())
        plan = LearningPlan(
            learner_id=learner_id, id=new_id(), goal={"kind": "course"}, steps=[], made_at=clock(), library_digest="x"
        )
        plans.keep(session, plan)
        fairness.tell(session, learner_id, new_id(), "age_band", "70-79", clock())


def test_everything_of_a_learner_is_exported_and_erased_and_nobody_elses(
    db: Database, clock: Clock, learning: Learning
) -> None:
    mine, theirs = uuid4(), uuid4()
    for learner_id in (mine, theirs):
        everything_of(db, clock, learning, learner_id)
    with db.writing() as session:
        found = personal_data.export_learner(session, mine)
        assert found.keys() == personal_data.TABLES.keys()
        assert {name for name, rows in found.items() if not rows} <= {"questions"}  # asked of the companion
        assert len(found["answers"]) == 28
        others = personal_data.export_learner(session, theirs)
        shared = terms.everything(session, default_weights())
        assert personal_data.erase_learner(session, mine) == sum(len(rows) for rows in found.values())
        assert not any(personal_data.export_learner(session, mine).values())
        assert personal_data.export_learner(session, theirs) == others
        assert terms.everything(session, default_weights()) == shared


def test_no_table_of_a_learner_is_forgotten() -> None:
    """Every learning table with a learner in it is in the export."""
    held = {
        str(table)
        for mapper in SQLModel._sa_registry.mappers
        if mapper.class_.__module__.startswith("adaptive.store") and "learner_id" in (table := mapper.local_table).c
    }
    assert held == {table.name for table in personal_data.TABLES.values()}


def test_the_column_types_are_those_of_the_bank() -> None:
    moment = datetime(2026, 9, 1, 12, tzinfo=UTC)
    for own, theirs in ((types.Instant(), bank_types.Instant()),):
        assert own.process_bind_param(moment, None) == theirs.process_bind_param(moment, None)
        assert own.process_result_value(moment.replace(tzinfo=None), None) == moment
        with pytest.raises(ValueError, match="offset"):
            own.process_bind_param(moment.replace(tzinfo=None), None)
    assert SQLModel.metadata.naming_convention == bank_types.NAMING
    assert repr(types.Id) == repr(bank_types.Id)


def test_terms_are_added_whatever_the_order(db: Database) -> None:
    first = Term(1, 0.25, 0.5, 0.125, (1.0, 0, 0, 0, 0), (0, 0, 0, 0, 2.0))
    second = Term(1, -0.5, 0.25, 0.25, (0.5, 0, 0, 0, 0), (0, 0, 0, 0, 1.0))
    with db.writing() as session:
        for change in (first, second):
            terms.add(session.connection(), SharedChange({"a/b#c": change}, {"s.t": change}))
        found = terms.shared(session.connection(), default_weights(), ["a/b#c", "unknown"], ["s.t"])
        assert found.items == {"a/b#c": Term(2, -0.25, 0.75, 0.375, (1.5, 0, 0, 0, 0), (0, 0, 0, 0, 3.0))}
        assert found.skills == {"s.t": found.items["a/b#c"]}
        terms.replace(session, {"x/y#z": first}, {})
        assert terms.everything(session, default_weights()).items == {"x/y#z": first}
        assert (
            terms.shared(session.connection(), default_weights(), ["a/b#c"], []).items.get("a/b#c", NO_TERM) == NO_TERM
        )


def test_wishes_have_defaults_and_refuse_what_there_is_not(db: Database, clock: Clock) -> None:
    learner_id = uuid4()
    with db.writing() as session:
        assert preferences.get(session, learner_id, clock()).personalised is True
        preferences.change(session, learner_id, clock(), sessions_per_week=2, form="easy")
        for wrong in ({"band": "impossible"}, {"sessions_per_week": 99}, {"colour": "green"}):
            with pytest.raises(InvalidInput):
                preferences.change(session, learner_id, clock(), **wrong)
        assert preferences.get(session, learner_id, clock()).sessions_per_week == 2


def test_a_mark_ends_and_can_be_taken_back(db: Database, clock: Clock) -> None:
    learner_id = uuid4()
    with db.writing() as session:
        preferences.mark(session, learner_id, new_id(), GAS, "not_now", clock(), clock() + timedelta(hours=1))
        preferences.mark(session, learner_id, new_id(), "s.t", "can", clock(), None)
        assert set(preferences.marks(session, learner_id, clock())) == {GAS, "s.t"}
        clock.advance(hours=2)
        assert set(preferences.marks(session, learner_id, clock())) == {"s.t"}
        preferences.take_back(session, learner_id, "s.t", "can")
        assert preferences.marks(session, learner_id, clock()) == {}


def test_the_newest_plan_counts(db: Database, clock: Clock) -> None:
    learner_id = uuid4()
    with db.writing() as session:
        for n in range(2):
            clock.advance(days=1)
            kept = LearningPlan(
                learner_id=learner_id, id=new_id(), goal={"n": n}, steps=[], made_at=clock(), library_digest="x"
            )
            plans.keep(session, kept)
        current = plans.current(session, learner_id)
        assert current is not None and current.goal == {"n": 1}
        assert len(plans.earlier(session, learner_id)) == 2
        plans.give_up(session, learner_id, clock())
        assert plans.current(session, learner_id) is None


def test_the_policy_is_normal_until_something_says_neutral(
    db: Database, clock: Clock, learning: Learning, choices: Choices
) -> None:
    learner_id = uuid4()
    with db.writing() as session:
        assert fairness.policy_in_force(session) is None
        assert next_question(session, learning, choices, learner_id, Practice(COURSE)).policy == "adaptive"
        fairness.set_policy(session, new_id(), "neutral", clock(), decided_by=None, reason="calibration")
        neutral = next_question(session, learning, choices, learner_id, Practice(COURSE))
        assert neutral.policy == "neutral" and neutral.question_id == GAS
        clock.advance(minutes=1)
        fairness.set_policy(session, new_id(), "normal", clock(), decided_by=uuid4(), reason="corrected")
        assert next_question(session, learning, choices, learner_id, Practice(COURSE)).policy == "adaptive"


def test_what_was_told_for_fairness_is_erased_by_itself(db: Database, clock: Clock) -> None:
    learner_id = uuid4()
    with db.writing() as session:
        fairness.tell(session, learner_id, new_id(), "sex", "female", clock())
        fairness.tell(session, learner_id, new_id(), "sex", "", clock())
        assert fairness.told(session, learner_id) == {}
        fairness.tell(session, learner_id, new_id(), "district", "西城", clock())
        fairness.forget(session, learner_id)
        assert fairness.told(session, learner_id) == {}


def test_a_choice_stays_until_it_is_answered_or_set_aside(
    db: Database, clock: Clock, learning: Learning, choices: Choices
) -> None:
    somebody = Somebody(learning, clock)
    me = somebody.learner_id
    with db.writing() as session:
        first = next_question(session, learning, choices, me, Practice(COURSE))
        clock.advance(minutes=3)
        assert next_question(session, learning, choices, me, Practice(COURSE)).id == first.id
        assert first.question_id is not None and first.reasons and first.low is not None
        somebody.answers(session, first.question_id, decision_id=first.id)
        second = next_question(session, learning, choices, me, Practice(COURSE))
        assert second.question_id != first.question_id
        wish(session, learning, me, second.id, "not_now")
        third = next_question(session, learning, choices, me, Practice(COURSE))
        assert third.question_id not in (first.question_id, second.question_id)
        with pytest.raises(Missing):
            wish(session, learning, uuid4(), third.id, "easier")
        with pytest.raises(Missing):
            decisions.get(session, uuid4(), third.id)


def test_a_sitting_ends_when_the_learner_stops_or_stays_away(
    db: Database, clock: Clock, learning: Learning, choices: Choices
) -> None:
    somebody = Somebody(learning, clock)
    me = somebody.learner_id
    with db.writing() as session:
        next_question(session, learning, choices, me, Practice(COURSE))
        somebody.answers(session, GAS)
        somebody.answers(session, GAS, None)
        done = stop(session, learning, me, COURSE)
        assert (done.answers, done.outcomes, done.minutes) == (2, {"right": 1, "unknown": 1}, 2)
        assert stop(session, learning, me, COURSE).answers == 0
        next_question(session, learning, choices, me, Practice(COURSE))
        clock.advance(hours=1)
        assert sittings.current(session, me, COURSE, clock()) is None
        assert len(sittings.since(session, me, clock() - timedelta(days=1))) == 2
        assert answers.count_since(session, me, clock() - timedelta(days=1)) == 2


def test_an_unknown_scope_is_refused(db: Database, learning: Learning, choices: Choices) -> None:
    with db.writing() as session:
        for scope in ("nothing", "nothing/here"):
            with pytest.raises(Missing, match=r"content\.(course|item)_unknown"):
                next_question(session, learning, choices, uuid4(), Practice(scope))
