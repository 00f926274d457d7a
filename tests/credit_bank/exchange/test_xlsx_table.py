"""XLSX files that are hostile, broken, or simply not what a table should be."""

import io
import struct
import time
import zipfile

import openpyxl
import pytest
from openpyxl.workbook.defined_name import DefinedName

from credit_bank.errors import InvalidInput
from credit_bank.exchange.table import read_table
from credit_bank.exchange.xlsx_table import NOTE_SHEET, PROBLEM_SHEET
from tests.credit_bank.exchange.table_files import part, repacked, workbook_bytes, xlsx_bytes

ROWS = [["code", "title", "credits"], ["KC-1", "书法", 2], ["KC-2", "合唱", 3]]
SHEET = "xl/worksheets/sheet1.xml"


def refused(content: bytes, **options: object) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        list(read_table(content, "x.xlsx", **options).rows())  # type: ignore[arg-type]
    return caught.value


def faults(content: bytes) -> list[tuple[int, str | None, str]]:
    return [(f.row, f.column, f.code) for r in read_table(content).rows() for f in r.faults]


def with_sheet(change: tuple[bytes, bytes]) -> bytes:
    content = xlsx_bytes(ROWS)
    xml = part(content, SHEET)
    assert change[0] in xml
    return repacked(content, xl__worksheets__sheet1_dot_xml=xml.replace(*change))


def test_a_plain_workbook() -> None:
    table = read_table(xlsx_bytes(ROWS))
    assert (table.format, table.sheet, table.columns) == ("xlsx", "Sheet1", ("code", "title", "credits"))
    assert [(r.number, r.cells) for r in table.rows()] == [(2, ("KC-1", "书法", "2")), (3, ("KC-2", "合唱", "3"))]


def test_zip_bomb_is_refused_in_well_under_a_second() -> None:
    bomb = repacked(xlsx_bytes(ROWS), xl__worksheets__sheet1_dot_xml=b"<row/>" * 40_000_000)
    start = time.process_time()
    assert refused(bomb).code == "table.xlsx_too_large"
    assert time.process_time() - start < 0.5


def test_many_small_parts_are_refused() -> None:
    content = repacked(xlsx_bytes(ROWS), **{f"junk{i}": b"x" for i in range(1001)})
    assert refused(content).code == "table.xlsx_too_large"


def test_a_huge_zip_directory_is_refused_before_it_is_read() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for i in range(20_000):
            package.writestr(f"{i:05d}" + "n" * 40, b"")
    start = time.process_time()
    assert refused(buffer.getvalue()).code == "table.xlsx_too_large"
    assert time.process_time() - start < 0.2


def test_a_part_that_claims_to_be_smaller_than_it_is() -> None:
    content = repacked(xlsx_bytes(ROWS), xl__worksheets__sheet1_dot_xml=b"<row/>" * 1_000_000)
    at = content.rindex(SHEET.encode()) - 46
    lying = content[: at + 24] + struct.pack("<L", 50) + content[at + 28 :]
    assert refused(lying).code == "table.xlsx_malformed"


def test_a_styles_part_of_many_megabytes_is_refused() -> None:
    content = repacked(xlsx_bytes(ROWS), compression=zipfile.ZIP_STORED, xl__styles_dot_xml=b" " * 5_000_000)
    assert refused(content).code == "table.xlsx_too_large"


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/styles.xml", SHEET])
def test_document_types_and_their_entities_are_refused(name: str) -> None:
    content = xlsx_bytes(ROWS)
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    xml = part(content, name)
    body = xml[xml.index(b"?>") + 2 :] if xml.startswith(b"<?xml") else xml
    assert refused(repacked(content, **{name.replace("/", "__").replace(".", "_dot_"): bomb + body})).code == (
        "table.xlsx_malformed"
    )


def test_formulas_name_their_cell_and_stop_only_what_uses_them() -> None:
    rows = list(read_table(xlsx_bytes([["n", "a"], ["=ROW()", "x"], [1, "=HYPERLINK(1)"]])).rows())
    assert [(f.row, f.column, f.code, f.parameters["cell"]) for r in rows for f in r.faults] == [
        (2, "n", "formula", "A2"),
        (3, "a", "formula", "B3"),
    ]
    assert rows[0].cells == ("", "x")
    assert refused(xlsx_bytes([["=1+1", "a"], [1, 2]])).code == "table.xlsx_header_formula"


