"""Private keys at rest: sealed with AES-256-GCM under a key-encryption key that the settings supply."""

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from credit_bank.errors import InvalidInput
from credit_bank.key import multikey

_VERSION = 1
_NONCE = 12


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with the identifier under which verifiers find its public half.

    ``verification_method`` is a DID URL (``did:web:…#z6Mk…``); ``multikey`` is the public key as ``z6Mk…``.
    """

    verification_method: str
    private: Ed25519PrivateKey = field(repr=False)
    multikey: str

    @classmethod
    def of(cls, did: str, private: Ed25519PrivateKey) -> "SigningKey":
        """The signing key of that DID, named as ``did_document`` names it: DID, ``#``, multikey value."""
        public = multikey.encode_public(private.public_key())
        return cls(f"{did}#{public}", private, public)


def seal(private_bytes: bytes, kek: bytes, associated_data: bytes, *, nonce: bytes) -> bytes:
    """A secret sealed for storage: version byte, 12-byte nonce, AES-256-GCM ciphertext with its tag.

    ``kek`` has 32 bytes; ``nonce`` 12, never used twice with one kek (the caller draws it at random);
    ``associated_data`` binds the sealed bytes to their place, such as the verification method's id.
    Raises InvalidInput ``key.kek_length`` or ``key.nonce_length``.
    """
    if len(nonce) != _NONCE:
        raise InvalidInput("key.nonce_length", length=len(nonce))
    head = bytes([_VERSION]) + nonce
    return head + _cipher(kek).encrypt(nonce, private_bytes, head[:1] + associated_data)


def open_sealed(sealed: bytes, kek: bytes, associated_data: bytes) -> bytes:
    """What ``seal`` closed. Raises InvalidInput ``key.unsealing_failed`` for a wrong key, place or byte."""
    if len(sealed) < 1 + _NONCE + 16 or sealed[0] != _VERSION:
        raise InvalidInput("key.unsealing_failed")
    nonce = sealed[1 : 1 + _NONCE]
    try:
        return _cipher(kek).decrypt(nonce, sealed[1 + _NONCE :], sealed[:1] + associated_data)
    except InvalidTag:
        raise InvalidInput("key.unsealing_failed") from None


def _cipher(kek: bytes) -> AESGCM:
    if len(kek) != 32:
        raise InvalidInput("key.kek_length", length=len(kek))
    return AESGCM(kek)
