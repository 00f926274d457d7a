"""Proposals to merge two accounts of one person: centre staff propose, the bank's administrator decides."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, InvalidInput
from web.operations.tables import MergeProposal


def propose(
    session: Session,
    *,
    institution_id: UUID,
    keep: UUID,
    absorb: UUID,
    reason: str,
    proposed_by: UUID,
    now: datetime,
) -> MergeProposal:
    """Propose a merge. Raises Conflict ``learner.merge_same`` or ``merge.proposed``; InvalidInput ``merge.reason``."""
    if keep == absorb:
        raise Conflict("learner.merge_same")
    if not reason.strip():
        raise InvalidInput("merge.reason")
    if any({keep, absorb} == {p.keep_learner, p.absorb_learner} for p in waiting(session)):
        raise Conflict("merge.proposed")
    row = MergeProposal(
        institution_id=institution_id,
        keep_learner=keep,
        absorb_learner=absorb,
        reason=" ".join(reason.split())[:500],
        proposed_by=proposed_by,
        proposed_at=now,
    )
    session.add(row)
    session.flush()
    return row


def waiting(session: Session) -> Sequence[MergeProposal]:
    """The proposals that nobody has decided, the oldest first."""
    statement = select(MergeProposal).where(col(MergeProposal.state) == "open")
    return session.exec(statement.order_by(col(MergeProposal.proposed_at))).all()


def close(session: Session, row: MergeProposal, *, merged: bool, decided_by: UUID, now: datetime) -> None:
    """Note what was decided. Raises Conflict ``merge.decided``."""
    if row.state != "open":
        raise Conflict("merge.decided")
    row.state, row.decided_by, row.decided_at = "merged" if merged else "refused", decided_by, now
    session.add(row)
    session.flush()


def close_between(session: Session, one: UUID, other: UUID, *, decided_by: UUID, now: datetime) -> None:
    """Close the open proposals between two accounts that were just merged."""
    for row in waiting(session):
        if {one, other} == {row.keep_learner, row.absorb_learner}:
            close(session, row, merged=True, decided_by=decided_by, now=now)
