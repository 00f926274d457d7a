"""Catalogues: two real ones whole, and every fault named where it stands."""

import time
from collections import Counter

import pytest

from credit_bank.exchange.catalogue import read_catalogue
from credit_bank.exchange.table import read_table
from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.report import ImportRefused
from tests.credit_bank.exchange.table_files import SHARED, csv_bytes, xlsx_bytes

RPI, WCU = SHARED / "catalogues" / "rpi.json", SHARED / "catalogues" / "wcu.csv"


def read(*rows: list[object], **options: object):  # type: ignore[no-untyped-def]
    return read_catalogue(read_table(csv_bytes(rows)), **options)  # type: ignore[arg-type]


def found(reading) -> list[tuple[int, str | None, str]]:  # type: ignore[no-untyped-def]
    return [(p.row, p.column, p.code) for p in reading.problems]


@pytest.mark.skipif(not RPI.exists(), reason="shared data absent: catalogues/rpi.json")
def test_the_whole_catalogue_of_rpi() -> None:
    with RPI.open("rb") as file:
        reading = read_catalogue(read_table(file), defaults={"category": "academic", "language": "en"})
    courses = reading.require()
    assert len(courses) == 1729
    assert {n.code: n.count for n in reading.notices if n.code != "text_invisible"} == {
        "description_blank": 306,
        "text_entities": 3,
        "credits_variable": 151,
        "credits_zero": 45,
        "subject_alike": 1,
    }
    assert Counter((c.credits_min, c.credits_max) for c in courses)[(20, 120)] == 42
    assert {c.category for c in courses} == {Category.ACADEMIC}
    assert not any("\ufeff" in c.description or "&nbsp;" in c.description for c in courses)


@pytest.mark.skipif(not WCU.exists(), reason="shared data absent: catalogues/wcu.csv")
def test_the_whole_catalogue_of_wcu() -> None:
    with WCU.open("rb") as file:
        reading = read_catalogue(read_table(file))
    courses = reading.require()
    assert len(courses) == 2512
    by_code = {c.code: c for c in courses}
    assert len(by_code) == 2512
    brass, transfer, rights = by_code["ABC 191"], by_code["ACC 199"], by_code["WOS 303"]
    assert (brass.row, brass.title, brass.credits_min, brass.credits_max) == (2, "Brass Class", 10, 10)
    assert (transfer.credits_min, transfer.credits_max) == (EVERGREEN.amount(1), EVERGREEN.amount(10))
    assert rights.title == "Intro to LGBTQ+ Sexualities & Activism in the U.S."
    assert by_code["MAT Q20"].title == "Fundamental Skills in Arithmetic"
    assert {n.code for n in reading.notices} == {
        "title_packed",
        "credits_variable",
        "credits_zero",
        "description_blank",
    }


def test_a_chinese_catalogue_from_a_spreadsheet() -> None:
    header = [
        "课程代码",
        "课程名称",
        "学分",
        "学时",
        "学时类型",
        "等级",
        "类别",
        "简介",
        "语言",
        "先修课程",
        "学科",
        "备注",
    ]
    row = ["SQ-1", "社区书法", 2.0, 36, "面授学时", "三级", "社区", "第一行\n第二行", "中文", "无", "艺术", "x"]
    reading = read_catalogue(read_table(xlsx_bytes([header, row])))
    (course,) = reading.require()
    assert (course.code, course.title, course.credits_min, course.hours) == ("SQ-1", "社区书法", 40, 360)
    assert (course.hour_kind, course.level, course.category, course.language) == (
        "contact",
        "3",
        Category.OTHER,
        "zh-CN",
    )
    assert (course.description, course.subject) == ("第一行\n第二行", "艺术")
    assert [(n.code, n.parameters) for n in reading.notices] == [("columns_unused", {"columns": "备注"})]


