"""A bank for tests: fixed secrets, a clock that the test sets, real randomness."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest

from credit_bank.bank import Bank
from credit_bank.identity import document, social_credit_code


class Clock:
    """A clock that moves only when told."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **units: float) -> None:
        """Move on by a timedelta's units."""
        self.now += timedelta(**units)


@pytest.fixture
def clock() -> Clock:
    """A clock standing at noon in the city on 1 September 2026."""
    return Clock(datetime(2026, 9, 1, 4, 0, tzinfo=UTC))


def fixed_bank(clock: Clock) -> Bank:
    """A bank on http://localhost:8000 with secrets that every process of a test knows."""
    return Bank(
        origin="http://localhost:8000",
        name="常青学分银行",
        kek=b"k" * 32,
        identity_keys={1: b"i" * 32},
        clock=clock,
        random_bytes=secrets.token_bytes,
        randbelow=secrets.randbelow,
    )


@pytest.fixture
def bank(clock: Clock) -> Bank:
    """A bank of the test's own."""
    return fixed_bank(clock)


def resident_id(serial: int, born: str = "19550101") -> str:
    """A resident ID with a valid check character, in a division that does not exist."""
    body = f"999999{born}{serial:03d}"
    return body + document.resident_id_check_character(body)


def code(serial: int) -> str:
    """A social credit code with a valid check character, of no institution."""
    body = f"52999999{serial:09d}"
    return body + social_credit_code.check_character(body)
