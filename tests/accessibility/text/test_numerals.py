"""Numbers read back from how they are said."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.text.numerals import value_of
from accessibility.text.spoken import cardinal, number


@given(st.integers(0, 10**16 - 1))
def test_a_number_that_is_said_is_read_back(value: int) -> None:
    assert value_of(cardinal(value)) == value


@given(st.decimals(0, 99_999, places=2))
def test_a_decimal_number_that_is_said_is_read_back(value: Decimal) -> None:
    assert value_of(number(f"{value:.2f}")) == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("一百五", 150), ("一千二", 1200), ("三万五", 35_000), ("一万二千三", 12_300), ("两千零二十", 2020),
        ("二〇二六", 2026), ("幺二零", 120), ("负三", -3), ("半", Decimal("0.5")), ("十二点五", Decimal("12.5")),
        ("twenty-one", 21), ("one hundred and five", 105), ("two thousand and three", 2003), ("third", 3),
        ("one two zero", 120), ("３０５", 305), ("1,200", 1200),
    ],
)  # fmt: skip
def test_as_people_say_it(said: str, value: Decimal) -> None:
    assert value_of(said) == value


@pytest.mark.parametrize(
    "said", ["", "百", "亿", "百五", "五个", "三三百", "twenty eleven", "hundred", "a lot", "9" * 40, "点五", "零百"]
)
def test_what_is_no_number(said: str) -> None:
    assert value_of(said) is None


@given(st.text("零一二三四五六七八九十百千万亿两点负半0123456789", max_size=12))
def test_whatever_is_said_never_fails(said: str) -> None:
    value_of(said)
