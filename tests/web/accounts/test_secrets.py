"""Hashing, and which secrets are good enough."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_bank.errors import InvalidInput, Unavailable
from web.accounts import secret_rules
from web.accounts.secrets import _DUMMY, SecretHasher

HASHER = SecretHasher({1: b"p" * 32})


def test_the_parameters_are_those_of_the_limits() -> None:
    stored = HASHER.hash("407193")
    assert stored.startswith("p1:$argon2id$v=19$m=19456,t=2,p=1$")
    assert stored != HASHER.hash("407193")


def test_right_wrong_and_nobody() -> None:
    stored = HASHER.hash("407193")
    assert HASHER.verify(stored, "407193")
    assert not HASHER.verify(stored, "407194")
    assert not HASHER.verify(None, "407193")


def test_without_the_pepper_a_stolen_hash_is_of_no_use() -> None:
    stored = HASHER.hash("407193")
    assert not SecretHasher({1: b"q" * 32}).verify(stored, "407193")


def test_an_older_pepper_still_opens_and_asks_to_be_replaced() -> None:
    stored = HASHER.hash("407193")
    newer = SecretHasher({1: b"p" * 32, 2: b"q" * 32})
    assert newer.verify(stored, "407193") and newer.needs_rehash(stored)
    assert not newer.needs_rehash(newer.hash("407193"))
    with pytest.raises(Unavailable, match="pepper_unknown"):
        SecretHasher({2: b"q" * 32}).verify(stored, "407193")


def test_weaker_parameters_ask_to_be_replaced() -> None:
    weak = SecretHasher({1: b"p" * 32}, argon=PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1))
    assert HASHER.needs_rehash(weak.hash("407193"))


def test_nobody_costs_as_much_as_somebody() -> None:
    """The vain check has today's parameters, so it takes the same work; the clock only guards against a short cut."""
    assert not HASHER.argon.check_needs_rehash(_DUMMY)
    stored = HASHER.hash("407193")

    def best(target: str | None) -> float:
        times = []
        for _ in range(5):
            start = time.process_time()
            HASHER.verify(target, "000000")
            times.append(time.process_time() - start)
        return min(times)

    somebody, nobody = best(stored), best(None)
    assert 0.2 < nobody / somebody < 5


def test_only_so_many_hashes_run_at_once() -> None:
    busy = SecretHasher({1: b"p" * 32}, slots=threading.BoundedSemaphore(2), wait=0.05)
    assert busy.slots.acquire() and busy.slots.acquire()
    with pytest.raises(Unavailable, match=r"signing_in\.busy"):
        busy.verify(None, "407193")
    busy.slots.release()
    assert not busy.verify(None, "407193")
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda _: busy.slots.acquire(timeout=0.01), range(2))) == [True, False]


def test_peppers_and_hashers_do_not_show_themselves() -> None:
    assert "ppp" not in repr(HASHER)


@pytest.mark.parametrize(
    ("secret", "code"),
    [
        ("12345", "secret.pin_length"),
        ("1" * 13, "secret.pin_length"),
        ("abc123", "secret.passphrase_too_short"),
        ("111111", "secret.repeated"),
        ("121212", "secret.repeated"),
        ("123123", "secret.repeated"),
        ("abcabcabc", "secret.repeated"),
        ("aaabbbaaab", "secret.repeated"),
        ("123456", "secret.sequence"),
        ("987654", "secret.sequence"),
        ("890123", "secret.sequence"),
        ("abcdefgh", "secret.sequence"),
        ("１２３４５６", "secret.sequence"),
        ("550312", "secret.date"),
        ("195503", "secret.date"),
        ("120355", "secret.date"),
        ("19550312", "secret.date"),
        ("12031955", "secret.date"),
        ("903178", "secret.known"),
        ("147258", "secret.common"),
        ("Password1", "secret.common"),
        ("x" + "7k" * 64, "secret.too_long"),
    ],
)
def test_what_a_stranger_would_try_is_refused(secret: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        secret_rules.check(secret, staff=False, known=("772090317892", "示例学员"))
    assert refused.value.code == code


@pytest.mark.parametrize("secret", ["407193", "4071930", "八月桂花香满园", "correct horse", "正确的马 电池"])
def test_what_is_good_enough(secret: str) -> None:
    if len(secret) < 8 and not secret.isdigit():
        with pytest.raises(InvalidInput):
            secret_rules.check(secret, staff=False)
    else:
        secret_rules.check(secret, staff=False, known=("772090317892",))


@pytest.mark.parametrize(
    ("secret", "code"),
    [
        ("407193", "secret.staff_too_short"),
        ("qwertyuiop", "secret.common"),
        ("my-clerk-name", "secret.known"),
        ("0123456789", "secret.sequence"),
    ],
)
def test_staff_need_more(secret: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        secret_rules.check(secret, staff=True, known=("clerk",))
    assert refused.value.code == code
    secret_rules.check("three unrelated words", staff=True, known=("clerk",))


@given(st.integers(0, 999_999).map(lambda n: f"{n:06d}"))
def test_most_pins_are_allowed_and_none_is_broken(pin: str) -> None:
    try:
        secret_rules.check(pin, staff=False)
    except InvalidInput as refused:
        assert refused.code in {"secret.repeated", "secret.sequence", "secret.date", "secret.common"}


def test_the_rules_leave_nine_in_ten_pins() -> None:
    refused = 0
    for n in range(0, 1_000_000, 97):
        try:
            secret_rules.check(f"{n:06d}", staff=False)
        except InvalidInput:
            refused += 1
    assert refused / (1_000_000 / 97) < 0.1


@settings(max_examples=5, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_any_text_verifies_against_its_own_hash(secret: str) -> None:
    try:
        secret.encode()
    except UnicodeEncodeError:
        return
    assert HASHER.verify(HASHER.hash(secret), secret)
