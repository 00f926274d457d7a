"""Statements of the path that every answer takes, turned into text once for each database.

SQLAlchemy's own cache still builds a statement's parameters and result anew each time, which on this path costs more
than SQLite itself. Here the text and the conversion of each value are kept. The statement runs on the transaction's
connection as the driver's own text, so that its errors are told as those of any other.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Float, Integer, String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]
INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""What makes an insert with a word on conflicts, by the dialect's name."""


class _Made(NamedTuple):
    """A statement for one dialect; ``given`` takes its values, ``returned`` are the columns that are converted."""

    text: str
    given: Callable[[Mapping[str, Any]], Any]
    returned: tuple[tuple[int, Convert], ...]


class Prepared:
    """A statement that ``build`` makes for a dialect's name; ``results`` are the types of the columns it returns."""

    def __init__(self, build: Callable[[str], Any], *results: TypeEngine[Any]) -> None:
        self._build, self._results = build, results
        self._made: dict[str, _Made] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Run it; the rows that it returns, or none."""
        text, given, returned = self._made.get(connection.dialect.name) or self._for(connection)
        sent = given(values)
        found = _straight(connection, "execute", text, sent)
        if found is None:
            told = connection.exec_driver_sql(text, sent)
            found = list(told) if self._results else []
        if not returned:
            return found
        return [_converted(row, returned) for row in found]

    def run_for_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each row of values."""
        text, given, _returned = self._made.get(connection.dialect.name) or self._for(connection)
        sent = [given(row) for row in rows]
        if _straight(connection, "executemany", text, sent) is None:
            connection.exec_driver_sql(text, sent)

    def _for(self, connection: Connection) -> _Made:
        dialect = connection.dialect
        compiled = self._build(dialect.name).compile(dialect=dialect)
        names = compiled.positiontup if dialect.positional else list(compiled.binds)
        sent = {name: compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names}
        results = [_reading(kind, dialect) for kind in self._results]
        made = self._made[dialect.name] = _Made(
            str(compiled),
            _in_order(names, sent) if dialect.positional else _by_name(sent),
            tuple((n, convert) for n, convert in enumerate(results) if convert is not None),
        )
        return made


def _straight(connection: Connection, way: str, text: str, given: Any) -> list[Any] | None:
    """The rows, from SQLite's own driver; None where that is not the driver, or where it failed.

    A statement that failed changed nothing in SQLite, so it is run again the ordinary way, which tells the error as any
    other. SQLAlchemy's bookkeeping for a result costs more than these statements themselves.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        return None
    try:
        return getattr(driver, way)(text, given).fetchall()  # type: ignore[no-any-return]
    except sqlite3.Error:
        return None


def _reading(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """How a value of that type is read; numbers and texts come from both drivers as they are."""
    if isinstance(kind, Integer | Float | String):
        return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _converted(row: Sequence[Any], columns: tuple[tuple[int, Convert], ...]) -> Sequence[Any]:
    values = list(row)
    for n, convert in columns:
        values[n] = convert(values[n])
    return values


def _in_order(names: Sequence[str], converts: Mapping[str, Convert | None]) -> Callable[[Mapping[str, Any]], Any]:
    """What makes a positional driver's values out of named ones."""
    columns = tuple((n, convert) for n, name in enumerate(names) if (convert := converts[name]) is not None)
    if len(names) == 1:
        [name] = names
        return lambda values: _converted((values[name],), columns)
    taken = itemgetter(*names)
    return (lambda values: _converted(taken(values), columns)) if columns else taken


def _by_name(converts: Mapping[str, Convert | None]) -> Callable[[Mapping[str, Any]], Any]:
    """What makes a driver's named values out of others."""
    items = tuple(converts.items())
    return lambda values: {name: values[name] if convert is None else convert(values[name]) for name, convert in items}
