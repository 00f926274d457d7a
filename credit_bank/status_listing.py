"""Signing status lists: opened with the first credential of a list, signed anew at each change."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from credit_bank.bank import Bank
from credit_bank.credential import parse, status
from credit_bank.credential.securing.data_integrity import add_proof
from credit_bank.key.keyring import SigningKey
from credit_bank.store import status as status_rows
from credit_bank.store.tables import Institution, PublishedStatusList, StatusList


def list_url(bank: Bank, list_id: UUID, purpose: str) -> str:
    """The address of a status list, signed into every credential that has an entry in it."""
    return bank.url(f"/status/{list_id}/{purpose}")


def open_lists(
    session: Session, bank: Bank, institution: Institution, key: SigningKey, opened: Sequence[StatusList], now: datetime
) -> None:
    """Sign the two empty lists, of revocations and of suspensions, of each list that was just opened."""
    for row in opened:
        bits = status.empty_bits(row.length)
        sign(session, bank, institution, key, row.id, "revocation", bits, now)
        sign(session, bank, institution, key, row.id, "suspension", bits, now)


def sign(
    session: Session,
    bank: Bank,
    institution: Institution,
    key: SigningKey,
    list_id: UUID,
    purpose: str,
    bits: bytes,
    now: datetime,
) -> None:
    """Sign a status list as it stands now and keep it as the one that is served."""
    url = list_url(bank, list_id, purpose)
    side: status.Purpose = "suspension" if purpose == "suspension" else "revocation"
    document = add_proof(status.compose_status_list(url, institution.did, side, bits, now), key, now)
    text = parse.as_bytes(document).decode()
    status_rows.store(session, institution.id, list_id, purpose, bits=bits, document=text, at=now)


def sign_all(session: Session, bank: Bank, institution: Institution, key: SigningKey, now: datetime) -> int:
    """Sign every list of an institution anew, unchanged; how many there were.

    After a key was revoked, since a list that the revoked key signed could no longer be believed.
    """
    rows = session.exec(select(PublishedStatusList).where(PublishedStatusList.institution_id == institution.id)).all()
    for row in rows:
        purpose: status.Purpose = "revocation" if row.purpose == "revocation" else "suspension"
        sign(session, bank, institution, key, row.list_id, purpose, row.bits, now)
    return len(rows)
