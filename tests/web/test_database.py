"""Transactions, migrations and publishing."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel, select

from credit_bank import founding, issuing
from credit_bank.bank import Bank
from credit_bank.errors import Conflict, InvalidInput, Unavailable
from credit_bank.store import institutions, log
from credit_bank.store.tables import Institution
from tests.banks import Clock
from tests.credit_bank import cities
from web import migrating
from web.database import Database, make_engine
from web.publisher import Publisher, publish_now


def test_the_migrations_make_what_the_tables_say(db: Database) -> None:
    options = {"compare_type": True, "render_as_batch": True}
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []
    migrating.check(db.engine)
    assert migrating.upgrade(db.engine) is False


def test_an_unmigrated_database_is_refused(tmp_path: object) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/empty.sqlite")
    with pytest.raises(Conflict, match="schema_old"):
        migrating.check(engine)
    engine.dispose()


def test_what_raises_is_rolled_back_whole(db: Database, bank: Bank) -> None:
    with pytest.raises(RuntimeError), db.writing() as session:
        cities.found(session, bank)
        raise RuntimeError
    with db.reading() as session:
        assert session.exec(select(Institution)).all() == []


@pytest.mark.parametrize("objects_first", [True, False])
@pytest.mark.parametrize("fails", [True, False])
def test_objects_and_bare_statements_are_of_one_transaction(
    db: Database, bank: Bank, objects_first: bool, fails: bool
) -> None:
    """What was added and never flushed, too, and what a savepoint took back, not."""

    def count(session: Session) -> None:
        session.connection().execute(text("INSERT INTO counted (n) VALUES (1)"))

    with db.writing() as session:
        session.connection().execute(text("CREATE TABLE counted (n INTEGER)"))
        cities.found(session, bank)
    with suppress(RuntimeError), db.writing() as session:
        if not objects_first:
            count(session)
        with suppress(RuntimeError), session.begin_nested():
            count(session)
            raise RuntimeError
        place = session.exec(select(Institution)).first()
        assert place is not None
        place.name = "改了名"
        if objects_first:
            count(session)
        if fails:
            raise RuntimeError
    with db.reading() as session:
        assert session.connection().execute(text("SELECT COUNT(*) FROM counted")).scalar() == (0 if fails else 1)
        assert (session.exec(select(Institution).where(Institution.name == "改了名")).first() is None) == fails


def test_what_only_reads_may_not_write_before_nor_after_somebody_wrote(db: Database) -> None:
    for _ in range(2):
        with pytest.raises(DBAPIError, match=r"read.?only"), db.reading() as session:
            session.connection().execute(text("DELETE FROM learning_answer"))
        with db.writing() as session:
            session.connection().execute(text("DELETE FROM learning_answer"))


def test_sqlite_compiles_a_statement_once_whoever_reads_in_between(sqlite_url: str) -> None:
    """A pragma that is set anew expires every compiled statement of its connection, at several times their cost."""
    said: list[str] = []
    database = Database(sqlite_url)
    for engine in (database.engine, database.reader):
        event.listen(engine, "connect", lambda connection, _: connection.set_trace_callback(said.append))
    for _ in range(5):
        with database.writing() as session:
            session.connection().execute(text("DELETE FROM learning_answer"))
        with database.reading() as session:
            session.connection().execute(text("SELECT count(*) FROM learning_answer"))
    database.dispose()
    begun = said.index("BEGIN IMMEDIATE")
    assert said.count("BEGIN IMMEDIATE") == 5
    assert len([s for s in said[begun:] if s.startswith("PRAGMA") and "query_only" in s]) <= 1


def test_sqlite_keeps_its_promises(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with database.reading() as session:
        pragmas = {
            name: session.connection().exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    database.dispose()
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}


def test_a_bank_refuses_another_origin_or_another_key(db: Database, bank: Bank) -> None:
    from dataclasses import replace

    with db.writing() as session:
        founding.found(session, bank)
    with db.reading() as session:
        founding.check(session, bank)
        with pytest.raises(Conflict, match="origin_changed"):
            founding.check(session, replace(bank, origin="https://other.example"))
        with pytest.raises(InvalidInput, match="unsealing_failed"):
            founding.check(session, replace(bank, kek=b"x" * 32))


def test_many_writers_of_one_log_queue_and_none_is_lost_or_doubled(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        people = [cities.learner(session, bank, n) for n in range(1, 9)]
        rows = [cities.row(n, p.account_number) for n, p in enumerate(people)]
        recorded = cities.record(session, bank, college.id, *rows)
    failures: list[BaseException] = []

    def issue(outcome_id: object) -> None:
        try:
            with db.writing() as session:
                issuing.issue(session, bank, college.id, [outcome_id])  # type: ignore[list-item]
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=issue, args=(i,)) for i in recorded.outcome_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert publish_now(db, bank) == 1
    assert publish_now(db, bank) == 0
    with db.reading() as session:
        newest = log.latest_checkpoint(session, college.id)
        assert newest is not None
        assert newest.size == 8


def test_the_publisher_covers_a_commit_within_moments(db: Database, bank: Bank) -> None:
    publisher = Publisher(db, bank, 0.01)
    publisher.start()
    try:
        with db.writing() as session:
            college = cities.found(session, bank)
            person = cities.learner(session, bank)
            recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number))
            issuing.issue(session, bank, college.id, recorded.outcome_ids)
        done = threading.Event()
        for _ in range(500):
            with db.reading() as session:
                if log.latest_checkpoint(session, college.id) is not None:
                    break
            done.wait(0.02)
        else:
            pytest.fail("no checkpoint within ten seconds")
    finally:
        publisher.stop()


def test_one_outcome_that_two_clerks_issue_at_once_becomes_one_credential(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
        recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number))
    together = threading.Barrier(4)
    came: list[str] = []

    def issue() -> None:
        together.wait(10)
        try:
            with db.writing() as session:
                issuing.issue(session, bank, college.id, recorded.outcome_ids)
            came.append("issued")
        except Conflict as error:
            came.append(error.code)

    threads = [threading.Thread(target=issue) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(came) == ["issued", *["issuing.not_recorded"] * 3]
    with db.reading() as session:
        assert log.get(session, college.id).size == 1


def test_one_log_that_cannot_be_signed_holds_no_other_up(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        colleges = [cities.found(session, bank, f"college-{n}", n) for n in (1, 2, 3)]
        person = cities.learner(session, bank)
        for n, college in enumerate(colleges):
            recorded = cities.record(session, bank, college.id, cities.row(n, person.account_number))
            issuing.issue(session, bank, college.id, recorded.outcome_ids)
        [key] = institutions.keys(session, colleges[0].id, "checkpoint")
        key.sealed_private = b"\x01" + b"\0" * 60  # damaged
        session.add(key)
    with pytest.raises(InvalidInput, match=r"key\.unsealing_failed"):
        publish_now(db, bank)
    with db.reading() as session:
        sizes = [log.latest_checkpoint(session, college.id) for college in colleges]
        assert [found and found.size for found in sizes] == [None, 1, 1]


def test_the_publisher_tries_again_by_itself_once_the_database_is_back(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
        recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number))
        issuing.issue(session, bank, college.id, recorded.outcome_ids)
    failing = threading.Event()
    failing.set()
    tried = threading.Event()

    class Flaky(Database):
        """A database that does not answer for a while."""

        @contextmanager
        def reading(self) -> Iterator[Session]:
            """As of a database, when it answers."""
            if failing.is_set():
                tried.set()
                raise Unavailable("database.unreachable")
            with super().reading() as session:
                yield session

    flaky = Flaky(db.engine.url.render_as_string(hide_password=False))
    publisher = Publisher(flaky, bank, 0.01)
    publisher.start()
    try:
        assert tried.wait(10)
        failing.clear()
        pause = threading.Event()
        for _ in range(300):
            with db.reading() as session:
                if log.latest_checkpoint(session, college.id) is not None:
                    break
            pause.wait(0.02)
        else:
            pytest.fail("no checkpoint within six seconds")
    finally:
        publisher.stop()
        flaky.dispose()


def test_checkpoints_only_grow_while_the_clock_goes_backwards(db: Database, bank: Bank, clock: Clock) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank)
    clock.advance(days=3)
    sizes = []
    for n in range(3):
        with db.writing() as session:
            recorded = cities.record(
                session, bank, college.id, cities.row(n, person.account_number, course_title=f"{n}")
            )
            issuing.issue(session, bank, college.id, recorded.outcome_ids)
        publish_now(db, bank)
        with db.reading() as session:
            newest = log.latest_checkpoint(session, college.id)
            assert newest is not None
            sizes.append(newest.size)
        clock.advance(days=-1)
    assert sizes == [1, 2, 3]
