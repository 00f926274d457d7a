"""Every code that is raised has its sentences, and every sentence stands in the reference."""

import re
import runpy
from collections import Counter
from pathlib import Path

import accessibility.sentences
import adaptive.sentences
import credit_bank.sentences
from web.libraries import catalogue

ROOT = Path(__file__).parents[2]
RAISED = re.compile(r'(?:InvalidInput|Missing|Conflict|Forbidden|Unavailable)\(\s*"([a-z_]+\.[a-z_.]+)"')


def test_the_reference_lists_every_code() -> None:
    page = runpy.run_path(str(ROOT / "docs/reference/write_codes.py"))["page"]()
    assert (ROOT / "docs/reference/codes.md").read_text("utf-8") == page, "run python docs/reference/write_codes.py"


def test_no_key_stands_in_two_libraries() -> None:
    libraries = (credit_bank.sentences, adaptive.sentences, accessibility.sentences)
    counted = Counter(key for library in libraries for key in library.catalogue())
    assert [key for key, count in counted.items() if count > 1] == []


def test_every_error_that_the_library_raises_has_its_sentences() -> None:
    raised = {
        (code, path.relative_to(ROOT).as_posix())
        for library in ("credit_bank", "adaptive", "accessibility")
        for path in (ROOT / library).rglob("*.py")
        for code in RAISED.findall(path.read_text("utf-8"))
    }
    assert len(raised) > 100
    known = catalogue()
    without = sorted(
        (code, where) for code, where in raised if f"error.{code}" not in known and f"check.{code}" not in known
    )
    assert without == []
