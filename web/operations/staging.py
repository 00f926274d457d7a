"""Files between upload and confirmation: kept here, sealed, so that the browser is never trusted with what was checked.

A file belongs to the person who uploaded it, at one institution, for one hour. The confirming step reads it anew.
"""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from credit_bank.bank import Bank
from credit_bank.errors import InvalidInput, Missing
from credit_bank.key import keyring
from web.operations.tables import StagedFile

VALID = timedelta(hours=1)
# What came of an import is remembered longer than the file, so that a late second press still finds it.
REMEMBERED = timedelta(days=1)
MAX_BYTES = 12 * 1024 * 1024


def _place(row_id: UUID) -> bytes:
    return b"staged-file|" + row_id.bytes


def keep(
    session: Session,
    bank: Bank,
    *,
    person_id: UUID,
    institution_id: UUID,
    kind: str,
    name: str,
    content: bytes,
    now: datetime,
) -> StagedFile:
    """Keep an uploaded file for an hour. Raises InvalidInput ``table.empty`` or ``table.too_large``."""
    if not content:
        raise InvalidInput("table.empty")
    if len(content) > MAX_BYTES:
        raise InvalidInput("table.too_large", limit=MAX_BYTES // 1024**2)
    sweep(session, now)
    row = StagedFile(
        institution_id=institution_id,
        person_id=person_id,
        kind=kind,
        file_name=name[:200],
        size=len(content),
        sha256=hashlib.sha256(content).digest(),
        created_at=now,
        expires_at=now + VALID,
    )
    row.sealed = keyring.seal(content, bank.kek, _place(row.id), nonce=bank.random_bytes(12))
    session.add(row)
    session.flush()
    return row


def sweep(session: Session, now: datetime) -> None:
    """Forget every file whose hour is over, and after a day what came of it."""
    session.connection().execute(
        delete(StagedFile).where(
            (col(StagedFile.expires_at) < now) & col(StagedFile.consumed_at).is_(None)
            | (col(StagedFile.consumed_at) < now - REMEMBERED)
        )
    )


def find(
    session: Session, *, person_id: UUID, institution_id: UUID, staged_id: UUID, now: datetime, lock: bool = False
) -> StagedFile:
    """The person's own file at that institution.

    Raises Missing ``staged.unknown`` for another's; Missing ``staged.expired`` after its hour, unless it was imported.
    """
    statement = select(StagedFile).where(
        col(StagedFile.institution_id) == institution_id,
        col(StagedFile.id) == staged_id,
        col(StagedFile.person_id) == person_id,
    )
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = session.exec(statement).first()
    if row is None:
        raise Missing("staged.unknown")
    if row.consumed_at is None and row.expires_at <= now:
        raise Missing("staged.expired")
    return row


def content(bank: Bank, row: StagedFile) -> bytes:
    """The bytes as uploaded. Raises Missing ``staged.expired`` once they are gone."""
    if row.sealed is None:
        raise Missing("staged.expired")
    return keyring.open_sealed(row.sealed, bank.kek, _place(row.id))
