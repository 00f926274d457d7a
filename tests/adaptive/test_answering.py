"""Answers: each taken once, learned from, and the state always what the log says."""

import threading
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from adaptive.answering import Given, join, rebuild, recompute, take
from adaptive.errors import InvalidInput, Missing
from adaptive.mastery.terms import Shared, default_weights
from adaptive.store import answers, mastered, personal_data, preferences, states, terms
from tests.adaptive.lessons import Somebody, learning_of, question_ids, small_library
from tests.banks import Clock
from web.database import Database

QUESTIONS = sorted(question_ids())
GAS = "kitchen-safety/gas#first"


@pytest.fixture
def somebody(clock: Clock) -> Somebody:
    return Somebody(learning_of(clock), clock)


def everything_shared(session: Session) -> Shared:
    return terms.everything(session, default_weights())


Step = tuple[int, str, bool | None, int]
STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(QUESTIONS), st.sampled_from([True, False, None]), st.integers(0, 2)),
    max_size=12,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_the_state_is_what_the_log_says(db: Database, clock: Clock, steps: Sequence[Step]) -> None:
    learning = learning_of(clock)
    people = [Somebody(learning, clock) for _ in range(3)]
    with db.writing() as session:
        for who, question, right, hints in steps:
            people[who].answers(session, question, right, hints=hints)
    with db.reading() as session:
        for person in people:
            count, state = recompute(session, person.learner_id)
            assert states.answered(session, person.learner_id) == count
            assert states.whole(session, person.learner_id) == state


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=STEPS, second=STEPS, seed=st.randoms())
def test_the_order_of_unrelated_learners_does_not_matter(
    db: Database, clock: Clock, first: Sequence[Step], second: Sequence[Step], seed: object
) -> None:
    """One learns about gas, one about fire: whatever the turns, both states come out the same."""
    start = clock.now
    gas = [(q, right) for _w, q, right, _h in first if "/gas#" in q]
    fire = [(q, right) for _w, q, right, _h in second if "/fire#" in q]
    found = []
    for together in (False, True):
        learning = learning_of(clock)
        with db.writing() as session:
            one, two = Somebody(learning, Clock(start)), Somebody(learning, Clock(start))
            turns = [(one, *step) for step in gas] + [(two, *step) for step in fire]
            if together:
                order = list(range(len(turns)))
                seed.shuffle(order)  # type: ignore[attr-defined]
                mine, theirs = iter([t for t in turns if t[0] is one]), iter([t for t in turns if t[0] is two])
                turns = [next(mine) if turns[i][0] is one else next(theirs) for i in order]
            for person, question, right in turns:
                clock.now = person.clock.now + timedelta(hours=1)
                person.answers(session, question, right)
            found.append([states.whole(session, person.learner_id) for person in (one, two)])
            session.rollback()
    assert found[0] == found[1]


def test_a_replayed_key_changes_nothing(db: Database, somebody: Somebody) -> None:
    with db.writing() as session:
        first = somebody.answers(session, GAS, client_key="sent-once")
        shared = everything_shared(session)
        before = personal_data.export_learner(session, somebody.learner_id)
    with db.writing() as session:
        again = somebody.answers(session, GAS, False, client_key="sent-once")
        assert again.repeated and again.answer_id == first.answer_id
        assert again.grade.outcome == "right"
        assert everything_shared(session) == shared
        assert personal_data.export_learner(session, somebody.learner_id) == before


def test_the_same_key_of_somebody_else_is_another_answer(db: Database, somebody: Somebody) -> None:
    other = Somebody(somebody.learning, somebody.clock)
    with db.writing() as session:
        somebody.answers(session, GAS, client_key="k")
        assert not other.answers(session, GAS, client_key="k").repeated


@pytest.mark.parametrize("same_key", [False, True])
def test_answers_that_arrive_at_once_are_all_kept_and_each_once(
    db: Database, somebody: Somebody, same_key: bool
) -> None:
    together = threading.Barrier(6)
    failures: list[BaseException] = []
    ids: list[UUID] = []

    def send(n: int) -> None:
        together.wait(10)
        key = "one" if same_key else f"key-{n}"
        try:
            with db.writing() as session:
                done = take(session, somebody.learning, somebody.learner_id, Given(GAS, 0, key))
                ids.append(done.answer_id)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=send, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    expected = 1 if same_key else 6
    assert len(set(ids)) == expected
    with db.reading() as session:
        kept = answers.in_order(session, somebody.learner_id)
        assert [row.number for row in kept] == list(range(1, expected + 1))
        assert states.whole(session, somebody.learner_id).overall.answers == expected
        assert recompute(session, somebody.learner_id)[1] == states.whole(session, somebody.learner_id)
        [term] = everything_shared(session).items.values()
        assert term.answers == expected


def test_erasing_waits_for_an_answer_that_is_being_taken(db: Database, somebody: Somebody) -> None:
    with db.writing() as session:
        somebody.answers(session, GAS)
    begun, erased = threading.Event(), threading.Event()

    def erase() -> None:
        begun.set()
        with db.writing() as session:
            personal_data.erase_learner(session, somebody.learner_id)
        erased.set()

    thread = threading.Thread(target=erase)
    with db.writing() as session:
        somebody.answers(session, "kitchen-safety/fire#numbers")
        thread.start()
        assert begun.wait(10)
        assert not erased.wait(0.5)
    thread.join(30)
    with db.reading() as session:
        assert not any(personal_data.export_learner(session, somebody.learner_id).values())


