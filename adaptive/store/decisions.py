"""Choices with their reasons: kept when they are shown, closed by the answer that they led to."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from adaptive.errors import Missing
from adaptive.store.tables import Decision


def add(session: Session, decision: Decision) -> Decision:
    """Keep a choice."""
    session.add(decision)
    session.flush()
    return decision


def get(session: Session, learner_id: UUID, decision_id: UUID) -> Decision:
    """One of a learner's own choices. Raises Missing ``decision.unknown``."""
    found = session.get(Decision, (learner_id, decision_id))
    if found is None:
        raise Missing("decision.unknown")
    return found


def open_choice(session: Session, learner_id: UUID, place: str, scope: str, since: datetime) -> Decision | None:
    """The newest choice for that place and scope, if it was neither answered nor set aside and is not older."""
    newest = session.exec(
        select(Decision)
        .where(Decision.learner_id == learner_id, Decision.place == place, Decision.scope == scope)
        .order_by(col(Decision.chosen_at).desc(), col(Decision.id).desc())
        .limit(1)
        .execution_options(populate_existing=True)  # an answer of this transaction may have closed it
    ).first()
    if newest is None or newest.answer_id or newest.set_aside or newest.chosen_at < since:
        return None
    return newest


def set_aside(session: Session, learner_id: UUID, decision_id: UUID, reason: str) -> None:
    """Say that a choice will not be followed, and why (easier, harder, not_now, not_for_me, own_order, changed)."""
    session.execute(
        update(Decision)
        .where(
            col(Decision.learner_id) == learner_id, col(Decision.id) == decision_id, col(Decision.answer_id).is_(None)
        )
        .values(set_aside=reason)
    )
    session.expire_all()


def newest(session: Session, learner_id: UUID, limit: int = 20) -> Sequence[Decision]:
    """A learner's newest choices, the newest first."""
    return session.exec(
        select(Decision)
        .where(Decision.learner_id == learner_id)
        .order_by(col(Decision.chosen_at).desc(), col(Decision.id).desc())
        .limit(limit)
        .execution_options(populate_existing=True)
    ).all()
