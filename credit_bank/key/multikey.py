"""Keys as Multikey values (W3C Controlled Identifiers 1.0 §2.2.2): multicodec prefix, base58btc, ``z``.

This bank's own keys are Ed25519 (``decode_public``); keys of others may be of any kind (``read_public``).
"""

from functools import lru_cache

import base58
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from credit_bank.errors import InvalidInput
from credit_bank.key.curve import CURVES, Kind, PrivateKey, PublicKey, kind_of

_PUBLIC: dict[Kind, bytes] = {"Ed25519": b"\xed\x01", "P-256": b"\x80\x24", "P-384": b"\x81\x24"}
_PRIVATE: dict[Kind, bytes] = {"Ed25519": b"\x80\x26", "P-256": b"\x86\x26", "P-384": b"\x87\x26"}
_SCALAR: dict[Kind, int] = {"Ed25519": 32, "P-256": 32, "P-384": 48}


def encode_public(key: PublicKey) -> str:
    """The public key as ``z6Mk…`` (Ed25519, 48 characters), ``zDn…`` (P-256) or ``z82…`` (P-384)."""
    raw = (
        key.public_bytes_raw()
        if isinstance(key, Ed25519PublicKey)
        else key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    )
    return _written(_PUBLIC[kind_of(key)] + raw)


@lru_cache(maxsize=1024)
def read_public(value: str) -> PublicKey:
    """The public key of a multikey value of any kind.

    Raises InvalidInput ``key.multikey_malformed`` (also for a point that is not on its curve) or ``key.multikey_kind``.
    """
    kind, raw = _payload(value, _PUBLIC)
    if kind == "Ed25519":
        _require_length(raw, 32)
        return Ed25519PublicKey.from_public_bytes(raw)
    _require_length(raw, _SCALAR[kind] + 1)
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVES[kind], raw)
    except ValueError:
        raise InvalidInput("key.multikey_malformed") from None


def decode_public(value: str) -> Ed25519PublicKey:
    """The Ed25519 key of a ``z6Mk…`` value. Raises as ``read_public`` does, and for a key of another kind."""
    key = read_public(value)
    if not isinstance(key, Ed25519PublicKey):
        raise InvalidInput("key.multikey_kind")
    return key


def encode_private(key: PrivateKey) -> str:
    """The private key as a multikey value; for test vectors only, never for storage."""
    kind = kind_of(key)
    raw = (
        key.private_bytes_raw()
        if isinstance(key, Ed25519PrivateKey)
        else key.private_numbers().private_value.to_bytes(_SCALAR[kind], "big")
    )
    return _written(_PRIVATE[kind] + raw)


def read_private(value: str) -> PrivateKey:
    """The private key of a multikey value of any kind. Raises as ``read_public`` does."""
    kind, raw = _payload(value, _PRIVATE)
    _require_length(raw, _SCALAR[kind])
    if kind == "Ed25519":
        return Ed25519PrivateKey.from_private_bytes(raw)
    try:
        return ec.derive_private_key(int.from_bytes(raw, "big"), CURVES[kind])
    except ValueError:
        raise InvalidInput("key.multikey_malformed") from None


def decode_private(value: str) -> Ed25519PrivateKey:
    """The Ed25519 key of a ``z3u2…`` value. Raises as ``decode_public`` does."""
    key = read_private(value)
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidInput("key.multikey_kind")
    return key


def _written(raw: bytes) -> str:
    return "z" + base58.b58encode(raw).decode("ascii")


def _require_length(raw: bytes, length: int) -> None:
    if len(raw) != length:
        raise InvalidInput("key.multikey_malformed")


def _payload(value: str, prefixes: dict[Kind, bytes]) -> tuple[Kind, bytes]:
    # These multikeys have 47 to 71 characters; base58 takes quadratic time, so length is looked at first.
    if not isinstance(value, str) or not value.startswith("z") or not 40 <= len(value) <= 80:
        raise InvalidInput("key.multikey_malformed")
    try:
        raw = base58.b58decode(value[1:])
    except ValueError:
        raise InvalidInput("key.multikey_malformed") from None
    if _written(raw) != value:  # base58 passes over white space at the end
        raise InvalidInput("key.multikey_malformed")
    for kind, prefix in prefixes.items():
        if raw.startswith(prefix):
            return kind, raw[len(prefix) :]
    raise InvalidInput("key.multikey_kind")
