"""R1: credit becomes hours and hours become credit, within one kind of hours only, exactly and never too much."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.recognition.evaluation.hours import convert, decimal_text, rounded
from tests.credit_bank.recognition.rules.cases import (
    ECTS,
    HKQF,
    KNOWN,
    NCRF,
    OUC,
    SCQF,
    course,
    credits,
    found,
    framework,
    held,
    only,
    programme,
    reasons,
    rules,
    why_not,
)

BY_SOURCE = 'rule = [{ from = { institution = "A", course = "X", level = "any" }, to = "M", credit_source = "source" }]'


@pytest.mark.parametrize(
    ("source", "amount", "target", "expected"),
    [
        (HKQF, "3", SCQF, "3"),  # 10 notional hours a credit on both sides
        (HKQF, "90", NCRF, "30"),  # India: 30 hours a credit
        (NCRF, "40", HKQF, "120"),  # a year of 1,200 hours
        (ECTS, "60", NCRF, "50"),  # 1,500 hours are certain, 1,800 possible
        (HKQF, "150", ECTS, "50"),  # 1,500 hours at the most demanding 30
        (SCQF, "1", NCRF, "0.3"),  # a third, rounded down to the step of 0.05
    ],
)
def test_r01_published_bases_convert_by_hours(source, amount, target, expected) -> None:  # type: ignore[no-untyped-def]
    outcome = held(framework=source.id, credits=amount)
    done = convert(outcome, outcome.credits, KNOWN, target)
    assert done.amount is not None
    assert target.credits(done.amount) == expected
    assert done.reason is not None and done.reason.code == "hours.converted"


def test_r01_contact_and_notional_hours_are_never_mixed() -> None:
    outcome = held(framework=HKQF.id, credits="10")
    done = convert(outcome, outcome.credits, KNOWN, OUC)
    assert done.amount is None
    candidate = only(found([outcome], rules(BY_SOURCE)))
    assert why_not(candidate) == ["hours.kind_differs"]
    assert candidate.given == ()


def test_r01_a_rule_that_names_the_credit_needs_no_hours() -> None:
    fixed = BY_SOURCE.replace(
        'to = "M", credit_source = "source"', 'to = { course = "M", credits = "2" }, credit_source = "fixed"'
    )
    candidate = only(found([held(framework=HKQF.id, credits="10")], rules(fixed)))
    assert candidate.eligible and credits(candidate) == "2"


def test_r01_hours_that_the_outcome_states_go_before_its_frameworks() -> None:
    outcome = held(framework=HKQF.id, credits="10", hours=Fraction(54), hour_kind="contact")
    candidate = only(found([outcome], rules(BY_SOURCE)))
    assert candidate.eligible and credits(candidate) == "3"  # 54 hours at 18
    assert reasons(candidate, "R1") == ["hours.converted"]


def test_r01_the_same_framework_needs_no_conversion_and_gives_no_reason() -> None:
    assert reasons(only(found([held()], rules(BY_SOURCE))), "R1") == []


def test_r01_an_unknown_framework_is_not_guessed() -> None:
    outcome = held()
    strange = only(found([outcome.__class__(**{**_fields(outcome), "framework": "nobody's"})], rules(BY_SOURCE)))
    assert why_not(strange) == ["hours.framework_unknown"]


def test_r01_another_basis_of_the_same_page_is_only_data() -> None:
    fifteen = framework("ouc-15", 15, "contact")
    outcome = held(framework=OUC.id, credits="5")
    done = convert(outcome, outcome.credits, KNOWN, fifteen)
    assert done.amount is not None and fifteen.credits(done.amount) == "6"


def test_r01_rounding_has_the_declared_step_and_direction() -> None:
    third = Fraction(10, 3)
    assert [rounded(third, 1, way) for way in ("down", "half-up", "up")] == [3, 3, 4]
    assert [rounded(Fraction(15), 10, way) for way in ("down", "half-up", "up")] == [10, 20, 20]
    assert decimal_text(Fraction(5, 2)) == "2.5" and decimal_text(Fraction(1, 3)) == "1/3"


@given(st.integers(0, 2000), st.sampled_from([HKQF, SCQF, NCRF, ECTS]), st.sampled_from([HKQF, SCQF, NCRF, ECTS]))
def test_r01_there_and_back_never_gains(amount: int, one, other) -> None:  # type: ignore[no-untyped-def]
    outcome = held(framework=one.id, credits=one.credits(amount))
    there = convert(outcome, amount, KNOWN, other).amount
    assert there is not None
    returned = held(framework=other.id, credits=other.credits(there)) if there <= 20_000 else None
    if returned is not None and amount:
        back = convert(returned, there, KNOWN, one).amount
        assert back is not None and back <= amount


def _fields(value):  # type: ignore[no-untyped-def]
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def test_r01_the_programme_may_count_in_another_step() -> None:
    into = programme(course("M", "4"))
    assert credits(only(found([held(credits="6")], rules(BY_SOURCE), into=into))) == "6"
