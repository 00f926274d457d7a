"""Identity documents: normalising and checking a number, and the keyed digest that is all the bank keeps of it."""

import hashlib
import hmac
import re
from datetime import date
from enum import StrEnum

from credit_bank.errors import InvalidInput


class DocumentType(StrEnum):
    """The documents with which an account can be opened."""

    RESIDENT_ID = "resident-id"  # 居民身份证
    PASSPORT = "passport"  # 护照
    PERMANENT_RESIDENCE = "permanent-residence"  # 外国人永久居留身份证


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def resident_id_check_character(body: str) -> str:
    """The check character of the first 17 digits of a resident ID (GB 11643-1999; ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def _check_resident_id(number: str) -> None:
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        raise InvalidInput("identity.resident_id_malformed")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise InvalidInput("identity.resident_id_birth_date") from None
    if born.year < 1850:
        raise InvalidInput("identity.resident_id_birth_date")
    if resident_id_check_character(number[:17]) != number[17]:
        raise InvalidInput("identity.resident_id_check_digit")


def normalise(kind: DocumentType, number: str) -> str:
    """The number in its one written form: upper case, half-width, no spaces or hyphens.

    Raises InvalidInput: ``identity.resident_id_malformed``, ``identity.resident_id_birth_date``,
    ``identity.resident_id_check_digit``, ``identity.passport_malformed``, ``identity.permanent_residence_malformed``.
    A permanent-residence permit has 15 characters (three letters, twelve digits) in its 2017 form and the 18 of a
    resident ID, beginning with 9, since 2023.
    """
    half = "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in number)
    plain = re.sub(r"[\s\-]", "", half).upper()
    match kind:
        case DocumentType.RESIDENT_ID:
            _check_resident_id(plain)
        case DocumentType.PASSPORT:
            if not re.fullmatch(r"[A-Z0-9]{5,20}", plain):
                raise InvalidInput("identity.passport_malformed")
        case DocumentType.PERMANENT_RESIDENCE:
            if len(plain) == 18 and plain.startswith("9"):
                _check_resident_id(plain)
            elif not re.fullmatch(r"[A-Z]{3}[0-9]{12}", plain):
                raise InvalidInput("identity.permanent_residence_malformed")
    return plain


def digest(key: bytes, kind: DocumentType, number: str) -> bytes:
    """The keyed digest (HMAC-SHA-256, 32 bytes) of a normalised number; ``key`` is at least 32 bytes.

    The space of identity numbers is small enough to enumerate, so a bare hash would not protect them: without the key
    the digest can neither be reversed nor matched.
    """
    if len(key) < 32:
        raise ValueError("the identity key must have at least 32 bytes")
    return hmac.new(key, f"{kind.value}\x1f{number}".encode(), hashlib.sha256).digest()
