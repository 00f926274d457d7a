"""Keeping the companion's index: made beside the old one, by one process, shown when it is whole; unused ones go.

The caller gives transactions, since making an index takes several short ones and holds none while it thinks.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from adaptive.companion.indexing import index, name
from adaptive.content.model import Library
from adaptive.store import passages

Writing = Callable[[], AbstractContextManager[Session]]
Clock = Callable[[], datetime]
_RENEW = passages.LEASE / 4


class Lost(Exception):
    """The work was taken over by another, who thought that this one had died."""


def keep(writing: Writing, library: Library, builder: UUID, clock: Clock) -> bool:
    """See that the library's index is there, and that unused ones go; False while another is making it.

    ``writing`` opens a transaction that commits; ``builder`` names who works here, anew for each call that may overlap.
    """
    with writing() as session:
        if passages.size(session, name(library)) is not None:
            passages.use(session, name(library), clock())
            return True
        if not passages.claim(session, name(library), builder, clock()):
            return False
    try:
        _make(writing, library, builder, clock)
    except Lost:
        return False
    return True


def _make(writing: Writing, library: Library, builder: UUID, clock: Clock) -> None:
    claimed = clock()

    def beat() -> None:
        nonlocal claimed
        if clock() - claimed > _RENEW:
            claimed = clock()
            with writing() as session:
                _hold(session, library, builder, claimed)

    made = index(library, beat)
    with writing() as session:
        _hold(session, library, builder, clock())
        passages.clear(session, name(library))
    for table, some in passages.rows(made, name(library)):
        with writing() as session:
            _hold(session, library, builder, clock())
            passages.write(session, table, some)
    with writing() as session:
        if not passages.show(session, name(library), builder, made.lessons, clock()):
            raise Lost
        passages.use(session, name(library), clock())


def _hold(session: Session, library: Library, builder: UUID, now: datetime) -> None:
    if not passages.claim(session, name(library), builder, now):
        raise Lost
