"""Sittings: when a learner practised, how long, how often."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from adaptive.store.tables import StudySession

PAUSE = timedelta(minutes=45)
"""After so long without an answer, the next one begins a new sitting."""


def current(session: Session, learner_id: UUID, scope: str, now: datetime) -> StudySession | None:
    """The sitting that goes on, if there is one."""
    newest = session.exec(
        select(StudySession)
        .where(StudySession.learner_id == learner_id, StudySession.scope == scope)
        .order_by(col(StudySession.started_at).desc(), col(StudySession.id).desc())
        .limit(1)
    ).first()
    if newest is None or newest.ended_at is not None or now - newest.last_at > PAUSE:
        return None
    return newest


def begin(session: Session, learner_id: UUID, row_id: UUID, scope: str, now: datetime) -> StudySession:
    """The sitting that goes on, or a new one."""
    found = current(session, learner_id, scope, now)
    if found is None:
        found = StudySession(learner_id=learner_id, id=row_id, scope=scope, started_at=now, last_at=now)
        session.add(found)
        session.flush()
    return found


def end(session: Session, learner_id: UUID, scope: str, now: datetime) -> StudySession | None:
    """End the sitting that goes on; None when there is none."""
    found = current(session, learner_id, scope, now)
    if found is not None:
        found.ended_at = now
        session.add(found)
        session.flush()
    return found


def since(session: Session, learner_id: UUID, moment: datetime) -> Sequence[StudySession]:
    """The sittings that began since a moment, the newest first."""
    return session.exec(
        select(StudySession)
        .where(StudySession.learner_id == learner_id, col(StudySession.started_at) >= moment)
        .order_by(col(StudySession.started_at).desc())
    ).all()
