"""Accreditation statements: read back as signed, and every known way to forge a JWT refused."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credit_bank.errors import InvalidInput
from credit_bank.key.statement import TYPE
from credit_bank.key.trust import Accreditation, KeyRecord, TrustList, key_resolver, read_statement, sign_statement
from tests.credit_bank.credential.worlds import BANK_DID, BANK_KEY, DID, KEY, NOW, RECORD, SINCE, private_key

PUBLIC = BANK_KEY.public_key()
FULL = replace(
    RECORD,
    keys=(*RECORD.keys, KeyRecord(KEY.multikey, SINCE, NOW, NOW + timedelta(days=1))),
    accreditations=(*RECORD.accreditations, Accreditation("academic", SINCE, NOW)),
    suspended=True,
)
TOKEN = sign_statement(FULL, BANK_DID, BANK_KEY, NOW)
CLAIMS: dict[str, Any] = jwt.decode(TOKEN, options={"verify_signature": False})
HEADER = {"typ": TYPE, "alg": "EdDSA"}


def part(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(header: object, claims: object) -> str:
    data = f"{part(header)}.{part(claims)}"
    return f"{data}.{part(BANK_KEY.sign(data.encode()))}"


def code(token: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        read_statement(token, PUBLIC)
    return caught.value.code


def test_it_is_read_as_signed() -> None:
    read = replace(FULL, stated_at=NOW, good_until=NOW + timedelta(days=90))
    assert read_statement(TOKEN, PUBLIC, BANK_DID) == read
    assert read_statement(signed(HEADER, CLAIMS), PUBLIC) == read
    older = {name: value for name, value in CLAIMS.items() if name not in ("exp", "statusLists")}
    assert read_statement(signed(HEADER, older), PUBLIC) == read
    assert jwt.get_unverified_header(TOKEN)["typ"] == "accreditation-statement+jwt"


def test_of_two_statements_the_newer_counts_in_whatever_order() -> None:
    newer = read_statement(sign_statement(RECORD, BANK_DID, BANK_KEY, NOW + timedelta(days=1)), PUBLIC)
    older = read_statement(TOKEN, PUBLIC)
    for order in ([newer, older], [older, newer]):
        assert TrustList(order).issuer(DID) == newer


def test_another_bank() -> None:
    with pytest.raises(InvalidInput, match=r"trust\.statement_issuer_mismatch"):
        read_statement(TOKEN, PUBLIC, "did:web:other.example")
    assert code(sign_statement(FULL, BANK_DID, private_key(9), NOW)) == "trust.statement_signature_mismatch"


def hs256(key: bytes) -> str:
    """The classic confusion: HMAC under the public key, which everybody has."""
    data = f"{part({**HEADER, 'alg': 'HS256'})}.{part(CLAIMS)}"
    return f"{data}.{part(hmac.digest(key, data.encode(), hashlib.sha256))}"


@pytest.mark.parametrize(
    "token",
    [
        f"{part({**HEADER, 'alg': 'none'})}.{part(CLAIMS)}.",
        hs256(PUBLIC.public_bytes_raw()),
        hs256(PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)),
        signed({**HEADER, "alg": "ES256"}, CLAIMS),
        signed({**HEADER, "typ": "JWT"}, CLAIMS),
        signed({"alg": "EdDSA"}, CLAIMS),
        signed({**HEADER, "jku": "https://evil.example/keys"}, CLAIMS),
        signed({**HEADER, "x5u": "https://evil.example/cert"}, CLAIMS),
        signed({**HEADER, "jwk": {"kty": "OKP"}}, CLAIMS),
        signed({**HEADER, "crit": ["b64"], "b64": False}, CLAIMS),
        signed([HEADER], CLAIMS),
    ],
)
def test_headers_that_are_refused(token: str) -> None:
    assert code(token) == "trust.statement_header_refused"


def test_a_key_id_in_the_header_changes_nothing() -> None:
    assert read_statement(signed({**HEADER, "kid": "../../etc/passwd"}, CLAIMS), PUBLIC).did == DID


def test_every_changed_character_is_noticed() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for place, character in enumerate(TOKEN):
        if character != ".":
            other = alphabet[alphabet.index(character) ^ 1]
            assert code(TOKEN[:place] + other + TOKEN[place + 1 :]).startswith("trust.statement_")


def test_a_second_spelling_of_the_same_bytes_is_refused() -> None:
    assert code(TOKEN + "=") in {"trust.statement_not_canonical", "trust.statement_malformed"}
    assert code(TOKEN + "\n") in {"trust.statement_not_canonical", "trust.statement_malformed"}
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet[alphabet.index(TOKEN[-1]) | 1]  # 64 bytes leave four unused bits in the last character
    assert last != TOKEN[-1]
    assert code(TOKEN[:-1] + last) == "trust.statement_not_canonical"


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "....", "é.é.é", TOKEN + "." + TOKEN, "A" * 70_000, None, 5])
def test_what_is_no_token(token: Any) -> None:
    assert code(token) in {"trust.statement_malformed", "trust.statement_not_canonical"}


@pytest.mark.parametrize(
    ("change", "claim"),
    [
        ({"sub": None}, "sub"),
        ({"name": ""}, "name"),
        ({"keys": {}}, "keys"),
        ({"keys": [{"multikey": KEY.multikey}]}, "from"),
        ({"keys": [{"multikey": KEY.multikey, "from": 1e300}]}, "from"),
        ({"keys": [{"multikey": KEY.multikey, "from": True}]}, "from"),
        ({"accreditations": [{"category": 5, "from": 0}]}, "category"),
        ({"suspended": "no"}, "suspended"),
        ({"log": []}, "log"),
        ({"log": {"keys": []}}, "origin"),
    ],
)
def test_claims_that_are_wrong(change: dict[str, Any], claim: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_statement(signed(HEADER, {**CLAIMS, **change}), PUBLIC)
    assert caught.value.code in {"trust.statement_claim", "trust.statement_malformed"}
    if caught.value.code == "trust.statement_claim":
        assert caught.value.parameters["claim"] == claim


def test_keys_are_found_by_registry_and_by_themselves() -> None:
    resolve = key_resolver(TrustList(), TrustList([RECORD]))
    found = resolve(KEY.verification_method)
    assert found is not None
    assert (found.controller, found.record) == (DID, RECORD.keys[0])
    for unknown in (DID, f"{DID}#z6Mk", "did:web:other.example#" + KEY.multikey, "", "did:key:zzz"):
        assert resolve(unknown) is None
