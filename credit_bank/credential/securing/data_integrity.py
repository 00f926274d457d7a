"""Data Integrity proofs on credentials: adding one, and checking each of a set or chain (VC Data Integrity 1.0 §4)."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import base58

from credit_bank.credential.instant import format_instant, parse_instant
from credit_bank.credential.securing.cryptosuite import LEGACY, LEGACY_SUITE, SUITES, Cryptosuite, SuiteName
from credit_bank.credential.securing.hashing import canonical_document, signing_input
from credit_bank.credential.securing.profile import require_plain_reading
from credit_bank.errors import InvalidInput, Parameter
from credit_bank.key.curve import SIGNATURE_BYTES, PrivateKey, holds, kind_of, sign
from credit_bank.key.trust import KeyResolver, ResolvedKey
from credit_bank.report import Outcome

MAX_PROOFS = 16

# Findings that say what this program cannot do, not what is wrong with the proof.
_BEYOND_US = {"context.unknown", "proof.suite_unsupported", "proof.type_unsupported"}

_KNOWN = {
    "id",
    "type",
    "cryptosuite",
    "created",
    "expires",
    "verificationMethod",
    "proofPurpose",
    "proofValue",
    "previousProof",
    "domain",
    "challenge",
    "nonce",
    "@context",
}


@dataclass(frozen=True, slots=True)
class ProofFinding:
    """What came of one proof: whether its signature holds, by which key, made when and for what purpose.

    Whether that key may speak for the issuer at that time is for ``verify`` to judge.
    """

    index: int
    outcome: Outcome
    code: str
    parameters: dict[str, Parameter] = field(default_factory=dict)
    verification_method: str | None = None
    key: ResolvedKey | None = None
    created: datetime | None = None
    expires: datetime | None = None
    purpose: str | None = None
    cryptosuite: str | None = None


class ProofKey(Protocol):
    """A private key with the identifier that verifiers look for (a ``keyring.SigningKey`` is one)."""

    @property
    def verification_method(self) -> str:
        """A DID URL."""

    @property
    def private(self) -> PrivateKey:
        """The key that signs."""


def add_proof(
    document: dict[str, Any],
    key: ProofKey,
    created: datetime,
    cryptosuite: SuiteName = "eddsa-rdfc-2022",
    purpose: str = "assertionMethod",
    *,
    canonical: str | None = None,
) -> dict[str, Any]:
    """A copy of the document with one more proof in its ``proof`` array.

    ``canonical`` is the document's canonical N-Quads where the caller has them already (``template``); suites of
    another canonical form pass over it. Raises InvalidInput ``proof.key_kind`` (the suite is for other keys) and as
    ``canonical_rdf`` and ``canonical_json`` do.
    """
    suite = SUITES[cryptosuite]
    _require_kind(suite, kind_of(key.private))
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    proof: dict[str, Any] = {
        "type": "DataIntegrityProof",
        "cryptosuite": cryptosuite,
        "created": format_instant(created, "created"),
        "verificationMethod": key.verification_method,
        "proofPurpose": purpose,
    }
    if suite.canonicalization == "rdfc" and canonical is not None:
        form = canonical.encode("utf-8")
    else:
        form = canonical_document(unsecured, suite.canonicalization)
    configuration = {**proof, "@context": document["@context"]}
    if suite.canonicalization == "jcs":
        proof = configuration
    signature = sign(key.private, signing_input(configuration, suite, kind_of(key.private), form))
    secured = {**proof, "proofValue": "z" + base58.b58encode(signature).decode("ascii")}
    return {**unsecured, "proof": [*proofs_of(document), secured]}


def proofs_of(document: dict[str, Any]) -> list[Any]:
    """The document's proofs as a list, whether it has none, one or several."""
    proofs = document.get("proof")
    if proofs is None:
        return []
    return list(proofs) if isinstance(proofs, list) else [proofs]


def verify_proofs(document: dict[str, Any], resolve_key: KeyResolver) -> list[ProofFinding]:
    """A finding per proof, in order; an empty list when there is none.

    In a chain (``previousProof``) the proofs named must be there and hold, and are part of what is hashed; the other
    proofs of a set are not. At most 16 proofs are looked at. Raises nothing for what a stranger's document says.
    """
    return _Reading(document, resolve_key).findings()


