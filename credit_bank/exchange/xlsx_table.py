"""XLSX (ECMA-376) as a table: one worksheet of plain values. Formulas, merged cells, macros and links are refused."""

import warnings
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any
from zipfile import ZipFile

from openpyxl.reader.excel import ExcelReader, apply_stylesheet
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import WorkSheetParser

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
Cells = list[dict[str, Any]]


def xlsx_table(source: Source, limits: Limits, progress: Progress | None, sheet: str | None = None) -> Table:
    """Read one worksheet of an XLSX file: the one named, or the only one that holds something.

    Our own sheets of problems and notes do not count, so that a corrected problem report can be handed in as it is.
    Raises InvalidInput ``table.xlsx_*``: see ``open_package`` and ``survey``; ``…_sheet_unknown``,
    ``…_sheets_several``, ``…_merged`` (the range), ``…_malformed``; ``table.empty`` and those of the header.
    Formulas and error values are faults of their row.
    """
    loose = limits.header is not None
    with open_package(source.open(), limits) as package:
        chosen, found = _choose(package, sheet, loose=loose)
    if found.merged is not None and not loose:
        raise InvalidInput("table.xlsx_merged", sheet=chosen.name, range=found.merged)
    sheet_rows = partial(_rows, source, chosen.part, _load(source))
    with closing(sheet_rows()) as rows:
        header_row, columns = _header(rows, limits)

    def scan() -> Iterator[Row]:
        for number, cells in sheet_rows():
            if number > header_row and (row := _row(number, cells, columns, limits)) is not None:
                yield row

    return Table("xlsx", columns, header_row, max(found.rows - 1, 0), scan, limits, progress, sheet=chosen.name)


def _header(rows: Iterable[tuple[int, Cells]], limits: Limits) -> tuple[int, tuple[str, ...]]:
    texts = ((number, _header_texts(number, cells, limits)) for number, cells in rows)
    filled = ((number, cells) for number, cells in texts if any(c.strip() for c in cells))
    if limits.header is None:
        found = next(((number, trimmed_header(cells)) for number, cells in filled), None)
    else:
        found = limits.header(filled)
    if found is None:
        raise InvalidInput("table.empty")
    return found[0], check_columns(found[1], limits)


def _choose(package: ZipFile, wanted: str | None, *, loose: bool = False) -> tuple[Sheet, Survey]:
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
    if loose:
        return max(filled, key=lambda one: one[1].rows)
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


@dataclass(frozen=True, slots=True)
class _Book:
    """What the cells of every sheet refer to."""

    strings: list[str]
    epoch: datetime
    date_formats: set[int]
    timedelta_formats: set[int]


def _load(source: Source) -> _Book:
    # The steps of openpyxl's own load_workbook but for its sheets: opening one of those read-only parses it to its
    # end where it does not state its size, only to learn that size, and fills gaps between rows with blank ones.
    with _translated(), source.open() as file:
        reader = ExcelReader(file, read_only=True, data_only=False, keep_links=False)
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        book = reader.wb
        return _Book(reader.shared_strings, book.epoch, book._date_formats, book._timedelta_formats)


def _rows(source: Source, part: str, book: _Book) -> Generator[tuple[int, Cells], None, None]:
    """Generate (row number, the cells that the row has: their ``column`` from 1, ``value`` and ``data_type``)."""
    with source.open() as file, ZipFile(file) as package, package.open(part) as xml:
        with _translated():
            rows = WorkSheetParser(
                xml,
                book.strings,
                epoch=book.epoch,
                date_formats=book.date_formats,
                timedelta_formats=book.timedelta_formats,
            ).parse()
        while True:
            with _translated():
                batch = list(islice(rows, _BATCH))
            if not batch:
                return
            yield from batch


def _placed(cells: Cells, limits: Limits) -> list[dict[str, Any] | None]:
    """The cells in their columns; None for those that the row does not have."""
    placed: list[dict[str, Any] | None] = []
    for cell in cells:
        if cell["value"] is None:
            continue
        column = cell["column"]
        if column > limits.columns:
            raise InvalidInput("table.too_many_columns", limit=limits.columns)
        if column <= len(placed):
            raise InvalidInput("table.xlsx_malformed")
        placed += [None] * (column - 1 - len(placed))
        placed.append(cell)
    return placed


def _header_texts(number: int, cells: Cells, limits: Limits) -> list[str]:
    texts = []
    for i, cell in enumerate(_placed(cells, limits), 1):
        if cell is not None and cell["data_type"] == "f" and limits.header is None:
            raise InvalidInput("table.xlsx_header_formula", cell=f"{get_column_letter(i)}{number}")
        texts.append("" if cell is None else value_text(cell["value"]))
    return texts


def _row(number: int, cells: Cells, columns: tuple[str, ...], limits: Limits) -> Row | None:
    faults: list[RowProblem] = []
    values: list[CellValue] = []
    for i, cell in enumerate(_placed(cells, limits)):
        value = None if cell is None else cell["value"]
        if cell is not None and (kind := cell["data_type"]) in "fen":
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
