"""Leaves of the log: salted commitments, so that nothing in the log points to a person once the salt is erased."""

import hashlib
import hmac
from typing import Literal, get_args

from credit_bank.errors import InvalidInput

LeafKind = Literal["issue", "status", "document"]
SALT_LENGTH = 32

_DOMAIN = b"evergreen-leaf-v1\n"


def commit(kind: LeafKind, payload_digest: bytes, salt: bytes) -> bytes:
    """The leaf's entry: a version byte and HMAC-SHA-256 under ``salt`` of the kind and the payload's SHA-256.

    ``salt`` is 32 random bytes, fresh for every leaf and kept where it can be erased. 33 bytes come back, which say
    neither what was recorded nor of which kind it was. Raises InvalidInput ``log.leaf_kind``, ``log.digest_length``
    or ``log.salt_length``.
    """
    if kind not in get_args(LeafKind):
        raise InvalidInput("log.leaf_kind", kind=ascii(kind)[:40])
    if len(payload_digest) != 32:
        raise InvalidInput("log.digest_length", length=len(payload_digest))
    if len(salt) != SALT_LENGTH:
        raise InvalidInput("log.salt_length", length=len(salt))
    return b"\x01" + hmac.digest(salt, _DOMAIN + kind.encode("ascii") + b"\n" + payload_digest, hashlib.sha256)


def opens(entry: bytes, kind: LeafKind, payload_digest: bytes, salt: bytes) -> bool:
    """Whether this kind, digest and salt are what the entry commits to. Raises as ``commit`` does."""
    return hmac.compare_digest(entry, commit(kind, payload_digest, salt))
