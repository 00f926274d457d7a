"""The learner's account number: twelve digits that mean nothing, the last a check digit (ISO 7064 MOD 11,10).

Opaque by design: never derived from an identity number, a birthday or a district. ISO 7064 MOD 11,10 finds every
single-digit error and nearly all transpositions, and its check character is always a digit, so the number can be said
aloud and typed on a telephone keypad.
"""

import re
from collections.abc import Callable

from credit_bank.errors import InvalidInput


def check_digit(body: str) -> str:
    """The ISO 7064 MOD 11,10 check digit of a string of digits."""
    product = 10
    for d in body:
        total = (product + int(d)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


def generate(randbelow: Callable[[int], int]) -> str:
    """A new account number from a source of randomness such as ``secrets.randbelow``; the first digit is not 0."""
    body = str(10**10 + randbelow(9 * 10**10))
    return body + check_digit(body)


def parse(text: str) -> str:
    """The twelve digits of an account number as typed, with or without spaces or hyphens.

    Raises InvalidInput ``account.number_malformed`` or ``account.number_check_digit``.
    """
    half = "".join(chr(ord(c) - 0xFEE0) if "\uff10" <= c <= "\uff19" else c for c in text)
    plain = re.sub(r"[\s\-]", "", half)
    if not re.fullmatch(r"[0-9]{12}", plain):
        raise InvalidInput("account.number_malformed")
    if check_digit(plain[:-1]) != plain[-1]:
        raise InvalidInput("account.number_check_digit")
    return plain


def grouped(number: str) -> str:
    """The number in three groups of four, as it is printed and read aloud."""
    return " ".join(number[i : i + 4] for i in range(0, 12, 4))
