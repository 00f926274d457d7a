"""Every reason, lint finding and file problem of the rules can be said, with the parameters that it carries."""

import ast
import re
from pathlib import Path

import pytest

import credit_bank.recognition as recognition
from credit_bank.recognition.outcome import OutcomeState
from credit_bank.recognition.rules.rule import CreditSource, Result
from credit_bank.sentences import catalogue, has_sentence

ROOT = Path(recognition.__file__).parent
MAKERS = {"passed": 1, "failed": 1, "unchecked": 1, "beside": 1, "told": 1, "Lint": 0, "problem": 1, "add": 1}
PLACEHOLDER = re.compile(r"\{(\w+)\}")
FORMED = {
    "state.{outcome.state.value}": [
        f"state.{one}" for one in OutcomeState if one.value not in ("recognised", "planned")
    ],
    "credits.by_{rule.credit_source.value}": [f"credits.by_{one}" for one in CreditSource],
    "result.{rule.result.value}": [f"result.{one}" for one in (Result.DENIED, Result.NONE, Result.PENDING)],
    "precedence.{other.result.value}": ["precedence.denied", "precedence.pending"],
    "{what}.fits": ["category.fits", "source.fits"],
    "{what}.differs": ["category.differs", "source.differs"],
}


def calls(folder: str, prefix: str):  # type: ignore[no-untyped-def]
    """Each call that makes a finding: its codes and the names of its parameters, None where they are spread."""
    for path in sorted((ROOT / folder).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            place = MAKERS.get(name)
            if place is None or len(node.args) <= place:
                continue
            argument = node.args[place]
            names = {keyword.arg for keyword in node.keywords}
            if isinstance(argument, ast.JoinedStr):
                for code in FORMED[ast.unparse(argument)[2:-1]]:
                    yield f"{prefix}.{code}", names
            for one in ast.walk(argument) if isinstance(argument, ast.IfExp) else [argument]:
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and "." in one.value:
                    yield f"{prefix}.{one.value}", names


@pytest.mark.parametrize(("folder", "prefix", "least"), [("evaluation", "finding", 60), ("rules", "lint", 25)])
def test_every_finding_can_be_said(folder: str, prefix: str, least: int) -> None:
    told = {code for code, _names in calls(folder, prefix)}
    assert len(told) > least
    assert sorted(code for code in told if not has_sentence(code)) == []


def test_sentences_of_findings_name_only_what_the_finding_carries() -> None:
    wrong = []
    for code, names in calls("evaluation", "finding"):
        if None not in names and has_sentence(code):
            missing = set(PLACEHOLDER.findall(catalogue()[code]["zh"])) - names
            if missing:
                wrong.append((code, missing))
    assert wrong == []


def test_every_problem_of_a_file_can_be_said() -> None:
    codes = set()
    for path in (ROOT / "rules").glob("*.py"):
        codes |= set(
            re.findall(r'(?:problem|problems\.add)\(\s*(?:[^()"]*|"[^"]*"|f"[^"]*"), "([a-z_]+)"', path.read_text())
        )
    assert len(codes) > 15
    assert sorted(code for code in codes if not has_sentence(f"rulefile.{code}")) == []
