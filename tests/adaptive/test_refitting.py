"""The nightly refit: in force only if no worse, nothing lost that came meanwhile, states as the log says."""

import random
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context

import pytest
from sqlmodel import Session

from adaptive.answering import Learning
from adaptive.mastery.terms import default_weights
from adaptive.refitting import check, fit, put, read
from adaptive.store import personal_data, states, terms, versions
from adaptive.store.tables import LearnerModel
from tests.adaptive.lessons import Somebody, learning_of, question_ids
from tests.banks import Clock
from web.database import Database
from web.operations import nightly

QUESTIONS = sorted(question_ids())
LEAST = (60, 20)
NIGHT = datetime(2030, 1, 1, tzinfo=UTC)


def lived(session: Session, clock: Clock, people: int = 12, each: int = 14, *, odd: bool = False) -> list[Somebody]:
    """Learners who answer for three weeks; with ``odd`` right and wrong by the question alone, against expectation."""
    draw = random.Random(4)
    learning = learning_of(clock)
    found = [Somebody(learning, clock) for _ in range(people)]
    for day in range(each):
        for number, who in enumerate(found):
            question = QUESTIONS[(day + number) % len(QUESTIONS)]
            right = (QUESTIONS.index(question) % 2 == 0) if odd else draw.random() < 0.4 + 0.04 * number
            who.answers(session, question, right)
        clock.advance(days=1.5)
    return found


