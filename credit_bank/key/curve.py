"""The kinds of keys that sign credentials: Ed25519, and ECDSA on P-256 and P-384."""

import hashlib
from collections.abc import Callable
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from credit_bank.errors import InvalidInput

Kind = Literal["Ed25519", "P-256", "P-384"]
PublicKey = Ed25519PublicKey | ec.EllipticCurvePublicKey
PrivateKey = Ed25519PrivateKey | ec.EllipticCurvePrivateKey

CURVES: dict[Kind, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}
SIGNATURE_BYTES: dict[Kind, int] = {"Ed25519": 64, "P-256": 64, "P-384": 96}
_OF_CURVE: dict[str, Kind] = {curve.name: kind for kind, curve in CURVES.items()}
_HASHES: dict[Kind, hashes.HashAlgorithm] = {"P-256": hashes.SHA256(), "P-384": hashes.SHA384()}


def kind_of(key: PublicKey | PrivateKey) -> Kind:
    """Which kind a key is. Raises InvalidInput ``key.multikey_kind`` for a curve that is none of these."""
    if isinstance(key, Ed25519PublicKey | Ed25519PrivateKey):
        return "Ed25519"
    if key.curve.name not in _OF_CURVE:
        raise InvalidInput("key.multikey_kind")
    return _OF_CURVE[key.curve.name]


def hash_of(kind: Kind) -> Callable[[bytes], "hashlib._Hash"]:
    """The hash that goes with a kind: SHA-384 with P-384, SHA-256 with the others (VC ECDSA Cryptosuites 1.0 §3)."""
    return hashlib.sha384 if kind == "P-384" else hashlib.sha256


def sign(private: PrivateKey, data: bytes) -> bytes:
    """A signature as bytes of a fixed length: Ed25519's 64, or ECDSA's r and s of 32 or 48 bytes each (RFC 6979)."""
    if isinstance(private, Ed25519PrivateKey):
        return private.sign(data)
    kind = kind_of(private)
    r, s = decode_dss_signature(private.sign(data, ec.ECDSA(_HASHES[kind], deterministic_signing=True)))
    size = SIGNATURE_BYTES[kind] // 2
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def holds(public: PublicKey, signature: bytes, data: bytes) -> bool:
    """Whether a signature as ``sign`` makes it is that key's over these bytes; one of another length is nobody's."""
    kind = kind_of(public)
    if len(signature) != SIGNATURE_BYTES[kind]:
        return False
    try:
        if isinstance(public, Ed25519PublicKey):
            public.verify(signature, data)
        else:
            size = len(signature) // 2
            r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
            public.verify(encode_dss_signature(r, s), data, ec.ECDSA(_HASHES[kind]))
    except InvalidSignature:
        return False
    return True
