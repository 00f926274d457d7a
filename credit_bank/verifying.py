"""Verifying with what the bank knows: its trust list, its status lists and its logs, all read from the database."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from credit_bank.bank import Bank
from credit_bank.credential import parse, verify
from credit_bank.credential.evidence import LogEvidence
from credit_bank.errors import CreditBankError, Missing
from credit_bank.report import VerificationReport
from credit_bank.store import credentials, learners, log
from credit_bank.store import status as status_rows
from credit_bank.store.institutions import StoredTrust
from credit_bank.store.tables import Credential


class StoredStatus:
    """The status lists that this bank serves; no other address is fetched: strangers would steer what we call."""

    def __init__(self, session: Session, bank: Bank) -> None:
        self._session = session
        self._address = re.compile(re.escape(bank.url("/status/")) + r"([0-9a-f-]{36})/(revocation|suspension)")

    def status_list(self, url: str) -> bytes | None:
        """The signed list at that address, or None when it is not one of this bank's."""
        match = self._address.fullmatch(url)
        if match is None:
            return None
        try:
            return status_rows.published(self._session, UUID(match[1]), match[2]).document.encode()
        except (Missing, ValueError):
            return None


def receipt(session: Session, credential: Credential) -> LogEvidence | None:
    """A credential's receipt from the log, or None once its salt was erased; without a checkpoint it is pending."""
    opening = credentials.opening(session, credential.institution_id, credential.log_sequence)
    if opening is None:
        return None
    newest = log.latest_checkpoint(session, credential.institution_id)
    if newest is None or newest.size <= credential.log_sequence:
        return LogEvidence(credential.log_sequence, opening.salt)
    proof = log.inclusion_proof(session, credential.institution_id, credential.log_sequence, newest.size)
    return LogEvidence(credential.log_sequence, opening.salt, tuple(proof), newest.note)


def verify_document(
    session: Session,
    bank: Bank,
    source: bytes | dict[str, Any],
    *,
    now: datetime | None = None,
    subject: str | None = None,
) -> VerificationReport:
    """Verify any credential as it stands now, with all that this bank knows. Nothing about the document raises."""
    return verify.verify(
        source,
        now=now or bank.clock(),
        trust=StoredTrust(session),
        status_lists=StoredStatus(session, bank),
        log=_receipt_of(session, source),
        subject=subject,
    )


def _receipt_of(session: Session, source: bytes | dict[str, Any]) -> LogEvidence | None:
    try:
        document = parse.parse_object(source) if isinstance(source, bytes) else source
        found = credentials.get(session, _credential_id(document))
    except (CreditBankError, ValueError):
        return None
    return receipt(session, found)


def _credential_id(document: dict[str, Any]) -> UUID:
    stated = document.get("id")
    if not isinstance(stated, str) or not stated.startswith("urn:uuid:"):
        raise ValueError("not one of ours")
    return UUID(stated)


def open_document(session: Session, bank: Bank, credential: Credential) -> bytes:
    """The signed document, byte for byte as issued.

    Raises Missing ``credential.erased``; Conflict ``learner.erased``.
    """
    learner = learners.get(session, credential.learner_id)
    return credentials.open_document(credential, credentials.document_key(learner, bank.kek))
