"""The index of passages, one for each library that is in use: written unseen, then shown at once; read by words.

The rows are the same in SQLite and PostgreSQL and nothing of it is either's own, so both find the same passages.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from adaptive.companion.indexing import Index
from adaptive.companion.passages import Passage
from adaptive.store.tables import PassageIndex, PassageRow, PassageWord
from adaptive.store.terms import table_of

AT_ONCE = 2000
"""Rows that one transaction writes, so that nobody else waits long for the database."""
LEASE = timedelta(minutes=2)
"""How long the work on an index belongs to whoever said so last."""
UNUSED = timedelta(days=1)
"""After how long without a server that uses it an index is thrown away."""

_INDEX, _PASSAGE, _WORD = table_of(PassageIndex), table_of(PassageRow), table_of(PassageWord)
_COUNTS = select(_WORD.c.word, _WORD.c.lessons).where(
    _WORD.c.library == bindparam("library"), _WORD.c.word.in_(bindparam("words", expanding=True))
)
_OF_LESSONS = (
    select(_PASSAGE)
    .where(_PASSAGE.c.library == bindparam("library"), _PASSAGE.c.item_id.in_(bindparam("lessons", expanding=True)))
    .order_by(_PASSAGE.c.number)
)


def size(session: Session, library: str) -> int | None:
    """How many lessons the index of the library of this name has; None while there is none to read."""
    query = select(_INDEX.c.lessons).where(_INDEX.c.library == library, _INDEX.c.made_at.is_not(None))
    return session.execute(query).scalar_one_or_none()


def claim(session: Session, library: str, builder: UUID, now: datetime) -> bool:
    """Take on, or go on with, making an index; False while it is another's or when it is made.

    Two who ask at once: one gets it. Who has it and dies loses it after ``LEASE``.
    """
    free = (_INDEX.c.builder == builder) | (_INDEX.c.claimed_at < now - LEASE)
    query = update(_INDEX).where(_INDEX.c.library == library, _INDEX.c.made_at.is_(None), free)
    if _rows(session, query.values(builder=builder, claimed_at=now, used_at=now)):
        return True
    if session.execute(select(_INDEX.c.library).where(_INDEX.c.library == library)).first() is not None:
        return False
    fresh = {"library": library, "builder": builder, "claimed_at": now, "used_at": now, "lessons": 0}
    try:
        with session.begin_nested():
            session.execute(insert(_INDEX).values(fresh))
    except IntegrityError:  # another was quicker
        return False
    return True


def rows(index: Index, library: str) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    """What an index is written as: a table and some of its rows, ``AT_ONCE`` at most."""
    passages = [
        {
            "library": library,
            "number": number,
            "name": passage.id,
            "item_id": passage.item_id,
            "form": passage.form,
            "part": passage.part,
            "heading": passage.heading,
            "body": passage.text,
        }
        for number, passage in enumerate(index.passages)
    ]
    words = [
        {"library": library, "word": word, "lessons": {lesson: round(count, 3) for lesson, count in lessons.items()}}
        for word, lessons in index.counts.items()
    ]
    for table, found in ((_PASSAGE, passages), (_WORD, words)):
        yield from ((table, found[n : n + AT_ONCE]) for n in range(0, len(found), AT_ONCE))


def clear(session: Session, library: str) -> None:
    """Take away the rows of an index, such as those that a builder left who died."""
    for table in (_PASSAGE, _WORD):
        session.execute(delete(table).where(table.c.library == library))


def write(session: Session, table: Any, some: list[dict[str, Any]]) -> None:
    """Write rows of an index that nobody reads yet."""
    session.execute(insert(table), some)


def show(session: Session, library: str, builder: UUID, lessons: int, now: datetime) -> bool:
    """Let an index be read; False if it is no longer the builder's."""
    mine = update(_INDEX).where(_INDEX.c.library == library, _INDEX.c.builder == builder, _INDEX.c.made_at.is_(None))
    return _rows(session, mine.values(made_at=now, used_at=now, lessons=lessons)) == 1


def use(session: Session, library: str, now: datetime) -> None:
    """Say that a server uses an index, and throw away those that none has used for ``UNUSED``."""
    session.execute(update(_INDEX).where(_INDEX.c.library == library).values(used_at=now))
    unused = (_INDEX.c.used_at < now - UNUSED) & (_INDEX.c.library != library)
    for old in session.execute(select(_INDEX.c.library).where(unused)).scalars().all():
        if _rows(session, delete(_INDEX).where(_INDEX.c.library == old, unused)):
            clear(session, old)


def counts(session: Session, library: str, words: Collection[str]) -> dict[str, dict[str, float]]:
    """What each word counts in the lessons that have it."""
    found = session.execute(_COUNTS, {"library": library, "words": list(words)})
    return {row.word: row.lessons for row in found}


def of_lessons(session: Session, library: str, lessons: Collection[str]) -> list[Passage]:
    """The passages of some lessons, in their order."""
    found = session.execute(_OF_LESSONS, {"library": library, "lessons": list(lessons)})
    return [Passage(r.name, r.item_id, r.form, r.part, r.heading, r.body) for r in found]


def _rows(session: Session, statement: Any) -> int:
    return cast(CursorResult[Any], session.execute(statement)).rowcount
