"""Reading files as tables: what is taken, and what is refused with which code."""

import io
import json
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_bank.errors import InvalidInput
from credit_bank.exchange.rows import Limits, number_text
from credit_bank.exchange.table import read_table
from tests.credit_bank.exchange.table_files import csv_bytes, xlsx_bytes

HEADER = ["课程代码", "课程名称", "学分"]
ROWS = [["KC-1", "书法入门", "2"], ["KC-2", '他说"好",\n然后走了', "2.5"]]


def refused(content: bytes, name: str = "", **options: object) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        list(read_table(content, name, **options).rows())  # type: ignore[arg-type]
    return caught.value


def cells(content: bytes, name: str = "") -> list[list[str]]:
    table = read_table(content, name)
    rows = list(table.rows())
    assert not any(r.faults for r in rows)
    return [list(table.columns), *(list(r.cells) for r in rows)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_csv_in_every_encoding_delimiter_and_line_end(encoding: str, delimiter: str, line_end: str) -> None:
    content = csv_bytes([HEADER, *ROWS], encoding, delimiter=delimiter, lineterminator=line_end)
    assert cells(content) == [HEADER, *ROWS]


def test_csv_with_mixed_line_ends_and_blank_rows_keeps_the_programs_row_numbers() -> None:
    table = read_table(b'\r\na,b\r\n1,"x\ny"\n\n2,z\r3,w')
    assert table.header_row == 2
    assert [(r.number, r.cells) for r in table.rows()] == [(3, ("1", "x\ny")), (5, ("2", "z")), (6, ("3", "w"))]


def test_characters_beyond_gbk_are_read_from_gb18030() -> None:
    assert cells(csv_bytes([["姓名"], ["㐀𠮷"]], "gb18030"))[1] == ["㐀𠮷"]


def test_a_byte_that_is_no_text_is_named_by_its_row() -> None:
    content = '姓名,备注\n学员一,"第一行\n第二行"\n学员二,好\n'.encode()
    broken = content.replace("学员二".encode(), "学员二".encode() + b"\xff")
    error = refused(broken)
    assert (error.code, error.parameters) == ("table.undecodable", {"row": 3, "encoding": "UTF-8", "byte": "FF"})


def test_an_undecodable_byte_beyond_the_first_chunk_is_found_where_it_stands() -> None:
    content = ("序号,名称\n" + "1,社区课程\n" * 150_000).encode()
    assert refused(content + b"2,\xfe\n" + "3,课\n".encode()).parameters["row"] == 150_002


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table.empty"),
        (b"\xef\xbb\xbf \r\n\r\n", "table.empty"),
        (b",,\n , ,\n", "table.empty"),
        (b"a,b,a\n1,2,3\n", "table.header_duplicate"),
        (b'a,b\n1,"open\n2,3\n', "table.csv_quotes"),
        (b'a,b\n1,"he said "hello""\n', "table.csv_quotes"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "table.not_a_table"),
        (b"%PDF-1.7\n", "table.not_a_table"),
        (b"a,b\n1,\x002\n", "table.not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "table.old_excel"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "table.web_page"),
        (("a,b\n1," + "x" * 10_000_000 + "\n").encode(), "table.csv_cell_too_long"),
        ((",".join(f"c{i}" for i in range(300)) + "\n").encode(), "table.too_many_columns"),
        (b"PK\x03\x04garbage", "table.xlsx_malformed"),
    ],
)
def test_refusals_whatever_the_name_says(content: bytes, code: str) -> None:
    assert refused(content, "courses.csv").code == code


def test_limits_of_size_and_rows() -> None:
    content = csv_bytes([["a"], *([str(i)] for i in range(20))])
    assert refused(content, limits=Limits(rows=19)).code == "table.too_many_rows"
    assert len(list(read_table(content, limits=Limits(rows=20)).rows())) == 20
    assert refused(content, limits=Limits(file=10)).code == "table.too_large"


def test_faults_of_csv_rows_are_problems_of_their_cells() -> None:
    content = b"a,b\n1\n1,2,3\n1,2,\n1,\x01\n" + b"1," + b"x" * 40_000 + b"\n"
    faults = [[(f.row, f.column, f.code) for f in r.faults] for r in read_table(content).rows()]
    assert faults == [
        [(2, None, "cells_missing")],
        [(3, None, "cell_without_header")],
        [],
        [(5, "b", "character_forbidden")],
        [(6, "b", "cell_too_long")],
    ]


def test_header_alone_is_a_table_without_rows() -> None:
    for content in (b"a,b\n", xlsx_bytes([["a", "b"]])):
        table = read_table(content)
        assert table.columns == ("a", "b")
        assert list(table.rows()) == []


