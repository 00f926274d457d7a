"""XLSX (ECMA-376) as a table: one worksheet of plain values. Formulas, merged cells, macros and links are refused."""

import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any
from zipfile import ZipFile

import openpyxl
from openpyxl.utils import get_column_letter

from credit_bank.errors import InvalidInput
from credit_bank.exchange.rows import (
    CellValue,
    Limits,
    Progress,
    Row,
    Source,
    Table,
    check_columns,
    faults_of,
    fitted,
    trimmed_header,
    value_text,
)
from credit_bank.exchange.xlsx_package import Sheet, Survey, open_package, survey, workbook_sheets
from credit_bank.report import RowProblem

PROBLEM_SHEET = "问题 Problems"
NOTE_SHEET = "说明 Notes"
_OWN_SHEETS = (PROBLEM_SHEET, NOTE_SHEET)
_BATCH = 500
_LOST_DIGITS = 10**15


def xlsx_table(source: Source, limits: Limits, progress: Progress | None, sheet: str | None = None) -> Table:
    """Read one worksheet of an XLSX file: the one named, or the only one that holds something.

    Our own sheets of problems and notes do not count, so that a corrected problem report can be handed in as it is.
    Raises InvalidInput ``table.xlsx_*``: see ``open_package`` and ``survey``; ``…_sheet_unknown``,
    ``…_sheets_several``, ``…_merged`` (the range), ``…_malformed``; ``table.empty`` and those of the header.
    Formulas and error values are faults of their row.
    """
    with open_package(source.open(), limits) as package:
        chosen, found = _choose(package, sheet)
    if found.merged is not None:
        raise InvalidInput("table.xlsx_merged", sheet=chosen.name, range=found.merged)
    rows = _cells(source, chosen.name, limits)
    header: tuple[int, tuple[str, ...]] | None = None
    for number, row in rows:
        columns = trimmed_header([_header_text(number, cell) for cell in row])
        if columns:
            header = number, check_columns(columns, limits)
            break
    rows.close()
    if header is None:
        raise InvalidInput("table.empty")
    header_row, columns = header

    def scan() -> Iterator[Row]:
        for number, cells in _cells(source, chosen.name, limits):
            if number > header_row and (row := _row(number, cells, columns, limits)) is not None:
                yield row

    return Table("xlsx", columns, header_row, max(found.rows - 1, 0), scan, limits, progress, sheet=chosen.name)


def _choose(package: ZipFile, wanted: str | None) -> tuple[Sheet, Survey]:
    sheets = workbook_sheets(package)
    if wanted is not None:
        for sheet in sheets:
            if sheet.name == wanted:
                return sheet, survey(package, sheet.part)
        raise InvalidInput("table.xlsx_sheet_unknown", sheet=wanted[:60], sheets=_names(sheets))
    looked = [(s, survey(package, s.part)) for s in sheets if s.visible and s.name not in _OWN_SHEETS]
    filled = [(s, found) for s, found in looked if found.filled]
    if not filled:
        raise InvalidInput("table.empty")
    if len(filled) > 1:
        raise InvalidInput("table.xlsx_sheets_several", sheets=_names([s for s, _ in filled]))
    return filled[0]


def _names(sheets: list[Sheet] | tuple[Sheet, ...]) -> str:
    return ", ".join(s.name for s in sheets[:20])


@contextmanager
def _translated() -> Iterator[None]:
    """Whatever the reader makes of a broken file (it raises nearly anything) becomes ``table.xlsx_malformed``.

    It also warns of every extension it leaves out (validation lists, printer settings); none of them holds a value.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except Exception as error:
            raise InvalidInput("table.xlsx_malformed") from error


def _cells(source: Source, sheet: str, limits: Limits) -> Generator[tuple[int, tuple[Any, ...]], None, None]:
    """Generate (row number, cells), blank rows and all."""
    with _translated():
        book = openpyxl.load_workbook(source.open(), read_only=True, data_only=False, keep_links=False)
    try:
        with _translated():
            worksheet = book[sheet]
            # What the sheet says of its own size is often wrong and sometimes meant to hurt.
            worksheet.reset_dimensions()
            rows = worksheet.iter_rows()
        number = 0
        while True:
            with _translated():
                batch = list(islice(rows, _BATCH))
            if not batch:
                return
            for cells in batch:
                number += 1
                yield number, _narrowed(cells, limits)
    finally:
        book.close()


def _narrowed(cells: tuple[Any, ...], limits: Limits) -> tuple[Any, ...]:
    if len(cells) > limits.columns and any(c.value is not None for c in cells[limits.columns :]):
        raise InvalidInput("table.too_many_columns", limit=limits.columns)
    return cells[: limits.columns]


def _header_text(number: int, cell: Any) -> str:
    if cell.data_type == "f":
        raise InvalidInput("table.xlsx_header_formula", cell=f"{get_column_letter(cell.column)}{number}")
    return value_text(cell.value)


def _row(number: int, cells: tuple[Any, ...], columns: tuple[str, ...], limits: Limits) -> Row | None:
    faults: list[RowProblem] = []
    values: list[CellValue] = []
    for i, cell in enumerate(cells):
        value = cell.value
        if value is not None and (kind := cell.data_type) in "fen":
            column = columns[i] if i < len(columns) else None
            if fault := _fault(kind, value, f"{get_column_letter(i + 1)}{number}"):
                faults.append(RowProblem(number, column, *fault))
                value = None
        values.append(value)
    texts = [v if isinstance(v, str) else value_text(v) for v in values]
    if not faults and not any(t and not t.isspace() for t in texts):
        return None
    width = len(columns)
    if len(texts) != width or "" in columns:
        texts = fitted(number, texts, columns, faults)
        texts += [""] * (width - len(texts))
        values = (values + [None] * width)[:width]
    faults += faults_of(number, columns, texts, limits.cell)
    return Row(number, tuple(texts), tuple(values), tuple(faults))


def _fault(kind: str, value: Any, where: str) -> tuple[str, dict[str, str | int | None]] | None:
    if kind == "f":
        return "formula", {"cell": where}
    if kind == "e":
        return "error_value", {"cell": where, "value": str(value)[:20]}
    if (
        isinstance(value, (int, float))
        and abs(value) >= _LOST_DIGITS
        and (isinstance(value, float) or value % 1000 == 0)
    ):
        # A spreadsheet keeps 15 digits of a number and turns the rest into zeros: fatal for an 18-digit ID number.
        return "number_lost_digits", {"cell": where}
    return None
