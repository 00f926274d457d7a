"""Credentials enveloped as compact JWS, ``vc+jwt`` (Securing Verifiable Credentials using JOSE and COSE §3.1).

The payload is the credential itself. A header may name a key and nothing that fetches or brings one (RFC 8725 §3).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from jwt import PyJWS, PyJWTError
from jwt.algorithms import OKPAlgorithm
from jwt.utils import base64url_decode, base64url_encode

from credit_bank.credential.canonical import canonical_json
from credit_bank.credential.parse import MAX_BYTES, parse_object
from credit_bank.credential.securing.data_integrity import ProofFinding, ProofKey
from credit_bank.errors import InvalidInput, Parameter
from credit_bank.key.curve import Kind, kind_of
from credit_bank.key.trust import KeyResolver
from credit_bank.report import Outcome

_VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
ENVELOPED = "EnvelopedVerifiableCredential"
_PREFIX = "data:application/vc+jwt,"
_COMPACT = re.compile(r"e[wy][A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\Z", re.ASCII)  # a header begins with "{"
_TYPES = ("vc+jwt", "application/vc+jwt", "vc+ld+json+jwt", "JWT")
_REFUSED = {"crit", "b64", "jwk", "jku", "x5u", "x5c", "zip"}

_ALGORITHMS: dict[str, Kind] = {"EdDSA": "Ed25519", "Ed25519": "Ed25519", "ES256": "P-256", "ES384": "P-384"}
_WRITTEN: dict[Kind, str] = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384"}
_JWS = PyJWS()
_JWS.register_algorithm("Ed25519", OKPAlgorithm())  # its name in full (RFC 9864)
_LATEST = 253_402_300_799  # the last second of the year 9999


@dataclass(frozen=True, slots=True)
class Envelope:
    """A token with its header and the credential that it holds."""

    header: dict[str, Any]
    credential: dict[str, Any]
    token: str


def sign_credential(document: dict[str, Any], key: ProofKey, created: datetime) -> str:
    """The credential as a compact ``vc+jwt`` of that key, with ``iat``, by which the key's history is judged.

    Raises InvalidInput as ``canonical_json`` does.
    """
    document = {**document, "iat": int(created.timestamp())}
    header = {"cty": "vc", "kid": key.verification_method, "typ": "vc+jwt"}
    return _JWS.encode(canonical_json(document), key.private, _WRITTEN[kind_of(key.private)], header)


def is_token(text: str) -> bool:
    """Whether a text is written as a compact JWS; what it holds is another question."""
    return len(text) <= 2 * MAX_BYTES and _COMPACT.match(text) is not None


def enveloped(token: str) -> dict[str, Any]:
    """The token as an EnvelopedVerifiableCredential (VC Data Model 2.0 §4.13)."""
    return {"@context": [_VC_CONTEXT], "type": ENVELOPED, "id": _PREFIX + token}


def is_enveloped(document: dict[str, Any]) -> bool:
    """Whether a JSON object is an envelope of a token rather than a credential."""
    kinds = document.get("type")
    return kinds == ENVELOPED or kinds == [ENVELOPED]


def open_envelope(document: dict[str, Any]) -> Envelope:
    """The parts of an enveloped credential, unverified.

    Raises InvalidInput ``jose.media_type``, ``jose.malformed``, or for the credential inside as ``parse_object`` does.
    """
    address = document.get("id")
    if not isinstance(address, str) or not address.startswith(_PREFIX):
        raise InvalidInput("jose.media_type")
    token = address.removeprefix(_PREFIX)
    if not is_token(token):
        raise InvalidInput("jose.malformed")
    head, payload, _signature = (_bytes(part) for part in token.split("."))
    return Envelope(parse_object(head), parse_object(payload), token)


def check_envelope(envelope: Envelope, resolve_key: KeyResolver) -> ProofFinding:
    """What came of the token's signature, as of a proof. Raises nothing for what a stranger's token says."""
    try:
        return _checked(envelope, resolve_key)
    except InvalidInput as problem:
        beyond_us = problem.code == "jose.algorithm_unsupported"
        return ProofFinding(0, Outcome.UNCHECKED if beyond_us else Outcome.FAIL, problem.code, problem.parameters)


def _checked(envelope: Envelope, resolve_key: KeyResolver) -> ProofFinding:
    header = envelope.header
    refused = sorted(_REFUSED & header.keys())
    if refused:
        raise InvalidInput("jose.header_refused", field=refused[0])
    algorithm = header.get("alg")
    if algorithm == "none":
        raise InvalidInput("jose.unsigned")
    if not isinstance(algorithm, str) or algorithm not in _ALGORITHMS:
        raise InvalidInput("jose.algorithm_unsupported", algorithm=ascii(algorithm)[:60])
    if header.get("typ", "vc+jwt") not in _TYPES or header.get("cty", "vc") not in ("vc", "application/vc"):
        raise InvalidInput("jose.type", type=ascii(header.get("typ"))[:60])
    method = _method(header, envelope.credential)
    key = resolve_key(method)
    if key is None:
        shown: dict[str, Parameter] = {"verification_method": ascii(method)[1:-1][:200]}
        return ProofFinding(0, Outcome.UNCHECKED, "proof.key_unknown", shown, method)
    kind = kind_of(key.public)
    if kind != _ALGORITHMS[algorithm]:
        raise InvalidInput("proof.key_kind", suite=algorithm, kind=kind)
    try:
        _JWS.decode(envelope.token, key.public, [algorithm])
    except PyJWTError:
        raise InvalidInput("proof.signature_mismatch") from None
    made, ends = _instant(envelope.credential, "iat"), _instant(envelope.credential, "exp")
    suite = f"vc+jwt, {algorithm}"
    return ProofFinding(0, Outcome.PASS, "proof.valid", {}, method, key, made, ends, "assertionMethod", suite)


def _method(header: dict[str, Any], credential: dict[str, Any]) -> str:
    """The DID URL of the key: ``kid``, alone or after the issuer; else the issuer, whose DID is its key."""
    issuer = credential.get("issuer")
    stated = issuer.get("id") if isinstance(issuer, dict) else issuer
    kid = header.get("kid", "")
    if not isinstance(kid, str) or not (kid or isinstance(stated, str)):
        raise InvalidInput("jose.key_unnamed")
    if kid.startswith("did:"):
        return kid
    return f"{stated}#{kid.removeprefix('#')}" if kid else str(stated)


def _instant(credential: dict[str, Any], name: str) -> datetime | None:
    value = credential.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LATEST:
        raise InvalidInput("credential.instant_malformed", field=name)
    return datetime.fromtimestamp(value, UTC)


def _bytes(part: str) -> bytes:
    try:
        raw = base64url_decode(part)
    except ValueError:
        raise InvalidInput("jose.malformed") from None
    # base64 has several spellings of one value; a second spelling would be a second token with the same signature.
    if base64url_encode(raw).decode("ascii") != part:
        raise InvalidInput("jose.malformed")
    return raw
