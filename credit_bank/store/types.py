"""Column types and row ids that every table shares."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, Uuid
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


# Every constraint has a name, so that a migration can change it on SQLite and PostgreSQL alike.
SQLModel.metadata.naming_convention = NAMING


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


def instant_column(*, nullable: bool = False) -> Column[datetime]:
    """A column for a moment."""
    return Column(Instant(), nullable=nullable)


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits, so that rows sort by age."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return UUID(int=value)
