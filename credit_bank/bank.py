"""What the use cases need from outside: the bank's own facts, its secrets, the clock and randomness, as one value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from credit_bank.identity import document
from credit_bank.identity.document import DocumentType
from credit_bank.key.did import did_web

CITY = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Bank:
    """The bank as a use case sees it.

    ``origin`` is signed into credentials; ``kek`` (32 bytes) encrypts keys at rest; ``identity_keys`` maps a version to
    the key of the identity digests, the highest version being the one in use. ``clock`` gives an aware moment;
    ``random_bytes`` and ``randbelow`` are a cryptographic source such as the module ``secrets``.
    """

    origin: str
    name: str
    kek: bytes = field(repr=False)
    identity_keys: Mapping[int, bytes] = field(repr=False)
    clock: Callable[[], datetime]
    random_bytes: Callable[[int], bytes] = field(repr=False)
    randbelow: Callable[[int], int] = field(repr=False)
    name_en: str = ""

    def now(self) -> datetime:
        """The moment in whole seconds, as credentials and keys state it."""
        return self.clock().replace(microsecond=0)

    def today(self) -> date:
        """The city's day."""
        return self.clock().astimezone(CITY).date()

    @property
    def did(self) -> str:
        """The bank's own DID."""
        return did_web(self.origin)

    @property
    def identity_key_version(self) -> int:
        """The version of the identity key in use."""
        return max(self.identity_keys)

    def identity_digests(self, kind: DocumentType, number: str) -> dict[int, bytes]:
        """The digests of a document under every key version, newest first, so that an older account is found too."""
        plain = document.normalise(kind, number)
        versions = sorted(self.identity_keys, reverse=True)
        return {v: document.digest(self.identity_keys[v], kind, plain) for v in versions}

    def url(self, path: str) -> str:
        """An address on the bank's origin, from a path that begins with a slash."""
        return f"{self.origin}{path}"
