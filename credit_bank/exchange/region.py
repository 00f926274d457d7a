"""A region's statement: what another city's credit bank says about itself, and whom it accredits, in one file.

The file is JSON: ``statement``, a JWT of the bank's key with its names, keys, framework and level maps, and
``statements``, one accreditation statement per institution. Whoever recognises the region pins the bank's key once, by
a second channel; a file under a newer key is taken where the statement is signed by a key that is known already.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from credit_bank.errors import InvalidInput
from credit_bank.key import did, multikey
from credit_bank.key.issuer import IssuerRecord, KeyRecord
from credit_bank.key.signed_claims import (
    items,
    key_claims,
    key_record,
    read,
    required_instant,
    sign,
    text,
    whole,
)
from credit_bank.key.statement import read_statement
from credit_bank.recognition.framework import Framework, Level
from credit_bank.recognition.rules.ruleset import LevelMap

TYPE = "bank-statement+jwt"
LIFETIME = timedelta(days=90)
MAX_FILE = 12 * 1024 * 1024
MAX_STATEMENT = 1_000_000
MAX_INSTITUTIONS = 20_000


@dataclass(frozen=True, slots=True)
class BankRecord:
    """A credit bank as it states itself: its DID and names, its keys through time, its framework and level maps.

    ``level_maps`` say how the bank reads levels of other frameworks as its own. ``stated_at`` and ``good_until`` are
    those of the statement.
    """

    did: str
    name: str
    name_en: str
    keys: tuple[KeyRecord, ...]
    framework: Framework
    level_maps: tuple[LevelMap, ...]
    stated_at: datetime
    good_until: datetime


@dataclass(frozen=True, slots=True)
class Region:
    """A region's file, read: the bank, and each accreditation statement with what it says.

    ``signed_by`` is the multikey of the bank's that signed the bank's statement.
    """

    bank: BankRecord
    statement: str
    signed_by: str
    institutions: tuple[tuple[str, IssuerRecord], ...]


def sign_bank(
    bank: Mapping[str, str], keys: Sequence[KeyRecord], framework: Framework, level_maps: Sequence[LevelMap],
    private: Ed25519PrivateKey, now: datetime,
) -> str:  # fmt: skip
    """The bank's statement about itself; ``bank`` has its ``did``, ``name`` and ``name_en``."""
    claims: dict[str, Any] = {
        "iss": bank["did"],
        "sub": bank["did"],
        "iat": int(now.timestamp()),
        "exp": int((now + LIFETIME).timestamp()),
        "name": bank["name"],
        "nameEn": bank["name_en"],
        "keys": [key_claims(key) for key in keys],
        "framework": _framework_claims(framework),
        "levelMaps": [
            {"source": m.source, "target": m.target, "version": m.version, "levels": dict(m.levels)} for m in level_maps
        ],
    }
    return sign(claims, TYPE, private)


def compose_region(statement: str, statements: Sequence[str]) -> bytes:
    """A region's file, in UTF-8."""
    return (json.dumps({"statement": statement, "statements": list(statements)}, indent=1) + "\n").encode()


def read_region(content: bytes, pinned: Sequence[str]) -> Region:
    """A region's file, every signature checked against the multikeys that are known to be the bank's.

    Keys that the bank states besides count for the accreditation statements of the same file only.
    Raises InvalidInput ``region.file_malformed``, ``region.key_unknown`` (no pinned key signed it),
    ``region.statement_of_other`` or as ``signed_claims.read`` does.
    """
    statement, statements = _parts(content)
    bank, signed_by = read_bank(statement, pinned)
    usable = [key.multikey for key in bank.keys if key.revoked_at is None]
    if signed_by not in usable:
        raise InvalidInput("region.key_unknown")
    read_ones = tuple((token, _accredited(token, usable, bank.did)) for token in statements)
    return Region(bank, statement, signed_by, read_ones)


