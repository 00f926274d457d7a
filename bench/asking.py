"""The companion's search: how often it finds the lesson, and its time against the bare full-text query under it."""

import tempfile
import time
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from adaptive import asking
from adaptive.companion.words import asked
from adaptive.content.loading import load_library
from adaptive.store import passages
from web import migrating
from web.database import Database

ROOT = Path(__file__).parents[1]
QUESTIONS = ROOT / "tests" / "adaptive" / "companion" / "questions.toml"


def run(quick: bool) -> None:
    """Print hits on the questions of the tests, milliseconds a question, and the ratio to the bare query."""
    library, _ = load_library(ROOT / "content")
    data = tomllib.loads(QUESTIONS.read_text("utf-8"))
    answered, unanswered = data["answered"], data["unanswered"]["questions"]
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/asking.sqlite")
        migrating.upgrade(database.engine)
        began = time.perf_counter()
        with database.writing() as session:
            count = passages.index(session, library, datetime.now(UTC))
        print(f"index: {count:,} passages in {time.perf_counter() - began:.1f} s")
        with database.reading() as session:
            found = {
                question: [f.passage.item_id for f in asking.ask(session, question, library=library).found]
                for question in (*answered, *unanswered)
            }
            among = sum(bool(set(found[question]) & set(wanted)) for question, wanted in answered.items())
            first = sum(found[question][:1] == [item] for question, wanted in answered.items() for item in wanted)
            silent = sum(not found[question] for question in unanswered)
            print(
                f"the lesson is first for {first} and among the three shown for {among} of {len(answered)} questions; "
                f"nothing is shown for {silent} of {len(unanswered)} that no lesson answers"
            )
            rounds = 1 if quick else 5
            began = time.perf_counter()
            for question in [*answered] * rounds:
                asking.ask(session, question, library=library)
            whole = (time.perf_counter() - began) / rounds / len(answered)
            began = time.perf_counter()
            for question in [*answered] * rounds:
                passages.numbers(session, [word for same in asked(question) for word in same])
            bare = (time.perf_counter() - began) / rounds / len(answered)
        print(
            f"{whole * 1000:.1f} ms a question; the bare full-text query {bare * 1000:.1f} ms; ratio {whole / bare:.1f}"
        )
        database.engine.dispose()
