"""R17: a total order of rules; where it leaves two with different results, nothing is decided and both are named."""

from itertools import pairwise

import pytest

from credit_bank.recognition.evaluation.candidate import Candidate
from tests.credit_bank.recognition.rules.cases import course, found, held, programme, rules, why_not

INTO = programme(course("M"), course("N"))
BASES = ["person", "programme", "agreement", "alliance", "unit", "elective"]


def one_rule(id: str, to: str = '"M"', more: str = "", basis: str = "programme"):  # type: ignore[no-untyped-def]
    parties = '["A", "R"]' if basis in ("agreement", "alliance") else "[]"
    return rules(
        f'rule = [{{ id = "{id}", from = "A: X", to = {to}{more} }}]', id=f'"{id}"', basis=f'"{basis}"', parties=parties
    )


def eligible(all: tuple[Candidate, ...]) -> list[str]:
    return [one.rule.rule for one in all if one.eligible]


@pytest.mark.parametrize(("higher", "lower"), list(pairwise(BASES)))
def test_r17_bases_go_before_one_another(higher: str, lower: str) -> None:
    limited = ', credit_limit = "1"'
    all = found([held()], one_rule("high", basis=higher), one_rule("low", more=limited, basis=lower), into=INTO)
    assert eligible(all) == ["high"]
    assert [why_not(one) for one in all if not one.eligible] == [["precedence.overruled"]]


def test_r17_then_the_lower_priority_number() -> None:
    all = found([held()], one_rule("a"), one_rule("b", more=', priority = 10, credit_limit = "1"'), into=INTO)
    assert eligible(all) == ["b"]


def test_r17_a_denial_that_goes_before_stops_the_others() -> None:
    denied = one_rule("no", "[]", ', result = "denied", reason = "教务处决定"', basis="person")
    all = found([held()], denied, one_rule("yes"), one_rule("also", '"N"', basis="alliance"), into=INTO)
    assert eligible(all) == []
    assert {one.rule.rule: why_not(one) for one in all} == {
        "no": ["result.denied"],
        "yes": ["precedence.denied"],
        "also": ["precedence.denied"],
    }


def test_r17_a_denial_for_one_course_leaves_the_others() -> None:
    denied = one_rule("no", '"M"', ', result = "denied"', basis="person")
    all = found([held()], denied, one_rule("yes"), one_rule("also", '"N"', basis="alliance"), into=INTO)
    assert eligible(all) == ["also"]


def test_r17_a_personal_decision_goes_before_a_denial() -> None:
    all = found([held()], one_rule("mine", basis="person"), one_rule("no", "[]", ', result = "denied"'), into=INTO)
    assert eligible(all) == ["mine"]


def test_r17_an_open_question_leaves_it_to_a_person() -> None:
    all = found([held()], one_rule("open", "[]", ', result = "pending"'), one_rule("a", basis="unit"), into=INTO)
    assert eligible(all) == []
    assert {code for one in all for code in why_not(one)} == {"result.pending", "precedence.pending"}


# The four classes of ambiguity that CUNY found in its published rules: same priority, overlapping grades.


def test_r17_cuny_duplicate_rules_say_the_same_and_one_is_used() -> None:
    all = found([held()], one_rule("a"), one_rule("b"), into=INTO)
    assert eligible(all) == ["a"]
    assert [why_not(one) for one in all if not one.eligible] == [["precedence.same"]]


def test_r17_cuny_equivalent_blankets_say_the_same() -> None:
    blanket = '{ component = "free" }'
    all = found([held()], one_rule("a", blanket), one_rule("b", blanket), into=INTO)
    assert eligible(all) == ["a"]


def test_r17_cuny_real_goes_before_blanket() -> None:
    all = found([held()], one_rule("a", '{ component = "free" }'), one_rule("z"), into=INTO)
    assert [one.rule.rule for one in all] == ["z", "a"]
    assert eligible(all) == ["z", "a"]  # another target: the learner may choose, the order says what goes first


def test_r17_cuny_several_real_rules_are_not_decided_and_both_are_named() -> None:
    all = found([held()], one_rule("a"), one_rule("b", '"N"'), into=INTO)
    assert eligible(all) == []
    named = {one.rule.rule: one.reasons[-1].parameters["by"] for one in all}
    assert named == {"a": "b", "b": "a"}
    assert {code for one in all for code in why_not(one)} == {"precedence.tie"}


def test_r17_the_same_course_with_other_credit_is_not_decided() -> None:
    all = found([held()], one_rule("a"), one_rule("b", more=', credit_limit = "1"'), into=INTO)
    assert eligible(all) == [] and all[0].reasons[-1].code == "precedence.tie"


def test_r17_the_larger_set_of_sources_goes_first() -> None:
    text = 'rule = [{ id = "one", from = "A: X", to = "M" }, { id = "two", from = ["A: X", "A: Y"], to = "N" }]'
    all = found([held(), held("o2", code="Y", title="线性代数")], rules(text), into=INTO)
    assert [one.rule.rule for one in all if one.eligible] == ["two", "one"]


def test_r17_grade_ranges_that_do_not_meet_do_not_compete() -> None:
    text = """
rule = [
  { id = "low", from = { course = "X", min_grade = "D", max_grade = "D" }, to = { component = "free" } },
  { id = "high", from = { course = "X", min_grade = "C" }, to = "M" },
]
defaults = { from = { institution = "A", scale = "s" } }
[[scale]]
id = "s"
grades = ["F", "D", "C", "B", "A"]
passing = "D"
"""
    for grade, expected in (("D", ["low"]), ("C", ["high"]), ("A", ["high"]), ("F", [])):
        assert eligible(found([held(grade=grade, scale="s")], rules(text), into=INTO)) == expected
