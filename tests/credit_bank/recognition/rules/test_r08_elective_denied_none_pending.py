"""R8: elective credit, a denial, nothing, and an open question are four different answers, each with its reason."""

import pytest

from credit_bank.recognition.programme import Component
from credit_bank.recognition.rules.rule import Result
from tests.credit_bank.recognition.rules.cases import credits, found, held, only, programme, rules, why_not


def test_r08_elective_credit_stands_for_no_course() -> None:
    text = 'rule = [{ id = "r", from = "A: X", to = { component = "free" }, result = "elective" }]'
    candidate = only(found([held()], rules(text)))
    assert candidate.eligible and credits(candidate) == "3"
    assert [(one.course, one.component, one.grade) for one in candidate.given] == [("", "free", "")]


def test_r08_elective_credit_needs_a_place() -> None:
    text = 'rule = [{ id = "r", from = "A: X", to = { component = "core" }, result = "elective" }]'
    assert why_not(only(found([held()], rules(text)))) == ["target.not_elective"]
    nowhere = programme(components=(Component("core", "必修课", ""),))
    free = text.replace('"core"', '"free"')
    assert why_not(only(found([held()], rules(free), into=nowhere))) == ["target.no_component"]


@pytest.mark.parametrize("result", ["denied", "none", "pending"])
@pytest.mark.parametrize(
    "reason",
    ["No Course Articulated", "Course(s) Denied", "This course must be taken at the university after transfer"],
)
def test_r08_the_reason_is_data(result: str, reason: str) -> None:
    candidate = only(found([held()], rules(f'rule = [{{ from = "A: X", result = "{result}", reason = "{reason}" }}]')))
    assert (candidate.eligible, candidate.given, candidate.result) == (False, (), Result(result))
    assert why_not(candidate) == [f"result.{result}"]
    assert candidate.reasons[-1].parameters["reason"] == reason


def test_r08_a_denial_speaks_only_of_what_it_asks_for() -> None:
    text = (
        'rule = [{ from = { institution = "A", course = "X", max_grade = "D", scale = "s" }, result = "denied" }]\n'
        '[[scale]]\nid = "s"\ngrades = ["D", "C", "B"]\npassing = "D"\n'
    )
    assert len(found([held(grade="D", scale="s")], rules(text))) == 1
    assert found([held(grade="C", scale="s")], rules(text)) == ()


def test_r08_nothing_is_no_denial() -> None:
    none = rules('rule = [{ id = "no", from = "A: X", result = "none" }]', basis='"person"')
    other = rules('rule = [{ id = "yes", from = "A: X", to = "M" }]', id='"other"')
    assert [one.rule.rule for one in found([held()], none, other) if one.eligible] == ["yes"]
