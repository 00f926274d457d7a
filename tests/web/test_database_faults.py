"""A database that is locked, full, gone or only read: a clear answer, and nothing half-written."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from credit_bank.bank import Bank
from credit_bank.errors import Conflict, Unavailable
from credit_bank.store.tables import Deployment, Institution, Learner
from tests.apps import settings_for
from tests.credit_bank import cities
from web.database import Database, command, database, tx
from web.settings import Settings

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def with_pragma(db: Database, pragma: str) -> None:
    """Set a pragma on every connection that the database makes from now on."""
    for engine in (db.engine, db.reader):
        event.listen(engine, "connect", lambda connection, _: connection.execute(f"PRAGMA {pragma}"))


@pytest.fixture
def app_settings(sqlite_url: str) -> Settings:
    """Settings on SQLite: another process that writes keeps everybody out there."""
    return settings_for(sqlite_url)


@pytest.fixture
def served(app: Flask) -> Flask:
    """The application as it is served, errors answered and not raised."""
    app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    return app


def add(app: Flask, path: str, view: Callable[[], str], method: str) -> None:
    """Give the application one more address, decided to be public."""
    from web.accounts.permissions import PUBLIC, permit

    app.add_url_rule(path, path, permit(PUBLIC)(view), methods=[method])


@pytest.fixture
def locked(served: Flask, sqlite_url: str) -> Iterator[Flask]:
    """The application while another process writes and does not end."""
    with served.app_context():
        with_pragma(database(), "busy_timeout=20")
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield served
    other.execute("ROLLBACK")
    other.close()


def write() -> str:
    tx().add(Deployment(public_origin="http://localhost:8000", fixed_at=NOW))
    tx().flush()
    return "written down"


def test_a_locked_database_is_answered_with_503_and_a_sentence(locked: Flask) -> None:
    add(locked, "/fault/write", write, "POST")
    answer = locked.test_client().post("/fault/write")
    assert answer.status_code == 503
    assert "刚才的操作没有执行" in answer.text
    assert "written down" not in answer.text


def test_signing_in_while_the_database_is_locked_says_so(locked: Flask) -> None:
    answer = locked.test_client().post("/sign-in", data={"name": "somebody", "secret": "whatever it is"})
    assert answer.status_code == 503


def test_a_commit_that_fails_is_answered_with_503_and_not_with_done(
    served: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(served, "/fault/write", write, "POST")

    def fail(*_: object) -> None:
        raise Unavailable("database.busy")

    monkeypatch.setattr(Database, "commit", fail)
    answer = served.test_client().post("/fault/write")
    assert answer.status_code == 503
    assert answer.headers["Content-Security-Policy"]
    monkeypatch.undo()
    with served.app_context(), database().reading() as session:
        assert session.get(Deployment, 1) is None


def test_a_full_disk_is_told_by_its_own_name_and_nothing_is_half_written(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    with db.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    db.dispose()
    with_pragma(db, f"max_page_count={pages + 2}")

    def fill(session: Session) -> None:
        session.add(Institution(handle="big", did="did:web:x", name="大" * 400_000, admitted_at=NOW))
        session.flush()

    with pytest.raises(Unavailable, match=r"database\.full"), db.writing() as session:
        session.add(Deployment(public_origin="http://localhost:8000", fixed_at=NOW))
        session.flush()
        with session.begin_nested():
            fill(session)
    with db.reading() as session:
        assert session.get(Deployment, 1) is None
    with db.writing() as session:  # it goes on
        session.add(Deployment(public_origin="http://localhost:8000", fixed_at=NOW))
    db.dispose()


def test_a_page_that_is_only_read_cannot_lose_a_write_in_silence(served: Flask) -> None:
    add(served, "/fault/get", write, "GET")
    answer = served.test_client().get("/fault/get")
    assert answer.status_code == 500


def test_reading_does_not_write_and_the_next_writer_does(db: Database) -> None:
    with pytest.raises(Exception, match=r"(?i)read-?only"), db.reading() as session:
        session.add(Deployment(public_origin="http://localhost:8000", fixed_at=NOW))
        session.flush()
    for _ in range(3):
        with db.reading() as session:
            session.execute(text("SELECT 1"))
        with db.writing() as session:
            session.merge(Deployment(id=1, public_origin="http://localhost:8000", fixed_at=NOW))
    with db.reading() as session:
        assert session.get(Deployment, 1) is not None


def test_what_a_statement_carried_is_not_told_by_its_error(db: Database) -> None:
    facts = {"did": "did:web:x", "name": "不该进日志的名字", "admitted_at": NOW}
    with pytest.raises(IntegrityError) as caught, db.writing() as session:
        for _ in range(2):
            session.add(Institution(handle="twice", **facts))
            session.flush()
    assert "不该进日志的名字" not in str(caught.value)


def test_a_refused_command_is_undone_while_the_try_is_kept(served: Flask) -> None:
    def attempt() -> str:
        tx().add(Deployment(public_origin="http://localhost:8000", fixed_at=NOW))

        def half(session: Session) -> None:
            session.add(Institution(handle="half", did="did:web:half", name="半", admitted_at=NOW))
            session.flush()
            raise Conflict("application.known", code="x")

        command(half)
        return "written down"

    add(served, "/fault/half", attempt, "POST")
    assert served.test_client().post("/fault/half").status_code == 409
    with served.app_context(), database().reading() as session:
        assert session.get(Deployment, 1) is not None
        assert session.exec(select(Institution)).all() == []


def test_an_unexpected_error_undoes_everything_and_gives_the_connection_back(served: Flask) -> None:
    def broken() -> str:
        write()
        raise RuntimeError("x")

    add(served, "/fault/broken", broken, "POST")
    for _ in range(30):
        assert served.test_client().post("/fault/broken").status_code == 500
    with served.app_context():
        with database().reading() as session:
            assert session.get(Deployment, 1) is None
        for engine in (database().engine, database().reader):
            assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]


@pytest.mark.postgresql
def test_a_server_that_is_gone_is_answered_as_unreachable() -> None:
    db = Database("postgresql://evergreen@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable, match=r"database\.unreachable"), db.writing() as session:
        session.execute(text("SELECT 1"))
    with pytest.raises(Unavailable, match=r"database\.unreachable"), db.reading() as session:
        session.execute(text("SELECT 1"))
    db.dispose()


def test_a_transaction_that_the_server_cut_off_is_unavailable(postgresql_url: str, bank: Bank) -> None:
    db = Database(postgresql_url)
    with pytest.raises(Unavailable, match=r"database\.unreachable"), db.writing() as session:
        cities.learner(session, bank)
        own = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        killer = Database(postgresql_url)
        with killer.writing() as other:
            other.connection().exec_driver_sql(f"SELECT pg_terminate_backend({own})")
        killer.dispose()
        session.execute(text("SELECT 1"))
    with db.writing() as session:  # a new connection, by itself
        assert session.exec(select(Learner)).all() == []
    db.dispose()
