"""Decentralized identifiers: ``did:web`` of the institutions and the bank, ``did:key`` and ``did:jwk`` of anybody."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from urllib.parse import urlsplit

from jwt.utils import base64url_decode, base64url_encode

from credit_bank.errors import InvalidInput
from credit_bank.key import jwk, multikey
from credit_bank.key.curve import PublicKey

_HANDLE = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_DID = re.compile(r"did:([a-z0-9]+):([A-Za-z0-9._:%-]*[A-Za-z0-9._%-])\Z")
_HOST = re.compile(r"[A-Za-z0-9.-]+(?:%3A[0-9]{1,5})?\Z")


class ListedKey(Protocol):
    """A key as ``did_document`` needs it (a ``trust.KeyRecord`` is one)."""

    @property
    def multikey(self) -> str:
        """The public key, ``z6Mk…``."""

    @property
    def revoked_at(self) -> datetime | None:
        """When it was revoked, if it was."""

    @property
    def valid_to(self) -> datetime | None:
        """When it was retired, if it was."""


@dataclass(frozen=True, slots=True)
class DidUrl:
    """A DID URL in its parts: ``did:web:a#b`` has method ``web``, did ``did:web:a`` and fragment ``b``."""

    did: str
    method: str
    specific_id: str
    fragment: str | None


def did_web(origin: str, handle: str | None = None) -> str:
    """The did:web of the bank (``handle`` None) or of an institution (did:web method §3.1; the port is ``%3A``).

    ``origin`` is ``https://host`` or ``http://host:port``. Raises InvalidInput ``did.origin_malformed``,
    ``did.handle_malformed`` (lower-case letters, digits and hyphens only).
    """
    parts = urlsplit(origin)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"} or "@" in parts.netloc:
        raise InvalidInput("did.origin_malformed", origin=origin[:120])
    host = parts.netloc.lower().replace(":", "%3A")
    if not _HOST.match(host):
        raise InvalidInput("did.origin_malformed", origin=origin[:120])
    if handle is None:
        return f"did:web:{host}"
    if not _HANDLE.match(handle):
        raise InvalidInput("did.handle_malformed", handle=handle[:80])
    return f"did:web:{host}:institutions:{handle}"


def did_key(public: PublicKey) -> str:
    """The did:key of a public key."""
    return f"did:key:{multikey.encode_public(public)}"


def parse_did_url(value: str) -> DidUrl:
    """A DID or DID URL with a fragment. Raises InvalidInput ``did.malformed`` (also for paths and queries)."""
    if not isinstance(value, str) or len(value) > 2048:
        raise InvalidInput("did.malformed")
    did, hash_sign, fragment = value.partition("#")
    match = _DID.match(did)
    if not match or (hash_sign and not re.match(r"[A-Za-z0-9._~%-]+\Z", fragment)):
        raise InvalidInput("did.malformed")
    return DidUrl(did, match[1], match[2], fragment or None)


def resolve_did_key(did_or_url: str) -> PublicKey:
    """The public key of a did:key, or of its verification method (whose fragment may be missing).

    Raises InvalidInput ``did.malformed``, ``did.method_unsupported``, ``did.fragment_mismatch`` or as
    ``multikey.read_public`` does.
    """
    url = parse_did_url(did_or_url)
    if url.method != "key":
        raise InvalidInput("did.method_unsupported", method=url.method[:40])
    if url.fragment is not None and url.fragment != url.specific_id:
        raise InvalidInput("did.fragment_mismatch")
    return multikey.read_public(url.specific_id)


def did_jwk(public: PublicKey) -> str:
    """The did:jwk of a public key (did:jwk method)."""
    text = json.dumps(jwk.encode_jwk(public), separators=(",", ":"), sort_keys=True)
    return "did:jwk:" + base64url_encode(text.encode("ascii")).decode("ascii")


def resolve_did_jwk(did_or_url: str) -> PublicKey:
    """The public key of a did:jwk, or of its one verification method, ``#0`` (which may be missing).

    Raises InvalidInput ``did.malformed``, ``did.method_unsupported``, ``did.fragment_mismatch`` or as ``decode_jwk``.
    """
    url = parse_did_url(did_or_url)
    if url.method != "jwk":
        raise InvalidInput("did.method_unsupported", method=url.method[:40])
    if url.fragment not in (None, "0"):
        raise InvalidInput("did.fragment_mismatch")
    try:
        found = json.loads(base64url_decode(url.specific_id))
    except (ValueError, RecursionError):
        raise InvalidInput("did.malformed") from None
    if not isinstance(found, dict):
        raise InvalidInput("did.malformed")
    return jwk.decode_jwk(found)


def did_document(did: str, keys: Iterable[ListedKey]) -> dict[str, object]:
    """The DID document: a Multikey verification method per key that was not revoked.

    Retired keys stay in ``verificationMethod`` and ``assertionMethod``, or old credentials would stop verifying after
    a rotation (W3C Controlled Identifiers 1.0 §2.2, §3.3).
    """
    methods: list[dict[str, object]] = []
    for key in keys:
        if key.revoked_at is None:
            method: dict[str, object] = {
                "id": f"{did}#{key.multikey}",
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": key.multikey,
            }
            methods.append(method)
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
