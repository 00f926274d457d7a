"""Row ids: UUIDv7 whose order is the order in which they were made."""

import threading
import time
from uuid import RFC_4122, UUID

import pytest

from credit_bank.store import types
from credit_bank.store.types import new_id


def milliseconds(found: UUID) -> int:
    return found.int >> 80


def test_an_id_is_a_uuid_of_version_7_with_the_moment_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(types, "_counter", types._Counter())
    before = time.time_ns() // 1_000_000
    found = new_id()
    assert (found.version, found.variant) == (7, RFC_4122)
    assert before <= milliseconds(found) <= time.time_ns() // 1_000_000 + 10


def test_ids_sort_in_the_order_in_which_they_were_made() -> None:
    made = [new_id() for _ in range(20_000)]
    assert made == sorted(made) and len(set(made)) == len(made)


def test_ids_of_one_millisecond_sort_and_a_full_counter_borrows(monkeypatch: pytest.MonkeyPatch) -> None:
    later = time.time_ns() + 3_600_000_000_000
    monkeypatch.setattr(types, "_counter", types._Counter())
    monkeypatch.setattr(time, "time_ns", lambda: later)
    made = [new_id() for _ in range(9_000)]
    assert made == sorted(made) and {f.version for f in made} == {7}
    assert milliseconds(made[0]) == later // 1_000_000
    assert milliseconds(made[-1]) - milliseconds(made[0]) in (2, 3)


def test_a_clock_that_is_set_back_a_little_does_not_turn_the_order_around(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = time.time_ns()
    monkeypatch.setattr(types, "_counter", types._Counter())
    monkeypatch.setattr(time, "time_ns", lambda: clock)
    first = new_id()
    clock -= 5_000_000_000
    second = new_id()
    assert first < second
    clock -= 3_600_000_000_000  # it went an hour fast before
    assert milliseconds(new_id()) == clock // 1_000_000


def test_ids_of_threads_never_meet() -> None:
    made: list[list[UUID]] = [[] for _ in range(4)]

    def make(found: list[UUID]) -> None:
        found.extend(new_id() for _ in range(2_000))

    threads = [threading.Thread(target=make, args=(found,)) for found in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(found == sorted(found) for found in made)
    assert len({one.int >> 64 for found in made for one in found}) == 8_000
