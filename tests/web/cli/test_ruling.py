"""``credit-bank rules lint`` and ``rules try``: exit codes, sentences, and what programs read."""

import csv
import json
import re
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT
from tests.web.cli.conftest import invoke

PAGE = (ROOT / "docs/reference/rules-format.md").read_text("utf-8")
ON = ("--on", "2026-10-01")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """The example of the reference as files."""
    made = {}
    names = ("rules", "programme", "framework", "outcomes")
    for name, text in zip(names, re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL), strict=True):
        path = tmp_path / f"{name}.toml"
        path.write_text(text, "utf-8")
        made[name] = str(path)
    return made


def test_rules_without_fault_may_be_published(files: dict[str, str]) -> None:
    result = invoke("rules", "lint", files["rules"], files["programme"], files["framework"], *ON)
    assert result.exit_code == 0
    assert "0 处错误，0 处提醒" in result.stdout
    assert re.search(r"指纹 [0-9a-f]{64}", result.stdout)


def test_two_rules_that_clash_are_both_named(files: dict[str, str]) -> None:
    path = Path(files["rules"])
    clash = '  { id = "other", from = "bjcc: KJ101", to = "MAT1" },\n  { from = "bjcc: KJ102"'
    path.write_text(path.read_text("utf-8").replace('  { from = "bjcc: KJ102"', clash), "utf-8")
    result = invoke("rules", "lint", str(path), files["programme"], *ON, "--lang", "en")
    assert result.exit_code == 1
    assert "same rank and different results" in result.stdout
    assert "rule bjcc: KJ101 > ACC1" in result.stdout and "rule other" in result.stdout
    found = json.loads(invoke("rules", "lint", str(path), files["programme"], *ON, "--json").stdout)
    assert not found["publishable"]
    assert {"overlap.real"} <= {one["code"] for one in found["findings"]}


def test_a_catalogue_of_the_source_is_held_against_them(files: dict[str, str], tmp_path: Path) -> None:
    catalogue = tmp_path / "bjcc.csv"
    catalogue.write_text("code,title,credits\nKJ101,会计学基础,4\n", "utf-8")
    result = invoke("rules", "lint", files["rules"], *ON, "--catalogue", f"bjcc={catalogue}", "--json")
    missing = [one for one in json.loads(result.stdout)["findings"] if one["code"] == "course.source_missing"]
    assert result.exit_code == 0 and "KJ102" in {one["parameters"]["course"] for one in missing}


def test_every_problem_of_a_file_is_told_with_its_place(files: dict[str, str]) -> None:
    path = Path(files["rules"])
    path.write_text(path.read_text("utf-8").replace("valid_until", "valid_untill").replace('"50%"', '"500%"'), "utf-8")
    result = invoke("rules", "lint", str(path), *ON)
    assert result.exit_code == 1
    assert "valid_untill" in result.stdout and "valid_until”" in result.stdout and "limit[0].bound" in result.stdout
    assert (
        invoke("rules", "try", str(path), "--programme", files["programme"], "--outcomes", files["outcomes"]).exit_code
        == 1
    )


def test_rules_are_tried(files: dict[str, str]) -> None:
    given = ("rules", "try", files["rules"], "--programme", files["programme"], "--outcomes", files["outcomes"], *ON)
    result = invoke(*given)
    assert result.exit_code == 0
    assert "2 种转换方式可行" in result.stdout and "建议记为 80" in result.stdout and "最后由人决定" in result.stdout
    found = json.loads(invoke(*given, "--json").stdout)
    assert [one["eligible"] for one in found["candidates"]][:2] == [True, True]
    assert found["candidates"][0]["rule"]["sha256"]
    refused = invoke(*given, "--identity", "self-declared", "--lang", "en")
    assert refused.exit_code == 1 and "Please show your document" in refused.stdout


def test_outcomes_may_come_as_a_table(files: dict[str, str], tmp_path: Path) -> None:
    table = tmp_path / "outcomes.csv"
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        write = csv.writer(file).writerow
        write(["id", "institution", "code", "title", "credits", "level", "grade", "scale", "awarded_on"])
        write(["a", "bjcc", "KJ101", "会计学基础", "4", "6", "良好", "words", "2025-07-01"])
    given = ("rules", "try", files["rules"], files["programme"], "--programme", "bjou-accounting", *ON)
    assert "KJ101" in invoke(*given, "--outcomes", str(table)).stdout
    broken = tmp_path / "broken.csv"
    broken.write_text(table.read_text("utf-8-sig").replace("2025-07-01", "July"), "utf-8")
    result = invoke(*given, "--outcomes", str(broken))
    assert result.exit_code == 1 and "row[2].awarded_on" in result.stdout


@pytest.mark.parametrize(("text", "code"), [("id = 1", "rules.format"), ('format = "other"', "rules.format")])
def test_a_file_of_another_kind_is_wrong_usage(text: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_text(text, "utf-8")
    result = invoke("rules", "lint", str(path), "--json")
    assert result.exit_code == 2 and json.loads(result.stdout)["error"]["code"] == code


def test_an_unknown_programme_is_wrong_usage(files: dict[str, str]) -> None:
    given = ("--programme", "nobody", "--outcomes", files["outcomes"])
    result = invoke("rules", "try", files["rules"], files["programme"], *given)
    assert result.exit_code == 2 and "bjou-accounting" in result.stderr