class _Reading:
    """One document's proofs while they are checked; canonical forms and findings are kept for chains."""

    def __init__(self, document: dict[str, Any], resolve_key: KeyResolver) -> None:
        self._unsecured = {name: value for name, value in document.items() if name != "proof"}
        self._proofs = proofs_of(document)
        self._resolve = resolve_key
        self._quads: dict[tuple[int, ...], bytes] = {}
        self._found: dict[int, ProofFinding] = {}
        self._open: set[int] = set()

    def findings(self) -> list[ProofFinding]:
        if len(self._proofs) > MAX_PROOFS:
            return [ProofFinding(0, Outcome.FAIL, "proof.too_many", {"limit": MAX_PROOFS})]
        return [self._finding(index) for index in range(len(self._proofs))]

    def _finding(self, index: int) -> ProofFinding:
        if index not in self._found:
            self._open.add(index)
            try:
                self._found[index] = self._check(index)
            except InvalidInput as problem:
                outcome = Outcome.UNCHECKED if problem.code in _BEYOND_US else Outcome.FAIL
                self._found[index] = ProofFinding(index, outcome, problem.code, problem.parameters)
            self._open.discard(index)
        return self._found[index]

    def _check(self, index: int) -> ProofFinding:
        proof = _well_formed(self._proofs[index])
        legacy = proof["type"] == LEGACY
        method = proof["verificationMethod"]
        if not legacy and proof["cryptosuite"] not in SUITES:
            raise InvalidInput("proof.suite_unsupported", suite=ascii(proof["cryptosuite"])[1:-1][:60])
        suite = LEGACY_SUITE if legacy else SUITES[proof["cryptosuite"]]
        created = parse_instant(proof["created"], "proof.created") if "created" in proof else None
        expires = parse_instant(proof["expires"], "proof.expires") if "expires" in proof else None
        previous = self._previous(proof)
        key = self._resolve(method)
        if key is None:
            shown: dict[str, Parameter] = {"verification_method": ascii(method)[1:-1][:200]}
            return ProofFinding(index, Outcome.UNCHECKED, "proof.key_unknown", shown, method)
        kind = kind_of(key.public)
        _require_kind(suite, kind)
        configuration = {name: value for name, value in proof.items() if name != "proofValue"}
        form = self._form(suite, previous, self._document(suite, configuration))
        signature = _signature(proof["proofValue"], SIGNATURE_BYTES[kind])
        if not holds(key.public, signature, signing_input(configuration, suite, kind, form)):
            raise InvalidInput("proof.signature_mismatch")
        purpose = proof["proofPurpose"]
        return ProofFinding(index, Outcome.PASS, "proof.valid", {}, method, key, created, expires, purpose, suite.name)

    def _document(self, suite: Cryptosuite, configuration: dict[str, Any]) -> dict[str, Any]:
        """The document to hash; sets the configuration's context as the suite asks (§3.2.5, §3.3.5)."""
        if suite.canonicalization == "rdfc":
            if "@context" in configuration and configuration["@context"] != self._unsecured.get("@context"):
                raise InvalidInput("proof.context_mismatch")
            configuration["@context"] = self._unsecured.get("@context")
            require_plain_reading(self._unsecured)
            return self._unsecured
        if "@context" not in configuration:
            return self._unsecured
        own = _listed(configuration["@context"])
        if _listed(self._unsecured.get("@context"))[: len(own)] != own:
            raise InvalidInput("proof.context_mismatch")
        return {**self._unsecured, "@context": configuration["@context"]}

    def _form(self, suite: Cryptosuite, previous: tuple[int, ...], document: dict[str, Any]) -> bytes:
        """The canonical document with the proofs that this one stands on; RDF is worked out once for all proofs."""
        whole = {**document, "proof": [self._proofs[i] for i in previous]} if previous else document
        if suite.canonicalization == "jcs":
            return canonical_document(whole, "jcs")
        if previous not in self._quads:
            self._quads[previous] = canonical_document(whole, "rdfc")
        return self._quads[previous]

    def _previous(self, proof: dict[str, Any]) -> tuple[int, ...]:
        """The places of the proofs that this one stands on, each of which must hold."""
        if "previousProof" not in proof:
            return ()
        places = []
        for name in _listed(proof["previousProof"]):
            matching = [i for i, p in enumerate(self._proofs) if isinstance(p, dict) and p.get("id") == name]
            if not isinstance(name, str) or len(matching) != 1:
                raise InvalidInput("proof.previous_missing", previous=ascii(name)[:120])
            if matching[0] in self._open:
                raise InvalidInput("proof.previous_circular")
            if self._finding(matching[0]).outcome is not Outcome.PASS:
                raise InvalidInput("proof.previous_invalid", previous=ascii(name)[1:-1][:120])
            places.append(matching[0])
        return tuple(places)


def _well_formed(proof: Any) -> dict[str, Any]:
    if not isinstance(proof, dict) or proof.get("type") not in ("DataIntegrityProof", LEGACY):
        kind = proof.get("type") if isinstance(proof, dict) else None
        raise InvalidInput("proof.type_unsupported", type=ascii(kind)[:60])
    unknown = sorted(proof.keys() - _KNOWN)
    if unknown:
        raise InvalidInput("proof.field_unknown", field=ascii(unknown[0])[1:-1][:60])
    fields = ("verificationMethod", "proofPurpose", "proofValue")
    for name in ("cryptosuite", *fields) if proof["type"] != LEGACY else fields:
        if not isinstance(proof.get(name), str):
            raise InvalidInput("proof.field_missing", field=name)
    return proof


def _require_kind(suite: Cryptosuite, kind: str) -> None:
    if kind not in suite.kinds:
        raise InvalidInput("proof.key_kind", suite=suite.name, kind=kind)


def _signature(value: str, length: int) -> bytes:
    # 64 bytes are at most 88 base58 digits, 96 at most 132; base58 takes quadratic time, so length is looked at first.
    if not value.startswith("z") or not 60 <= len(value) <= 140:
        raise InvalidInput("proof.value_malformed")
    try:
        raw = base58.b58decode(value[1:])
    except ValueError:
        raise InvalidInput("proof.value_malformed") from None
    if len(raw) != length or base58.b58encode(raw).decode("ascii") != value[1:]:
        raise InvalidInput("proof.value_malformed")
    return raw


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
