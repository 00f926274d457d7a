"""Credentials as ``vc+jwt``: signed and read with each kind of key, and what must not pass."""

import base64
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from jwt import PyJWS
from jwt.algorithms import OKPAlgorithm

from credit_bank.credential.reading import contents, parse_credential
from credit_bank.credential.securing.jose import enveloped, sign_credential
from credit_bank.credential.summary import summary
from credit_bank.credential.verify import verify
from credit_bank.key import did, multikey
from credit_bank.key.curve import PrivateKey
from credit_bank.key.keyring import SigningKey
from credit_bank.key.trust import TrustList
from credit_bank.report import VerificationReport
from tests.credit_bank.credential.test_data_integrity import ECDSA, PRIVATE, ProofKey
from tests.credit_bank.credential.worlds import ISSUED, KEY, NOW, unsigned, world

KEYS: dict[str, PrivateKey] = {"EdDSA": multikey.decode_private(PRIVATE)}
KEYS |= {"ES256": multikey.read_private(ECDSA["P-256"]), "ES384": multikey.read_private(ECDSA["P-384"])}


def part(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def of(key: ProofKey) -> dict[str, Any]:
    """A credential whose issuer is that did:key."""
    document = {name: value for name, value in unsigned().items() if name != "credentialStatus"}
    return {**document, "issuer": {**document["issuer"], "id": key.verification_method.partition("#")[0]}}


def proof(report: VerificationReport) -> tuple[str, str]:
    [found] = [check for check in report.checks if check.name == "proof"]
    return found.outcome.value, found.code


def checked(token: str, **more: Any) -> tuple[str, str]:
    return proof(verify(token.encode(), now=NOW, **more))


@pytest.mark.parametrize("algorithm", KEYS)
def test_each_kind_of_key_signs_and_other_software_agrees(algorithm: str) -> None:
    key = ProofKey(KEYS[algorithm])
    document = of(key)
    token = sign_credential(document, key, ISSUED)
    assert checked(token) == ("pass", "proof.valid")
    assert proof(verify(enveloped(token), now=NOW)) == ("pass", "proof.valid")
    said = jwt.decode(token, KEYS[algorithm].public_key(), algorithms=[algorithm], options={"verify_aud": False})
    assert said == {**document, "iat": int(ISSUED.timestamp())} == contents(parse_credential(token.encode()))
    assert summary(parse_credential(token.encode()))["title"] == summary(document)["title"] is not None
    theirs = jwt.encode(document, KEYS[algorithm], algorithm=algorithm, headers={"kid": key.verification_method})
    assert checked(theirs) == ("pass", "proof.valid")
    head, payload, signature = token.split(".")
    other = part({**document, "name": "别的"})
    assert checked(f"{head}.{other}.{signature}") == ("fail", "proof.signature_mismatch")
    assert checked(f"{head}.{payload}.{part(bytes(len(KEYS)))}") == ("fail", "proof.signature_mismatch")


def test_an_institution_of_the_trust_list_signs_by_its_own_key() -> None:
    made = world()
    token = sign_credential(
        {k: v for k, v in made.credential.items() if k not in ("proof", "credentialStatus")}, KEY, ISSUED
    )
    report = verify(token.encode(), now=NOW, trust=TrustList([made.record]))
    assert {c.name: c.outcome.value for c in report.checks if c.name in ("schema", "proof", "issuer", "validity")} == {
        "schema": "pass", "proof": "pass", "issuer": "pass", "validity": "pass"
    }  # fmt: skip
    foreign = ProofKey(KEYS["ES256"])
    swapped = sign_credential({k: v for k, v in made.credential.items() if k != "proof"}, foreign, ISSUED)
    assert checked(swapped, trust=TrustList([made.record])) == ("fail", "proof.not_by_issuer")
    assert checked(token, trust=TrustList()) == ("could-not-be-checked", "proof.key_unknown")
    undated = {k: v for k, v in made.credential.items() if k != "proof"}
    token = jwt.encode(undated, KEY.private, "EdDSA", {"kid": KEY.verification_method})
    assert checked(token, trust=TrustList([made.record])) == ("fail", "proof.created_missing")


HEADERS: list[tuple[dict[str, Any], tuple[str, str]]] = [
    ({"alg": "none"}, ("fail", "jose.unsigned")),
    ({"alg": "HS256"}, ("could-not-be-checked", "jose.algorithm_unsupported")),
    ({"alg": ["EdDSA"]}, ("could-not-be-checked", "jose.algorithm_unsupported")),
    ({"alg": "ES384"}, ("fail", "proof.key_kind")),
    ({"alg": "EdDSA"}, ("fail", "proof.key_kind")),
    ({"typ": "vp+jwt"}, ("fail", "jose.type")),
    ({"typ": ["vc+jwt"]}, ("fail", "jose.type")),
    ({"cty": "vp"}, ("fail", "jose.type")),
    ({"jwk": {}}, ("fail", "jose.header_refused")),
    ({"jku": "https://x.example"}, ("fail", "jose.header_refused")),
    ({"crit": ["exp"]}, ("fail", "jose.header_refused")),
    ({"kid": 5}, ("fail", "jose.key_unnamed")),
    ({"kid": "did:web:elsewhere.example#1"}, ("could-not-be-checked", "proof.key_unknown")),
    ({"extra": "1"}, ("fail", "proof.signature_mismatch")),
]


@pytest.mark.parametrize(("change", "expected"), HEADERS)
def test_what_a_header_may_not_say(change: dict[str, Any], expected: tuple[str, str]) -> None:
    key = ProofKey(KEYS["ES256"])
    _head, payload, signature = sign_credential(of(key), key, ISSUED).split(".")
    header = {"alg": "ES256", "typ": "vc+jwt", "cty": "vc", "kid": key.verification_method, **change}
    assert checked(f"{part(header)}.{payload}.{signature}") == expected


def test_the_key_may_be_named_by_the_issuer_alone() -> None:
    private = KEYS["ES256"]
    issuer = did.did_jwk(private.public_key())
    document = {**of(ProofKey(private)), "issuer": issuer}
    for headers in ({}, {"kid": "#0"}, {"kid": "0"}, {"kid": f"{issuer}#0"}):
        assert checked(jwt.encode(document, private, algorithm="ES256", headers=headers)) == ("pass", "proof.valid")


def test_ed25519_may_be_named_in_full() -> None:
    key, other = ProofKey(KEYS["EdDSA"]), PyJWS()
    other.register_algorithm("Ed25519", OKPAlgorithm())
    token = other.encode(json.dumps(of(key)).encode(), key.private, "Ed25519", {"kid": key.verification_method})
    assert checked(token) == ("pass", "proof.valid")


def test_times_in_the_token_count() -> None:
    key = ProofKey(KEYS["EdDSA"])
    late, early = int((NOW + timedelta(days=1)).timestamp()), int((NOW - timedelta(days=1)).timestamp())
    for claims, expected in (
        ({"iat": late}, ("fail", "proof.created_in_future")),
        ({"exp": early}, ("fail", "proof.expired")),
        ({"iat": early, "exp": late}, ("pass", "proof.valid")),
        ({"iat": "yesterday"}, ("fail", "credential.instant_malformed")),
        ({"exp": True}, ("fail", "credential.instant_malformed")),
        ({"exp": 10**15}, ("fail", "credential.instant_malformed")),
    ):
        token = jwt.encode({**of(key), **claims}, KEYS["EdDSA"], "EdDSA", {"kid": key.verification_method})
        assert checked(token) == expected


def test_proofs_within_the_envelope_must_hold_too() -> None:
    made, key = world(), SigningKey.of("did:web:x.example", multikey.decode_private(PRIVATE))
    document = {**made.credential, "name": "改过"}
    assert checked(sign_credential(document, key, ISSUED), trust=TrustList([made.record]))[0] != "pass"


HEAD, EMPTY = part({"alg": "EdDSA"}), part({})


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((HEAD, part([]), "AA"), "json.not_an_object"),
        ((part([]), EMPTY, "AA"), "jose.malformed"),
        ((part(b'{"alg":'), EMPTY, "AA"), "json.malformed"),
        ((HEAD, part(b"{{}"), "AA"), "json.malformed"),
        ((HEAD, part(b'{"a":1,"a":2}'), "AA"), "json.duplicate_key"),
        ((HEAD, EMPTY, "AB"), "jose.malformed"),
        ((HEAD, EMPTY, "A"), "jose.malformed"),
    ],
)
def test_tokens_that_cannot_be_read(parts: tuple[str, str, str], code: str) -> None:
    token = ".".join(parts)
    assert verify(enveloped(token), now=NOW).checks[0].code == code
    assert contents(enveloped(token)) == {} and summary(enveloped(token))["title"] is None


def test_other_media_types_are_named() -> None:
    for address in ("data:application/dc+sd-jwt,a.b.c", "https://x.example", 5, None):
        document = {**enveloped("a.b.c"), "id": address}
        assert verify(document, now=NOW).checks[0].code == "jose.media_type"
