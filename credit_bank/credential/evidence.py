"""What a verifier is given beside the credential: status lists and the log's receipt."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from credit_bank.credential.canonical import canonical_json


class StatusSource(Protocol):
    """Where a verifier gets status lists from; it never fetches by itself."""

    def status_list(self, url: str) -> bytes | dict[str, Any] | None:
        """The status list credential served at this address, as it came; None when it cannot be had."""


class StatusLists:
    """Status lists in memory, each under its own ``id``."""

    def __init__(self, lists: Iterable[dict[str, Any]] = ()) -> None:
        self._lists = {str(document.get("id")): document for document in lists}

    def status_list(self, url: str) -> dict[str, Any] | None:
        """The list of that address, or None."""
        return self._lists.get(url)


@dataclass(frozen=True, slots=True)
class LogEvidence:
    """A credential's receipt from its issuer's log.

    ``index`` and ``salt`` (32 bytes) open the leaf of kind ``issue``; ``proof`` is the audit path (hashes of 32 bytes)
    to the root in ``checkpoint``, a signed note. ``checkpoint`` None means pending: the leaf is sequenced, and the
    next checkpoint will cover it.
    """

    index: int
    salt: bytes
    proof: tuple[bytes, ...] = ()
    checkpoint: str | None = None


def credential_digest(document: dict[str, Any]) -> bytes:
    """What a log leaf commits to: SHA-256 of the whole secured credential by RFC 8785 (JCS)."""
    return hashlib.sha256(canonical_json(document)).digest()