def stated_keys(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The name of the bank and the keys that a file claims, nothing of it checked: for a person to compare by eye.

    Raises InvalidInput ``region.file_malformed`` and as ``signed_claims.read`` does where no stated key signed it.
    """
    statement, _ = _parts(content)
    try:
        claims = jwt.decode(statement, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise InvalidInput("region.file_malformed") from None
    keys = tuple(key_record(item).multikey for item in items(claims, "keys"))
    bank, _ = read_bank(statement, keys)
    return bank.name, tuple(key.multikey for key in bank.keys if key.revoked_at is None)


def _parts(content: bytes) -> tuple[str, list[str]]:
    try:
        document = json.loads(content) if len(content) <= MAX_FILE else None
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise InvalidInput("region.file_malformed")
    statement, statements = document.get("statement"), document.get("statements")
    if not isinstance(statement, str) or not isinstance(statements, list) or len(statements) > MAX_INSTITUTIONS:
        raise InvalidInput("region.file_malformed")
    if not all(isinstance(token, str) for token in statements):
        raise InvalidInput("region.file_malformed")
    return statement, statements


def read_bank(statement: str, pinned: Sequence[str]) -> tuple[BankRecord, str]:
    """What a bank states of itself, and which of the known multikeys signed it.

    Raises InvalidInput ``region.key_unknown`` or as ``signed_claims.read``.
    """
    problem = InvalidInput("region.key_unknown")
    for known in pinned:
        try:
            claims = read(statement, TYPE, multikey.decode_public(known), max_length=MAX_STATEMENT)
        except InvalidInput as found:
            if found.code != "trust.statement_signature_mismatch":
                raise
            continue
        return _bank(claims), known
    raise problem


def _accredited(token: str, usable: Sequence[str], bank_did: str) -> IssuerRecord:
    for known in usable:
        try:
            record = read_statement(token, multikey.decode_public(known), bank_did)
        except InvalidInput as found:
            if found.code != "trust.statement_signature_mismatch":
                raise
            continue
        if not record.did.startswith(bank_did + ":"):
            raise InvalidInput("region.statement_of_other", institution=record.did[:200])
        return record
    raise InvalidInput("trust.statement_signature_mismatch")


def _bank(claims: dict[str, Any]) -> BankRecord:
    if claims["iss"] != claims["sub"] or did.parse_did_url(text(claims, "sub")).method != "web":
        raise InvalidInput("trust.statement_claim", claim="sub")
    framework = claims.get("framework")
    if not isinstance(framework, dict):
        raise InvalidInput("trust.statement_claim", claim="framework")
    return BankRecord(
        did=text(claims, "sub"),
        name=text(claims, "name"),
        name_en=text(claims, "nameEn"),
        keys=tuple(key_record(item) for item in items(claims, "keys")),
        framework=_framework(framework),
        level_maps=tuple(_level_map(item) for item in items(claims, "levelMaps")),
        stated_at=required_instant(claims, "iat"),
        good_until=required_instant(claims, "exp"),
    )


def _level_map(item: dict[str, Any]) -> LevelMap:
    levels = item.get("levels")
    if not isinstance(levels, dict) or not all(isinstance(value, str) for value in levels.values()):
        raise InvalidInput("trust.statement_claim", claim="levelMaps")
    return LevelMap(text(item, "source"), text(item, "target"), text(item, "version"), dict(levels))


def _framework_claims(framework: Framework) -> dict[str, Any]:
    return {
        "id": framework.id,
        "name": framework.name_zh,
        "nameEn": framework.name_en,
        "stepsPerCredit": framework.steps_per_credit,
        "hoursPerCredit": str(framework.hours_per_credit),
        "hoursPerCreditMost": str(framework.hours_per_credit_most or framework.hours_per_credit),
        "hourKind": framework.hour_kind,
        "levels": [{"code": v.code, "rank": v.rank, "name": v.name_zh, "nameEn": v.name_en} for v in framework.levels],
    }


def _hours(claims: dict[str, Any], name: str) -> Fraction:
    try:
        hours = Fraction(text(claims, name)[:20])
    except (ValueError, ZeroDivisionError):
        raise InvalidInput("trust.statement_claim", claim=f"framework.{name}") from None
    if not 0 < hours <= 1000:
        raise InvalidInput("trust.statement_claim", claim=f"framework.{name}")
    return hours


def _framework(claims: dict[str, Any]) -> Framework:
    kind = claims.get("hourKind")
    if kind not in ("contact", "notional"):
        raise InvalidInput("trust.statement_claim", claim="framework.hourKind")
    return Framework(
        id=text(claims, "id"),
        name_zh=text(claims, "name"),
        name_en=text(claims, "nameEn"),
        steps_per_credit=whole(claims, "stepsPerCredit", 1, 1000),
        hours_per_credit=_hours(claims, "hoursPerCredit"),
        hours_per_credit_most=_hours(claims, "hoursPerCreditMost"),
        hour_kind=kind,
        levels=tuple(
            Level(text(item, "code"), whole(item, "rank", 0, 1000), text(item, "name"), text(item, "nameEn"))
            for item in items(claims, "levels")
        ),
    )
