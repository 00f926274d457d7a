"""Working days by the State Council's arrangements; beyond them by weekends, and said so."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.errors import InvalidInput
from credit_bank.recognition.casework import working_days

DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 14), True),  # Saturday, worked for the Spring Festival
        (date(2026, 2, 17), False),  # the Spring Festival, a Tuesday
        (date(2026, 9, 20), True),
        (date(2026, 10, 7), False),
        (date(2026, 10, 8), True),
        (date(2025, 10, 8), False),  # National Day and Mid-Autumn together: eight days
        (date(2025, 4, 27), True),
        (date(2026, 11, 28), False),  # a plain Saturday
        (date(2027, 10, 1), True),  # not published: a Friday is taken for a working day
    ],
)
def test_days(day: date, works: bool) -> None:
    assert working_days.is_working_day(day) is works


def test_fifteen_working_days_over_the_national_day() -> None:
    # 2026-09-21 to 24 (4), 28 to 30 (3), October 8 to 10 (3, the 10th worked), 12 to 16 (5)
    assert working_days.after(date(2026, 9, 20), 15) == working_days.Due(date(2026, 10, 16), False)


def test_a_count_into_a_year_without_an_arrangement_says_that_it_is_an_estimate() -> None:
    assert working_days.after(date(2026, 12, 11), 14) == working_days.Due(date(2026, 12, 31), False)
    assert working_days.after(date(2026, 12, 11), 15) == working_days.Due(date(2027, 1, 1), True)


def test_every_arrangement_names_its_source_and_works_on_weekends_only() -> None:
    for year, known in working_days.arrangements().items():
        assert str(year) in known.source and "国务院办公厅" in known.source
        assert all(day.weekday() >= 5 and day.year == year for day in known.worked)
        assert not known.off & known.worked and all(day.year == year for day in known.off)


@given(DAYS, st.integers(1, 60))
def test_a_due_day_is_a_working_day_and_counts_back(start: date, days: int) -> None:
    due = working_days.after(start, days)
    assert working_days.is_working_day(due.on)
    assert working_days.between(start, due.on) == days
    assert working_days.between(due.on, start) == -days


@given(DAYS, st.integers(1, 60))
def test_starting_later_is_never_due_earlier(start: date, days: int) -> None:
    assert working_days.after(start, days).on <= working_days.after(start + timedelta(1), days).on


@pytest.mark.parametrize("days", [0, -1, 501])
def test_a_senseless_deadline_is_refused(days: int) -> None:
    with pytest.raises(InvalidInput, match="days_malformed"):
        working_days.after(date(2026, 9, 1), days)