def test_merged_cells_name_their_range() -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    error = refused(workbook_bytes(book))
    assert (error.code, error.parameters["range"]) == ("table.xlsx_merged", "A2:A3")


def test_error_values_long_cells_and_numbers_that_lost_their_digits() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b", "c"])
    book.active.append(["#N/A", "x", 1.10101199001011e17])
    assert book.active["A2"].data_type == "e"
    assert faults(workbook_bytes(book)) == [(2, "a", "error_value"), (2, "c", "number_lost_digits")]
    inline = (b'<c r="B2" t="inlineStr"><is><t>', b"</t></is></c>")
    content = xlsx_bytes(ROWS)
    xml = part(content, SHEET)
    start = xml.index(b'<c r="B2"')
    end = xml.index(b"</c>", start) + 4
    for length, expected in ((40_000, "cell_too_long"), (10_000_000, "table.xlsx_cell_too_long")):
        long = xml[:start] + inline[0] + b"x" * length + inline[1] + xml[end:]
        packed = repacked(content, compression=zipfile.ZIP_STORED, xl__worksheets__sheet1_dot_xml=long)
        if expected.startswith("table."):
            assert refused(packed).code == expected
        else:
            assert faults(packed) == [(2, "title", expected)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xl/vbaProject.bin", "table.xlsx_macros"),
        ("xl/externalLinks/externalLink1.xml", "table.xlsx_external"),
        ("xl/embeddings/oleObject1.bin", "table.xlsx_external"),
    ],
)
def test_macros_and_links_are_refused(name: str, code: str) -> None:
    content = repacked(xlsx_bytes(ROWS), **{name.replace("/", "__").replace(".", "_dot_"): b"<x/>"})
    assert refused(content).code == code


def test_the_only_filled_sheet_is_taken_and_several_are_asked_about() -> None:
    book = openpyxl.Workbook()
    book.active.title = "空"
    data = book.create_sheet("成果")
    hidden = book.create_sheet("字典")
    for row in ROWS:
        data.append(row)
        hidden.append(row)
    hidden.sheet_state = "hidden"
    for own in (PROBLEM_SHEET, NOTE_SHEET):
        book.create_sheet(own).append(["不算"])
    assert read_table(workbook_bytes(book)).sheet == "成果"
    hidden.sheet_state = "visible"
    error = refused(workbook_bytes(book))
    assert (error.code, error.parameters["sheets"]) == ("table.xlsx_sheets_several", "成果, 字典")
    assert read_table(workbook_bytes(book), sheet="字典").sheet == "字典"
    assert refused(workbook_bytes(book), sheet="没有").code == "table.xlsx_sheet_unknown"


def test_empty_workbooks() -> None:
    assert refused(workbook_bytes(openpyxl.Workbook())).code == "table.empty"
    assert refused(xlsx_bytes([[" ", ""], [None, " "]])).code == "table.empty"


def test_rows_out_of_order_or_out_of_bounds_are_not_dropped_in_silence() -> None:
    assert refused(with_sheet((b'<row r="3"', b'<row r="2"'))).code == "table.xlsx_malformed"
    assert refused(with_sheet((b'<row r="3"', b'<row r="99999999"'))).code == "table.xlsx_malformed"


def test_a_sheet_that_lies_about_its_size_is_read_whole() -> None:
    content = with_sheet((b'<dimension ref="A1:C3"', b'<dimension ref="A1:A1"'))
    assert [r.cells for r in read_table(content).rows()] == [("KC-1", "书法", "2"), ("KC-2", "合唱", "3")]


@pytest.mark.parametrize("change", [(b"</sheetData>", b""), (b'r="B2"', b'r="!!"'), (b'<row r="3"', b'<row r="x"')])
def test_broken_sheets_are_malformed(change: tuple[bytes, bytes]) -> None:
    assert refused(with_sheet(change)).code == "table.xlsx_malformed"


def test_truncated_and_foreign_packages() -> None:
    content = xlsx_bytes(ROWS)
    assert refused(content[: len(content) // 2]).code == "table.xlsx_malformed"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    assert refused(buffer.getvalue()).code == "table.zip_not_xlsx"


def test_a_workbook_with_names_and_validation_reads_without_warnings() -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.defined_names["cats"] = DefinedName("cats", attr_text="Sheet!$A$1:$A$3")
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    content = workbook_bytes(book)
    xml = part(content, SHEET).replace(b"</worksheet>", extension)
    assert len(list(read_table(repacked(content, xl__worksheets__sheet1_dot_xml=xml)).rows())) == 2
