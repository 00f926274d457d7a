"""Skills that learners mastered, with their evidence."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from adaptive.store.tables import Answer, MasteredSkill


def reached(
    session: Session,
    learner_id: UUID,
    row_id: UUID,
    skill_id: str,
    now: datetime,
    *,
    p: float,
    low: float,
    answer_ids: Sequence[UUID],
    weights_version: str,
    library_digest: str,
) -> MasteredSkill:
    """Record that a skill was mastered, the first time only."""
    found = get(session, learner_id, skill_id)
    if found is not None:
        return found
    row = MasteredSkill(
        learner_id=learner_id,
        id=row_id,
        skill_id=skill_id,
        reached_at=now,
        p=p,
        low=low,
        answer_ids=[str(answer_id) for answer_id in answer_ids],
        weights_version=weights_version,
        library_digest=library_digest,
    )
    session.add(row)
    session.flush()
    return row


def get(session: Session, learner_id: UUID, skill_id: str) -> MasteredSkill | None:
    """When and by what a skill was mastered."""
    return session.exec(
        select(MasteredSkill).where(MasteredSkill.learner_id == learner_id, MasteredSkill.skill_id == skill_id)
    ).first()


def of_learner(session: Session, learner_id: UUID) -> dict[str, MasteredSkill]:
    """Every skill that a learner mastered, by its id."""
    rows = session.exec(
        select(MasteredSkill).where(MasteredSkill.learner_id == learner_id).order_by(col(MasteredSkill.reached_at))
    )
    return {row.skill_id: row for row in rows}


def evidence(session: Session, row: MasteredSkill) -> list[Answer]:
    """The answers by which a skill was mastered, in order."""
    ids = [UUID(answer_id) for answer_id in row.answer_ids]
    found = session.exec(select(Answer).where(Answer.learner_id == row.learner_id, col(Answer.id).in_(ids)))
    return sorted(found, key=lambda answer: answer.number)
