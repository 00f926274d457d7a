"""Accreditation statements: what the bank's operator key says about one institution, as a JWT.

One algorithm, key objects only, a type of its own, one spelling: a token is refused before its claims are looked at
when its header names anything but ``EdDSA`` and this type, or carries a key or an address (RFC 8725 §3).
"""

import base64
import binascii
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from credit_bank.errors import InvalidInput
from credit_bank.key import did, multikey
from credit_bank.key.issuer import Accreditation, IssuerRecord, KeyRecord

# A key may be revoked, a right withdrawn, a credential revoked after a statement was made: it is not good for ever.
LIFETIME = timedelta(days=90)
MAX_LISTS = 512
TYPE = "accreditation-statement+jwt"
MAX_LENGTH = 65_536


def sign_statement(record: IssuerRecord, bank_did: str, bank_key: Ed25519PrivateKey, now: datetime) -> str:
    """The bank's statement about this institution as of ``now``, a compact JWT; instants in it are whole seconds."""
    claims: dict[str, Any] = {
        "iss": bank_did,
        "sub": record.did,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "name": record.name,
        "suspended": record.suspended,
        "keys": [_key_claims(key) for key in record.keys],
        "accreditations": [
            _without_none({"category": a.category, "from": _seconds(a.valid_from), "to": _seconds(a.valid_to)})
            for a in record.accreditations
        ],
    }
    if record.log_origin is not None:
        claims["log"] = {"origin": record.log_origin, "keys": [_key_claims(key) for key in record.log_keys]}
    if record.status_lists:
        claims["statusLists"] = {url: _seconds(since) for url, since in record.status_lists.items()}
    kid = f"{bank_did}#{multikey.encode_public(bank_key.public_key())}"
    return jwt.encode(claims, bank_key, algorithm="EdDSA", headers={"typ": TYPE, "kid": kid})


def read_statement(token: str, bank_key: Ed25519PublicKey, bank_did: str | None = None) -> IssuerRecord:
    """What the statement says, when the bank's key signed it; ``stated_at`` is when.

    ``good_until`` is its ``exp``, and 90 days after ``iat`` where it states none.

    Raises InvalidInput ``trust.statement_malformed``, ``.statement_not_canonical``, ``.statement_header_refused``,
    ``.statement_signature_mismatch``, ``.statement_claim`` (with the claim) or, with ``bank_did`` given,
    ``.statement_issuer_mismatch``.
    """
    _require_header(token)
    try:
        # No claim is judged by PyJWT's own clock: "now" is the caller's, who is told until when the statement is good.
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
    return _record(claims)


def _require_header(token: str) -> None:
    parts = token.split(".") if isinstance(token, str) and len(token) <= MAX_LENGTH else []
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
    if not plain or header.get("alg") != "EdDSA" or header.get("typ") != TYPE:
        raise InvalidInput("trust.statement_header_refused")


def _record(claims: dict[str, Any]) -> IssuerRecord:
    if not isinstance(claims.get("suspended", False), bool):
        raise InvalidInput("trust.statement_claim", claim="suspended")
    subject = _text(claims, "sub")
    did.parse_did_url(subject)
    record = IssuerRecord(
        did=subject,
        name=_text(claims, "name"),
        keys=tuple(_key_record(item) for item in _items(claims, "keys")),
        accreditations=tuple(
            Accreditation(_text(item, "category"), _required_instant(item, "from"), _instant(item, "to"))
            for item in _items(claims, "accreditations")
        ),
        suspended=claims.get("suspended", False),
    )
    log = claims.get("log")
    if log is not None:
        if not isinstance(log, dict):
            raise InvalidInput("trust.statement_claim", claim="log")
        keys = tuple(_key_record(item) for item in _items(log, "keys"))
        record = replace(record, log_origin=_text(log, "origin"), log_keys=keys)
    stated_at = _required_instant(claims, "iat")
    return replace(
        record,
        stated_at=stated_at,
        good_until=_instant(claims, "exp") or stated_at + LIFETIME,
        status_lists=_status_lists(claims.get("statusLists", {})),
    )


def _status_lists(value: Any) -> dict[str, datetime]:
    if not isinstance(value, dict) or len(value) > MAX_LISTS:
        raise InvalidInput("trust.statement_claim", claim="statusLists")
    return {url: _required_instant(value, url) for url in value}


def _key_record(item: dict[str, Any]) -> KeyRecord:
    value = _text(item, "multikey")
    multikey.decode_public(value)
    return KeyRecord(value, _required_instant(item, "from"), _instant(item, "to"), _instant(item, "revoked"))


def _key_claims(key: KeyRecord) -> dict[str, Any]:
    return _without_none(
        {
            "multikey": key.multikey,
            "from": _seconds(key.valid_from),
            "to": _seconds(key.valid_to),
            "revoked": _seconds(key.revoked_at),
        }
    )


def _without_none(claims: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if value is not None}


def _seconds(value: datetime | None) -> int | None:
    return None if value is None else int(value.timestamp())


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidInput("trust.statement_claim", claim=name)
    return value


def _items(claims: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = claims.get(name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise InvalidInput("trust.statement_claim", claim=name)
    return value


def _instant(claims: dict[str, Any], name: str) -> datetime | None:
    return _required_instant(claims, name) if name in claims else None


def _required_instant(claims: dict[str, Any], name: str) -> datetime:
    value = claims.get(name)
    # The upper end is the year 9999.
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 253_402_300_799:
        raise InvalidInput("trust.statement_claim", claim=name)
    return datetime.fromtimestamp(value, UTC)
