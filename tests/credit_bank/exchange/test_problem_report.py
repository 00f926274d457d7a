"""Problem reports and templates: marked, translated, safe to open, and fit to be handed in again."""

import io
import json
import re
from datetime import date
from typing import Literal

import openpyxl
import pytest

from credit_bank.exchange.catalogue import read_catalogue
from credit_bank.exchange.outcomes import read_outcomes
from credit_bank.exchange.problem_report import notices_as_dicts, problem_workbook, problems_as_dicts
from credit_bank.exchange.rows import Table
from credit_bank.exchange.table import read_table
from credit_bank.exchange.template import template_workbook
from credit_bank.exchange.xlsx_table import PROBLEM_SHEET
from tests.credit_bank.exchange.table_files import chinese, csv_bytes, english, part, xlsx_bytes

ATTACKS = ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1"]
ROWS = [["课程代码", "课程名称", "学分"], *([f"A{i}", text, "x"] for i, text in enumerate(ATTACKS)), ["B", "正常", "2"]]


def report(table: Table, speak: object = chinese) -> bytes:
    reading = read_catalogue(table)
    return problem_workbook(table, reading.problems, speak, reading.notices)  # type: ignore[arg-type]


def test_bad_cells_are_marked_with_their_sentences() -> None:
    book = openpyxl.load_workbook(io.BytesIO(report(read_table(csv_bytes(ROWS)))))
    first, second = book.worksheets
    assert [c.value for c in first[1]] == ["行", "列", "问题", "怎么改"]
    assert [c.value for c in first[2]] == [
        2,
        "学分",
        "“x”不是学分数。",
        "写成数字，例如 2 或 2.5；学分可变时写成 1-6。",
    ]
    assert second["C2"].fill.fgColor.rgb == "00FFD9D2"
    assert "“x”不是学分数。" in second["C2"].comment.text
    assert second["C8"].comment is None
    assert (second["C8"].value, second["A8"].value) == ("2", "B")


def test_nothing_in_a_report_is_a_formula() -> None:
    content = report(read_table(csv_bytes(ROWS)))
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str) and cell.value[:1] in "=+-@\t\r":
                    assert cell.quotePrefix
    for i in (1, 2):
        assert not re.search(rb"<f[ >]", part(content, f"xl/worksheets/sheet{i}.xml"))
    assert book.worksheets[1]["B2"].value == "=HYPERLINK(1)"


@pytest.mark.parametrize("make", [csv_bytes, xlsx_bytes])
def test_a_corrected_report_can_be_handed_in_as_it_is(make: object) -> None:
    rows = [[], ROWS[0], *([f"A{i}", "书法", "x"] for i in range(6)), ["B", "正常", "2"]]
    content = report(read_table(make(rows)))  # type: ignore[operator]
    again = read_table(content)
    assert again.header_row == 2
    assert [(p.row, p.column, p.code) for p in read_catalogue(again).problems] == [
        (row, "学分", "credits_malformed") for row in range(3, 9)
    ]
    book = openpyxl.load_workbook(io.BytesIO(content))
    for row in range(3, 9):
        book.worksheets[1].cell(row, 3).value = 1
    buffer = io.BytesIO()
    book.save(buffer)
    assert len(read_catalogue(read_table(buffer.getvalue())).require()) == 7
    assert book.sheetnames[0] == PROBLEM_SHEET


def test_reports_of_json_and_of_headers_and_in_english() -> None:
    table = read_table(json.dumps([{"code": "A", "title": "x", "credits": "?"}, {"name": 1}]).encode())
    reading = read_catalogue(table)
    content = problem_workbook(table, reading.problems, english, reading.notices)
    first, second = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert [c.value for c in first[1]] == ["Row", "Column", "Problem", "What to do"]
    assert first["C2"].value == "Several columns could be “课程名称 / title”: title, name."
    assert second["A1"].comment.text.startswith("Several columns")
    assert [c.value for c in second[2]] == ["A", "x", "?", None]


def test_characters_that_xlsx_cannot_hold_do_not_break_the_report() -> None:
    table = read_table(b'[{"code": "A", "title": "\\u0001\\ud800", "credits": 1, "x\\n": "\\u0002"}]')
    dicts = problems_as_dicts(read_catalogue(table).problems, chinese)
    assert [d["problem"] for d in dicts] == ["这一格里有不能使用的控制字符（U+0001）。"]
    assert openpyxl.load_workbook(io.BytesIO(report(table))).worksheets[1]["B2"].comment is not None


def test_json_ready_values() -> None:
    reading = read_catalogue(read_table(csv_bytes(ROWS)))
    (first, *_), notices = problems_as_dicts(reading.problems, english), notices_as_dicts(reading.notices, english)
    assert json.loads(json.dumps(first)) == {
        "row": 2,
        "column": "学分",
        "code": "credits_malformed",
        "parameters": {"text": "x"},
        "problem": "“x” is not a number of credits.",
        "next": "Write a number such as 2 or 2.5; for variable credit, 1-6.",
    }
    assert json.loads(json.dumps(notices))[0]["notice"] == "These courses have no description."


@pytest.mark.parametrize("language", ["zh", "en"])
def test_templates_are_read_by_the_import_and_refused_with_the_example_left_in(language: Literal["zh", "en"]) -> None:
    speak = chinese if language == "zh" else english
    for kind in ("catalogue", "outcomes"):
        content = template_workbook(kind, language, speak)  # type: ignore[arg-type]
        table = read_table(content)
        reading = read_catalogue(table) if kind == "catalogue" else read_outcomes(table, today=date(2026, 1, 1))
        assert [(p.row, p.code) for p in reading.problems] == [(2, "example_row")]
        assert reading.mapping.unused == ()
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert book.worksheets[0]["A2"].number_format == "@"
