"""Column types and row ids that every table shares."""

import os
import threading
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


# By how many milliseconds a clock may be set back and the ids keep their order.
WAITED_FOR = 10_000


class _Counter:
    """Where the last id of this process stood: its millisecond and its counter within it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.last = 0

    def next(self, milliseconds: int) -> int:
        """60 bits: the millisecond and a counter of 12 bits, more than the last time (a far clock aside).

        Each millisecond begins its counter at random in the lower half, so that there is room above. A counter that
        is full borrows from the next millisecond; a clock that was set back a little is waited for in the same way.
        One that was set back by more was wrong before, and is followed.
        """
        with self.lock:
            fresh = milliseconds << 12 | int.from_bytes(os.urandom(2), "big") & 0x7FF
            ahead = (self.last >> 12) - milliseconds
            self.last = self.last + 1 if 0 <= ahead <= WAITED_FOR else fresh
            return self.last


_counter = _Counter()


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, 12 bits of a counter, 62 random bits.

    Ids that one process makes sort in the order in which they were made, within a millisecond too (§6.2, method 1).
    """
    ticks = _counter.next(time.time_ns() // 1_000_000)
    tail = int.from_bytes(os.urandom(8), "big") & ~(0x3 << 62) | (0x2 << 62)
    return UUID(int=(ticks >> 12) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | tail)
