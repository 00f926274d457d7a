"""Single cells: dates, credits, hours, levels, categories, cleaned text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.exchange import cell
from credit_bank.exchange.cell import CellError
from credit_bank.exchange.cell_date import parse_date
from credit_bank.exchange.cell_text import clean
from credit_bank.recognition.framework import EVERGREEN, Category


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-01",
        "2025/3/1",
        "2025.3.1",
        "2025年3月1日",
        "２０２５年３月１日",
        "20250301",
        "2025-03-01 00:00:00",
        "2025-03-01T09:30",
        " 2025-3-1 ",
        "2025 年 3 月 1 日",
    ],
)
def test_dates_as_people_write_them(text: str) -> None:
    assert parse_date(text) == date(2025, 3, 1)


@pytest.mark.parametrize(("text", "day"), [("25/03/2025", 25), ("03/25/2025", 25), ("03.03.2025", 3)])
def test_a_year_at_the_end_is_taken_where_only_one_reading_is_possible(text: str, day: int) -> None:
    assert parse_date(text) == date(2025, 3, day)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2025-02-30", "date_impossible"),
        ("20251301", "date_impossible"),
        ("31/31/2025", "date_impossible"),
        ("03/04/2025", "date_ambiguous"),
        ("45717", "date_serial"),
        ("2025-03", "date_incomplete"),
        ("2025年", "date_incomplete"),
        ("2025", "date_incomplete"),
        ("25.3.1", "date_two_digit_year"),
        ("去年春天", "date_malformed"),
        ("1899-12-31", "date_too_early"),
        ("2025-03-01x", "date_malformed"),
    ],
)
def test_dates_that_are_refused(text: str, code: str) -> None:
    with pytest.raises(CellError) as caught:
        parse_date(text)
    assert caught.value.code == code


def test_an_ambiguous_date_names_both_readings() -> None:
    with pytest.raises(CellError) as caught:
        parse_date("03/04/2025")
    assert caught.value.parameters == {"text": "03/04/2025", "one": "2025-04-03", "other": "2025-03-04"}


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_date_written_year_first_reads_back(day: date) -> None:
    forms = (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
    )
    assert {parse_date(form) for form in forms} == {day}


@given(st.text(max_size=20))
def test_any_text_is_a_date_or_a_cell_error(text: str) -> None:
    try:
        parse_date(text)
    except CellError as error:
        assert error.code.startswith("date_")


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("2", (40, 40)),
        ("2.5", (50, 50)),
        ("0.05学分", (1, 1)),
        ("3 Credits", (60, 60)),
        ("1-6", (20, 120)),
        ("０．５", (10, 10)),
        ("0.5–1", (10, 20)),
        ("1至3学分", (20, 60)),
        ("1 to 3 credits", (20, 60)),
        ("0", (0, 0)),
        ("2.50", (50, 50)),
    ],
)
def test_credits(text: str, amounts: tuple[int, int]) -> None:
    assert cell.parse_credits(text, EVERGREEN) == amounts


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("two", "credits_malformed"),
        ("-1", "credits_malformed"),
        ("1e2", "credits_malformed"),
        ("1_0", "credits_malformed"),
        ("2,5", "credits_malformed"),
        ("2.03", "credits_step"),
        ("1001", "credits_too_large"),
        ("6-1", "credits_range_reversed"),
        ("NaN", "credits_malformed"),
    ],
)
def test_credits_that_are_refused(text: str, code: str) -> None:
    with pytest.raises(CellError) as caught:
        cell.parse_credits(text, EVERGREEN)
    assert caught.value.code == code


def test_hours_levels_categories_languages() -> None:
    assert [cell.parse_hours(t) for t in ("36", "1.5学时", "40 hours", "36.0")] == [360, 15, 400, 360]
    assert [cell.parse_level(t, EVERGREEN) for t in ("5", "5级", "五级", "Level 5", "5.0", "十", "第5级")] == [
        "5"
    ] * 5 + ["10", "5"]
    words = {
        "学历教育": "academic",
        "学历": "academic",
        "职业技能等级证书": "vocational",
        "1+X证书": "vocational",
        "社区": "other",
        "老年": "other",
        "其他（非学历）": "other",
        "Vocational": "vocational",
    }
    assert {w: cell.parse_category(w) for w in words} == {w: Category(c) for w, c in words.items()}
    assert [cell.parse_language(t) for t in ("中文", "English", "fr", "zh-Hans-CN")] == [
        "zh-CN",
        "en",
        "fr",
        "zh-Hans-CN",
    ]
    assert [cell.parse_hour_kind(t) for t in ("面授学时", "Notional")] == ["contact", "notional"]


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (cell.parse_hours, "1.25", "hours_malformed"),
        (cell.parse_hours, "200000", "hours_too_large"),
        (lambda t: cell.parse_level(t, EVERGREEN), "高级技师", "level_unknown"),
        (lambda t: cell.parse_level(t, EVERGREEN), "11", "level_unknown"),
        (cell.parse_category, "其它的", "category_unknown"),
        (cell.parse_hour_kind, "x", "hour_kind_unknown"),
        (cell.parse_language, "klingon!", "language_unknown"),
        (cell.parse_document_type, "驾照", "document_type_unknown"),
    ],
)
def test_words_that_are_refused(parse: object, text: str, code: str) -> None:
    with pytest.raises(CellError) as caught:
        parse(text)  # type: ignore[operator]
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "cleaned", "notice"),
    [
        ("ABC\u00a0191.  Brass", "ABC 191. Brass", None),
        ("\ufeffThe\u200b end", "The end", "text_invisible"),
        ("a &nbsp;& b", "a & b", "text_entities"),
        ("R&D &notes", "R&D &notes", None),
        ("a\r\nb\tc", "a b c", None),
        ("价格\u202e倒着", "价格倒着", "text_invisible"),
        ("plain", "plain", None),
    ],
)
def test_cleaned_text(text: str, cleaned: str, notice: str | None) -> None:
    assert clean(text) == (cleaned, notice)


def test_line_breaks_stay_in_descriptions() -> None:
    assert clean(" a \r\n b\vc  d ", lines=True) == ("a\nb\nc d", None)
