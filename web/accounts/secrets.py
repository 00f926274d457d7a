"""PINs and passwords: argon2id over a peppered secret (limits: 19 MiB, 2 passes, 1 lane).

The pepper is a key that the database never sees: HMAC-SHA-256 with it comes before the hash, so a stolen database alone
cannot be guessed at, not even for six digits. What is stored begins with the pepper's version. Hashing costs 19 MiB and
some 40 ms, so only a few run at once; whoever comes on top waits a moment and is then told to try again.
"""

import hashlib
import hmac
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from credit_bank.errors import Unavailable

MAX_LENGTH = 128
CONCURRENT = 4
WAIT_SECONDS = 3.0


def normalise(secret: str) -> str:
    """The secret in one form (NFKC), so that full-width digits from a Chinese keyboard count as digits."""
    return unicodedata.normalize("NFKC", secret)


@dataclass(frozen=True)
class SecretHasher:
    """Hashes and checks secrets with the newest pepper; ``peppers`` maps versions to keys of 32 bytes."""

    peppers: dict[int, bytes] = field(repr=False)
    slots: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(CONCURRENT), repr=False
    )
    argon: PasswordHasher = field(
        default_factory=lambda: PasswordHasher(
            time_cost=2, memory_cost=19456, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
        )
    )
    wait: float = WAIT_SECONDS

    @property
    def newest(self) -> int:
        """The version of the pepper that new hashes use."""
        return max(self.peppers)

    def hash(self, secret: str) -> str:
        """What is stored of a secret. Raises Unavailable ``signing_in.busy``."""
        with self._slot():
            return f"p{self.newest}:" + self.argon.hash(self._peppered(secret, self.newest))

    def verify(self, stored: str | None, secret: str) -> bool:
        """Whether the secret is the one stored; for None, the same work is done in vain, so that time tells nothing.

        Raises Unavailable ``signing_in.busy``.
        """
        version, encoded = self._split(stored) if stored else (self.newest, _DUMMY)
        with self._slot():
            try:
                self.argon.verify(encoded, self._peppered(secret, version))
            except (VerifyMismatchError, InvalidHashError):
                return False
        return stored is not None

    def needs_rehash(self, stored: str) -> bool:
        """Whether a hash was made with an older pepper or other parameters than today's."""
        version, encoded = self._split(stored)
        return version != self.newest or self.argon.check_needs_rehash(encoded)

    def _split(self, stored: str) -> tuple[int, str]:
        prefix, _, encoded = stored.partition(":")
        version = int(prefix.removeprefix("p"))
        if version not in self.peppers:
            raise Unavailable("signing_in.pepper_unknown", version=version)
        return version, encoded

    def _peppered(self, secret: str, version: int) -> bytes:
        plain = normalise(secret)[:MAX_LENGTH].encode()
        return hmac.new(self.peppers[version], b"secret\x1f" + plain, hashlib.sha256).digest()

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self.slots.acquire(timeout=self.wait):
            raise Unavailable("signing_in.busy")
        try:
            yield
        finally:
            self.slots.release()


# A hash of today's parameters that no secret matches (its salt and hash are counted up, not computed).
_DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