def test_a_file_object_may_be_read_in_overlapping_passes_and_stays_open() -> None:
    file = io.BytesIO(csv_bytes([["a"], ["1"], ["2"]]))
    table = read_table(file)
    first = table.rows()
    assert next(first).cells == ("1",)
    assert [r.cells for r in table.rows()] == [("1",), ("2",)]
    assert next(first).cells == ("2",)
    assert not file.closed


def test_progress_is_told_every_thousand_rows_and_at_the_end() -> None:
    told: list[tuple[int, int | None]] = []
    table = read_table(csv_bytes([["a"], *([i] for i in range(2500))]), progress=lambda *p: told.append(p))
    assert len(list(table.rows())) == 2500
    assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]


@pytest.mark.parametrize(
    "document",
    [
        [{"code": "A", "title": "一", "credits": 2.0}, {"code": "B", "title": None, "hours": 36}],
        {"courses": [{"code": "A", "title": "一", "credits": "2"}, {"code": "B", "hours": 36.0}], "source": "x"},
    ],
)
def test_json_lists_of_objects(document: object) -> None:
    table = read_table(json.dumps(document).encode(), "whatever.csv")
    assert table.columns == ("code", "title", "credits", "hours")
    assert [(r.number, r.cells) for r in table.rows()] == [(1, ("A", "一", "2", "")), (2, ("B", "", "", "36"))]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[{"a": 1, "a": 2}]', "table.json_duplicate_name"),
        ('[{"a": NaN}]', "table.json_number"),
        ('[{"a": -Infinity}]', "table.json_number"),
        ('[{"a": ' + "9" * 10_000 + "}]", "table.json_number"),
        ('[{"a": 1e999999}]', "table.json_number"),
        ("[" * 100_000, "table.json_too_deep"),
        ('{"a":' * 100_000, "table.json_too_deep"),
        ('[{"a": 1},]', "table.json_malformed"),
        ('[{"a": 1}] x', "table.json_malformed"),
        ("[1, 2]", "table.json_shape"),
        ('{"courses": [], "outcomes": []}', "table.json_shape"),
        ('{"courses": {}}', "table.json_shape"),
        ("[]", "table.empty"),
        ("[{}]", "table.header_empty"),
    ],
)
def test_json_refusals(text: str, code: str) -> None:
    assert refused(text.encode(), "x.json").code == code


def test_json_faults() -> None:
    rows = list(read_table(b'[{"a": [1], "b": 1}, {"a": "\\ud800", "b": {}}]').rows())
    assert [(f.row, f.column, f.code) for r in rows for f in r.faults] == [
        (1, "a", "value_nested"),
        (2, "b", "value_nested"),
        (2, "a", "character_forbidden"),
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (2.5, "2.5"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (1e20, "100000000000000000000"),
        (Decimal("1.50"), "1.5"),
        (Decimal("1E+3"), "1000"),
        (110101199001011234, "110101199001011234"),
        (0.00001, "0.00001"),
    ],
)
def test_numbers_read_as_people_write_them(value: float, text: str) -> None:
    assert number_text(value) == text


def test_dates_and_numbers_of_a_spreadsheet_keep_their_type() -> None:
    moment = datetime(2025, 3, 1, 9, 30)  # noqa: DTZ001 - a spreadsheet's dates have no zone
    table = read_table(xlsx_bytes([["d", "t", "n", "b"], [date(2025, 3, 1), moment, 1.0, True]]))
    row = next(table.rows())
    assert row.cells == ("2025-03-01", "2025-03-01 09:30:00", "1", "TRUE")
    assert row.values[1] == moment


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], include_characters="\n\t"), max_size=12)
TABLES = st.integers(1, 4).flatmap(
    lambda n: st.tuples(
        st.lists(st.from_regex(r"[a-z一-龥]{1,6}", fullmatch=True), min_size=n, max_size=n, unique=True),
        st.lists(st.lists(TEXT, min_size=n, max_size=n).filter(lambda r: any(c.strip() for c in r)), max_size=6),
    )
)


@settings(max_examples=60, deadline=None)
@given(TABLES, st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_rows_written_as_csv_xlsx_and_json_read_the_same(
    table: tuple[list[str], list[list[str]]], encoding: str
) -> None:
    columns, rows = table
    assert cells(csv_bytes([columns, *rows], encoding)) == [columns, *rows]
    if rows:
        objects = [dict(zip(columns, r, strict=True)) for r in rows]
        assert cells(json.dumps(objects, ensure_ascii=False).encode()) == [columns, *rows]
    book = openpyxl.Workbook()
    for r, row in enumerate([columns, *rows], 1):
        for c, text in enumerate(row, 1):
            if text:
                cell = book.active.cell(r, c)
                cell.value, cell.data_type = text, "s"
    buffer = io.BytesIO()
    book.save(buffer)
    assert cells(buffer.getvalue()) == [columns, *rows]
