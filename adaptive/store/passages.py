"""The index of passages: made of a library at once, searched by words in SQLite (FTS5) and PostgreSQL (GIN) alike."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text
from sqlmodel import Session

from adaptive.companion.finding import Indexed
from adaptive.companion.passages import Passage, passages
from adaptive.companion.words import indexed
from adaptive.content.model import Library
from adaptive.store.tables import PassageIndex, PassageRow, PassageWord
from adaptive.store.terms import table_of

MOST = 60
"""Candidates that a search brings to be judged."""

_PASSAGE, _WORD = table_of(PassageRow), table_of(PassageWord)
_BY_NUMBER = select(_PASSAGE).where(_PASSAGE.c.number.in_(bindparam("numbers", expanding=True)))
_WORDS_OF = select(_PASSAGE.c.item_id, _PASSAGE.c.words).where(
    _PASSAGE.c.item_id.in_(bindparam("items", expanding=True))
)
_COUNTS = select(_WORD.c.word, _WORD.c.passages).where(_WORD.c.word.in_(bindparam("words", expanding=True)))
_ALONE = text("LOCK TABLE passage_index IN SHARE ROW EXCLUSIVE MODE")  # others go on reading; SQLite has one writer
_SEARCH = {
    "sqlite": text(
        "SELECT rowid FROM passage_search WHERE passage_search MATCH :query"
        " ORDER BY bm25(passage_search, 1.0, 1.5, 1.5) LIMIT :most"
    ),
    "postgresql": text(
        "SELECT number FROM passage, to_tsquery('simple', :query) AS query"
        " WHERE to_tsvector('simple', words || ' ' || heading_words || ' ' || title_words) @@ query"
        " ORDER BY ts_rank(to_tsvector('simple', words || ' ' || heading_words || ' ' || title_words), query) DESC"
        " LIMIT :most"
    ),
}


def digest(session: Session) -> str | None:
    """Which library the index was made of; None when there is none yet."""
    made = session.get(PassageIndex, 1)
    return None if made is None else made.digest


def index(session: Session, library: Library, now: datetime) -> int:
    """Make the index anew; the number of passages. The old one answers until the transaction ends.

    Whoever makes it at the same moment waits, and finds it made.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_ALONE)
        session.expire_all()
    if (made := session.get(PassageIndex, 1)) is not None and made.digest == library.digest:
        return made.passages
    counts: Counter[str] = Counter()
    rows: list[dict[str, Any]] = []
    titles = {item.id: " ".join(indexed(item.title.zh)) for item in library.items.values()}
    for number, passage in enumerate(passages(library), 1):
        words, heading = indexed(passage.text), indexed(passage.heading)
        counts.update({*words, *heading, *titles[passage.item_id].split()})
        rows.append(_row(number, passage, words, heading, titles[passage.item_id]))
    for table in (_PASSAGE, _WORD):
        session.execute(delete(table))
    if rows:
        session.execute(insert(_PASSAGE), rows)
        session.execute(insert(_WORD), [{"word": word, "passages": n} for word, n in counts.items()])
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("INSERT INTO passage_search (passage_search) VALUES ('rebuild')"))
    session.merge(PassageIndex(id=1, digest=library.digest, passages=len(rows), made_at=now))
    session.flush()
    return len(rows)


def _row(number: int, passage: Passage, words: Sequence[str], heading: Sequence[str], title: str) -> dict[str, Any]:
    return {
        "number": number,
        "name": passage.id,
        "item_id": passage.item_id,
        "form": passage.form,
        "part": passage.part,
        "heading": passage.heading,
        "body": passage.text,
        "words": " ".join(words),
        "heading_words": " ".join(heading),
        "title_words": title,
    }


def numbers(session: Session, words: Collection[str]) -> list[int]:
    """The numbers of the passages that hold one of the words at least, the likeliest first, ``MOST`` at most."""
    if not words:
        return []
    dialect = session.get_bind().dialect.name
    query = " OR ".join(f'"{w}"' for w in words) if dialect == "sqlite" else " | ".join(f"'{w}'" for w in words)
    return list(session.execute(_SEARCH[dialect], {"query": query, "most": MOST}).scalars())


def candidates(session: Session, words: Collection[str]) -> tuple[list[Indexed], dict[str, int], int]:
    """Passages that hold one of the words at least, how many passages hold each word, and how many there are."""
    made = session.get(PassageIndex, 1)
    if made is None or not words:
        return [], {}, 0
    rows = session.execute(_BY_NUMBER, {"numbers": numbers(session, words)}).all()
    of_item: dict[str, Counter[str]] = {}
    for item_id, held in session.execute(_WORDS_OF, {"items": sorted({row.item_id for row in rows})}):
        of_item.setdefault(item_id, Counter()).update(held.split())
    counts = {row.word: row.passages for row in session.execute(_COUNTS, {"words": list(words)})}
    return [_candidate(row, of_item[row.item_id]) for row in rows], counts, made.passages


def _candidate(row: Any, of_item: Mapping[str, int]) -> Indexed:
    passage = Passage(row.name, row.item_id, row.form, row.part, row.heading, row.body)
    words, heading, title = (frozenset(held.split()) for held in (row.words, row.heading_words, row.title_words))
    return Indexed(passage, words, heading, title, of_item)
