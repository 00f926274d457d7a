"""Back-off: its law, its storage on both databases, and many tries at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from web.accounts import attempts
from web.accounts.attempts import AttemptCounter, TooManyTries
from web.accounts.secrets import SecretHasher
from web.accounts.signing_in import Gate
from web.accounts.tables import SignInAttempt
from web.database import Database

COUNTER = AttemptCounter.from_pepper(b"p" * 32)
NOON = datetime(2026, 9, 1, 4, 0, tzinfo=UTC)


@given(st.integers(0, 10_000))
def test_the_wait_never_shrinks_and_never_exceeds_an_hour(failures: int) -> None:
    wait = attempts.wait_after("account", failures)
    assert wait <= attempts.wait_after("account", failures + 1) <= timedelta(hours=1)
    assert bool(wait) is (failures >= 5)


def test_the_wait_doubles() -> None:
    minutes = [attempts.wait_after("account", n).total_seconds() / 60 for n in range(4, 13)]
    assert minutes == [0, 1, 2, 4, 8, 16, 32, 60, 60]
    assert attempts.wait_after("address", 19) == timedelta(0) < attempts.wait_after("address", 20)


def _try(db: Database, now: datetime, *subjects: tuple[str, bytes]) -> None:
    with db.writing() as session:
        attempts.reserve(session, list(subjects), now)


def test_refused_tries_do_not_count(db: Database) -> None:
    subject = COUNTER.account("a")
    for _ in range(5):
        _try(db, NOON, subject)
    for _ in range(3):
        with pytest.raises(TooManyTries) as refused:
            _try(db, NOON + timedelta(seconds=30), subject)
        assert refused.value.minutes == 1
    _try(db, NOON + timedelta(minutes=1), subject)
    with db.reading() as session:
        assert session.exec(select(SignInAttempt)).one().failures == 6


def test_success_starts_the_account_anew_but_not_the_address(db: Database) -> None:
    account, address = COUNTER.account("a"), COUNTER.address("192.0.2.7")
    for _ in range(3):
        _try(db, NOON, account, address)
    with db.writing() as session:
        attempts.succeeded(session, [account, address], NOON)
    with db.reading() as session:
        assert {r.kind: r.failures for r in session.exec(select(SignInAttempt))} == {"account": 0, "address": 2}


def test_one_address_cannot_go_through_many_accounts(db: Database) -> None:
    address = COUNTER.address("192.0.2.7")
    for n in range(20):
        _try(db, NOON, COUNTER.account(f"account {n}"), address)
    with pytest.raises(TooManyTries):
        _try(db, NOON, COUNTER.account("another"), address)
    _try(db, NOON, COUNTER.account("another"), COUNTER.address("192.0.2.8"))
    _try(db, NOON + timedelta(hours=1, minutes=1), COUNTER.account("later"), address)


def test_counts_are_forgotten_after_a_day(db: Database) -> None:
    _try(db, NOON, COUNTER.account("a"))
    _try(db, NOON + timedelta(days=1, seconds=1), COUNTER.account("b"))
    with db.reading() as session:
        assert [r.digest for r in session.exec(select(SignInAttempt))] == [COUNTER.account("b")[1]]


def test_many_tries_at_once_are_not_more_than_in_turn(db: Database) -> None:
    subject, start, allowed = COUNTER.account("a"), threading.Barrier(12), []

    def attempt(_: int) -> None:
        start.wait()
        try:
            _try(db, NOON, subject)
            allowed.append(1)
        except TooManyTries:
            return

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(attempt, range(12)))
    assert len(allowed) == 5


def test_addresses_are_digests_and_ipv6_counts_by_network() -> None:
    assert COUNTER.address("2001:db8::1") == COUNTER.address("2001:db8::ffff")
    assert COUNTER.address("2001:db8:0:1::1") != COUNTER.address("2001:db8::1")
    assert COUNTER.address("::ffff:192.0.2.7") == COUNTER.address("192.0.2.7")
    assert COUNTER.address(None) == COUNTER.address("not an address")
    assert b"192.0.2.7" not in COUNTER.address("192.0.2.7")[1]
    assert COUNTER.address("192.0.2.7") != AttemptCounter.from_pepper(b"q" * 32).address("192.0.2.7")


def test_hashing_does_not_hold_the_database(db: Database) -> None:
    """While one PIN is hashed, another request writes: the gate has no transaction open meanwhile."""

    class Watching(SecretHasher):
        def verify(self, stored: str | None, secret: str) -> bool:
            with db.writing() as session:
                attempts.reserve(session, [COUNTER.account("meanwhile")], NOON)
            return super().verify(stored, secret)

    gate = Gate(Watching({1: b"p" * 32}), COUNTER)
    assert gate.check(db, typed="nobody", secret="407193", address=None, now=NOON) is None
    with db.reading() as session:
        assert len(session.exec(select(SignInAttempt)).all()) == 3
