"""Credentials as rows: the signed document sealed under its learner's key, and where it stands in the log."""

from collections.abc import Callable, Sequence
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, Missing
from credit_bank.key import keyring
from credit_bank.store.tables import Credential, LeafOpening, Learner, StatusChange


def key_place(learner_id: UUID) -> bytes:
    """What binds a learner's sealed key to the learner."""
    return b"learner|" + learner_id.bytes


def document_place(credential_id: UUID) -> bytes:
    """What binds a sealed document to its credential."""
    return b"credential|" + credential_id.bytes


def document_key(learner: Learner, kek: bytes) -> bytes:
    """The key (32 bytes) under which a learner's documents are sealed. Raises Conflict ``learner.erased``."""
    if learner.sealed_key is None:
        raise Conflict("learner.erased")
    return keyring.open_sealed(learner.sealed_key, kek, key_place(learner.id))


def get(session: Session, credential_id: UUID) -> Credential:
    """The credential of that id, as it stands now. Raises Missing ``credential.unknown``."""
    query = select(Credential).where(Credential.id == credential_id).execution_options(populate_existing=True)
    found = session.exec(query).first()
    if found is None:
        raise Missing("credential.unknown", credential=str(credential_id))
    return found


def many(session: Session, institution_id: UUID, ids: Sequence[UUID]) -> list[Credential]:
    """Credentials of an institution in the order of their ids, as they stand now.

    Raises Missing ``credential.unknown`` for one that is another's or nobody's.
    """
    found: dict[UUID, Credential] = {}
    for start in range(0, len(ids), 500):
        rows = session.exec(
            select(Credential)
            .where(Credential.institution_id == institution_id, col(Credential.id).in_(ids[start : start + 500]))
            .execution_options(populate_existing=True)
        )
        found |= {row.id: row for row in rows}
    for credential_id in ids:
        if credential_id not in found:
            raise Missing("credential.unknown", credential=str(credential_id))
    return [found[credential_id] for credential_id in ids]


def of_outcome(session: Session, learner_id: UUID, outcome_id: UUID) -> Credential | None:
    """The credential that says an outcome, or None while it is only recorded."""
    query = select(Credential).where(Credential.learner_id == learner_id, Credential.outcome_id == outcome_id)
    return session.exec(query).first()


def changes_of(session: Session, institution_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[StatusChange]]:
    """The changes of many credentials' status by credential, the oldest first; unchanged ones are absent."""
    found: dict[UUID, list[StatusChange]] = {}
    for start in range(0, len(ids), 500):
        rows = session.exec(
            select(StatusChange)
            .where(
                StatusChange.institution_id == institution_id,
                col(StatusChange.credential_id).in_(ids[start : start + 500]),
            )
            .order_by(col(StatusChange.log_sequence))
        )
        for row in rows:
            found.setdefault(row.credential_id, []).append(row)
    return found


def of_learner(session: Session, learner_id: UUID) -> Sequence[Credential]:
    """A learner's credentials, the oldest first."""
    return session.exec(
        select(Credential).where(Credential.learner_id == learner_id).order_by(col(Credential.issued_at))
    ).all()


def open_document(credential: Credential, key: bytes) -> bytes:
    """The signed document as it was issued, byte for byte. Raises Missing ``credential.erased``."""
    if credential.sealed_document is None:
        raise Missing("credential.erased", credential=str(credential.id))
    return keyring.open_sealed(credential.sealed_document, key, document_place(credential.id))


def opening(session: Session, institution_id: UUID, sequence: int) -> LeafOpening | None:
    """What opens a leaf's commitment, or None once it was erased."""
    return session.get(LeafOpening, (institution_id, sequence))


def changes(session: Session, credential: Credential) -> Sequence[StatusChange]:
    """The changes of a credential's status, the oldest first."""
    return session.exec(
        select(StatusChange)
        .where(StatusChange.institution_id == credential.institution_id, StatusChange.credential_id == credential.id)
        .order_by(col(StatusChange.log_sequence))
    ).all()


def move(session: Session, kek: bytes, source: Learner, target: Learner, random_bytes: Callable[[int], bytes]) -> None:
    """Give one learner's credentials to another, each document sealed anew under the other's key."""
    rows = session.exec(select(Credential).where(Credential.learner_id == source.id)).all()
    if not rows:
        return
    old, new = document_key(source, kek), document_key(target, kek)
    for row in rows:
        sealed = row.sealed_document
        if sealed is not None:
            place = document_place(row.id)
            sealed = keyring.seal(keyring.open_sealed(sealed, old, place), new, place, nonce=random_bytes(12))
        session.execute(
            update(Credential)
            .where(col(Credential.institution_id) == row.institution_id, col(Credential.id) == row.id)
            .values(learner_id=target.id, sealed_document=sealed)
        )
