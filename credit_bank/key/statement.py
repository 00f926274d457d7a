"""Accreditation statements: what the bank's operator key says about one institution, as a JWT."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from credit_bank.errors import InvalidInput
from credit_bank.key import did
from credit_bank.key.issuer import Accreditation, IssuerRecord
from credit_bank.key.signed_claims import (
    instant,
    items,
    key_claims,
    key_record,
    read,
    required_instant,
    seconds,
    sign,
    text,
    without_none,
)

# A key may be revoked, a right withdrawn, a credential revoked after a statement was made: it is not good for ever.
LIFETIME = timedelta(days=90)
MAX_LISTS = 512
TYPE = "accreditation-statement+jwt"


def sign_statement(record: IssuerRecord, bank_did: str, bank_key: Ed25519PrivateKey, now: datetime) -> str:
    """The bank's statement about this institution as of ``now``, a compact JWT; instants in it are whole seconds."""
    claims: dict[str, Any] = {
        "iss": bank_did,
        "sub": record.did,
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "name": record.name,
        "suspended": record.suspended,
        "keys": [key_claims(key) for key in record.keys],
        "accreditations": [
            without_none({"category": a.category, "from": seconds(a.valid_from), "to": seconds(a.valid_to)})
            for a in record.accreditations
        ],
    }
    if record.log_origin is not None:
        claims["log"] = {"origin": record.log_origin, "keys": [key_claims(key) for key in record.log_keys]}
    if record.status_lists:
        claims["statusLists"] = {url: seconds(since) for url, since in record.status_lists.items()}
    return sign(claims, TYPE, bank_key)


def read_statement(token: str, bank_key: Ed25519PublicKey, bank_did: str | None = None) -> IssuerRecord:
    """What the statement says, when the bank's key signed it; ``stated_at`` is when.

    ``good_until`` is its ``exp``, and 90 days after ``iat`` where it states none. Raises InvalidInput as
    ``signed_claims.read`` does.
    """
    return _record(read(token, TYPE, bank_key, bank_did))


def _record(claims: dict[str, Any]) -> IssuerRecord:
    if not isinstance(claims.get("suspended", False), bool):
        raise InvalidInput("trust.statement_claim", claim="suspended")
    subject = text(claims, "sub")
    did.parse_did_url(subject)
    record = IssuerRecord(
        did=subject,
        name=text(claims, "name"),
        keys=tuple(key_record(item) for item in items(claims, "keys")),
        accreditations=tuple(
            Accreditation(text(item, "category"), required_instant(item, "from"), instant(item, "to"))
            for item in items(claims, "accreditations")
        ),
        suspended=claims.get("suspended", False),
    )
    log = claims.get("log")
    if log is not None:
        if not isinstance(log, dict):
            raise InvalidInput("trust.statement_claim", claim="log")
        keys = tuple(key_record(item) for item in items(log, "keys"))
        record = replace(record, log_origin=text(log, "origin"), log_keys=keys)
    stated_at = required_instant(claims, "iat")
    return replace(
        record,
        stated_at=stated_at,
        good_until=instant(claims, "exp") or stated_at + LIFETIME,
        status_lists=_status_lists(claims.get("statusLists", {})),
    )


def _status_lists(value: Any) -> dict[str, datetime]:
    if not isinstance(value, dict) or len(value) > MAX_LISTS:
        raise InvalidInput("trust.statement_claim", claim="statusLists")
    return {url: required_instant(value, url) for url in value}
