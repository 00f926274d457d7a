"""The files that institutions imported, as rows."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank.errors import Missing
from credit_bank.store.tables import ImportBatch


def get(session: Session, institution_id: UUID, batch_id: UUID) -> ImportBatch:
    """An institution's own import. Raises Missing ``batch.unknown``."""
    found = session.get(ImportBatch, (institution_id, batch_id))
    if found is None:
        raise Missing("batch.unknown")
    return found


def add(session: Session, batch: ImportBatch) -> UUID:
    """Note that a file was taken; its id."""
    session.add(batch)
    session.flush()
    return batch.id


def latest(session: Session, institution_id: UUID, *, kind: str, limit: int = 10) -> Sequence[ImportBatch]:
    """An institution's newest imports of a kind; what was entered by hand, one at a time, has no file and is absent."""
    query = select(ImportBatch).where(
        ImportBatch.institution_id == institution_id, ImportBatch.kind == kind, ImportBatch.file_name != ""
    )
    return session.exec(query.order_by(col(ImportBatch.imported_at).desc()).limit(limit)).all()
