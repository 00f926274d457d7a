"""Civil dates as people write them in tables; a date that could be read in two ways is never guessed."""

import re
import unicodedata
from datetime import date, datetime

from credit_bank.exchange.cell import CellError
from credit_bank.exchange.rows import CellValue

_MIDNIGHT = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_YEAR_FIRST = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?" + _MIDNIGHT)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})" + _MIDNIGHT)
_MONTH_ONLY = re.compile(r"\d{4}(?:\s*[-/.年]\s*\d{1,2}\s*月?|\s*年)?")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_SHORT_YEAR = re.compile(r"\d{1,2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?")
_EARLIEST = 1900


def parse_date(text: str, value: CellValue = None) -> date:
    """The date of a cell: ``text`` as written, ``value`` what the format says it is (a spreadsheet's own date wins).

    Raises CellError: ``date_malformed``, ``date_impossible`` (30 February), ``date_ambiguous`` (03/04/2025; both
    readings named), ``date_incomplete`` (no day), ``date_two_digit_year``, ``date_serial`` (a spreadsheet's bare day
    number), ``date_too_early`` (before 1900).
    """
    if isinstance(value, datetime):
        return _not_too_early(value.date())
    if isinstance(value, date):
        return _not_too_early(value)
    written = unicodedata.normalize("NFKC", text).strip()
    if match := _YEAR_FIRST.fullmatch(written):
        return _date(written, int(match[1]), int(match[3]), int(match[4]))
    if match := _COMPACT.fullmatch(written):
        return _date(written, int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_LAST.fullmatch(written):
        return _year_last(written, int(match[1]), int(match[2]), int(match[3]))
    for pattern, code in (
        (_SERIAL, "date_serial"),
        (_MONTH_ONLY, "date_incomplete"),
        (_SHORT_YEAR, "date_two_digit_year"),
    ):
        if pattern.fullmatch(written):
            raise CellError(code, text=written[:40])
    raise CellError("date_malformed", text=written[:40])


def _year_last(written: str, first: int, second: int, year: int) -> date:
    if first != second and first <= 12 and second <= 12:
        raise CellError(
            "date_ambiguous", text=written[:40], one=_date(written, year, second, first).isoformat(),
            other=_date(written, year, first, second).isoformat(),
        )  # fmt: skip
    day, month = (first, second) if first > 12 else (second, first)
    return _date(written, year, month, day)


def _date(written: str, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise CellError("date_impossible", text=written[:40]) from None
    return _not_too_early(found)


def _not_too_early(found: date) -> date:
    if found.year < _EARLIEST:
        raise CellError("date_too_early", text=found.isoformat(), year=_EARLIEST)
    return found
