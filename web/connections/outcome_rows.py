"""Which activities count as which courses, and what became of received events, as rows."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from credit_bank.errors import Missing
from web.connections.outcome_tables import ActivityMapping, ReceivedOutcome

OPEN = ("waiting", "below")
"""The states of an event on which a new rule can still decide."""


def mapping_of(session: Session, institution_id: UUID, source: UUID, object_id: str) -> ActivityMapping | None:
    """How an activity of a connection counts now; None where nobody said so."""
    return session.exec(
        select(ActivityMapping).where(
            col(ActivityMapping.institution_id) == institution_id,
            col(ActivityMapping.source) == source,
            col(ActivityMapping.object_id) == object_id,
            col(ActivityMapping.ended_at).is_(None),
        )
    ).first()


def mapping(session: Session, institution_id: UUID, mapping_id: UUID) -> ActivityMapping:
    """A rule in force. Raises Missing ``received.mapping_unknown``."""
    found = session.get(ActivityMapping, (institution_id, mapping_id))
    if found is None or found.ended_at is not None:
        raise Missing("received.mapping_unknown")
    return found


def mappings(session: Session, institution_id: UUID) -> Sequence[ActivityMapping]:
    """An institution's rules in force, the newest first."""
    query = select(ActivityMapping).where(
        col(ActivityMapping.institution_id) == institution_id, col(ActivityMapping.ended_at).is_(None)
    )
    return session.exec(query.order_by(col(ActivityMapping.mapped_at).desc())).all()


def get(session: Session, institution_id: UUID, row_id: UUID, *, to_decide: bool = False) -> ReceivedOutcome:
    """An institution's own row, as it stands; ``to_decide`` lets nobody else decide. Raises Missing
    ``received.unknown``.
    """
    found = session.get(
        ReceivedOutcome, (institution_id, row_id), populate_existing=True, with_for_update=True if to_decide else None
    )
    if found is None:
        raise Missing("received.unknown")
    return found


def by_statement(session: Session, institution_id: UUID, statement_id: str) -> ReceivedOutcome | None:
    """The one row of an event."""
    return session.exec(
        select(ReceivedOutcome)
        .where(col(ReceivedOutcome.institution_id) == institution_id, col(ReceivedOutcome.statement_id) == statement_id)
        .execution_options(populate_existing=True)
    ).first()


def open_of_activity(
    session: Session, institution_id: UUID, source: UUID, object_id: str, learner_id: UUID | None = None
) -> Sequence[ReceivedOutcome]:
    """The events of an activity on which can still be decided, the oldest first; of one learner where given."""
    query = select(ReceivedOutcome).where(
        col(ReceivedOutcome.institution_id) == institution_id,
        col(ReceivedOutcome.source) == source,
        col(ReceivedOutcome.object_id) == object_id,
        col(ReceivedOutcome.state).in_(OPEN),
    )
    if learner_id is not None:
        query = query.where(col(ReceivedOutcome.learner_id) == learner_id)
    query = query.order_by(col(ReceivedOutcome.received_at), col(ReceivedOutcome.id))
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).all()


def waiting(session: Session, institution_id: UUID, limit: int) -> Sequence[ReceivedOutcome]:
    """What waits for the registrar, the oldest first."""
    query = select(ReceivedOutcome).where(
        col(ReceivedOutcome.institution_id) == institution_id, col(ReceivedOutcome.state) == "waiting"
    )
    return session.exec(query.order_by(col(ReceivedOutcome.received_at), col(ReceivedOutcome.id)).limit(limit)).all()


def waiting_count(session: Session, institution_id: UUID) -> int:
    """How many events wait for the registrar."""
    query = select(func.count()).select_from(ReceivedOutcome)
    return session.exec(
        query.where(col(ReceivedOutcome.institution_id) == institution_id, col(ReceivedOutcome.state) == "waiting")
    ).one()


def settled(session: Session, institution_id: UUID, limit: int) -> Sequence[ReceivedOutcome]:
    """What was decided, by a rule or a person, the newest first; those taken back after issue before all others."""
    query = select(ReceivedOutcome).where(
        col(ReceivedOutcome.institution_id) == institution_id, col(ReceivedOutcome.state) != "waiting"
    )
    taken_back = (col(ReceivedOutcome.state) == "recorded") & col(ReceivedOutcome.voided_at).is_not(None)
    return session.exec(query.order_by(taken_back.desc(), col(ReceivedOutcome.received_at).desc()).limit(limit)).all()


def of_outcomes(session: Session, outcome_ids: Iterable[UUID]) -> dict[UUID, ReceivedOutcome]:
    """Where outcomes came from, by outcome; those of other origin are absent."""
    wanted = list(set(outcome_ids))
    rows: list[ReceivedOutcome] = []
    for start in range(0, len(wanted), 500):
        chunk = wanted[start : start + 500]
        rows += session.exec(select(ReceivedOutcome).where(col(ReceivedOutcome.outcome_id).in_(chunk)))
    return {row.outcome_id: row for row in rows if row.outcome_id is not None}


def of_learner(session: Session, learner_id: UUID) -> Sequence[ReceivedOutcome]:
    """What became of the events of a learner."""
    return session.exec(select(ReceivedOutcome).where(col(ReceivedOutcome.learner_id) == learner_id)).all()
