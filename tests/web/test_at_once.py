"""Two presses at the same moment: the second waits for the first, and nothing is lost, doubled or broken."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlmodel import Session, select

from accessibility.voice.enrolment import Enrolment, Take
from accessibility.voice.message import message
from credit_bank.bank import Bank
from credit_bank.errors import Conflict
from credit_bank.store.tables import Course, Institution
from tests.credit_bank import cities
from tests.web.test_help_messages import wav
from web.accounts.tables import Person
from web.database import Database
from web.operations import help_requests, joining, voice_commands, voice_messages
from web.operations.help_tables import HelpMessage
from web.operations.joining_tables import ActivityJoining, ActivityMeeting

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
Run = Callable[[Session], object]


def at_once(db: Database, first: Run, second: Run) -> object:
    """Run the second while the first has written and not committed; what the second came to, an error as it is."""
    came: list[object] = []
    begun = threading.Event()

    def run() -> None:
        try:
            begun.set()
            with db.writing() as session:
                came.append(second(session))
        except Exception as error:
            came.append(error)

    thread = threading.Thread(target=run)
    with db.writing() as session:
        first(session)
        session.flush()
        thread.start()
        assert begun.wait(10)
        thread.join(0.5)  # as far as it comes while the first is not committed
    thread.join(30)
    assert not thread.is_alive()
    [result] = came
    return result


def together(count: int, db: Database, run: Run) -> list[object]:
    """Run it in so many transactions that begin at the same moment; what each came to."""
    barrier = threading.Barrier(count)
    came: list[object] = []

    def one() -> None:
        barrier.wait(10)
        try:
            with db.writing() as session:
                came.append(run(session))
        except Exception as error:
            came.append(error)

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return came


class Centre:
    """A centre with many activities, and a learner."""

    def __init__(self, db: Database, bank: Bank) -> None:
        with db.writing() as session:
            self.institution: Institution = cities.found(session, bank)
            self.learner: UUID = cities.learner(session, bank).id
            self.courses = [self._course(session, f"DANCE-{n}") for n in range(joining.MOST + 1)]
            session.flush()
            session.expunge_all()

    def _course(self, session: Session, code: str) -> Course:
        row = Course(
            institution_id=self.institution.id,
            code=code,
            title="广场舞",
            category="other",
            framework="evergreen-1",
            created_at=NOW,
        )
        session.add(row)
        return row

    def joins(self, n: int) -> Run:
        """Take part in one of them."""
        return lambda session: joining.join(session, self.learner, self.institution, self.courses[n], NOW)


@pytest.fixture
def centre(db: Database, bank: Bank) -> Iterator[Centre]:
    yield Centre(db, bank)


def joined(db: Database) -> list[str]:
    with db.reading() as session:
        return sorted(session.exec(select(ActivityJoining.course_code)).all())


def test_joining_twice_at_once_is_joining_once_and_both_are_told_so(db: Database, centre: Centre) -> None:
    assert at_once(db, centre.joins(0), centre.joins(0)) is None
    assert joined(db) == ["DANCE-0"]
    assert together(6, db, centre.joins(1)) == [None] * 6
    assert joined(db) == ["DANCE-0", "DANCE-1"]


def test_the_limit_counts_what_is_joined_at_the_same_moment(db: Database, centre: Centre) -> None:
    with db.writing() as session:
        for n in range(joining.MOST - 1):
            centre.joins(n)(session)
    refused = at_once(db, centre.joins(joining.MOST - 1), centre.joins(joining.MOST))
    assert isinstance(refused, Conflict) and refused.code == "joining.too_many"
    assert len(joined(db)) == joining.MOST


def test_two_say_for_the_first_time_when_an_activity_meets(db: Database, centre: Centre) -> None:
    def says(words: str) -> Run:
        return lambda session: joining.meet(
            session, centre.courses[0], day=date(2026, 3, 2), words=words, by=uuid4(), now=NOW
        )

    assert at_once(db, says("一楼"), says("二楼")) is None
    with db.reading() as session:
        assert session.exec(select(ActivityMeeting.words)).all() == ["二楼"]


def somebody(db: Database) -> UUID:
    with db.writing() as session:
        person = Person(display_name="示例", secret_hash="none", secret_set_at=NOW, created_at=NOW)
        session.add(person)
        session.flush()
        return person.id


def recorded(kek: bytes, person_id: UUID, command: str) -> Run:
    """Add a take of that command."""
    steps = np.zeros((48, 13), np.int8)
    return lambda session: voice_commands.change(
        session, kek, person_id, lambda enrolled: enrolled.with_take(command, Take(steps, 48)), now=NOW
    )


@pytest.mark.parametrize("there_before", [False, True])
def test_two_commands_recorded_at_once_are_both_kept(db: Database, bank: Bank, there_before: bool) -> None:
    person = somebody(db)
    if there_before:
        with db.writing() as session:
            recorded(bank.kek, person, "help")(session)
    came = at_once(db, recorded(bank.kek, person, "next"), recorded(bank.kek, person, "back"))
    assert isinstance(came, Enrolment), came
    with db.reading() as session:
        kept = voice_commands.enrolment(session, bank.kek, person)
    assert kept is not None
    assert set(kept.takes) == {"next", "back"} | ({"help"} if there_before else set())


def test_what_is_recorded_while_everything_is_deleted_does_not_bring_the_rest_back(db: Database, bank: Bank) -> None:
    person = somebody(db)
    with db.writing() as session:
        recorded(bank.kek, person, "help")(session)
    came = at_once(db, lambda session: voice_commands.erase(session, person), recorded(bank.kek, person, "next"))
    assert isinstance(came, Enrolment) and set(came.takes) == {"next"}


def test_a_message_sent_twice_at_once_is_one_message_of_one_request(db: Database, bank: Bank) -> None:
    person, key, sound = somebody(db), uuid4(), message(wav(1))

    def sends(session: Session) -> UUID:
        voice_messages.draft(session, bank.kek, key, person, sound, now=NOW)
        return help_requests.ask(
            session,
            key=key,
            kind=help_requests.HELP,
            matter="talk",
            by=help_requests.Asker(person),
            language="zh-CN",
            now=NOW,
        ).id

    came = at_once(db, sends, sends)
    assert isinstance(came, UUID), came
    with db.reading() as session:
        [row] = session.exec(select(HelpMessage)).all()
        assert row.request_id == came and voice_messages.opened(bank.kek, row)