def test_every_problem_of_every_row_is_told() -> None:
    reading = read(
        ["code", "title", "credits", "level", "category"],
        ["A 1", "x", "2.03", "99", "?"],
        ["a1", "y", "3", "", ""],
        ["", "z", "", "", ""],
        ["B", "", "6-1", "", ""],
        ["C" * 61, "t", "1", "", ""],
        ["EXAMPLE-001", "t", "1", "", ""],
        ["D", "fine", "1", "", ""],
    )
    assert found(reading) == [
        (2, "credits", "credits_step"),
        (2, "level", "level_unknown"),
        (2, "category", "category_unknown"),
        (3, "code", "code_repeated"),
        (4, "code", "value_missing"),
        (4, "credits", "credits_and_hours_missing"),
        (5, "title", "value_missing"),
        (5, "credits", "credits_range_reversed"),
        (6, "code", "text_too_long"),
        (6, "code", "value_missing"),
        (7, None, "example_row"),
    ]
    assert [c.code for c in reading.rows] == ["D"]
    with pytest.raises(ImportRefused) as refusal:
        reading.require()
    assert refusal.value.problems == reading.problems


def test_problems_beyond_a_thousand_are_counted() -> None:
    reading = read(["code", "title", "credits"], *([f"c{i}", "t", "x"] for i in range(1500)))
    assert len(reading.problems) == 1001
    assert reading.more == 500
    assert (reading.problems[-1].code, reading.problems[-1].parameters) == ("more_problems", {"count": 500})


def test_a_formula_is_a_problem_only_where_its_column_is_used() -> None:
    table = read_table(
        xlsx_bytes([["序号", "code", "title", "credits"], ["=ROW()", "A", "x", 1], ["=ROW()", "=B2", "y", "=1"]])
    )
    reading = read_catalogue(table)
    assert found(reading) == [(3, "code", "formula"), (3, "credits", "formula")]
    assert [(n.code, n.column, n.count) for n in reading.notices if n.code == "fault_in_unused_column"] == [
        ("fault_in_unused_column", "序号", 2)
    ]


def test_credit_ranges_in_two_columns_and_hours_of_two_kinds() -> None:
    reading = read(
        ["代码", "名称", "最低学分", "最高学分", "总学时", "面授学时"],
        ["A", "x", "1", "3", "54", "36"],
        ["B", "y", "", "", "", "20"],
    )
    a, b = reading.require()
    assert (a.credits_min, a.credits_max, a.hours, a.hour_kind) == (20, 60, 540, "contact")
    assert (b.credits_min, b.hours, b.hour_kind) == (None, 200, "contact")
    assert {"hours_not_taken", "hour_kind_assumed", "credits_variable"} <= {n.code for n in reading.notices}


def test_a_packed_title_that_is_written_otherwise_is_a_problem() -> None:
    reading = read(["Course Title"], ["ABC 1.  Brass.  1-2 Credits."], ["ABC 2 Horn"], ["ABC 3.  Tuba.  1 Credit."])
    assert found(reading) == [(3, "Course Title", "title_packed_malformed")]
    assert found(read(["Course Title"], ["Horn"])) == [(1, None, "column_missing")]


def test_a_long_packed_title_takes_no_time() -> None:
    hostile = "A 1. x" + ". 1 1 1" * 4000
    start = time.process_time()
    reading = read(["Course Title"], ["ABC 1.  Brass.  1 Credit."], [hostile])
    assert found(reading) == [(3, "Course Title", "title_packed_malformed")]
    assert time.process_time() - start < 0.5


def test_header_alone_and_unknown_headers() -> None:
    assert found(read(["code", "title", "credits"])) == [(0, None, "no_rows")]
    assert found(read(["a", "b"], ["1", "2"])) == [(1, None, "column_missing"), (1, None, "column_missing")]
    assert read(["Kürzel", "名称", "Units"], ["A", "x", "1"], overrides={"code": "Kürzel"}).require()[0].code == "A"
