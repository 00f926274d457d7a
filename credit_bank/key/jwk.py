"""Public keys as JSON Web Keys (RFC 7517, RFC 8037): Ed25519, P-256, P-384."""

import base64
import binascii
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from credit_bank.errors import InvalidInput
from credit_bank.key.curve import CURVES, PublicKey, kind_of

_SIZE = {"P-256": 32, "P-384": 48}


def encode_jwk(key: PublicKey) -> dict[str, str]:
    """The members that say which key it is: ``kty``, ``crv``, ``x`` and, of a curve with points, ``y``."""
    if isinstance(key, Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": _text(key.public_bytes_raw())}
    kind = kind_of(key)
    point, size = key.public_numbers(), _SIZE[kind]
    return {
        "kty": "EC",
        "crv": kind,
        "x": _text(point.x.to_bytes(size, "big")),
        "y": _text(point.y.to_bytes(size, "big")),
    }


def decode_jwk(jwk: Mapping[str, object]) -> PublicKey:
    """The public key of a JWK; what else it says (``use``, ``kid``) is not judged.

    Raises InvalidInput ``key.jwk_malformed`` (also for a point that is not on its curve, and for a private key) or
    ``key.jwk_kind``.
    """
    if "d" in jwk:  # a private key has no place in what others read
        raise InvalidInput("key.jwk_malformed")
    match (jwk.get("kty"), jwk.get("crv")):
        case ("OKP", "Ed25519"):
            return Ed25519PublicKey.from_public_bytes(_bytes(jwk.get("x"), 32))
        case ("EC", ("P-256" | "P-384") as curve):
            size = _SIZE[curve]
            point = b"\x04" + _bytes(jwk.get("x"), size) + _bytes(jwk.get("y"), size)
            try:
                return ec.EllipticCurvePublicKey.from_encoded_point(CURVES[curve], point)
            except ValueError:
                raise InvalidInput("key.jwk_malformed") from None
    raise InvalidInput("key.jwk_kind")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _bytes(value: object, size: int) -> bytes:
    try:
        raw = base64.b64decode(value + "=" * (-len(value) % 4), "-_", validate=True) if isinstance(value, str) else b""
    except (ValueError, binascii.Error):
        raise InvalidInput("key.jwk_malformed") from None
    if len(raw) != size or _text(raw) != value:
        raise InvalidInput("key.jwk_malformed")
    return raw
