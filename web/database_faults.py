"""What a database says when it cannot work now, as typed errors: locked, full, or not to be reached.

SQLAlchemy tells every error of the driver here before anybody sees it, wherever it happens: at the first statement of
a page, at a commit, in a thread. What is a fault of the program stays the driver's own error.
"""

import sqlite3

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from credit_bank.errors import Unavailable

_SQLITE = {
    sqlite3.SQLITE_BUSY: "database.busy",
    sqlite3.SQLITE_LOCKED: "database.busy",
    sqlite3.SQLITE_FULL: "database.full",
    sqlite3.SQLITE_IOERR: "database.unreachable",
    sqlite3.SQLITE_CANTOPEN: "database.unreachable",
}
# SQLSTATE, or its class of two characters (PostgreSQL documentation, appendix A).
_POSTGRESQL = {
    "40001": "database.busy",  # serialization_failure
    "40P01": "database.busy",  # deadlock_detected
    "55P03": "database.busy",  # lock_not_available
    "53100": "database.full",  # disk_full
    "53": "database.busy",  # insufficient_resources, such as too many connections
    "08": "database.unreachable",  # connection_exception
    "57P": "database.unreachable",  # admin_shutdown, crash_shutdown, cannot_connect_now
}
_TOLD = "evergreen_fault"


def fault(error: BaseException, *, disconnected: bool = False) -> str | None:
    """The code of what keeps the database from working, or None where the driver's error means something else."""
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, psycopg.Error):
        state = error.sqlstate or ""
        found = next((_POSTGRESQL[part] for part in (state, state[:3], state[:2]) if part in _POSTGRESQL), None)
        never_met = isinstance(error, psycopg.OperationalError) and not state
        return found or ("database.unreachable" if disconnected or never_met else None)
    return None


def _tell(context: ExceptionContext) -> None:
    code = fault(context.original_exception, disconnected=context.is_disconnect)
    connection = context.connection
    if connection is not None and not connection.invalidated:
        if code is not None:
            connection.info[_TOLD] = code
        elif "no such savepoint" in str(context.original_exception):
            # SQLite has rolled everything back already when the disk is full: what is missing now is not the news.
            code = connection.info.get(_TOLD)
    if code is not None:
        raise Unavailable(code) from context.original_exception


def install(engine: Engine) -> None:
    """Let an engine raise Unavailable ``database.busy``, ``database.full`` or ``database.unreachable``."""
    event.listen(engine, "handle_error", _tell)
    event.listen(engine, "begin", lambda connection: connection.info.pop(_TOLD, None))
