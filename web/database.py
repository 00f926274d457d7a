"""The database and its transactions: one per request or command, owned here and nowhere below.

A request that only reads gets a plain ``BEGIN``; one that may write gets ``BEGIN IMMEDIATE`` on SQLite, so that two
writers queue instead of failing half-way. A command runs in a savepoint of its own: when it raises, what it wrote is
gone and the request may still record that it was tried (a failed sign-in counts). Libraries flush, never commit.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

import orjson
from flask import Flask, Response, current_app, g, has_request_context, request
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from credit_bank.errors import Unavailable
from web import database_faults

T = TypeVar("T")

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOCK_WAIT = 10_000  # milliseconds that a writer waits for another before it is told that the database is busy


def _to_json(value: Any) -> str:
    """The text of a value for a JSON column."""
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


def _from_json(text: object) -> Any:
    """A value from its text. SQLite keeps a bare number as a number: SQLAlchemy expects TypeError then."""
    if not isinstance(text, str | bytes):
        raise TypeError("not a text")
    return orjson.loads(text)


_JSON: dict[str, Any] = {"json_serializer": _to_json, "json_deserializer": _from_json}


def _sqlite_pragmas(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's events below begin transactions, not the driver
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", f"busy_timeout={LOCK_WAIT}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes")
    try:
        connection.connection.driver_connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
    except sqlite3.Error as error:
        code = database_faults.fault(error)
        if code is None:
            raise
        raise Unavailable(code) from error


def _sqlite_reads_only(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")


def make_engine(url: str, *, reads: bool = False) -> Engine:
    """An engine for SQLite or PostgreSQL, set up as the house rules ask (WAL, foreign keys, synchronous=FULL).

    ``reads``: one whose SQLite connections refuse to write. Readers have connections of their own, since a pragma that
    is changed makes SQLite compile every statement of its connection again.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True, **_JSON)  # errors are logged, people not
        event.listen(engine, "connect", _sqlite_pragmas)
        event.listen(engine, "begin", _sqlite_begin)
        if reads:
            event.listen(engine, "connect", _sqlite_reads_only)
    else:
        named = make_url(url.replace("postgresql://", "postgresql+psycopg://", 1))
        given = named.query.get("options", "")
        waits = f"-c lock_timeout={LOCK_WAIT} {given if isinstance(given, str) else ' '.join(given)}"
        options = {"options": waits.strip()}
        engine = create_engine(named, hide_parameters=True, pool_pre_ping=True, connect_args=options, **_JSON)
    database_faults.install(engine)
    return engine


class Transaction(Session):
    """A session on one connection, which hands the connection out without the session's bookkeeping.

    Statements that are sent by it directly and those of the session are of one transaction, whichever come first.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, expire_on_commit=False)
        self._connection = connection

    def connection(self, *arguments: Any, **options: Any) -> Connection:
        """The connection, its transaction begun; the session makes a savepoint only where it is asked itself."""
        if arguments or options or self.in_nested_transaction():
            return super().connection(*arguments, **options)
        if not self._connection.in_transaction():
            self._connection.begin()
        return self._connection

    def commit(self) -> None:
        """Write what is pending, and commit."""
        if self.in_transaction():  # else no object was touched
            super().commit()
        if self._connection.in_transaction():
            self._connection.commit()

    def rollback(self) -> None:
        """Undo everything since the transaction began."""
        super().rollback()
        if self._connection.in_transaction():
            self._connection.rollback()


class Database:
    """An engine, on SQLite one more for those who only read, and the transactions on them."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.reader = make_engine(url, reads=True) if self.engine.dialect.name == "sqlite" else self.engine
        self._writes = self.engine.execution_options(writes=True)
        self._reads = self.reader.execution_options(postgresql_readonly=True)
        self.after_commit: list[Callable[[frozenset[Any]], None]] = []

    def dispose(self) -> None:
        """Close the connections that are not in use."""
        for engine in {self.engine, self.reader}:
            engine.dispose()

    def _connect(self, engine: Engine) -> Connection:
        try:
            return engine.connect()
        except PoolTimeout as error:
            raise Unavailable("database.busy") from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads: what it would write is refused by the database, and it is rolled back.

        Raises Unavailable ``database.busy`` or ``database.unreachable``.
        """
        with self._connect(self._reads) as connection, Transaction(connection) as session:
            try:
                yield session
            finally:
                with suppress(Exception):
                    session.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that commits when the block ends and rolls back when it raises.

        Raises Unavailable ``database.busy`` when the database is locked for longer than ten seconds, ``database.full``
        or ``database.unreachable``.
        """
        with self._connect(self._writes) as connection, Transaction(connection) as session:
            try:
                yield session
                self.commit(session)
            except BaseException:
                with suppress(Exception):  # a rollback that fails, too, must not hide what happened
                    session.rollback()
                raise

    def commit(self, session: Session) -> None:
        """Commit, then tell the listeners which logs grew (``session.info["touched_logs"]``)."""
        session.commit()
        touched = frozenset(session.info.pop("touched_logs", ()))
        if touched:
            for listener in self.after_commit:
                listener(touched)

    def ping(self) -> None:
        """Raise Unavailable ``database.unreachable`` when the database does not answer."""
        with self.reading() as session:
            session.execute(text("SELECT 1"))


def database() -> Database:
    """The application's database."""
    db: Database = current_app.extensions["evergreen_database"]
    return db


def tx() -> Session:
    """The request's transaction, begun at its first use: writing for POST and the like, reading otherwise.

    A GET view that records something calls ``request_writes()`` before the first use.
    """
    if "tx" not in g:
        writes = g.get("tx_writes", request.method not in SAFE_METHODS)
        context = database().writing() if writes else database().reading()
        g.tx_context = context
        g.tx = context.__enter__()
    session: Session = g.tx
    return session


def request_writes() -> None:
    """Make this request's transaction a writing one, whatever its method. Ends a reading one that has begun."""
    if "tx" in g and not g.get("tx_writes", request.method not in SAFE_METHODS):
        _finish(None)
    g.tx_writes = True


def command(run: Callable[[Session], T]) -> T:
    """Run a command in a savepoint of the request's transaction: all of it or, when it raises, nothing."""
    session = tx()
    with session.begin_nested():
        return run(session)


def _finish(error: BaseException | None) -> None:
    g.pop("tx", None)
    context = g.pop("tx_context", None)
    if context is None:
        return
    if error is None:
        context.__exit__(None, None, None)
    else:
        with suppress(Exception):  # the true error is being answered already
            context.__exit__(type(error), error, error.__traceback__)


class _ServerError(Exception):
    """Ends a request's transaction when its response is a server error."""


def install(app: Flask, db: Database) -> None:
    """Give an application its database, and each request its transaction.

    The commit happens before the response leaves: a person never sees "done" for what was not stored. A response of
    500 and above rolls back; a 4xx commits what stands outside the savepoints (such as the count of failed sign-ins).
    """
    app.extensions["evergreen_database"] = db

    def commit(response: Response) -> Response:
        _finish(_ServerError() if response.status_code >= 500 else None)
        return response

    app.after_request_funcs.setdefault(None, []).insert(0, commit)

    @app.teardown_request
    def close(error: BaseException | None) -> None:
        if has_request_context() and "tx_context" in g:
            _finish(error or _ServerError())
