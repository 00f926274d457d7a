"""R14: the earliest of the awarder's, the receiver's and the rule's day counts, on the day of application."""

from datetime import date

import pytest

from credit_bank.recognition.outcome import OutcomeState
from tests.credit_bank.recognition.rules.cases import found, held, only, rules, why_not

ABC = "[policy]\nmax_age = 7\n"
PLAIN = 'rule = [{ from = "A: X", to = "M" }]\n'
FIVE = 'rule = [{ from = { institution = "A", course = "X", shelf_life = 5 }, to = "M" }]\n'


def case(text: str, on: date, **outcome):  # type: ignore[no-untyped-def]
    return only(found([held(awarded_on=date(2020, 2, 29), **outcome)], rules(text, valid_from="2020-01-01"), on=on))


@pytest.mark.parametrize(
    ("text", "valid_until", "last", "side"),
    [
        (PLAIN + ABC, None, date(2027, 2, 28), "receiver"),  # India: at most 7 years
        (FIVE + ABC, None, date(2025, 2, 28), "rule"),
        (FIVE + ABC, date(2024, 6, 30), date(2024, 6, 30), "awarder"),
        (PLAIN, date(2030, 1, 1), date(2030, 1, 1), "awarder"),
    ],
)
def test_r14_the_earliest_day_counts_and_its_last_day_is_included(text, valid_until, last, side) -> None:  # type: ignore[no-untyped-def]
    fits = case(text, last, valid_until=valid_until)
    assert fits.eligible
    assert next(one for one in fits.reasons if one.rule == "R14").parameters == {
        "until": last.isoformat(),
        "side": side,
    }
    late = case(text, date.fromordinal(last.toordinal() + 1), valid_until=valid_until)
    assert why_not(late) == ["shelf.expired"]


def test_r14_without_a_bound_nothing_expires() -> None:
    assert case(PLAIN, date(2060, 1, 1)).eligible


def test_r14_expired_is_not_revoked() -> None:
    assert why_not(case(PLAIN, date(2026, 11, 1), state=OutcomeState.EXPIRED)) == ["state.expired"]
    assert why_not(case(PLAIN, date(2026, 11, 1), state=OutcomeState.REVOKED)) == ["state.revoked"]


def test_r14_nothing_counts_before_it_was_awarded() -> None:
    assert why_not(case(PLAIN, date(2020, 2, 1))) == ["shelf.future"]
    assert case(PLAIN, date(2020, 2, 1), state=OutcomeState.PLANNED).eligible


@pytest.mark.parametrize(
    ("state", "rule"),
    [("recorded", "R24"), ("suspended", "R28"), ("impaired", "R27"), ("revoked", "R27"), ("expired", "R14")],
)
def test_only_what_is_recognised_is_converted(state: str, rule: str) -> None:
    candidate = case(PLAIN, date(2026, 11, 1), state=OutcomeState(state))
    assert [(one.rule, one.code) for one in candidate.reasons if one.finding.value == "fail"] == [
        (rule, f"state.{state}")
    ]
