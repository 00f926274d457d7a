"""Sharing: a learner's link to one credential, with an expiry, withdrawn in one press."""

import base64
import hashlib
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from credit_bank.bank import Bank
from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.key import keyring
from credit_bank.store import credentials, learners, shares
from credit_bank.store.tables import Credential, ShareLink
from credit_bank.store.types import new_id


def _digest(token: str) -> bytes:
    return hashlib.sha256(b"share|" + token.encode()).digest()


def create(
    session: Session,
    bank: Bank,
    learner_id: UUID,
    credential_id: UUID,
    *,
    lifetime: timedelta | None,
    label: str = "",
    show_name: bool = False,
) -> tuple[ShareLink, str]:
    """A link to a learner's own credential, and its token (22 characters, 128 random bits).

    ``lifetime`` None means until it is withdrawn; ``show_name`` lets whoever follows it see the learner's name.
    Raises Missing ``credential.unknown`` for another's credential; InvalidInput ``share.lifetime`` for a lifetime that
    is not positive.
    """
    learners.hold(session, [learner_id])
    credential = credentials.get(session, credential_id)
    if credential.learner_id != learner_id:
        raise Missing("credential.unknown", credential=str(credential_id))
    if lifetime is not None and lifetime <= timedelta(0):
        raise InvalidInput("share.lifetime")
    token = base64.urlsafe_b64encode(bank.random_bytes(16)).decode().rstrip("=")
    link_id = new_id()
    now = bank.clock()
    link = ShareLink(
        learner_id=learner_id,
        id=link_id,
        credential_id=credential_id,
        token_digest=_digest(token),
        sealed_token=keyring.seal(token.encode(), bank.kek, b"share|" + link_id.bytes, nonce=bank.random_bytes(12)),
        label=" ".join(label.split())[:60],
        show_name=show_name,
        created_at=now,
        expires_at=now + lifetime if lifetime else None,
    )
    session.add(link)
    session.flush()
    return link, token


def token(bank: Bank, link: ShareLink) -> str:
    """The token of a learner's own link, to show it again."""
    return keyring.open_sealed(link.sealed_token, bank.kek, b"share|" + link.id.bytes).decode()


def is_open(bank: Bank, link: ShareLink) -> bool:
    """Whether a link can be followed now."""
    return link.withdrawn_at is None and (link.expires_at is None or bank.clock() < link.expires_at)


def follow(session: Session, bank: Bank, given: str) -> tuple[ShareLink, Credential, bytes]:
    """Follow a link: the link, the credential and its document. Counts the visit, so it is a write.

    Raises Missing ``share.unknown``, ``share.expired`` or ``share.withdrawn``.
    """
    link = shares.by_digest(session, _digest(given))
    if link is None:
        raise Missing("share.unknown")
    if link.withdrawn_at is not None:
        raise Missing("share.withdrawn")
    now = bank.clock()
    if link.expires_at is not None and now >= link.expires_at:
        raise Missing("share.expired")
    link.opened_count += 1
    link.last_opened_at = now
    session.add(link)
    session.flush()
    credential = credentials.get(session, link.credential_id)
    learner = learners.get(session, credential.learner_id)
    return link, credential, credentials.open_document(credential, credentials.document_key(learner, bank.kek))


def withdraw(session: Session, bank: Bank, learner_id: UUID, link_id: UUID) -> ShareLink:
    """Withdraw a learner's own link. Raises Missing ``share.unknown``; Conflict ``share.withdrawn``."""
    link = session.get(ShareLink, (learner_id, link_id))
    if link is None:
        raise Missing("share.unknown")
    if link.withdrawn_at is not None:
        raise Conflict("share.withdrawn")
    link.withdrawn_at = bank.clock()
    session.add(link)
    session.flush()
    return link
