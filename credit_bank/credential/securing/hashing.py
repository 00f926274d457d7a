"""What exactly is hashed and signed (VC EdDSA Cryptosuites 1.0 §3, VC ECDSA Cryptosuites 1.0 §3).

Both specifications say the same: the hash of the proof's canonical configuration, then that of the document, by the
hash that goes with the key.
"""

import re
from typing import Any

from credit_bank.credential.canonical import canonical_json, canonical_rdf
from credit_bank.credential.contexts import is_bundled
from credit_bank.credential.securing.cryptosuite import SUITES, Canonicalization, Cryptosuite
from credit_bank.credential.template import canonical_quads
from credit_bank.key.curve import Kind, hash_of

_VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
_PLAIN_KEYS = {"@context", "type", "cryptosuite", "created", "verificationMethod", "proofPurpose"}
_PLAIN_CREATED = re.compile(r"[0-9T:.Z+-]+\Z", re.ASCII)
_PLAIN_METHOD = re.compile(r"did:[A-Za-z0-9._:%-]+#[A-Za-z0-9._-]+\Z", re.ASCII)
_PURPOSES = {"assertionMethod": "assertionMethod", "authentication": "authenticationMethod"}  # the term, its IRI


def canonical_document(unsecured: dict[str, Any], form: Canonicalization) -> bytes:
    """The canonical form of a document without its proof. Raises as ``canonical`` does."""
    if form == "rdfc":
        return canonical_quads(unsecured).encode("utf-8")
    return canonical_json(unsecured)


def canonical_configuration(configuration: dict[str, Any], form: Canonicalization) -> bytes:
    """The canonical form of a proof without its proofValue, ``@context`` included. Raises as ``canonical`` does."""
    if form == "jcs":
        return canonical_json(configuration)
    quads = _plain_configuration(configuration) if _is_plain(configuration) else canonical_rdf(configuration)
    return quads.encode("utf-8")


def signing_input(configuration: dict[str, Any], suite: Cryptosuite, kind: Kind, document: bytes) -> bytes:
    """The 64 or 96 bytes that are signed: the configuration's hash, then that of the canonical ``document``."""
    digest = hash_of(kind)
    return digest(canonical_configuration(configuration, suite.canonicalization)).digest() + digest(document).digest()


def _is_plain(configuration: dict[str, Any]) -> bool:
    """Whether the configuration's N-Quads are the usual five; a property test holds them against PyLD's."""
    contexts = configuration.get("@context")
    return (
        configuration.keys() == _PLAIN_KEYS
        and isinstance(contexts, list)
        and contexts[:1] == [_VC_CONTEXT]
        and all(isinstance(context, str) and is_bundled(context) for context in contexts)
        and configuration["type"] == "DataIntegrityProof"
        and isinstance(configuration["cryptosuite"], str)
        and configuration["cryptosuite"] in SUITES
        and isinstance(configuration["proofPurpose"], str)
        and configuration["proofPurpose"] in _PURPOSES
        and isinstance(configuration["created"], str)
        and _PLAIN_CREATED.match(configuration["created"]) is not None
        and isinstance(configuration["verificationMethod"], str)
        and _PLAIN_METHOD.match(configuration["verificationMethod"]) is not None
    )


def _plain_configuration(configuration: dict[str, Any]) -> str:
    sec = "https://w3id.org/security#"
    return (
        f'_:c14n0 <http://purl.org/dc/terms/created> "{configuration["created"]}"'
        "^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n"
        f"_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{sec}DataIntegrityProof> .\n"
        f'_:c14n0 <{sec}cryptosuite> "{configuration["cryptosuite"]}"^^<{sec}cryptosuiteString> .\n'
        f"_:c14n0 <{sec}proofPurpose> <{sec}{_PURPOSES[configuration['proofPurpose']]}> .\n"
        f"_:c14n0 <{sec}verificationMethod> <{configuration['verificationMethod']}> .\n"
    )
