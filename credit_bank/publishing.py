"""Publishing: the signed checkpoint that covers what a log has sequenced.

Follows from committed rows, in a transaction of its own: until it has run, a receipt is "pending". Running it twice, or
from two processes, signs one checkpoint.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from credit_bank import admitting
from credit_bank.bank import Bank
from credit_bank.log import checkpoint, merkle
from credit_bank.store import institutions, log
from credit_bank.store.tables import Checkpoint


def publish(session: Session, bank: Bank, institution_id: UUID) -> Checkpoint | None:
    """Sign a checkpoint of the log as it stands; None when the newest one covers it already.

    Raises Missing ``log.unknown`` or ``key.none_current``; InvalidInput ``key.unsealing_failed``.
    """
    row = log.locked(session, institution_id)
    newest = log.latest_checkpoint(session, institution_id)
    if row.size == 0 or (newest is not None and newest.size >= row.size):
        return None
    root = merkle.root_of(log.frontier(session, institution_id, row.size))
    key = admitting.signing_key(session, bank, institutions.get(session, institution_id), "checkpoint")
    signed = Checkpoint(
        institution_id=institution_id,
        size=row.size,
        root=root,
        note=checkpoint.sign_checkpoint(checkpoint.Checkpoint(row.origin, row.size, root), key.private),
        signed_at=bank.clock(),
    )
    session.add(signed)
    session.flush()
    return signed


def due(session: Session) -> Sequence[UUID]:
    """The institutions whose log has grown since its newest checkpoint."""
    return log.unpublished(session)


def publish_all(session: Session, bank: Bank) -> int:
    """Publish every log that has grown since its newest checkpoint; how many there were."""
    return sum(publish(session, bank, i) is not None for i in due(session))
