"""Which PINs and passwords are good enough: refused is what a stranger would try first, and nothing else.

There are no rules of composition and no expiry (NIST SP 800-63B-4 §3.1.1): they make secrets worse and people write
them down. A learner chooses 6 to 12 digits, or a passphrase; staff, who can act for many, choose at least 10
characters.
"""

from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise

from credit_bank.errors import InvalidInput
from web.accounts.secrets import MAX_LENGTH, normalise

PIN_DIGITS = range(6, 13)
PASSPHRASE_MIN = 8
STAFF_MIN = 10


@cache
def common() -> frozenset[str]:
    """Secrets that many people choose, case-folded."""
    text = (files("web.accounts") / "common_secrets.txt").read_text("utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def check(secret: str, *, staff: bool, known: tuple[str, ...] = ()) -> None:
    """Refuse a secret that is too short or easily guessed; ``known`` is what others know (names, account number).

    Raises InvalidInput: ``secret.too_long``, ``secret.staff_too_short``, ``secret.pin_length``,
    ``secret.passphrase_too_short``, ``secret.repeated``, ``secret.sequence``, ``secret.date``, ``secret.known``,
    ``secret.common``.
    """
    plain = normalise(secret)
    if len(plain) > MAX_LENGTH:
        raise InvalidInput("secret.too_long", maximum=MAX_LENGTH)
    digits = plain.isascii() and plain.isdigit()
    if staff:
        if len(plain) < STAFF_MIN:
            raise InvalidInput("secret.staff_too_short", minimum=STAFF_MIN)
    elif digits:
        if len(plain) not in PIN_DIGITS:
            raise InvalidInput("secret.pin_length", minimum=PIN_DIGITS.start, maximum=PIN_DIGITS.stop - 1)
    elif len(plain) < PASSPHRASE_MIN:
        raise InvalidInput("secret.passphrase_too_short", minimum=PASSPHRASE_MIN)
    folded = plain.casefold()
    if is_repetitive(folded):
        raise InvalidInput("secret.repeated")
    if is_sequence(folded):
        raise InvalidInput("secret.sequence")
    if digits and is_date(plain):
        raise InvalidInput("secret.date")
    if any(_tells(word, folded) for word in known):
        raise InvalidInput("secret.known")
    if folded in common():
        raise InvalidInput("secret.common")


def is_repetitive(text: str) -> bool:
    """Whether a text is one short group over and over (111111, 121212, 123123), or of two characters only."""
    if len(set(text)) <= 2:
        return True
    return any(len(text) % n == 0 and text == text[:n] * (len(text) // n) for n in range(1, len(text) // 2 + 1))


def is_sequence(text: str) -> bool:
    """Whether every character is the one after, or before, its neighbour (234567, fedcba); 9 may turn over to 0."""
    steps = {(ord(b) - ord(a)) % 10 if a.isdigit() and b.isdigit() else ord(b) - ord(a) for a, b in pairwise(text)}
    return steps in ({1}, {9}, {-1})


def is_date(digits: str) -> bool:
    """Whether digits read as a birthday: YYMMDD, YYYYMM, DDMMYY or YYYYMMDD, DDMMYYYY."""
    match len(digits):
        case 6:
            return (
                _date(f"20{digits[:2]}", digits[2:4], digits[4:])
                or _date(digits[:4], digits[4:], "01")
                or _date(f"20{digits[4:]}", digits[2:4], digits[:2])
            )
        case 8:
            return _date(digits[:4], digits[4:6], digits[6:]) or _date(digits[4:], digits[2:4], digits[:2])
        case _:
            return False


def _date(year: str, month: str, day: str) -> bool:
    try:
        return 1900 <= date(int(year), int(month), int(day)).year <= 2099
    except ValueError:
        return False


def _tells(word: str, secret: str) -> bool:
    plain = normalise(word).casefold().replace(" ", "")
    return len(plain) >= 4 and (plain in secret or (len(secret) >= 6 and secret in plain))
