"""Placement in a course: a short test that finds where to begin. It asks, it is never graded, it can be stopped.

What is under way stands in the log of answers (source ``placement``) and in a sitting whose scope names the course, so
that it goes on after a pause or on another device, and so that the companion keeps quiet meanwhile.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from uuid import UUID

from sqlmodel import Session, col, select

from adaptive import answering
from adaptive.answering import Given, Learning
from adaptive.asking import ASSESSMENT
from adaptive.content.model import Item, Library
from adaptive.errors import Conflict, Missing
from adaptive.selection.placement import (
    LEAST,
    Next,
    Outcome,
    Placed,
    Placement,
    PlacementQuestion,
    level_difficulty,
    skipped,
    step,
)
from adaptive.store import preferences, sittings
from adaptive.store.tables import Answer, StudySession

SOURCE = "placement"
KINDS = ("choice", "several", "listen")
"""Kinds that are answered by choosing alone: quick, and never in doubt whether they are right."""


@dataclass(frozen=True, slots=True)
class Found:
    """The end of a placement: ``held`` the skills that need not be learned first, ``begin`` the lesson to begin with
    (None: everything seems held), ``answers`` how many questions were asked."""

    placed: Placed
    held: tuple[str, ...]
    begin: Item | None
    answers: int


def scope_of(course_id: str) -> str:
    """The scope of the sitting of a course's placement."""
    return f"{ASSESSMENT}:{course_id}"


def bank(library: Library, course_id: str) -> tuple[PlacementQuestion, ...]:
    """The questions that may be asked. Raises Missing ``content.course_unknown``."""
    if course_id not in library.courses:
        raise Missing("content.course_unknown")
    return tuple(
        PlacementQuestion(question.id, question.difficulty)
        for item in library.courses[course_id].items
        for question in library.items[item].questions
        if question.kind in KINDS
    )


def begin(session: Session, learning: Learning, learner_id: UUID, course_id: str) -> None:
    """Begin, or go on with the one that was begun. Raises Missing ``content.course_unknown``."""
    bank(learning.library, course_id)
    sittings.begin(session, learner_id, learning.new_id(), scope_of(course_id), learning.clock())


def next_question(session: Session, learning: Learning, learner_id: UUID, course_id: str) -> Next | None:
    """The next question of the placement that is under way; None when there is none under way or enough was asked."""
    now = learning.clock()
    sitting = sittings.current(session, learner_id, scope_of(course_id), now)
    if sitting is None:
        return None
    found = step(_under_way(session, learner_id, sitting), bank(learning.library, course_id))
    if isinstance(found, Placed):
        return None
    sitting.last_at = now
    session.add(sitting)
    return found


def answer(session: Session, learning: Learning, learner_id: UUID, course_id: str, given: Given) -> None:
    """Take an answer. Raises Conflict ``placement.over``, and what ``adaptive.answering.take`` raises."""
    if sittings.current(session, learner_id, scope_of(course_id), learning.clock()) is None:
        raise Conflict("placement.over")
    if given.source != SOURCE or given.question_id not in {q.id for q in bank(learning.library, course_id)}:
        raise Missing("content.question_unknown")
    answering.take(session, learning, learner_id, given)


def end(session: Session, learning: Learning, learner_id: UUID, course_id: str) -> None:
    """End it, whether enough was asked or not, and mark the skills that it found held."""
    now = learning.clock()
    sitting = sittings.end(session, learner_id, scope_of(course_id), now)
    if sitting is None:
        return
    found = _found(session, learning, learner_id, course_id, sitting)
    sitting.answers = found.answers
    session.add(sitting)
    marks = preferences.marks(session, learner_id, now)
    for key in found.held:
        if key not in marks:
            preferences.mark(session, learner_id, learning.new_id(), key, "can", now, None)


def result(session: Session, learning: Learning, learner_id: UUID, course_id: str) -> Found | None:
    """What the newest placement in a course that ended found; None when there was none."""
    bank(learning.library, course_id)
    newest = session.exec(
        select(StudySession)
        .where(
            StudySession.learner_id == learner_id,
            StudySession.scope == scope_of(course_id),
            col(StudySession.ended_at).is_not(None),
        )
        .order_by(col(StudySession.started_at).desc())
        .limit(1)
    ).first()
    return None if newest is None else _found(session, learning, learner_id, course_id, newest)


def _found(session: Session, learning: Learning, learner_id: UUID, course_id: str, sitting: StudySession) -> Found:
    library = learning.library
    placement = _under_way(session, learner_id, sitting)
    found = step(placement, bank(library, course_id), at_most=len(placement.asked)) if placement.asked else skipped()
    assert isinstance(found, Placed)
    held = _held(library, course_id, placement, found)
    items = [library.items[key] for key in library.courses[course_id].items]
    return Found(found, held, next((i for i in items if not set(i.skills) <= set(held)), None), len(placement.asked))


def _under_way(session: Session, learner_id: UUID, sitting: StudySession) -> Placement:
    """The placement as its answers say; an answer that could not be judged is as if it had not been asked."""
    rows = session.exec(
        select(Answer)
        .where(Answer.learner_id == learner_id, Answer.source == SOURCE, col(Answer.answered_at) >= sitting.started_at)
        .order_by(col(Answer.number))
    )
    course = sitting.scope.partition(":")[2]
    outcomes: Mapping[str, Outcome] = {"right": "right", "wrong": "wrong", "unknown": "unknown"}
    asked: dict[str, tuple[str, float, Outcome]] = {}
    for row in rows:
        over = sitting.ended_at is not None and row.answered_at > sitting.ended_at
        if row.item_id.partition("/")[0] == course and row.outcome in outcomes and not over:
            level = level_difficulty(row.difficulty or 3)
            asked.setdefault(row.question_id, (row.question_id, level, outcomes[row.outcome]))
    return Placement(tuple(asked.values()))


def _held(library: Library, course_id: str, placement: Placement, found: Placed) -> tuple[str, ...]:
    """The course's skills below the level to begin at, and those of that level that were just shown; none missed."""
    if len(placement.asked) < LEAST:
        return ()
    outcome = {key: how for key, _difficulty, how in placement.asked}
    levels: dict[str, list[int]] = {}
    shown: dict[str, bool] = {}
    for item in library.courses[course_id].items:
        for question in library.items[item].questions:
            for skill in question.skills:
                levels.setdefault(skill, []).append(question.difficulty)
                if question.id in outcome:
                    shown[skill] = shown.get(skill, True) and outcome[question.id] == "right"
    return tuple(
        skill
        for skill, hard in levels.items()
        if shown.get(skill, True) and (median(hard) < found.level or (skill in shown and median(hard) <= found.level))
    )
