"""The two EdDSA cryptosuites: what exactly is hashed and signed (VC EdDSA Cryptosuites 1.0 §3.2, §3.3)."""

import hashlib
import re
from typing import Any

from credit_bank.credential.canonical import canonical_json, canonical_rdf
from credit_bank.credential.contexts import is_bundled
from credit_bank.credential.template import canonical_quads
from credit_bank.errors import InvalidInput

RDFC = "eddsa-rdfc-2022"
JCS = "eddsa-jcs-2022"
SUITES = (RDFC, JCS)

_VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
_PLAIN_KEYS = {"@context", "type", "cryptosuite", "created", "verificationMethod", "proofPurpose"}
_PLAIN_CREATED = re.compile(r"[0-9T:.Z+-]+\Z", re.ASCII)
_PLAIN_METHOD = re.compile(r"did:[A-Za-z0-9._:%-]+#[A-Za-z0-9._-]+\Z", re.ASCII)
_PURPOSES = {"assertionMethod": "assertionMethod", "authentication": "authenticationMethod"}  # the term, its IRI


def document_hash(unsecured: dict[str, Any], cryptosuite: str) -> bytes:
    """SHA-256 of the canonical form of a document without its proof. Raises as ``canonical`` does."""
    if cryptosuite == RDFC:
        return rdf_hash(canonical_quads(unsecured))
    return hashlib.sha256(canonical_json(unsecured)).digest()


def rdf_hash(canonical: str) -> bytes:
    """SHA-256 of canonical N-Quads (from a template, for one)."""
    return hashlib.sha256(canonical.encode("utf-8")).digest()


def configuration_hash(configuration: dict[str, Any], cryptosuite: str) -> bytes:
    """SHA-256 of the canonical form of a proof without its proofValue, ``@context`` included."""
    if cryptosuite == JCS:
        return hashlib.sha256(canonical_json(configuration)).digest()
    quads = _plain_configuration(configuration) if _is_plain(configuration) else canonical_rdf(configuration)
    return rdf_hash(quads)


def signing_input(configuration: dict[str, Any], document_digest: bytes) -> bytes:
    """The 64 bytes that are signed: the configuration's hash, then the document's."""
    suite = configuration.get("cryptosuite")
    if suite not in SUITES:
        raise InvalidInput("proof.suite_unsupported", suite=ascii(suite)[:60])
    return configuration_hash(configuration, suite) + document_digest


def _is_plain(configuration: dict[str, Any]) -> bool:
    """Whether the configuration's N-Quads are the usual five; a property test holds them against PyLD's."""
    contexts = configuration.get("@context")
    return (
        configuration.keys() == _PLAIN_KEYS
        and isinstance(contexts, list)
        and contexts[:1] == [_VC_CONTEXT]
        and all(isinstance(context, str) and is_bundled(context) for context in contexts)
        and configuration["type"] == "DataIntegrityProof"
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
        f'_:c14n0 <{sec}cryptosuite> "{RDFC}"^^<{sec}cryptosuiteString> .\n'
        f"_:c14n0 <{sec}proofPurpose> <{sec}{_PURPOSES[configuration['proofPurpose']]}> .\n"
        f"_:c14n0 <{sec}verificationMethod> <{configuration['verificationMethod']}> .\n"
    )
