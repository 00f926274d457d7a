"""Indexes of passages: one for each library, made by one process at a time, shown when whole, dropped when unused."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import Session, func, select

from adaptive import asking, index_keeping
from adaptive.companion.indexing import index, name
from adaptive.content.model import Library
from adaptive.store import passages
from adaptive.store.tables import PassageIndex, PassageRow, PassageWord
from tests.adaptive.companion.indexes import NOW, make_index
from tests.adaptive.lessons import small_library
from web.database import Database

LIBRARY = small_library()
OTHER = replace(LIBRARY, digest="1" * 64)


def held(db: Database) -> dict[str, int]:
    """How many passages of which library are kept."""
    with db.reading() as session:
        query = select(PassageRow.library, func.count()).group_by(PassageRow.library)
        return dict(session.exec(query).all())


def readable(db: Database, library: Library) -> bool:
    with db.reading() as session:
        return asking.has_index(session, library)


def test_several_who_make_it_at_once_make_one_index(db: Database) -> None:
    together = threading.Barrier(4)
    failures: list[BaseException] = []
    made: list[bool] = []

    def keep() -> None:
        together.wait(10)
        try:
            made.append(index_keeping.keep(db.writing, LIBRARY, uuid4(), lambda: NOW))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=keep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert any(made)
    assert readable(db, LIBRARY)
    assert held(db) == {name(LIBRARY): len(index(LIBRARY).passages)}


def test_two_libraries_have_an_index_each_and_neither_disturbs_the_other(db: Database) -> None:
    make_index(db, LIBRARY)
    make_index(db, OTHER)
    with db.reading() as session:
        first = session.get_one(PassageIndex, name(LIBRARY)).made_at
    make_index(db, LIBRARY)
    with db.reading() as session:
        assert session.get_one(PassageIndex, name(LIBRARY)).made_at == first
    assert held(db).keys() == {name(LIBRARY), name(OTHER)}


def test_an_index_that_no_server_uses_any_more_goes_and_one_in_use_stays(db: Database) -> None:
    make_index(db, LIBRARY)
    later = NOW + passages.UNUSED + timedelta(minutes=1)
    assert index_keeping.keep(db.writing, OTHER, uuid4(), lambda: later)
    assert held(db).keys() == {name(OTHER)}
    assert not readable(db, LIBRARY)
    with db.reading() as session:
        assert set(session.exec(select(PassageWord.library).distinct())) == {name(OTHER)}


def test_an_index_half_made_is_not_read(db: Database) -> None:
    builder = uuid4()
    with db.writing() as session:
        assert passages.claim(session, name(LIBRARY), builder, NOW)
    for table, some in passages.rows(index(LIBRARY), name(LIBRARY)):
        with db.writing() as session:
            passages.write(session, table, some)
    with db.reading() as session:
        reply = asking.ask(session, "text", library=LIBRARY)
    assert not reply.ready
    assert reply.found == ()


def test_who_died_over_it_is_followed_by_another_after_a_while(db: Database) -> None:
    with db.writing() as session:
        assert passages.claim(session, name(LIBRARY), uuid4(), NOW)
    some_table, some = next(passages.rows(index(LIBRARY), name(LIBRARY)))
    with db.writing() as session:
        passages.write(session, some_table, some)
    assert not index_keeping.keep(db.writing, LIBRARY, uuid4(), lambda: NOW + timedelta(seconds=1))
    assert not readable(db, LIBRARY)
    later = NOW + passages.LEASE + timedelta(seconds=1)
    assert index_keeping.keep(db.writing, LIBRARY, uuid4(), lambda: later)
    assert readable(db, LIBRARY)
    assert held(db) == {name(LIBRARY): len(index(LIBRARY).passages)}


def test_who_was_taken_for_dead_writes_nothing_into_the_others_index(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    true_rows: Callable[..., Any] = passages.rows

    def slow(*given: Any) -> Any:
        monkeypatch.undo()
        later = NOW + passages.LEASE + timedelta(seconds=1)
        assert index_keeping.keep(db.writing, LIBRARY, uuid4(), lambda: later)
        return true_rows(*given)

    monkeypatch.setattr(passages, "rows", slow)
    index_keeping.keep(db.writing, LIBRARY, uuid4(), lambda: NOW)
    assert readable(db, LIBRARY)
    assert held(db) == {name(LIBRARY): len(index(LIBRARY).passages)}


def test_another_way_of_making_indexes_makes_another_index(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    make_index(db, LIBRARY)
    monkeypatch.setattr("adaptive.companion.indexing.SCHEME", -1)
    assert not readable(db, LIBRARY)


def test_asking_writes_nothing(db: Database) -> None:
    with db.reading() as session:
        assert isinstance(session, Session)
        assert not asking.ask(session, "怎么打电话", library=LIBRARY).ready
    assert held(db) == {}
