"""What a bank says under its key, as a JWT: one algorithm, key objects only, a type of its own, one spelling.

A token is refused before its claims are looked at when its header names anything but ``EdDSA`` and the type expected,
or carries a key or an address (RFC 8725 §3).
"""

import base64
import binascii
import json
from datetime import UTC, datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from credit_bank.errors import InvalidInput
from credit_bank.key import multikey
from credit_bank.key.issuer import KeyRecord

MAX_LENGTH = 65_536
_YEAR_9999 = 253_402_300_799


def sign(claims: dict[str, Any], kind: str, bank_key: Ed25519PrivateKey) -> str:
    """The claims as a compact JWT of type ``kind``, signed by the key of ``iss``."""
    kid = f"{claims['iss']}#{multikey.encode_public(bank_key.public_key())}"
    return jwt.encode(claims, bank_key, algorithm="EdDSA", headers={"typ": kind, "kid": kid})


def read(
    token: str, kind: str, bank_key: Ed25519PublicKey, bank_did: str | None = None, max_length: int = MAX_LENGTH
) -> dict[str, Any]:
    """The claims of a token that the bank's key signed. Their times are not judged: "now" is the caller's.

    Raises InvalidInput ``trust.statement_malformed``, ``.statement_not_canonical``, ``.statement_header_refused``,
    ``.statement_signature_mismatch``, ``.statement_claim`` (with the claim) or, with ``bank_did`` given,
    ``.statement_issuer_mismatch``.
    """
    _require_header(token, kind, max_length)
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            bank_key,
            algorithms=["EdDSA"],
            options={
                "require": ["iss", "sub", "iat"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "verify_aud": False,
            },
        )
    except jwt.InvalidSignatureError:
        raise InvalidInput("trust.statement_signature_mismatch") from None
    except jwt.MissingRequiredClaimError as problem:
        raise InvalidInput("trust.statement_claim", claim=problem.claim) from None
    except jwt.InvalidTokenError:
        raise InvalidInput("trust.statement_malformed") from None
    if bank_did is not None and claims["iss"] != bank_did:
        raise InvalidInput("trust.statement_issuer_mismatch", issuer=ascii(claims["iss"])[1:-1][:200])
    return claims


def _require_header(token: str, kind: str, max_length: int) -> None:
    parts = token.split(".") if isinstance(token, str) and len(token) <= max_length else []
    if len(parts) != 3:
        raise InvalidInput("trust.statement_malformed")
    try:
        decoded = [base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in parts]
        header = json.loads(decoded[0])
    except (ValueError, binascii.Error, RecursionError):
        raise InvalidInput("trust.statement_malformed") from None
    # base64 has several spellings of one value; a second spelling would be a second token with the same signature.
    if [base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii") for raw in decoded] != parts:
        raise InvalidInput("trust.statement_not_canonical")
    plain = isinstance(header, dict) and header.keys() <= {"alg", "typ", "kid"}
    if not plain or header.get("alg") != "EdDSA" or header.get("typ") != kind:
        raise InvalidInput("trust.statement_header_refused")


def key_claims(key: KeyRecord) -> dict[str, Any]:
    """A key as claims state it."""
    return without_none(
        {
            "multikey": key.multikey,
            "from": seconds(key.valid_from),
            "to": seconds(key.valid_to),
            "revoked": seconds(key.revoked_at),
        }
    )


def key_record(item: dict[str, Any]) -> KeyRecord:
    """A key that claims state. Raises InvalidInput ``trust.statement_claim`` and as ``multikey.decode_public``."""
    value = text(item, "multikey")
    multikey.decode_public(value)
    return KeyRecord(value, required_instant(item, "from"), instant(item, "to"), instant(item, "revoked"))


def without_none(claims: dict[str, Any]) -> dict[str, Any]:
    """The claims that say something."""
    return {name: value for name, value in claims.items() if value is not None}


def seconds(value: datetime | None) -> int | None:
    """An instant as a NumericDate (RFC 7519 §2)."""
    return None if value is None else int(value.timestamp())


def text(claims: dict[str, Any], name: str) -> str:
    """A claim that is a text with something in it. Raises InvalidInput ``trust.statement_claim``."""
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidInput("trust.statement_claim", claim=name)
    return value


def items(claims: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A claim that is a list of objects. Raises InvalidInput ``trust.statement_claim``."""
    value = claims.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InvalidInput("trust.statement_claim", claim=name)
    return value


def whole(claims: dict[str, Any], name: str, least: int, most: int) -> int:
    """A claim that is a whole number of that range. Raises InvalidInput ``trust.statement_claim``."""
    value = claims.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise InvalidInput("trust.statement_claim", claim=name)
    return value


def instant(claims: dict[str, Any], name: str) -> datetime | None:
    """A claim that is an instant, or None where it is absent. Raises InvalidInput ``trust.statement_claim``."""
    return required_instant(claims, name) if name in claims else None


def required_instant(claims: dict[str, Any], name: str) -> datetime:
    """A claim that is an instant, up to the year 9999. Raises InvalidInput ``trust.statement_claim``."""
    return datetime.fromtimestamp(whole(claims, name, 0, _YEAR_9999), UTC)
