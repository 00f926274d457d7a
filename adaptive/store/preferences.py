"""What a learner wishes: personalised or not, how hard, the goal, how often; and the marks put on single things."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from adaptive.errors import InvalidInput
from adaptive.store.tables import LearningMark, LearningPreference

Mark = Literal["easier", "harder", "not_now", "not_for_me", "can"]
MARKS: tuple[Mark, ...] = ("easier", "harder", "not_now", "not_for_me", "can")
BANDS = ("standard", "easier", "harder")
CHANGEABLE = frozenset({"personalised", "band", "goal", "sessions_per_week", "minutes_per_session", "form"})


def get(session: Session, learner_id: UUID, now: datetime) -> LearningPreference:
    """A learner's wishes; the defaults, not stored, for one who said nothing yet."""
    return session.get(LearningPreference, learner_id) or LearningPreference(learner_id=learner_id, changed_at=now)


def change(session: Session, learner_id: UUID, now: datetime, **values: Any) -> LearningPreference:
    """Change some wishes. Raises InvalidInput ``preference.unknown`` for a name or value that there is not."""
    if not values.keys() <= CHANGEABLE or values.get("band", "standard") not in BANDS:
        raise InvalidInput("preference.unknown")
    if not 1 <= values.get("sessions_per_week", 1) <= 14 or not 5 <= values.get("minutes_per_session", 5) <= 120:
        raise InvalidInput("preference.unknown")
    row = get(session, learner_id, now)
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at = now
    session.add(row)
    session.flush()
    return row


def mark(
    session: Session, learner_id: UUID, row_id: UUID, subject: str, kind: Mark, now: datetime, until: datetime | None
) -> LearningMark:
    """Record what a learner said of a question, item or course; the newest mark on a subject counts."""
    if kind not in MARKS:
        raise InvalidInput("preference.unknown")
    row = LearningMark(learner_id=learner_id, id=row_id, subject=subject, mark=kind, made_at=now, until=until)
    session.add(row)
    session.flush()
    return row


def marks(session: Session, learner_id: UUID, now: datetime) -> Mapping[str, LearningMark]:
    """The newest mark in force on each subject."""
    return {row.subject: row for row in marks_made(session, learner_id, now)}


def marks_made(session: Session, learner_id: UUID, now: datetime) -> Sequence[LearningMark]:
    """Every mark in force, the oldest first."""
    statement = select(LearningMark).where(
        LearningMark.learner_id == learner_id, or_(col(LearningMark.until).is_(None), col(LearningMark.until) > now)
    )
    return session.exec(statement.order_by(col(LearningMark.made_at), col(LearningMark.id))).all()


def take_back(session: Session, learner_id: UUID, subject: str, kind: Mark) -> None:
    """Forget a mark of that kind on a subject."""
    session.execute(
        delete(LearningMark).where(
            col(LearningMark.learner_id) == learner_id,
            col(LearningMark.subject) == subject,
            col(LearningMark.mark) == kind,
        )
    )
