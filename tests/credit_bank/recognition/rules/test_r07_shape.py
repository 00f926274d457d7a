"""R7: together, one of several, series of one institution; the order never matters. Shapes as ASSIST publishes them."""

import random

import pytest

from tests.credit_bank.recognition.rules.cases import (
    course,
    credits,
    found,
    held,
    only,
    programme,
    reasons,
    rules,
    why_not,
)

INTO = programme(course("MATH 54", "4"), course("MATH 1A", "4"), course("MATH 1B", "4"))
SERIES = 'rule = [{ id = "r", from = ["A: MATH 28", "A: MATH 26"], to = "MATH 54" }]'
CHOICE = 'rule = [{ id = "r", from = [{ any = ["A: MATH 1", ["A: MATH 2", "A: MATH 3"]] }], to = "MATH 54" }]'


def courses(*codes: str, institution: str = "A"):  # type: ignore[no-untyped-def]
    return [held(f"o{code.replace(' ', '')}{institution}", code=code, institution=institution) for code in codes]


def test_r07_one_to_one() -> None:
    assert only(found(courses("X"), rules('rule = [{ from = "A: X", to = "M" }]'))).eligible


def test_r07_two_to_one_takes_both() -> None:
    candidate = only(found(courses("MATH 26", "MATH 28"), rules(SERIES), into=INTO))
    assert candidate.eligible and credits(candidate) == "4"
    assert dict(candidate.spends) == {"oMATH26A": 60, "oMATH28A": 60}


def test_r07_a_part_of_a_series_says_what_is_missing() -> None:
    candidate = only(found(courses("MATH 26"), rules(SERIES), into=INTO))
    assert why_not(candidate) == ["shape.incomplete"]
    missing = next(one for one in candidate.reasons if one.code == "shape.incomplete")
    assert missing.parameters == {"institution": "A", "course": "MATH 28"}


@pytest.mark.parametrize(
    ("codes", "spent"), [(["MATH 1"], 1), (["MATH 2", "MATH 3"], 2), (["MATH 2"], 0), (["MATH 3", "MATH 9"], 0)]
)
def test_r07_one_of_several_groups_is_enough(codes: list[str], spent: int) -> None:
    candidate = only(found(courses(*codes), rules(CHOICE), into=INTO))
    assert (len(candidate.spends) if candidate.eligible else 0) == spent


def test_r07_both_ways_of_a_choice_are_told() -> None:
    all = found(courses("MATH 1", "MATH 2", "MATH 3"), rules(CHOICE), into=INTO)
    assert {frozenset(one.spends) for one in all if one.eligible} == {
        frozenset({"oMATH1A"}),
        frozenset({"oMATH2A", "oMATH3A"}),
    }


def test_r07_and_of_choices() -> None:
    both = rules('rule = [{ id = "r", from = ["A: 1", { any = ["A: 2", "A: 3"] }], to = "M" }]')
    assert only(found(courses("1", "3"), both)).eligible
    assert why_not(only(found(courses("2", "3"), both))) == ["shape.incomplete"]


def test_r07_two_to_two_and_three_to_three() -> None:
    two = rules('rule = [{ id = "r", from = ["A: 1", "A: 2"], to = ["MATH 1A", "MATH 1B"] }]')
    candidate = only(found(courses("1", "2"), two, into=INTO))
    assert [one.course for one in candidate.given] == ["MATH 1A", "MATH 1B"]
    three = rules('rule = [{ id = "r", from = ["A: 1", "A: 2", "A: 3"], to = ["MATH 1A", "MATH 1B", "MATH 54"] }]')
    assert credits(only(found(courses("1", "2", "3"), three, into=INTO))) == "12"


def test_r07_one_to_two() -> None:
    assert (
        credits(only(found(courses("1"), rules('rule = [{ from = "A: 1", to = ["MATH 1A", "MATH 1B"] }]'), into=INTO)))
        == "8"
    )


def test_r07_a_series_must_come_from_one_institution_where_the_rule_says_so() -> None:
    text = 'rule = [{ id = "r", from = ["*: 1", "*: 2"], to = "M", one_institution = true }]'
    mixed = [*courses("1"), *courses("2", institution="B")]
    assert why_not(only(found(mixed, rules(text)))) == ["shape.institutions_differ"]
    assert only(found(mixed, rules(text.replace(", one_institution = true", "")))).eligible
    whole = found([*courses("1", "2"), *courses("2", institution="B")], rules(text))
    assert [sorted(one.spends) for one in whole if one.eligible] == [["o1A", "o2A"]]


def test_r07_no_outcome_stands_for_two_items() -> None:
    candidate = found(courses("1"), rules('rule = [{ id = "r", from = ["*: 1", "*: 1"], to = "M" }]'))
    assert not any(one.eligible for one in candidate)


def test_r07_the_order_of_outcomes_does_not_matter() -> None:
    outcomes = [*courses("MATH 26", "MATH 28", "MATH 1", "MATH 2", "MATH 3"), *courses("MATH 26", institution="B")]
    sets = [rules(SERIES), rules(CHOICE, id='"other"')]
    expected = found(outcomes, *sets, into=INTO)
    for seed in range(5):
        random.Random(seed).shuffle(outcomes)
        assert found(outcomes, *sets, into=INTO) == expected


def test_r07_all_findings_are_there_when_it_fits() -> None:
    assert reasons(only(found(courses("MATH 26", "MATH 28"), rules(SERIES), into=INTO)), "R7") == ["shape.complete"]
