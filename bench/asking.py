"""The companion's search: how often it finds the lesson, and its time against the bare query of its words under it."""

import tempfile
import time
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlmodel import Session

from adaptive import asking, index_keeping
from adaptive.companion.finding import needed
from adaptive.companion.indexing import name
from adaptive.companion.words import asked
from adaptive.content.loading import load_library
from adaptive.content.model import Library
from adaptive.store import passages
from web import migrating
from web.database import Database

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "adaptive" / "companion"
SETS = {"questions.toml, on which it was tuned": "questions.toml", "fresh.toml, held out": "fresh.toml"}


def run(quick: bool) -> None:
    """Print hits on the questions of the tests, milliseconds a question, and the ratio to the bare query."""
    library, _ = load_library(ROOT / "content")
    sets = {title: tomllib.loads((QUESTIONS / file).read_text("utf-8")) for title, file in SETS.items()}
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/asking.sqlite")
        migrating.upgrade(database.engine)
        began = time.perf_counter()
        index_keeping.keep(database.writing, library, uuid4(), lambda: datetime.now(UTC))
        print(f"index: {len(library.items)} lessons in {time.perf_counter() - began:.1f} s")
        with database.reading() as session:
            for title, data in sets.items():
                _report(title, data, lambda question: _lessons(session, question, library))
            answered = next(iter(sets.values()))["answered"]
            rounds = 1 if quick else 5
            began = time.perf_counter()
            for question in [*answered] * rounds:
                asking.ask(session, question, library=library)
            whole = (time.perf_counter() - began) / rounds / len(answered)
            began = time.perf_counter()
            for question in [*answered] * rounds:
                passages.counts(session, name(library), needed(asked(question)))
            bare = (time.perf_counter() - began) / rounds / len(answered)
        print(
            f"{whole * 1000:.1f} ms a question; the bare query of its words {bare * 1000:.1f} ms; "
            f"ratio {whole / bare:.1f}"
        )
        database.dispose()


def _lessons(session: Session, question: str, library: Library) -> list[str]:
    return [found.passage.item_id for found in asking.ask(session, question, library=library).found]


def _report(title: str, data: dict[str, Any], lessons: Callable[[str], list[str]]) -> None:
    """Print how often the lesson is found, for Chinese and English apart, and how often nothing is where nothing is."""
    print(f"{title}:")
    for language, ascii_only in (("Chinese", False), ("English", True)):
        asked_in = {q: wanted for q, wanted in data["answered"].items() if q.isascii() is ascii_only}
        if asked_in:
            found = {question: lessons(question) for question in asked_in}
            first = sum(bool(found[q]) and found[q][0] in wanted for q, wanted in asked_in.items())
            among = sum(not set(found[q]).isdisjoint(wanted) for q, wanted in asked_in.items())
            nothing = sum(not shown for shown in found.values())
            print(
                f"  {language}: the lesson first for {first}, among the three for {among} of {len(asked_in)}; "
                f"only others for {len(asked_in) - among - nothing}, nothing for {nothing}"
            )
    silent = sum(not lessons(question) for question in data["unanswered"]["questions"])
    print(f"  nothing shown for {silent} of {len(data['unanswered']['questions'])} that no lesson answers")
