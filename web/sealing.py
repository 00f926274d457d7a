"""Texts that the server lets be spoken, sealed into an address: a stranger cannot make one, a log cannot read one.

AES-GCM under a key of its own, derived from the key of the form-protection cookie; the person for whom it was made and
the hour until which it holds are bound to it. Nothing has to be kept, so that any process can open it.
"""

import base64
import json
import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HOLDS_FOR = timedelta(hours=24)
_LONGEST = 3_000  # of an address's part
_NONCE = 12


@dataclass(frozen=True, slots=True)
class Sealer:
    """Seals and opens under one key."""

    key: bytes

    @classmethod
    def of(cls, session_key: bytes) -> "Sealer":
        """The sealer whose key is derived from another (HKDF-SHA-256, RFC 5869)."""
        return cls(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"evergreen read aloud").derive(session_key))

    def seal(self, text: str, language: str, reader: str, now: datetime) -> str:
        """The text for that reader, as a part of an address."""
        until = int((now + HOLDS_FOR).timestamp())
        body = zlib.compress(json.dumps([until, language, text], ensure_ascii=False).encode(), 6)
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + AESGCM(self.key).encrypt(nonce, body, reader.encode())
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, sealed: str, reader: str, now: datetime) -> tuple[str, str] | None:
        """Text and language; None for what is not ours, is another reader's, or holds no longer."""
        if len(sealed) > _LONGEST:
            return None
        try:
            data = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
            body = AESGCM(self.key).decrypt(data[:_NONCE], data[_NONCE:], reader.encode())
        except (ValueError, InvalidTag):
            return None
        until, language, text = json.loads(zlib.decompress(body))
        return (text, language) if now.timestamp() < until else None
