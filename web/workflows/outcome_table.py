"""A small table of outcomes, filled in by anybody, as outcomes that rules can be tried on; nothing is kept of it.

The columns are those of ``outcomes_of_rows`` by their names on the page, in either language. Cells are read as people
write them: a category and a kind of hours in words, a day in any usual way, an institution by its name.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from credit_bank.errors import InvalidInput
from credit_bank.exchange.cell import (
    CellError,
    parse_category,
    parse_credits,
    parse_hour_kind,
    parse_hours,
    parse_level,
)
from credit_bank.exchange.cell_date import parse_date
from credit_bank.exchange.rows import CellValue, Limits, Row
from credit_bank.exchange.table import read_table
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.rules.outcome_file import outcomes_of_rows
from credit_bank.recognition.rules.reading import FileRefused
from credit_bank.sentences import sentence
from web.messages import catalogue, locale, t

COLUMNS = (
    *("institution", "code", "title", "category", "credits", "awarded_on"),
    *("level", "grade", "hours", "hour_kind", "valid_until"),
)
LIMITS = Limits(file=1_000_000, rows=100, columns=30, cell=300, unpacked=5_000_000)
_PLACE = re.compile(r"row\[(\d+)\]\.(\w+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a row (0: the whole table) and a column (empty: the whole row), in words."""

    row: int
    column: str
    words: str


class TableRefused(Exception):
    """A table has faults; ``faults`` lists them by row."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(len(faults))
        self.faults = tuple(sorted(faults, key=lambda one: one.row))


def heading(column: str) -> str:
    """The name of a column, in the reader's language."""
    return t(f"plans.column.{column}")


def template() -> bytes:
    """A table to fill in, with one row as an example; UTF-8 with a mark, so that spreadsheet programs open it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([heading(column) for column in COLUMNS])
    writer.writerow([t(f"plans.example.{column}") for column in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def read_outcome_table(content: bytes, name: str, institutions: Mapping[str, str]) -> tuple[HeldOutcome, ...]:
    """The outcomes of a table; ``institutions`` are handles by name.

    Raises InvalidInput ``table.*`` for what is no table or too large, and TableRefused with every fault.
    """
    table = read_table(content, name, limits=LIMITS)
    known = _known()
    keys = [known.get(written.strip().casefold(), "") for written in table.columns]
    reader = _Reader(institutions)
    for written, key in zip(table.columns, keys, strict=True):
        if not key and written.strip():
            names = t("plans.list").join(heading(column) for column in COLUMNS)
            reader.faults.append(Fault(table.header_row, written, t("plans.fault.column", known=names)))
    rows = [(row.number, reader.cells(row, keys)) for row in table.rows()]
    if not rows:
        raise InvalidInput("table.empty")
    try:
        found = outcomes_of_rows(rows)
    except FileRefused as refused:
        reader.refused(refused)
        found = ()
    if reader.faults:
        raise TableRefused(reader.faults)
    return found


def _known() -> dict[str, str]:
    """The columns by every name that they have, in lower case."""
    names = {column: column for column in COLUMNS}
    for column in COLUMNS:
        texts = catalogue()[f"plans.column.{column}"]
        names |= {texts[language].casefold(): column for language in ("zh", "en")}
    return names


@dataclass
class _Reader:
    """Rows put into the words of ``outcomes_of_rows``, with the faults found so far."""

    institutions: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def cells(self, row: Row, keys: Sequence[str]) -> dict[str, str]:
        """A row's cells by the name of the field."""
        for fault in row.faults:
            self.faults.append(Fault(row.number, fault.column or "", _say(fault.code, fault.parameters)))
        found = {"id": str(row.number)}
        for key, text, value in zip(keys, row.cells, row.values, strict=False):
            if key and text.strip():
                try:
                    found[key] = self._read(key, text.strip(), value)
                except CellError as error:
                    self.faults.append(Fault(row.number, heading(key), _say(error.code, error.parameters)))
        if "hours" in found:
            found.setdefault("hour_kind", "contact")
        return found

    def _read(self, key: str, text: str, value: CellValue) -> str:
        match key:
            case "awarded_on" | "valid_until":
                return parse_date(text, value).isoformat()
            case "category":
                return parse_category(text).value
            case "hour_kind":
                return parse_hour_kind(text)
            case "hours":
                tenths = parse_hours(text)
                return f"{tenths // 10}.{tenths % 10}"
            case "credits":
                least, most = parse_credits(text, EVERGREEN)
                if least != most:
                    raise CellError("credits_malformed", text=text)
                return EVERGREEN.credits(least)
            case "level":
                return parse_level(text, EVERGREEN)
            case "institution":
                return self.institutions.get(text, text)
        return text

    def refused(self, refused: FileRefused) -> None:
        """The problems of the outcomes themselves, beside what their cells were refused for."""
        told = {(fault.row, fault.column) for fault in self.faults}
        for problem in refused.problems:
            place = _PLACE.fullmatch(problem.place)
            row, key = (int(place[1]), place[2]) if place else (0, "")
            column = heading(key) if key in COLUMNS else key
            if (row, column) not in told:
                words = sentence(f"rulefile.{problem.code}", locale(), **problem.parameters)
                self.faults.append(Fault(row, column, words))


def _say(code: str, parameters: Mapping[str, str | int | None]) -> str:
    return sentence(f"row.{code}", locale(), **parameters)
