"""What is kept of a person sealed under a key of that person: AES-256-GCM, the key by HKDF-SHA-256 of the bank's KEK.

Each use has keys of its own, and the person's id (with what else it is about) is bound to what is sealed: put to
another's name, it does not open.
"""

import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


def key_of(kek: bytes, use: str, person_id: UUID) -> bytes:
    """The key of one person for one use, 32 bytes."""
    return HKDF(SHA256(), 32, salt=None, info=f"evergreen {use} ".encode() + person_id.bytes).derive(kek)


def seal(kek: bytes, use: str, person_id: UUID, body: bytes, about: bytes = b"") -> bytes:
    """A body as it is kept: 28 bytes longer."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key_of(kek, use, person_id)).encrypt(nonce, body, person_id.bytes + about)


def unseal(kek: bytes, use: str, person_id: UUID, sealed: bytes, about: bytes = b"") -> bytes | None:
    """The body again; None for another person's, another use's, and for what is broken."""
    try:
        return AESGCM(key_of(kek, use, person_id)).decrypt(sealed[:_NONCE], sealed[_NONCE:], person_id.bytes + about)
    except (InvalidTag, ValueError):
        return None
