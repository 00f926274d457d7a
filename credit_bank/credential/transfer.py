"""A record transfer: a learner's credentials on their way from one bank to another, by the learner's own wish.

The file holds each credential as a proof bundle and a statement of the sending bank, a JWT for the receiving bank
alone: whose they are by name, for which account there, and which credentials under which pairwise ids. So nobody can
hand in a stranger's file as their own, and a file that went astray serves nobody else.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_bank.credential.bundle import Bundle, compose_bundle, parse_bundle
from credit_bank.credential.evidence import credential_digest
from credit_bank.errors import InvalidInput
from credit_bank.key import multikey
from credit_bank.key.signed_claims import items, read, required_instant, sign, text

FILE_TYPE = "EvergreenRecordTransfer"
TYPE = "record-transfer+jwt"
LIFETIME = timedelta(days=30)
MAX_CREDENTIALS = 1000
MAX_STATEMENT = 1_000_000


@dataclass(frozen=True, slots=True)
class Moved:
    """One credential of a transfer: its digest (hexadecimal) and the pairwise id that its subject has there."""

    digest: str
    subject: str


@dataclass(frozen=True, slots=True)
class TransferStatement:
    """What the sending bank states; ``account`` is the account number at the receiving bank, without spaces.

    ``identity`` is how well the sending bank knows who this is (``self-declared`` or ``document-seen``).
    """

    id: str
    sender: str
    receiver: str
    account: str
    name: str
    identity: str
    credentials: tuple[Moved, ...]
    made_at: datetime
    good_until: datetime


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer file, parsed; ``token`` is the statement, not read yet."""

    token: str
    bundles: tuple[Bundle, ...]


def digest_of(document: dict[str, Any]) -> str:
    """A credential's digest as a transfer names it. Raises InvalidInput as ``credential_digest`` does."""
    return credential_digest(document).hex()


def sign_transfer(statement: TransferStatement, private: Ed25519PrivateKey) -> str:
    """The statement as a compact JWT."""
    claims: dict[str, Any] = {
        "jti": statement.id,
        "iss": statement.sender,
        "aud": statement.receiver,
        "sub": statement.account,
        "iat": int(statement.made_at.timestamp()),
        "exp": int(statement.good_until.timestamp()),
        "name": statement.name,
        "identity": statement.identity,
        "credentials": [{"digest": one.digest, "subject": one.subject} for one in statement.credentials],
    }
    return sign(claims, TYPE, private)


def compose_transfer(token: str, bundles: Sequence[Bundle]) -> bytes:
    """The file, in UTF-8."""
    parts = [json.loads(compose_bundle(bundle)) for bundle in bundles]
    document = {"type": FILE_TYPE, "version": 1, "statement": token, "bundles": parts}
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def parse_transfer(content: bytes) -> Transfer:
    """The parts of a transfer file, nothing checked. Raises InvalidInput ``transfer.malformed`` or as bundles do."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        raise InvalidInput("transfer.malformed") from None
    if not isinstance(document, dict) or document.get("type") != FILE_TYPE or document.get("version") != 1:
        raise InvalidInput("transfer.malformed")
    token, bundles = document.get("statement"), document.get("bundles")
    if not isinstance(token, str) or not isinstance(bundles, list) or len(bundles) > MAX_CREDENTIALS:
        raise InvalidInput("transfer.malformed")
    if not bundles or not all(isinstance(bundle, dict) for bundle in bundles):
        raise InvalidInput("transfer.malformed")
    return Transfer(token, tuple(parse_bundle(bundle) for bundle in bundles))


def read_statement(token: str, bank_keys: Sequence[str]) -> TransferStatement:
    """What the sending bank states, when one of its keys signed it.

    Raises InvalidInput ``transfer.sender_unknown`` where none did, or as ``signed_claims.read``.
    """
    for known in bank_keys:
        try:
            return _statement(read(token, TYPE, multikey.decode_public(known), max_length=MAX_STATEMENT))
        except InvalidInput as problem:
            if problem.code != "trust.statement_signature_mismatch":
                raise
    raise InvalidInput("transfer.sender_unknown")


def _uuid(claims: dict[str, Any]) -> str:
    try:
        return str(UUID(text(claims, "jti")))
    except ValueError:
        raise InvalidInput("trust.statement_claim", claim="jti") from None


def _statement(claims: dict[str, Any]) -> TransferStatement:
    return TransferStatement(
        id=_uuid(claims),
        sender=text(claims, "iss"),
        receiver=text(claims, "aud"),
        account=text(claims, "sub"),
        name=text(claims, "name"),
        identity=text(claims, "identity"),
        credentials=tuple(Moved(text(i, "digest"), text(i, "subject")) for i in items(claims, "credentials")),
        made_at=required_instant(claims, "iat"),
        good_until=required_instant(claims, "exp"),
    )
