"""One answer taken and committed on SQLite, against the bare driver's same statements and the disk's append."""

import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from io import FileIO
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import text

from adaptive.answering import Given, Learning, take
from adaptive.content.loading import load_library
from adaptive.mastery.model import Asked, Event, LearnerState, Shared, predict_and_observe
from adaptive.mastery.terms import default_weights
from adaptive.store import prepared
from credit_bank.store.types import new_id
from web.database import Database
from web.migrating import upgrade

CONTENT = Path(__file__).parents[1] / "content"
COMPUTING, RATIO = 50, 2.5  # the aims: µs of computing, and times the bare driver (ADR 21)


def run(quick: bool) -> None:
    """Print µs for each, and what an answer costs beyond the disk."""
    rounds = 100 if quick else 1000
    library, _faults = load_library(CONTENT)
    questions = [q for q in library.questions.values() if q.kind == "choice"]
    learning = Learning(library, default_weights(), lambda: datetime.now(UTC), new_id)
    with tempfile.TemporaryDirectory(prefix="evergreen-bench-") as name:
        folder = Path(name)
        database = Database(f"sqlite:///{folder}/answers.sqlite")
        upgrade(database.engine)
        people = [uuid4() for _ in range(20)]

        def answer(n: int) -> None:
            question = questions[n * 7 % len(questions)]
            with database.writing() as session:
                take(session, learning, people[n % len(people)], Given(question.id, n % 2, uuid4().hex))

        def commit(n: int) -> None:
            with database.writing() as session:
                session.connection().execute(text("INSERT INTO bench (n) VALUES (:n)"), {"n": n})

        with database.writing() as session:
            session.connection().execute(text("CREATE TABLE bench (n INTEGER PRIMARY KEY)"))
        for n in range(60):
            answer(n)
        driver, replay = _bare_driver(database, folder, answer, rounds)
        with (folder / "sync.bin").open("wb", buffering=0) as file:
            taken, bare, bare_driver, disk = _by_turns((answer, commit, replay, partial(_append, file)), rounds)
        driver.close()
        database.dispose()
    computing = _computing(questions[0].id, questions[0].skills, rounds)
    print(f"an append made durable by the disk: {disk:.0f} µs")
    print(f"a bare commit of one row through the same engine: {bare:.0f} µs, {bare / disk:.1f} × the disk")
    print(f"an answer taken and committed: {taken:.0f} µs, {taken / bare:.1f} × the bare commit")
    print(
        f"its statements again by the bare driver: {bare_driver:.0f} µs; "
        f"an answer is {taken / bare_driver:.2f} × that (aim {RATIO})"
    )
    print(f"beyond the bare commit: {taken - bare:.0f} µs; beyond the disk: {taken - disk:.0f} µs")
    print(f"of it computing (predict and learn): {computing:.0f} µs (aim {COMPUTING})")


def _append(file: FileIO, _n: int) -> None:
    file.write(b"\x00" * 4096)
    os.fdatasync(file.fileno())


def _bare_driver(
    database: Database, folder: Path, answer: Callable[[int], None], rounds: int
) -> tuple[sqlite3.Connection, Callable[[int], None]]:
    """Record what answers send to SQLite, and give what sends the same again by the driver alone, on an older copy."""
    with database.writing() as session:
        session.connection().exec_driver_sql("SELECT 1")
    shutil.copy(folder / "answers.sqlite", folder / "bare.sqlite")
    if (folder / "answers.sqlite-wal").exists():
        shutil.copy(folder / "answers.sqlite-wal", folder / "bare.sqlite-wal")
    recorded: list[list[tuple[str, str, Any]]] = []
    straight = prepared._straight

    def record(connection: Any, way: str, statement: str, given: Any) -> Any:
        recorded[-1].append((way, statement, given))
        return straight(connection, way, statement, given)

    prepared._straight = record
    try:
        for n in range(rounds):
            recorded.append([])
            answer(60 + n)
    finally:
        prepared._straight = straight
    driver = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        driver.execute(f"PRAGMA {pragma}")

    def replay(n: int) -> None:
        driver.execute("BEGIN IMMEDIATE")
        for way, statement, given in recorded[n]:
            getattr(driver, way)(statement, given).fetchall()
        driver.execute("COMMIT")

    return driver, replay


def _by_turns(works: Sequence[Callable[[int], None]], rounds: int) -> list[float]:
    """Median µs of each, by turns in an order that turns, too, so that what one leaves in the caches meets all."""
    times: list[list[float]] = [[] for _ in works]
    for n in range(rounds):
        for turn in range(len(works)):
            which = (n + turn) % len(works)
            start = time.perf_counter()
            works[which](n)
            times[which].append((time.perf_counter() - start) * 1e6)
    return [statistics.median(found) for found in times]


def _computing(question_id: str, skills: tuple[str, ...], rounds: int) -> float:
    """Median µs of predicting an answer and learning from it, as ``take`` does."""
    shared, state = Shared(default_weights()), LearnerState()
    times: list[float] = []
    for n in range(rounds):
        event = Event(Asked(question_id, skills, 1.7e9 + 60 * n, 3), n % 3 > 0, 1.7e9 + 60 * n + 9)
        start = time.perf_counter()
        _predicted, observed = predict_and_observe(state, shared, event)
        times.append((time.perf_counter() - start) * 1e6)
        state, shared = state.updated(observed.state), shared.plus(observed.shared_change)
    return statistics.median(times)
