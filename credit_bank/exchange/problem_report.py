"""What is wrong with a file, handed back: as JSON-ready values, and as an XLSX with the bad cells marked.

The workbook's first sheet lists the problems; the second is the original table, row for row, to be corrected and handed
in again as it is (the reader passes over the first sheet). What people wrote stays text, also where it begins like a
formula.
"""

import io
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from credit_bank.errors import Parameter
from credit_bank.exchange.findings import Notice
from credit_bank.exchange.rows import Row, Table
from credit_bank.exchange.xlsx_table import NOTE_SHEET, PROBLEM_SHEET
from credit_bank.report import RowProblem

Sentence = Callable[[str, Mapping[str, Parameter]], str]
"""The sentence of a key in the reader's language, its parameters filled in."""

_MARK = PatternFill("solid", fgColor="FFD9D2")
_HEAD = PatternFill("solid", fgColor="E3EEE6")
_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_ILLEGAL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535, *range(55296, 57344)), "�")
_CELL_LIMIT = 32_767


def problems_as_dicts(problems: Iterable[RowProblem], sentence: Sentence) -> list[dict[str, object]]:
    """Each problem as plain JSON values with its two sentences: ``problem`` and ``next`` (what to do)."""
    return [{**p.as_dict(), "problem": _said(p, sentence), "next": _next(p, sentence)} for p in problems]


def notices_as_dicts(notices: Iterable[Notice], sentence: Sentence) -> list[dict[str, object]]:
    """Each notice as plain JSON values with its sentence ``notice``."""
    return [{**n.as_dict(), "notice": sentence(f"row.{n.code}", n.parameters)} for n in notices]


def problem_workbook(
    table: Table, problems: Iterable[RowProblem], sentence: Sentence, notices: Iterable[Notice] = ()
) -> bytes:
    """The XLSX of the problems of a table.

    Reads the table once more; where it breaks off (InvalidInput), the second sheet ends there. Texts are written as
    text cells with the spreadsheet's own "quoted" mark, so that nothing in them is ever taken for a formula.
    """
    found = list(problems)
    book = Workbook(write_only=True)
    _list_problems(book.create_sheet(PROBLEM_SHEET), found, list(notices), sentence)
    _copy_table(book.create_sheet(sentence("row.report.sheet", {})[:31]), table, found, sentence)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def text_cell(sheet: Any, text: str) -> Any:
    """A cell that holds a text and is never a formula (CWE-1236): typed as text, and quoted where it looks like one."""
    shown = text.translate(_ILLEGAL)[:_CELL_LIMIT]
    cell = WriteOnlyCell(sheet, shown)
    cell.data_type = "s"
    if shown.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True
    return cell


def _said(problem: RowProblem, sentence: Sentence) -> str:
    return sentence(f"row.{problem.code}", problem.parameters)


def _next(problem: RowProblem, sentence: Sentence) -> str:
    return sentence(f"next.row.{problem.code}", problem.parameters)


def _list_problems(
    sheet: WriteOnlyWorksheet, problems: list[RowProblem], notices: list[Notice], sentence: Sentence
) -> None:
    for letter, width in zip("ABCD", (10, 24, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    heads = [sentence(f"row.report.{name}", {}) for name in ("row", "column", "problem", "next")]
    sheet.append([_filled(text_cell(sheet, h), _HEAD, bold=True) for h in heads])
    for p in problems:
        texts = [p.column or "", _said(p, sentence), _next(p, sentence)]
        sheet.append([p.row or "", *(_wrapped(text_cell(sheet, t)) for t in texts)])
    for n in notices:
        rows = ", ".join(str(r) for r in n.rows) + (" …" if n.count > len(n.rows) else "")
        said = sentence(f"row.{n.code}", n.parameters)
        where = sentence("row.report.notice", {"count": n.count, "rows": rows or "–"})
        sheet.append(["", *(_wrapped(text_cell(sheet, t)) for t in (n.column or "", said, where))])


def _copy_table(sheet: WriteOnlyWorksheet, table: Table, problems: list[RowProblem], sentence: Sentence) -> None:
    by_row: dict[int, list[RowProblem]] = {}
    for p in problems:
        by_row.setdefault(p.row, []).append(p)
    # JSON has no header row: there the sheet's rows are one further down than the elements' numbers.
    header_row, shift = (table.header_row, 0) if table.header_row else (1, 1)
    for _ in range(header_row - 1):
        sheet.append([])
    header = [text_cell(sheet, c) for c in table.columns]
    marks = by_row.get(table.header_row, []) if table.header_row else by_row.get(0, [])
    _mark(header, table.columns, marks, sentence)
    sheet.append([c if c.comment else _filled(c, _HEAD, bold=True) for c in header])
    at = header_row
    for row in table.rows():
        while at + 1 < row.number + shift:
            sheet.append([])
            at += 1
        sheet.append(_cells(sheet, row, table.columns, by_row.get(row.number, []), sentence))
        at += 1


def _cells(
    sheet: WriteOnlyWorksheet, row: Row, columns: tuple[str, ...], problems: list[RowProblem], sentence: Sentence
) -> list[Any]:
    if not problems:
        # Plain strings are quicker to write, and safe where none begins like a formula.
        return [
            t if t and not t.startswith(_FORMULA_STARTS) and t.isprintable() else text_cell(sheet, t) for t in row.cells
        ]
    cells = [text_cell(sheet, t) for t in row.cells]
    _mark(cells, columns, problems, sentence)
    return cells


def _mark(cells: list[Any], columns: tuple[str, ...], problems: list[RowProblem], sentence: Sentence) -> None:
    remarks: dict[int, list[str]] = {}
    for p in problems:
        index = columns.index(p.column) if p.column in columns else 0
        remarks.setdefault(index, []).append(f"{_said(p, sentence)}\n{_next(p, sentence)}")
    for index, texts in remarks.items():
        cells[index].fill = _MARK
        comment = Comment("\n".join(texts).translate(_ILLEGAL), "Evergreen")
        comment.width, comment.height = 360, 120
        cells[index].comment = comment


def _filled(cell: Any, fill: PatternFill, *, bold: bool) -> Any:
    cell.fill = fill
    if bold:
        cell.font = _BOLD
    return cell


def _wrapped(cell: Any) -> Any:
    cell.alignment = _WRAPPED
    return cell


__all__ = [
    "NOTE_SHEET",
    "PROBLEM_SHEET",
    "Sentence",
    "notices_as_dicts",
    "problem_workbook",
    "problems_as_dicts",
    "text_cell",
]
