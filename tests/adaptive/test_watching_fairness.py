"""Watching fairness: biased questions trip the policy for everybody, a person puts it back, nothing told is used."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from adaptive import practising, watching_fairness
from adaptive.errors import Conflict, InvalidInput
from adaptive.evaluation.attributes import ATTRIBUTES
from adaptive.evaluation.fairness import FEWEST, HIDDEN
from adaptive.store import fairness, states
from adaptive.suiting import Choices, Practice
from adaptive.watching_fairness import correct, make_neutral, tell, watch
from credit_bank.store.types import new_id
from tests.adaptive.lessons import COURSE, Somebody, learning_of, question_ids, small_library
from tests.banks import Clock
from web.database import Database

QUESTIONS = sorted(question_ids())
NOW = datetime(2026, 11, 21, 4, tzinfo=UTC)


def city(
    session: Session, clock: Clock, *, biased: bool, people: int = 60, answers: int = 10, seed: int = 3
) -> list[Somebody]:
    """People who tell their age band; with ``biased`` the questions are worded so that the oldest fail them."""
    draw = random.Random(seed)
    learning = learning_of(clock)
    found = []
    for number in range(people):
        who = Somebody(learning, clock, UUID(int=number + 1))
        old = number % 2 == 0
        band = "70-79" if old else "45-59"
        tell(session, who.learner_id, new_id(), "age_band", band, clock())
        for n in range(answers):
            chance = 0.35 if biased and old else 0.75
            who.answers(session, QUESTIONS[(number + n) % len(QUESTIONS)], draw.random() < chance)
        found.append(who)
    return found


def test_a_biased_set_of_questions_trips_the_policy_for_everybody(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        city(session, clock, biased=True)
        watched = watch(session, new_id, clock())
        assert watched.tripped and watched.neutral
        state = fairness.policy_in_force(session)
        assert state is not None and (state.policy, state.decided_by) == ("neutral", None)
        [told] = state.facts["reports"]
        assert told["attribute"] == "age_band" and told["action"] == "neutral_policy"
        newcomer = Somebody(learning_of(clock), clock)
        choices = Choices(small_library())
        chosen = practising.next_question(session, newcomer.learning, choices, newcomer.learner_id, Practice(COURSE))
        assert chosen.policy == "neutral"
        assert chosen.question_id == practising.order_of(small_library(), COURSE)[0]
    with db.writing() as session:
        again = watch(session, new_id, clock())
        assert again.neutral and not again.tripped
        assert len(fairness.policies(session)) == 1


def test_fair_questions_trip_nothing(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        city(session, clock, biased=False)
        watched = watch(session, new_id, clock())
        assert not watched.neutral and fairness.policy_in_force(session) is None
        assert fairness.newest_checks(session)["age_band"].verdict in ("fine", "watch")


def test_a_person_puts_it_back_with_a_reason_and_only_what_came_after_counts(db: Database, clock: Clock) -> None:
    admin = uuid4()
    with db.writing() as session:
        people = city(session, clock, biased=True)
        watch(session, new_id, clock())
        for empty in ("", "  \n "):
            with pytest.raises(InvalidInput, match=r"fairness\.reason_missing"):
                correct(session, new_id(), admin, empty, clock())
        clock.advance(days=1)
        correct(session, new_id(), admin, "五道题改了说法。", clock())
        with pytest.raises(Conflict, match=r"fairness\.not_neutral"):
            correct(session, new_id(), admin, "又一次", clock())
        clock.advance(days=1)
        assert not watch(session, new_id, clock()).neutral
        state = fairness.policy_in_force(session)
        assert state is not None and (state.policy, state.decided_by) == ("normal", admin)
        chosen = practising.next_question(
            session, people[0].learning, Choices(small_library()), people[0].learner_id, Practice(COURSE)
        )
        assert chosen.policy == "adaptive"
    with db.writing() as session:  # and where nothing was corrected it trips again
        draw = random.Random(9)
        for number, who in enumerate(people):
            for n in range(10):
                right = draw.random() < (0.2 if number % 2 == 0 else 0.8)
                who.answers(session, QUESTIONS[n % len(QUESTIONS)], right)
        assert watch(session, new_id, clock()).tripped


def test_a_person_can_make_it_neutral_by_hand(db: Database) -> None:
    with db.writing() as session:
        make_neutral(session, new_id(), uuid4(), "有人投诉，先停下来查。", NOW)
        with pytest.raises(Conflict, match=r"fairness\.neutral_already"):
            make_neutral(session, new_id(), uuid4(), "再来", NOW)
        with pytest.raises(InvalidInput, match=r"fairness\.reason_missing"):
            make_neutral(session, new_id(), uuid4(), "", NOW)


def test_small_groups_are_hidden_and_conclude_nothing(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        people = city(session, clock, biased=False, people=FEWEST * 2 + 4)
        for who in people[: HIDDEN - 1]:
            tell(session, who.learner_id, new_id(), "district", "yanqing", clock())
        for who in people[HIDDEN - 1 :]:
            tell(session, who.learner_id, new_id(), "district", "haidian", clock())
        watch(session, new_id, clock())
        body = fairness.newest_checks(session)["district"].body
    small = next(group for group in body["groups"] if group["name"] == "yanqing")
    assert small["learners"] is None and small["answers"] is None and small["success"] is None
    assert small["verdict"] == "too_few"


def test_nobody_told_anything(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        Somebody(learning_of(clock), clock).answers(session, QUESTIONS[0])
        assert watch(session, new_id, clock()).reports == ()


def test_old_answers_are_not_judged(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        city(session, clock, biased=True)
        assert watch(session, new_id, clock() + timedelta(days=120)).reports == ()


@pytest.mark.parametrize(("name", "value"), [("age_band", "old"), ("income", "high"), ("age_band", "female")])
def test_only_what_is_listed_can_be_told(db: Database, name: str, value: str) -> None:
    with db.writing() as session, pytest.raises(InvalidInput, match=r"fairness\.value_unknown"):
        tell(session, uuid4(), new_id(), name, value, NOW)


def test_what_is_told_is_told_once_and_taken_back(db: Database) -> None:
    who = uuid4()
    with db.writing() as session:
        tell(session, who, new_id(), "sex", "female", NOW)
        tell(session, who, new_id(), "sex", "male", NOW)
        tell(session, who, new_id(), "district", "haidian", NOW)
        assert fairness.told(session, who) == {"sex": "male", "district": "haidian"}
        tell(session, who, new_id(), "sex", "", NOW)
        assert fairness.told(session, who) == {"district": "haidian"}


def test_nothing_told_changes_a_prediction_a_state_or_a_choice(db: Database, clock: Clock) -> None:
    """Two people answer alike; one tells everything, whatever it is. The model cannot tell them apart."""
    draw = random.Random(8)
    path = [(draw.choice(QUESTIONS), draw.random() < 0.6) for _ in range(25)]
    begin = clock.now
    found = []
    for number in range(6):
        with db.writing() as session:
            own = Clock(begin)
            who = Somebody(learning_of(own), own, UUID(int=99))
            if number:
                for name, values in ATTRIBUTES.items():
                    tell(session, who.learner_id, new_id(), name, values[(number - 1) % len(values)], own())
            predicted = [who.answers(session, question, right).predicted for question, right in path]
            chosen = practising.next_question(
                session, who.learning, Choices(small_library()), who.learner_id, Practice(COURSE)
            )
            whole = states.whole(session, who.learner_id)
            found.append((predicted, whole, chosen.question_id, chosen.predicted, chosen.reasons))
            session.rollback()
    assert all(one == found[0] for one in found[1:])


def test_the_model_and_the_choosing_do_not_know_what_was_told() -> None:
    """No module that predicts or chooses names the table, or any attribute."""
    root = Path(watching_fairness.__file__).parent
    for folder in ("mastery", "selection", "path", "struggle"):
        for file in (root / folder).rglob("*.py"):
            text = file.read_text("utf-8")
            for name in ("FairnessAttribute", "fairness_attribute", "attributes import", *ATTRIBUTES):
                assert name not in text.split('"""', 2)[-1], (file.name, name)
