"""Ed25519 keys as Multikey values (W3C Controlled Identifiers 1.0 §2.2.2): multicodec prefix, base58btc, ``z``."""

from functools import lru_cache

import base58
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from credit_bank.errors import InvalidInput

_PUBLIC = b"\xed\x01"
_PRIVATE = b"\x80\x26"


def encode_public(key: Ed25519PublicKey) -> str:
    """The public key as ``z6Mk…``, 48 characters."""
    return "z" + base58.b58encode(_PUBLIC + key.public_bytes_raw()).decode("ascii")


@lru_cache(maxsize=1024)
def decode_public(value: str) -> Ed25519PublicKey:
    """The public key of a ``z6Mk…`` value. Raises InvalidInput ``key.multikey_malformed`` or ``key.multikey_kind``."""
    return Ed25519PublicKey.from_public_bytes(_payload(value, _PUBLIC))


def encode_private(key: Ed25519PrivateKey) -> str:
    """The private key as ``z3u2…``; for test vectors only, never for storage."""
    return "z" + base58.b58encode(_PRIVATE + key.private_bytes_raw()).decode("ascii")


def decode_private(value: str) -> Ed25519PrivateKey:
    """The private key of a ``z3u2…`` value. Raises as ``decode_public`` does."""
    return Ed25519PrivateKey.from_private_bytes(_payload(value, _PRIVATE))


def _payload(value: str, prefix: bytes) -> bytes:
    # An Ed25519 multikey has 48 characters; base58 takes quadratic time, so length is looked at first.
    if not isinstance(value, str) or not value.startswith("z") or not 40 <= len(value) <= 60:
        raise InvalidInput("key.multikey_malformed")
    try:
        raw = base58.b58decode(value[1:])
    except ValueError:
        raise InvalidInput("key.multikey_malformed") from None
    if base58.b58encode(raw).decode("ascii") != value[1:]:  # base58 passes over white space at the end
        raise InvalidInput("key.multikey_malformed")
    if not raw.startswith(prefix) or len(raw) != len(prefix) + 32:
        raise InvalidInput("key.multikey_kind")
    return raw[len(prefix) :]
