"""Plans to a goal."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from adaptive.store.tables import LearningPlan


def keep(session: Session, plan: LearningPlan) -> LearningPlan:
    """Keep a plan; the one before is replaced by it."""
    session.execute(
        update(LearningPlan)
        .where(col(LearningPlan.learner_id) == plan.learner_id, col(LearningPlan.replaced_at).is_(None))
        .values(replaced_at=plan.made_at)
    )
    session.add(plan)
    session.flush()
    return plan


def give_up(session: Session, learner_id: UUID, now: datetime) -> None:
    """Let no plan count any more."""
    session.execute(
        update(LearningPlan)
        .where(col(LearningPlan.learner_id) == learner_id, col(LearningPlan.replaced_at).is_(None))
        .values(replaced_at=now)
    )
    session.expire_all()


def current(session: Session, learner_id: UUID) -> LearningPlan | None:
    """The plan that counts."""
    return session.exec(
        select(LearningPlan)
        .where(LearningPlan.learner_id == learner_id, col(LearningPlan.replaced_at).is_(None))
        .order_by(col(LearningPlan.made_at).desc())
        .limit(1)
    ).first()


def earlier(session: Session, learner_id: UUID) -> Sequence[LearningPlan]:
    """Every plan of a learner, the newest first."""
    return session.exec(
        select(LearningPlan).where(LearningPlan.learner_id == learner_id).order_by(col(LearningPlan.made_at).desc())
    ).all()
