"""How the questions of a course do, for its authors: sums over many people, and nobody's name."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlmodel import Session

from adaptive.content.model import Library
from adaptive.evaluation.attributes import ATTRIBUTES
from adaptive.evaluation.item_analysis import Analysis, Reply, analyse
from adaptive.store import answers, fairness

NEWEST = 20_000  # answers of a course that are looked at
LONGEST = 3600.0  # seconds; a longer time is a page left open


def course(session: Session, library: Library, course_id: str) -> tuple[Analysis, ...]:
    """The analysis of every question of a course that was answered, the most in need of attention first."""
    told: dict[UUID, dict[str, str]] = {}
    for name in ATTRIBUTES:
        for learner_id, value in fairness.everyone(session, name):
            told.setdefault(learner_id, {})[name] = value
    return analyse(_replies(answers.of_course(session, course_id, NEWEST), library, told))


def _replies(rows: Iterator[Any], library: Library, told: dict[UUID, dict[str, str]]) -> Iterator[Reply]:
    for row in rows:
        question = library.questions.get(row.question_id)
        if question is None or row.outcome == "unsure":
            continue
        seconds = (row.answered_at - row.presented_at).total_seconds() if row.presented_at else None
        chosen = row.response if question.kind in ("choice", "listen") and isinstance(row.response, int) else None
        yield Reply(
            row.learner_id.hex,
            row.question_id,
            row.outcome == "right",
            seconds if seconds is not None and 0 < seconds <= LONGEST else None,
            row.form,
            chosen,
            told.get(row.learner_id, {}),
        )
