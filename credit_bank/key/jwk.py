"""Public keys as JSON Web Keys (RFC 7517, RFC 8037): Ed25519, P-256, P-384, by PyJWT."""

from collections.abc import Mapping
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jwt import InvalidKeyError, PyJWKError
from jwt.algorithms import ECAlgorithm, OKPAlgorithm

from credit_bank.errors import InvalidInput
from credit_bank.key.curve import PublicKey

_KINDS = (("OKP", "Ed25519"), ("EC", "P-256"), ("EC", "P-384"))


def encode_jwk(key: PublicKey) -> dict[str, str]:
    """The members that say which key it is: ``kty``, ``crv``, ``x`` and, of a curve with points, ``y``."""
    if isinstance(key, Ed25519PublicKey):
        return cast(dict[str, str], OKPAlgorithm.to_jwk(key, as_dict=True))
    return cast(dict[str, str], ECAlgorithm.to_jwk(key, as_dict=True))


def decode_jwk(jwk: Mapping[str, object]) -> PublicKey:
    """The public key of a JWK; what else it says (``use``, ``kid``) is not judged.

    Raises InvalidInput ``key.jwk_malformed`` (also for a point that is not on its curve, and for a private key) or
    ``key.jwk_kind``.
    """
    if "d" in jwk:  # a private key has no place in what others read
        raise InvalidInput("key.jwk_malformed")
    if (jwk.get("kty"), jwk.get("crv")) not in _KINDS:
        raise InvalidInput("key.jwk_kind")
    reader: Any = OKPAlgorithm if jwk["kty"] == "OKP" else ECAlgorithm
    try:
        return cast(PublicKey, reader.from_jwk(dict(jwk)))
    except (InvalidKeyError, PyJWKError, ValueError, TypeError, AttributeError):
        raise InvalidInput("key.jwk_malformed") from None