def test_the_shared_terms_are_the_sum_of_what_each_answer_taught(db: Database, somebody: Somebody) -> None:
    other = Somebody(somebody.learning, somebody.clock)
    with db.writing() as session:
        for person in (somebody, other, somebody):
            person.answers(session, GAS)
        found = everything_shared(session)
    assert found.items[GAS].answers == 3
    assert found.skills["home.gas"].answers == 3
    assert found.items[GAS].information > 0


def test_unsure_is_kept_and_teaches_nothing(db: Database, somebody: Somebody) -> None:
    question = "kitchen-safety/fire#minutes"
    with db.writing() as session:
        done = take(session, somebody.learning, somebody.learner_id, Given(question, "好几次", "k"))
        assert done.grade.outcome == "unsure"
        assert everything_shared(session).items == {}
        assert states.whole(session, somebody.learner_id).overall.answers == 0
        assert states.answered(session, somebody.learner_id) == 1
        assert len(answers.in_order(session, somebody.learner_id)) == 1


def test_mastery_is_recorded_once_with_its_evidence(db: Database, somebody: Somebody) -> None:
    gas = [q for q in QUESTIONS if "/gas#" in q]
    reached: list[str] = []
    with db.writing() as session:
        for round_ in range(6):
            for question in gas:
                reached += somebody.answers(session, question, form="easy" if round_ else None).mastered
        row = mastered.get(session, somebody.learner_id, "home.gas")
        assert reached == ["home.gas"]
        assert row is not None
        evidence = mastered.evidence(session, row)
        assert 3 <= len(evidence) <= 18
        assert {answer.outcome for answer in evidence} == {"right"}
        assert len({answer.question_id for answer in evidence}) >= 2
        assert row.p >= 0.85 and row.low <= row.p
        somebody.clock.advance(days=300)
        somebody.answers(session, GAS, False)
        assert mastered.get(session, somebody.learner_id, "home.gas") is not None


def test_a_rebuilt_state_is_the_same_state(db: Database, somebody: Somebody) -> None:
    with db.writing() as session:
        for question in QUESTIONS:
            somebody.answers(session, question, question != GAS)
        before = states.whole(session, somebody.learner_id)
        rebuild(session, somebody.learner_id)
        assert states.whole(session, somebody.learner_id) == before


def test_an_answer_that_waited_keeps_its_moment_and_one_from_the_future_does_not(
    db: Database, somebody: Somebody
) -> None:
    now = somebody.clock()
    with db.writing() as session:
        for key, answered, expected in (
            ("waited", now - timedelta(hours=2), now - timedelta(hours=2)),
            ("future", now + timedelta(hours=2), now),
            ("ages ago", now - timedelta(days=90), now),
        ):
            sent = Given(GAS, 0, key, presented_at=answered, answered_at=answered)
            done = take(session, somebody.learning, somebody.learner_id, sent)
            row = answers.get(session, somebody.learner_id, done.answer_id)
            assert row is not None
            assert row.answered_at == expected
            assert row.presented_at is not None and row.presented_at <= row.answered_at


def test_what_cannot_be_taken_is_refused_and_leaves_nothing(db: Database, somebody: Somebody) -> None:
    with db.writing() as session:
        for sent, problem in (
            (Given("no/such#question", 0, "k"), "content.question_unknown"),
            (Given(GAS, 0, ""), "answer.key_wrong"),
            (Given(GAS, 0, "k" * 65), "answer.key_wrong"),
            (Given(GAS, 17, "k"), "answer.malformed"),
        ):
            with pytest.raises((InvalidInput, Missing), match=problem.replace(".", r"\.")):
                take(session, somebody.learning, somebody.learner_id, sent)
        assert personal_data.erase_learner(session, somebody.learner_id) == 0


def test_every_question_can_be_answered_right_wrong_and_not_at_all(db: Database, somebody: Somebody) -> None:
    with db.writing() as session:
        for question in QUESTIONS:
            outcomes = [somebody.answers(session, question, right).grade.outcome for right in (True, False, None)]
            assert outcomes == ["right", "wrong", "unknown"], question
    assert len({q.kind for q in small_library().questions.values()}) == 7


def test_two_accounts_of_one_person_become_one_history(db: Database, somebody: Somebody) -> None:
    other = Somebody(somebody.learning, somebody.clock)
    bystander = Somebody(somebody.learning, somebody.clock)
    with db.writing() as session:
        for number, question in enumerate(QUESTIONS * 4):
            person = (somebody, other)[number % 2]
            person.answers(session, question, client_key=f"key-{number}")
            preferences.change(session, person.learner_id, somebody.clock(), band="easier")
        bystander.answers(session, GAS)
        untouched = personal_data.export_learner(session, bystander.learner_id)
        before = [len(answers.in_order(session, person.learner_id)) for person in (somebody, other)]
        first = {
            skill: min(
                row.reached_at
                for person in (somebody, other)
                for name, row in mastered.of_learner(session, person.learner_id).items()
                if name == skill
            )
            for skill in mastered.of_learner(session, other.learner_id)
        }
        join(session, keep=somebody.learner_id, absorb=other.learner_id)
        kept = answers.in_order(session, somebody.learner_id)
        assert len(kept) == sum(before)
        assert [row.number for row in kept] == list(range(1, len(kept) + 1))
        assert [row.answered_at for row in kept] == sorted(row.answered_at for row in kept)
        assert recompute(session, somebody.learner_id)[1] == states.whole(session, somebody.learner_id)
        assert states.answered(session, somebody.learner_id) == len(kept)
        assert not any(personal_data.export_learner(session, other.learner_id).values())
        assert personal_data.export_learner(session, bystander.learner_id) == untouched
        found = mastered.of_learner(session, somebody.learner_id)
        assert {skill: found[skill].reached_at for skill in first} == first
