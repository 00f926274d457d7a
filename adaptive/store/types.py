"""Column types of the learning tables.

The libraries do not import each other, so the few lines that both need stand in each; a test holds them equal. Row ids
are made by the caller (``new_id``), since randomness and the clock are arguments below the edge.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Uuid
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

# The same names of constraints as every table's, whichever library is imported first.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. SQLite drops offsets, so they are refused when missing and restored when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: object) -> datetime | None:
        """Take an aware moment, in UTC. Raises ValueError for one without an offset."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its offset")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: object) -> datetime | None:
        """Give the moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = Uuid(as_uuid=True, native_uuid=True)


def id_column(*, nullable: bool = False) -> Column[Any]:
    """A column for a row's id."""
    return Column(Id, nullable=nullable)


def instant_column(*, nullable: bool = False) -> Column[Any]:
    """A column for a moment."""
    return Column(Instant(), nullable=nullable)


def json_column(*, nullable: bool = False) -> Column[Any]:
    """A column for a plain value; None is SQL's NULL."""
    return Column(JSON(none_as_null=True), nullable=nullable)