def test_a_version_that_is_no_worse_takes_over_and_the_terms_have_met_every_answer(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        lived(session, clock, odd=True)
        before = terms.everything(session, default_weights())
    done = nightly.refit(db, None, NIGHT, least=LEAST)
    assert done.verdict == "accepted"
    figures = done.candidate.acceptance
    assert figures is not None and figures.candidate is not None and figures.current is not None
    assert figures.candidate.log_loss <= figures.current.log_loss and figures.candidate.ece <= figures.current.ece
    with db.reading() as session:
        in_force = terms.weights(session)
        assert in_force.version == done.candidate.read.version
        after = terms.everything(session, in_force)
        [row] = versions.newest(session)
        assert row.accepted_at == NIGHT and row.report["held_out"] == figures.answers
    assert {k: t.answers for k, t in after.items.items()} == {k: t.answers for k, t in before.items.items()}
    assert {k: t.answers for k, t in after.skills.items()} == {k: t.answers for k, t in before.skills.items()}


def test_doing_it_again_changes_nothing_until_somebody_answers(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        people = lived(session, clock, odd=True)
    first = nightly.refit(db, None, NIGHT, least=LEAST)
    assert nightly.refit(db, None, NIGHT, least=LEAST).verdict == "nothing_new"
    with db.reading() as session:
        assert len(versions.newest(session)) == 1
    with db.writing() as session:
        people[0].answers(session, QUESTIONS[0])
    again = nightly.refit(db, None, NIGHT, least=LEAST)
    assert again.candidate.read.version != first.candidate.read.version


def test_a_worse_one_is_kept_with_its_report_and_the_old_one_stays(db: Database, clock: Clock) -> None:
    """Three weeks of chance teach the candidate what is not so; the shipped weights know better in the last."""
    with db.writing() as session:
        lived(session, clock, people=5)
        before = terms.everything(session, default_weights())
    done = nightly.refit(db, None, NIGHT, least=(20, 10))
    assert done.verdict == "refused"
    figures = done.candidate.acceptance
    assert figures is not None and figures.candidate is not None and figures.current is not None
    assert figures.candidate.log_loss > figures.current.log_loss or figures.candidate.ece > figures.current.ece
    with db.reading() as session:
        assert terms.weights(session) == default_weights()
        assert terms.everything(session, default_weights()) == before
        [row] = versions.newest(session)
        assert row.accepted_at is None and row.report["verdict"] == "refused" and row.report["candidate"]


def test_too_few_answers_are_no_reason_to_change_anything(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        lived(session, clock, people=2, each=3)
    assert nightly.refit(db, None, NIGHT).verdict == "too_few"
    with db.reading() as session:
        assert not versions.newest(session)


def test_without_a_single_answer(db: Database) -> None:
    assert nightly.refit(db, None, NIGHT, least=(0, 1)).verdict == "too_few"


def test_a_dry_run_keeps_nothing(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        lived(session, clock, odd=True)
    assert nightly.refit(db, None, NIGHT, dry_run=True, least=LEAST).verdict == "accepted"
    with db.reading() as session:
        assert not versions.newest(session) and terms.weights(session) == default_weights()


def test_answers_that_come_while_it_fits_are_learned_too(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        people = lived(session, clock, odd=True)
    with db.reading() as session:
        seen = read(session)
    candidate = fit(seen, None, least=LEAST)
    with db.writing() as session:
        newcomer = Somebody(people[0].learning, clock)
        for who in (people[0], newcomer):
            who.answers(session, QUESTIONS[0])
        before = terms.everything(session, default_weights())
    with db.writing() as session:
        assert put(session, candidate, NIGHT) == "accepted"
        after = terms.everything(session, terms.weights(session))
    assert after.items[QUESTIONS[0]].answers == before.items[QUESTIONS[0]].answers
    with db.writing() as session:
        assert put(session, candidate, NIGHT) == "nothing_new"


def test_two_runs_at_once_and_people_who_answer(db: Database, clock: Clock) -> None:
    """One of the runs wins, every answer is taken, and the terms count each of them once."""
    with db.writing() as session:
        people = lived(session, clock, odd=True)
    together = threading.Barrier(4)
    verdicts: list[str] = []
    failures: list[BaseException] = []

    def guarded(work: object) -> None:
        try:
            together.wait(20)
            work()  # type: ignore[operator]
        except BaseException as error:
            failures.append(error)

    def run() -> None:
        verdicts.append(nightly.refit(db, None, NIGHT, least=LEAST).verdict)

    def learn(who: Somebody) -> None:
        for question in QUESTIONS:
            with db.writing() as session:
                who.answers(session, question)

    work = [run, run, lambda: learn(people[0]), lambda: learn(people[1])]
    threads = [threading.Thread(target=guarded, args=(one,)) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert "accepted" in verdicts or "refused" in verdicts
    with db.reading() as session:
        shared = terms.everything(session, terms.weights(session))
        counted = sum(term.answers for term in shared.items.values())
        assert counted == sum(states.answered(session, who.learner_id) for who in people)
        assert not check(session, 100, random.Random(1)).differing


def test_a_process_pool_gives_the_same_version(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        lived(session, clock, odd=True)
    with db.reading() as session:
        seen = read(session)
    alone = fit(seen, None, least=LEAST)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert fit(seen, pool, least=LEAST) == alone


def test_the_check_finds_a_state_that_is_not_what_the_log_says(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        people = lived(session, clock, people=5, each=4)
    with db.reading() as session:
        checked = check(session, 100, random.Random(1))
        assert (checked.learners, checked.answers, checked.differing) == (5, 20, ())
        assert check(session, 2, random.Random(1)).learners == 2
    with db.writing() as session:
        row = session.get_one(LearnerModel, people[2].learner_id)
        row.overall = {**row.overall, "ability": row.overall["ability"] + 0.1}
        session.add(row)
    with db.reading() as session:
        assert check(session, 100, random.Random(1)).differing == (people[2].learner_id,)


def test_after_a_new_version_states_still_follow_from_the_log(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        people = lived(session, clock, odd=True)
    assert nightly.refit(db, None, NIGHT, least=LEAST).verdict == "accepted"
    with db.writing() as session:
        learning = refitting_learning(session, clock)
        for who in people[:3]:
            Somebody(learning, clock, who.learner_id).answers(session, QUESTIONS[1])
    with db.reading() as session:
        assert not check(session, 100, random.Random(1)).differing


def refitting_learning(session: Session, clock: Clock) -> Learning:
    return replace(learning_of(clock), weights=terms.weights(session))


def test_a_learner_who_was_erased_meanwhile_does_not_come_back(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        people = lived(session, clock, odd=True)
    with db.reading() as session:
        candidate = fit(read(session), None, least=LEAST)
    with db.writing() as session:
        personal_data.erase_learner(session, people[0].learner_id)
    with db.writing() as session:
        assert put(session, candidate, NIGHT) == "accepted"
        assert personal_data.export_learner(session, people[0].learner_id)["answers"] == []


def test_the_order_of_reading_names_the_fit(db: Database, clock: Clock) -> None:
    """The name follows from who answered how often: it holds no answer, and changes with each."""
    with db.writing() as session:
        lived(session, clock, people=3, each=3)
    with db.reading() as session:
        one, two = read(session), read(session)
    assert one.version == two.version and one.version.startswith("fit-")


@pytest.mark.parametrize(("days", "before"), [(6, 1), (8, 2)])
def test_the_held_out_week_ends_with_the_newest_answer(db: Database, clock: Clock, days: int, before: int) -> None:
    with db.writing() as session:
        learning = learning_of(clock)
        Somebody(learning, clock).answers(session, QUESTIONS[0])
        clock.advance(days=20)
        Somebody(learning, clock).answers(session, QUESTIONS[1])
        clock.advance(days=days)
        Somebody(learning, clock).answers(session, QUESTIONS[0])
    with db.reading() as session:
        assert fit(read(session), None, least=(1, 1)).fitted_on == before
