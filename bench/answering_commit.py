"""One answer taken and committed on SQLite, against the bare commit of a row and the disk's own durable append."""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text

from adaptive.answering import Given, Learning, take
from adaptive.content.loading import load_library
from adaptive.mastery.model import Asked, Event, LearnerState, Shared, observe, predict
from adaptive.mastery.terms import default_weights
from bench import measuring
from credit_bank.store.types import new_id
from web.database import Database
from web.migrating import upgrade

CONTENT = Path(__file__).parents[1] / "content"
TARGET = 250  # µs of an answer beyond what the disk takes


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
        taken, bare = _alternating(answer, commit, rounds)
        disk = 1e6 / measuring.fdatasync_rate(folder)
        database.dispose()
    computing = _computing(questions[0].id, questions[0].skills, rounds)
    print(f"an append made durable by the disk: {disk:.0f} µs")
    print(f"a bare commit of one row through the same engine: {bare:.0f} µs, {bare / disk:.1f} × the disk")
    print(f"an answer taken and committed: {taken:.0f} µs, {taken / bare:.1f} × the bare commit")
    print(f"beyond the bare commit: {taken - bare:.0f} µs; beyond the disk: {taken - disk:.0f} µs (aim {TARGET})")
    print(f"of it computing (predict, observe): {computing:.0f} µs")


def _alternating(answer: Callable[[int], None], commit: Callable[[int], None], rounds: int) -> tuple[float, float]:
    """Median µs of both, by turns, so that the disk's moods meet both."""
    times: tuple[list[float], list[float]] = ([], [])
    for n in range(60, 60 + rounds):
        for work, found in ((answer, times[0]), (commit, times[1])):
            start = time.perf_counter()
            work(n)
            found.append((time.perf_counter() - start) * 1e6)
    return statistics.median(times[0]), statistics.median(times[1])


def _computing(question_id: str, skills: tuple[str, ...], rounds: int) -> float:
    shared, state = Shared(default_weights()), LearnerState()
    start = time.perf_counter()
    for n in range(rounds):
        asked = Asked(question_id, skills, 1.7e9 + 60 * n, 3)
        predict(state, shared, asked)
        observed = observe(state, shared, Event(asked, n % 3 > 0, 1.7e9 + 60 * n + 9))
        state, shared = state.updated(observed.state), shared.plus(observed.shared_change)
    return (time.perf_counter() - start) / rounds * 1e6
