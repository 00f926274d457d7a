"""Asking the companion: a question in plain words, the library's own passages that answer it."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, func, select

from adaptive.companion.finding import Found, Guess, about, find, guesses, needed, terms
from adaptive.companion.indexing import name
from adaptive.companion.masking import mask
from adaptive.companion.phrasing import LONGEST_QUESTION
from adaptive.companion.words import asked, in_distress
from adaptive.content.model import Library, Question
from adaptive.content.words import one_spelling
from adaptive.errors import InvalidInput
from adaptive.store import passages
from adaptive.store.tables import CompanionQuestion, StudySession

NEARLY = 0.6
"""How alike a question and a practice question are when they count as one."""
ASSESSMENT = "placement"
"""What the scope of a sitting begins with that examines."""
_PLACE = re.compile(r"\[[a-z]+\]")
LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the library says: its passages, best first; none when it does not speak of it.

    ``guesses`` are what may have been meant where nothing was found. ``distress``: whoever asks may be in danger; no
    lesson answers that, people do. ``ready`` is False while the library's index is being made.
    """

    question: str
    found: tuple[Found, ...]
    distress: bool = False
    ready: bool = True
    guesses: tuple[Guess, ...] = ()


def has_index(session: Session, library: Library) -> bool:
    """Whether the library's index can be read."""
    return passages.size(session, name(library)) is not None


def ask(session: Session, question: str, *, library: Library) -> Reply:
    """The passages that answer a question.

    Raises InvalidInput ``companion.question_empty`` or ``companion.question_long``.
    """
    plain = " ".join(question.split())
    if not plain:
        raise InvalidInput("companion.question_empty")
    if len(plain) > LONGEST_QUESTION:
        raise InvalidInput("companion.question_long", most=LONGEST_QUESTION)
    if in_distress(plain):
        return Reply(plain, (), distress=True)
    units = asked(_PLACE.sub(" ", mask(plain).text))  # who asks says nothing about what is asked
    size = passages.size(session, name(library))
    if size is None:
        return Reply(plain, (), ready=False)
    meant = terms(units, passages.counts(session, name(library), needed(units)), size)
    lessons = {lesson: share for lesson, share in about(meant).items() if lesson in library.items}
    held = passages.of_lessons(session, name(library), lessons)
    found = find(meant, lessons, held, library.items)
    if found:
        return Reply(plain, found)
    return Reply(plain, (), guesses=guesses(meant, lessons, library.items, english=plain.isascii()))


def practised(question: str, library: Library) -> Question | None:
    """The practice question that somebody seems to be asking, word for word or nearly; None if there is none.

    The companion then hints before it answers.
    """
    asked_now = _pairs(question)
    if len(asked_now) < 4:
        return None
    alike = ((_alike(asked_now, _pairs(one.prompt)), one) for one in library.questions.values())
    best, found = max(alike, key=lambda pair: pair[0], default=(0.0, None))
    return found if best >= NEARLY else None


def _pairs(text: str) -> frozenset[str]:
    folded = re.sub(r"[\W_]+", "", one_spelling(text))
    return frozenset(folded[n : n + 2] for n in range(len(folded) - 1))


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Dice's coefficient of two sets of pairs of characters."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def in_assessment(session: Session, learner_id: UUID | None, now: datetime) -> bool:
    """Whether a learner is being examined now: a placement test that was begun and not ended."""
    if learner_id is None:
        return False
    query = select(StudySession.id).where(
        col(StudySession.learner_id) == learner_id,
        col(StudySession.scope).startswith(ASSESSMENT),
        col(StudySession.ended_at).is_(None),
        col(StudySession.last_at) > now - LASTS,
    )
    return session.exec(query).first() is not None


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
