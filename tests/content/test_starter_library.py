"""The library that comes with the bank keeps to its own format, and is as large as it says."""

from collections import Counter
from pathlib import Path

import pytest

from accessibility.text import readability
from adaptive.content.check import check
from adaptive.content.grading import grade, right_response
from adaptive.content.loading import read_folders
from adaptive.content.places import Loaded

CONTENT = Path(__file__).parents[2] / "content"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    """The library as it stands."""
    return read_folders(CONTENT)


def test_it_has_no_error(loaded: Loaded) -> None:
    today = max(course.reviewed for course in loaded.library.courses.values())
    faults = check(loaded, measure=readability.measure, today=today)
    assert [fault for fault in faults if fault.severity == "error"] == []


def test_it_is_a_library(loaded: Loaded) -> None:
    library = loaded.library
    assert (len(library.courses) >= 12, len(library.items) >= 80, len(library.skills) >= 120) == (True, True, True)
    kinds = Counter(question.kind for question in library.questions.values())
    assert set(kinds) == {"choice", "several", "order", "match", "number", "text", "listen"}


def test_its_own_right_answers_are_right(loaded: Loaded) -> None:
    wrong = [q.id for q in loaded.library.questions.values() if grade(q, right_response(q)).outcome != "right"]
    assert wrong == []
