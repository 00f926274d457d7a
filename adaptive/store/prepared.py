"""Statements of the path that every answer takes, turned into text once for each database.

SQLAlchemy's own cache still builds a statement's parameters and result anew each time, which on this path costs more
than SQLite itself. Here the text and the conversion of each value are kept. The statement runs on the transaction's
connection as the driver's own text, so that its errors are told as those of any other.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Float, Integer, String
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any] | None


class Prepared:
    """A statement that ``build`` makes for a dialect's name; ``results`` are the types of the columns it returns."""

    def __init__(self, build: Callable[[str], Any], *results: TypeEngine[Any]) -> None:
        self._build, self._results = build, results
        self._made: dict[str, tuple[str, list[tuple[str, Convert]], bool, list[Convert]]] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run it; the rows that it returns, or none."""
        text, names, positional, results = self._for(connection)
        given = _given(values, names, positional)
        found: Iterable[Any] | None = _straight(connection, "execute", text, given)
        if found is None:
            told = connection.exec_driver_sql(text, given)
            found = told if results else ()
        return [
            tuple([value if convert is None else convert(value) for value, convert in zip(row, results, strict=True)])
            for row in found
        ]

    def run_for_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each row of values."""
        text, names, positional, _results = self._for(connection)
        given = [_given(row, names, positional) for row in rows]
        if _straight(connection, "executemany", text, given) is None:
            connection.exec_driver_sql(text, given)

    def _for(self, connection: Connection) -> tuple[str, list[tuple[str, Convert]], bool, list[Convert]]:
        dialect = connection.dialect
        made = self._made.get(dialect.name)
        if made is None:
            compiled = self._build(dialect.name).compile(dialect=dialect)
            names = compiled.positiontup if dialect.positional else list(compiled.binds)
            kinds = [(name, compiled.binds[name].type) for name in names]
            made = self._made[dialect.name] = (
                str(compiled),
                [(name, kind.dialect_impl(dialect).bind_processor(dialect)) for name, kind in kinds],
                dialect.positional,
                [_reading(kind, dialect) for kind in self._results],
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


def _reading(kind: TypeEngine[Any], dialect: Dialect) -> Convert:
    """How a value of that type is read; numbers and texts come from both drivers as they are."""
    if isinstance(kind, Integer | Float | String):
        return None
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _given(values: Mapping[str, Any], names: list[tuple[str, Convert]], positional: bool) -> Any:
    if positional:
        return tuple([values[name] if convert is None else convert(values[name]) for name, convert in names])
    return {name: values[name] if convert is None else convert(values[name]) for name, convert in names}
