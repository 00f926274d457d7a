"""A proof bundle: one JSON file with a credential and everything needed to check it offline.

It holds the credential, the bank's accreditation statement about its issuer, the status lists, and the log's receipt.
A verifier adds one thing of its own: the bank's public key. Without it the bundle vouches only for itself, and the
report says so.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, TypedDict

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from credit_bank.credential.evidence import LogEvidence, StatusLists, StatusSource
from credit_bank.credential.parse import parse_object
from credit_bank.errors import InvalidInput
from credit_bank.key import multikey
from credit_bank.key.trust import KeyResolver, TrustList, TrustRegistry, key_resolver, read_statement

TYPE = "EvergreenProofBundle"
VERSION = 1
MAX_LISTS = 8
MAX_PROOF = 64

_FIELDS = {"type", "version", "credential", "accreditationStatement", "bankKey", "statusLists", "receipt"}
_RECEIPT_FIELDS = {"index", "salt", "inclusionProof", "checkpoint"}


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle's parts; ``statement`` is a JWT, ``bank_key`` the multikey that is said to have signed it."""

    credential: dict[str, Any]
    statement: str
    bank_key: str
    status_lists: tuple[dict[str, Any], ...] = ()
    log: LogEvidence | None = None


class Evidence(TypedDict):
    """Arguments of ``verify`` that a bundle supplies."""

    trust: TrustRegistry | None
    keys: KeyResolver
    status_lists: StatusSource | None
    log: LogEvidence | None


def compose_bundle(bundle: Bundle) -> bytes:
    """The bundle as JSON text in UTF-8, indented, so that a person can read it."""
    receipt = bundle.log
    document: dict[str, Any] = {
        "type": TYPE,
        "version": VERSION,
        "credential": bundle.credential,
        "accreditationStatement": bundle.statement,
        "bankKey": bundle.bank_key,
        "statusLists": list(bundle.status_lists),
        "receipt": None
        if receipt is None
        else {
            "index": receipt.index,
            "salt": _text(receipt.salt),
            "inclusionProof": [_text(step) for step in receipt.proof],
            "checkpoint": receipt.checkpoint,
        },
    }
    return (json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode("utf-8")


def is_bundle(document: dict[str, Any]) -> bool:
    """Whether a JSON object is a proof bundle rather than a credential."""
    return document.get("type") == TYPE


def parse_bundle(source: bytes | dict[str, Any]) -> Bundle:
    """The bundle in these bytes, or in this object that ``parse_object`` read.

    Raises InvalidInput ``bundle.malformed`` (with the field), ``bundle.version_unknown`` or as ``parse_object``.
    """
    document = parse_object(source) if isinstance(source, bytes) else source
    if not is_bundle(document):
        raise InvalidInput("bundle.malformed", field="type")
    if document.get("version") != VERSION:
        raise InvalidInput("bundle.version_unknown", version=ascii(document.get("version"))[:20])
    unknown = sorted(document.keys() ^ _FIELDS)
    if unknown:
        raise InvalidInput("bundle.malformed", field=ascii(unknown[0])[1:-1][:60])
    lists = document["statusLists"]
    if not isinstance(lists, list) or len(lists) > MAX_LISTS or not all(isinstance(item, dict) for item in lists):
        raise InvalidInput("bundle.malformed", field="statusLists")
    if not isinstance(document["credential"], dict):
        raise InvalidInput("bundle.malformed", field="credential")
    for name in ("accreditationStatement", "bankKey"):
        if not isinstance(document[name], str):
            raise InvalidInput("bundle.malformed", field=name)
    return Bundle(
        credential=document["credential"],
        statement=document["accreditationStatement"],
        bank_key=document["bankKey"],
        status_lists=tuple(lists),
        log=_receipt(document["receipt"]),
    )


def evidence(bundle: Bundle, bank_key: Ed25519PublicKey | None) -> Evidence:
    """What the bundle supplies to ``verify``: ``verify(bundle.credential, now=…, **evidence(bundle, key))``.

    ``bank_key`` is the verifier's own copy of the bank's key. Without it the bundle's is used to find the issuer's
    keys, and nobody is trusted. Raises InvalidInput as ``read_statement`` does, so also where another key signed.
    """
    key = bank_key if bank_key is not None else multikey.decode_public(bundle.bank_key)
    registry = TrustList([read_statement(bundle.statement, key)])
    return {
        "trust": registry if bank_key is not None else None,
        "keys": key_resolver(registry),
        "status_lists": StatusLists(bundle.status_lists),
        "log": bundle.log,
    }


def _receipt(value: Any) -> LogEvidence | None:
    if value is None:
        return None
    if not isinstance(value, dict) or value.keys() != _RECEIPT_FIELDS:
        raise InvalidInput("bundle.malformed", field="receipt")
    index, checkpoint, proof = value["index"], value["checkpoint"], value["inclusionProof"]
    if not isinstance(index, int) or isinstance(index, bool) or not index >= 0:
        raise InvalidInput("bundle.malformed", field="receipt.index")
    if checkpoint is not None and not isinstance(checkpoint, str):
        raise InvalidInput("bundle.malformed", field="receipt.checkpoint")
    if not isinstance(proof, list) or len(proof) > MAX_PROOF:
        raise InvalidInput("bundle.malformed", field="receipt.inclusionProof")
    steps = tuple(_bytes(step, "receipt.inclusionProof") for step in proof)
    return LogEvidence(index, _bytes(value["salt"], "receipt.salt"), steps, checkpoint)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _bytes(value: Any, field: str) -> bytes:
    try:
        raw = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32 or _text(raw) != value:
        raise InvalidInput("bundle.malformed", field=field)
    return raw
