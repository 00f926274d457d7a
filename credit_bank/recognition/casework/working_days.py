"""Working days in China: the State Council's yearly arrangements, as dated data with their sources.

For a year whose arrangement is not among the data, weekends alone are taken out, and ``Due.estimated`` says so.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from credit_bank.errors import InvalidInput

DEADLINE = 15
"""Working days that a body has for a step, unless its rules say less (重庆 decides within 15)."""
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Due:
    """A day by which something is due; ``estimated`` where a year of the count has no published arrangement yet."""

    on: date
    estimated: bool


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One year's arrangement: who published it, the days off, and the weekend days that are worked."""

    year: int
    source: str
    off: frozenset[date]
    worked: frozenset[date]


@cache
def arrangements() -> dict[int, Arrangement]:
    """The arrangements that are known, by year."""
    data = tomllib.loads(resources.files(__package__).joinpath("working_days.toml").read_text("utf-8"))
    found = {}
    for year in data["year"]:
        off = {day for first, last in year["off"] for day in _days(first, last)}
        found[year["year"]] = Arrangement(year["year"], year["source"], frozenset(off), frozenset(year["worked"]))
    return found


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]


def is_working_day(day: date) -> bool:
    """Whether people work that day; by weekends alone in a year that is not known."""
    known = arrangements().get(day.year)
    if known is not None and day in known.worked:
        return True
    return day.weekday() < 5 and (known is None or day not in known.off)


def after(start: date, days: int) -> Due:
    """The ``days``-th working day after ``start``, which itself does not count (民法典 Art. 201).

    Raises InvalidInput ``case.days_malformed`` for less than one or more than 500.
    """
    if not 1 <= days <= LONGEST:
        raise InvalidInput("case.days_malformed", days=days)
    day, left, estimated = start, days, False
    while left:
        day += timedelta(1)
        estimated = estimated or day.year not in arrangements()
        left -= is_working_day(day)
    return Due(day, estimated)


def between(start: date, end: date) -> int:
    """How many working days lie after ``start`` up to and with ``end``; negative when ``end`` comes before."""
    if end < start:
        return -between(end, start)
    return sum(is_working_day(start + timedelta(n + 1)) for n in range((end - start).days))
