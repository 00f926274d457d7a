"""Empty tables to fill in: an XLSX with the headers the import understands, one made-up row and a sheet of notes."""

import io
from dataclasses import dataclass
from typing import Any, Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill

from credit_bank.exchange.catalogue import EXAMPLE_CODE
from credit_bank.exchange.problem_report import Sentence, text_cell
from credit_bank.exchange.xlsx_table import NOTE_SHEET

_HEAD = PatternFill("solid", fgColor="E3EEE6")


@dataclass(frozen=True, slots=True)
class _Column:
    header_zh: str
    header_en: str
    example_zh: str
    example_en: str
    width: int = 16


_CATALOGUE = (
    _Column("课程代码", "Course code", EXAMPLE_CODE, EXAMPLE_CODE),
    _Column("课程名称", "Course title", "示例课程（请删除本行）", "Example course (delete this row)", 32),
    _Column("学分", "Credits", "2", "2", 10),
    _Column("学时", "Hours", "36", "36", 10),
    _Column("学时类型", "Hour type", "面授学时", "contact", 14),
    _Column("等级", "Level", "3", "3", 10),
    _Column("类别", "Category", "其他非学历", "other", 18),
    _Column("简介", "Description", "这一行只是示例。", "This row is only an example.", 40),
    _Column("语言", "Language", "中文", "Chinese", 12),
    _Column("先修课程", "Prerequisites", "", "", 24),
    _Column("学科", "Subject", "示例学科", "Example subject", 20),
)
_OUTCOMES = (
    _Column("学分账号", "Account number", "100000000009", "100000000009", 18),
    _Column("证件类型", "Document type", "", "", 18),
    _Column("证件号", "Document number", "", "", 24),
    _Column("姓名", "Name", "示例学员", "Example Learner"),
    _Column("课程代码", "Course code", EXAMPLE_CODE, EXAMPLE_CODE),
    _Column("课程名称", "Course title", "示例课程（请删除本行）", "Example course (delete this row)", 32),
    _Column("获得日期", "Date awarded", "2025-06-30", "2025-06-30", 14),
    _Column("学分", "Credits", "2", "2", 10),
    _Column("学时", "Hours", "36", "36", 10),
    _Column("学时类型", "Hour type", "面授学时", "contact", 14),
    _Column("等级", "Level", "3", "3", 10),
    _Column("类别", "Category", "其他非学历", "other", 18),
    _Column("成绩", "Grade", "合格", "pass", 10),
    _Column("有效期至", "Valid until", "长期", "never", 14),
    _Column("学期", "Term", "2024-2025 第二学期", "2025 spring", 22),
)
_EQUIVALENCES = (
    _Column("来源院校", "Source institution", "示例学校", "Example School", 24),
    _Column("来源课程代码", "Source course code", "A101", "A101"),
    _Column("来源课程名称", "Source course title", "示例课程（请删除本行）", "Example course (delete this row)", 32),
    _Column("来源学分", "Source credits", "2", "2", 10),
    _Column("本校课程代码", "Target course code", EXAMPLE_CODE, EXAMPLE_CODE),
    _Column("本校课程名称", "Target course title", "示例课程", "Example course", 32),
    _Column("本校学分", "Target credits", "2", "2", 10),
    _Column("条件", "Conditions", "成绩 60 分以上", "a grade of 60 or more", 30),
    _Column("生效日期", "Effective", "2026-09-01", "2026-09-01", 14),
    _Column("有效期至", "Valid until", "长期", "never", 14),
)
_COLUMNS = {"catalogue": _CATALOGUE, "outcomes": _OUTCOMES, "equivalences": _EQUIVALENCES}


def template_workbook(
    kind: Literal["catalogue", "outcomes", "equivalences"], language: Literal["zh", "en"], sentence: Sentence
) -> bytes:
    """The XLSX template of an import.

    All cells are formatted as text, so that a spreadsheet neither shortens an 18-digit number nor turns a code into a
    date. The example row is refused (``example_row``) where it was left in.
    """
    columns = _COLUMNS[kind]
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sentence(f"row.template.{kind}", {})[:31])
    sheet.freeze_panes = "A2"
    for i, column in enumerate(columns):
        letter = chr(ord("A") + i)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = "@"
    zh = language == "zh"
    sheet.append([_head(text_cell(sheet, c.header_zh if zh else c.header_en)) for c in columns])
    sheet.append([_text(text_cell(sheet, c.example_zh if zh else c.example_en)) for c in columns])
    notes = book.create_sheet(NOTE_SHEET)
    notes.column_dimensions["A"].width = 90
    for line in sentence(f"row.template.{kind}_notes", {}).split("\n"):
        cell = text_cell(notes, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        notes.append([cell])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _head(cell: Any) -> Any:
    cell.font, cell.fill, cell.number_format = Font(bold=True), _HEAD, "@"
    return cell


def _text(cell: Any) -> Any:
    cell.number_format = "@"
    return cell
