"""Amounts are exact integers in the framework's smallest step (rule R1)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.errors import InvalidInput
from credit_bank.recognition.framework import EVERGREEN


@given(st.integers(0, 20_000))
def test_amounts_and_credits_are_each_others_inverse(amount: int) -> None:
    assert EVERGREEN.amount(EVERGREEN.credits(amount)) == amount


@pytest.mark.parametrize(
    ("text", "amount"), [("2", 40), ("2.5", 50), ("0.05", 1), ("0", 0), ("3.00", 60), ("1e1", 200)]
)
def test_credits_are_read_exactly(text: str, amount: int) -> None:
    assert EVERGREEN.amount(text) == amount
    assert Decimal(EVERGREEN.credits(amount)) == Decimal(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0.03", "framework.credit_step"),
        ("-1", "framework.credit_malformed"),
        ("NaN", "framework.credit_malformed"),
        ("Infinity", "framework.credit_malformed"),
        ("three", "framework.credit_malformed"),
        ("1000.05", "framework.credit_too_large"),
    ],
)
def test_what_is_no_credit_value_is_refused(text: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        EVERGREEN.amount(text)
    assert caught.value.code == code


def test_levels_are_ordered_and_known_by_code() -> None:
    assert [level.rank for level in EVERGREEN.levels] == sorted(level.rank for level in EVERGREEN.levels)
    assert EVERGREEN.level("5").name_zh == "5 级"
    with pytest.raises(InvalidInput):
        EVERGREEN.level("11")
