"""Asking the companion: a question in plain words, the library's own passages that answer it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from adaptive.companion.finding import Found, find
from adaptive.companion.phrasing import LONGEST_QUESTION
from adaptive.companion.words import asked
from adaptive.content.model import Library
from adaptive.errors import InvalidInput
from adaptive.store import passages
from adaptive.store.tables import CompanionQuestion


@dataclass(frozen=True, slots=True)
class Reply:
    """What the library says: its passages, best first; none when it does not speak of it."""

    question: str
    found: tuple[Found, ...]


def ensure_index(session: Session, library: Library, now: datetime) -> bool:
    """Make the index of this library unless it is there; True when it was made. It writes."""
    if passages.digest(session) == library.digest:
        return False
    passages.index(session, library, now)
    return True


def ask(session: Session, question: str, *, library: Library) -> Reply:
    """The passages that answer a question.

    Raises InvalidInput ``companion.question_empty`` or ``companion.question_long``.
    """
    plain = " ".join(question.split())
    if not plain:
        raise InvalidInput("companion.question_empty")
    if len(plain) > LONGEST_QUESTION:
        raise InvalidInput("companion.question_long", most=LONGEST_QUESTION)
    words = asked(plain)
    indexed, counts, size = passages.candidates(session, [word for same in words for word in same])
    there = [one for one in indexed if one.passage.item_id in library.items]
    return Reply(plain, find(words, there, counts, size))


def record(session: Session, question: CompanionQuestion) -> None:
    """Keep what was asked, masked, and what became of it."""
    session.add(question)
    session.flush()


def asked_since(session: Session, learner_id: UUID, moment: datetime, *, phrased: bool = False) -> int:
    """How many questions a learner has asked since then; with ``phrased``, how many went to a language model."""
    query = select(func.count()).where(
        col(CompanionQuestion.learner_id) == learner_id, col(CompanionQuestion.asked_at) >= moment
    )
    if phrased:
        query = query.where(col(CompanionQuestion.model).is_not(None))
    return session.exec(query).one()
