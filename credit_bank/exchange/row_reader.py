"""One row after another, field by field: cleaned text, parsed values, and a problem for each cell that is neither."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from credit_bank.exchange.cell import CellError
from credit_bank.exchange.cell_text import clean
from credit_bank.exchange.findings import Findings
from credit_bank.exchange.mapping import ColumnMapping
from credit_bank.exchange.rows import Row
from credit_bank.recognition.framework import HourKind

T = TypeVar("T")
_CACHE_SIZE = 20_000


class RowReader:
    """Reads the fields of the current row; ``defaults`` stand in where a field has no column or a blank cell."""

    def __init__(self, mapping: ColumnMapping, findings: Findings, defaults: Mapping[str, str]) -> None:
        self._mapping, self._findings, self._defaults = mapping, findings, defaults
        self._used = {mapping.headers[i] for i in mapping.columns.values()}
        self._texts: dict[str, tuple[str, str | None]] = {}
        self._values: dict[tuple[str, str], object] = {}
        self._row: Row | None = None
        self._supplied: dict[str, str] = {}
        self._at_fault: set[str] = set()

    @property
    def number(self) -> int:
        """The number of the current row (0 before the first)."""
        return self._row.number if self._row is not None else 0

    def begin(self, row: Row) -> None:
        """Go to a row. Its faults become problems, or a notice where the column is not used at all."""
        self._row, self._supplied = row, {}
        if row.faults or self._at_fault:
            self._at_fault = set()
            for fault in row.faults:
                if fault.column is None or fault.column in self._used:
                    self._findings.add(fault)
                    self._at_fault.add(fault.column or "")
                else:
                    self._findings.notice(row.number, fault.column, "fault_in_unused_column")

    def supply(self, texts: dict[str, str]) -> None:
        """Give fields of this row that were taken out of another cell."""
        self._supplied = texts

    def column(self, field: str) -> str | None:
        """The header that a problem of this field names."""
        if field in self._supplied:
            return self._mapping.header("title")
        return self._mapping.header(field)

    def raw(self, field: str) -> str:
        """The cell as it stands in the file, without defaults."""
        index = self._mapping.columns.get(field)
        return "" if index is None or self._row is None else self._row.cells[index]

    def text(self, field: str, limit: int, *, lines: bool = False) -> str:
        """The cleaned text of a field, or its default; a problem (``text_too_long``) and "" where it is too long."""
        raw = self._supplied.get(field) or self.raw(field)
        if not raw:
            return self._defaults.get(field, "")
        found = self._texts.get(raw)
        if found is None or lines:
            found = clean(raw, lines=lines)
            if len(raw) <= 60 and len(self._texts) < _CACHE_SIZE:
                self._texts[raw] = found
        text, notice = found
        if notice is not None:
            self._findings.notice(self.number, self.column(field), notice)
        if len(text) > limit:
            self.problem(field, "text_too_long", length=len(text), limit=limit)
            return ""
        return text or self._defaults.get(field, "")

    def value(self, field: str, parse: Callable[[str], T], limit: int = 100) -> T | None:
        """The parsed value of a field; None where it is blank, or where it cannot be read, which is then a problem."""
        text = self.text(field, limit)
        if not text:
            return None
        key = field, text
        found = self._values.get(key)
        if found is None:
            try:
                found = parse(text)
            except CellError as error:
                found = error
            if len(self._values) < _CACHE_SIZE:
                self._values[key] = found
        if isinstance(found, CellError):
            self.problem(field, found.code, **found.parameters)
            return None
        return found  # type: ignore[return-value]  # what parse gave for this very text

    def required(self, field: str, limit: int) -> str:
        """The text of a field that must not be blank (``value_missing``)."""
        text = self.text(field, limit)
        if not text and not self.excused(field):
            self.problem(field, "value_missing", field=field)
        return text

    def excused(self, field: str) -> bool:
        """Whether the field's cell already has a problem of its own (a formula, say), so that a blank is no news."""
        column = self.column(field)
        return bool(self._at_fault) and ("" in self._at_fault or column in self._at_fault)

    def problem(self, field: str | None, code: str, /, **parameters: str | int | None) -> None:
        """Note a problem of a field, or of the whole row."""
        self._findings.problem(self.number, self.column(field) if field else None, code, parameters)

    def notice(self, field: str | None, code: str, /, **parameters: str | int | None) -> None:
        """Note something unusual that is taken as it stands."""
        self._findings.notice(self.number, self.column(field) if field else None, code, parameters)


def read_hours(
    reader: RowReader, parse_hours: Callable[[str], int], parse_kind: Callable[[str], HourKind], assumed: HourKind
) -> tuple[int | None, HourKind | None]:
    """Hours (in tenths) and their kind: as a column of its own says, as the header says, or as the framework counts.

    Hours of the two kinds are never added or turned into each other (rule R1): where a row has several, the first of
    total, contact, notional is taken and a notice says so.
    """
    found = [
        (name, hours)
        for name in ("hours", "contact_hours", "notional_hours")
        if (hours := reader.value(name, parse_hours)) is not None
    ]
    if not found:
        return None, None
    if len(found) > 1:
        reader.notice(found[1][0], "hours_not_taken", taken=reader.column(found[0][0]))
    name, hours = found[0]
    if name == "contact_hours":
        return hours, "contact"
    if name == "notional_hours":
        return hours, "notional"
    kind = reader.value("hour_kind", parse_kind)
    if kind is None and not reader.excused("hour_kind"):
        kind = assumed
        reader.notice("hours", "hour_kind_assumed", kind=kind)
    return hours, kind
