"""``credit-bank compare evaluate``: figures for people and for programs, and tables that cannot be used."""

import csv
import json
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT
from tests.web.cli.conftest import invoke

ASSIST = ROOT.parent / "shared" / "data" / "equivalences" / "assist-four-majors.csv"
COURSES = {
    "M 1": "Calculus I",
    "M 2": "Calculus II",
    "C 1": "General Chemistry",
    "H 1": "World History",
    "P 1": "Poetry",
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """What twelve colleges' courses were taken as, with a row of elective credit each."""
    path = tmp_path / "published.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(["来源院校", "来源课程代码", "来源课程名称", "转入课程代码", "转入课程名称"])
        for n in range(12):
            for code, title in COURSES.items():
                write([f"学院{n}", f"X{n} {code}", title, code, title])
            write([f"学院{n}", f"X{n} 9", "Pottery", "ART 1XX", "Elective"])
    return path


def test_figures_for_people(table: Path) -> None:
    result = invoke("compare", "evaluate", str(table), "--lang", "en", "--target", "UW")
    assert result.exit_code == 0
    assert "source_code = 来源课程代码" in result.stdout
    assert "60 questions. Not counted: 12 rows of elective credit or none, 0 rows" in result.stdout
    assert "UW 5" in result.stdout and "Nothing that a school decided" in result.stdout
    assert "with precedents" in result.stdout and "1.000 [1.000, 1.000]" in result.stdout
    assert "倒数排名均值" in invoke("compare", "evaluate", str(table)).stdout


def test_figures_for_programs_and_what_was_learned(table: Path, tmp_path: Path) -> None:
    saved = tmp_path / "model.json"
    result = invoke("compare", "evaluate", str(table), "--json", "--save", str(saved), "--precision", "0.9")
    found = json.loads(result.stdout)
    assert found["precision"] == 0.9 and found["all"]["text"]["questions"] == 60
    assert found["all"]["precedents"]["mrr"]["value"] == 1
    assert json.loads(saved.read_text("utf-8")).keys() == {"text", "precedents"}


def test_a_catalogue_is_searched_whole(table: Path, tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.csv"
    rows = "".join(f"N {n},Nursing {n},3\n" for n in range(1, 40))
    catalogue.write_text("code,title,credits\n" + rows, "utf-8")
    given = ("--catalogue", str(catalogue), "--default", "category=academic")
    result = invoke("compare", "evaluate", str(table), "--target", "UW", "--json", *given[:2])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["candidates"] == {"UW": 44}


def test_what_cannot_be_used_is_said(table: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.csv"
    odd.write_text("alpha,beta\nA 1,B 1\n", "utf-8")
    result = invoke("compare", "evaluate", str(odd), "--lang", "en")
    assert result.exit_code == 1 and "source_code / source_title" in result.stderr
    empty = tmp_path / "electives.csv"
    empty.write_text("source_course,target_course\nA 1,B 2XX\n", "utf-8")
    result = invoke("compare", "evaluate", str(empty), "--lang", "en")
    assert result.exit_code == 2 and "1 rows give elective credit" in result.stderr


def test_a_course_is_found_with_its_precedents(table: Path) -> None:
    asked = ("compare", "find", "Calc 2", "--precedents", str(table), "--target", "UW", "--lang", "en")
    result = invoke(*asked)
    assert result.exit_code == 0, result.output
    first, precedents, *_rest = result.stdout.splitlines()
    assert first.startswith("1. M 2  Calculus II")
    assert "“Calculus II” of 12 institutions became M 2" in precedents
    assert "Suggestion: M 2 Calculus II" in result.stdout and "A person decides" in result.stdout
    found = json.loads(invoke(*asked, "--json").stdout)
    assert found["suggested"] and len(found["candidates"][0]["precedents"]) == 12


def test_what_is_not_sure_enough_is_not_suggested(table: Path) -> None:
    result = invoke("compare", "find", "陶艺", "--precedents", str(table), "--target", "UW")
    assert result.exit_code == 1 and "没有建议" in result.stdout
    result = invoke("compare", "find", "Calculus", "--target", "UW", "--lang", "en")
    assert result.exit_code == 2 and "nothing to search" in result.stderr
    result = invoke("compare", "find", "Calculus", "--precedents", str(table), str(table))
    assert result.exit_code == 2


@pytest.mark.skipif(not ASSIST.exists(), reason="the shared data is not beside the project")
@pytest.mark.full
def test_the_figures_on_published_articulations() -> None:
    """115 colleges, 3 campuses: what docs/explanation/comparison.md prints, with some room."""
    found = json.loads(invoke("compare", "evaluate", str(ASSIST), "--json").stdout)["all"]
    assert found["text"]["mrr"]["value"] >= 0.72
    assert found["precedents"]["mrr"]["value"] >= 0.93
    assert found["precedents"]["coverage"]["value"] >= 0.65 and found["precedents"]["precision"]["value"] >= 0.93
