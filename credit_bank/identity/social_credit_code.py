"""Unified social credit codes of institutions (统一社会信用代码, GB 32100-2015) and their check character."""

import re

from credit_bank.errors import InvalidInput

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check_character(body: str) -> str:
    """The check character of the first 17 characters (GB 32100-2015: weights 3^(i-1) mod 31)."""
    total = sum(_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return _ALPHABET[(31 - total % 31) % 31]


def parse(text: str) -> str:
    """The 18 characters of the code. Raises InvalidInput ``institution.code_malformed`` or ``…code_check_digit``."""
    plain = re.sub(r"[\s\-]", "", text).upper()
    if len(plain) != 18 or any(c not in _ALPHABET for c in plain):
        raise InvalidInput("institution.code_malformed")
    if check_character(plain[:17]) != plain[17]:
        raise InvalidInput("institution.code_check_digit")
    return plain
