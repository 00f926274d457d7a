"""Outcomes: who, what, when and how much; nothing guessed, every problem told."""

from datetime import date

from credit_bank.exchange.outcomes import read_outcomes
from credit_bank.exchange.table import read_table
from credit_bank.identity import account_number
from credit_bank.identity.document import DocumentType, resident_id_check_character
from credit_bank.recognition.framework import Category
from tests.credit_bank.exchange.table_files import csv_bytes, xlsx_bytes

TODAY = date(2026, 11, 22)
ACCOUNT = "12345678901" + account_number.check_digit("12345678901")
RESIDENT = "11010119500101123" + resident_id_check_character("11010119500101123")
WRONG_RESIDENT = RESIDENT[:-1] + ("0" if RESIDENT[-1] != "0" else "1")


def read(*rows: list[object], **options: object):  # type: ignore[no-untyped-def]
    return read_outcomes(read_table(csv_bytes(rows)), today=TODAY, **options)  # type: ignore[arg-type]


def found(reading) -> list[tuple[int, str | None, str]]:  # type: ignore[no-untyped-def]
    return [(p.row, p.column, p.code) for p in reading.problems]


def test_a_full_row_from_a_spreadsheet() -> None:
    header = [
        "学习账号",
        "证件类型",
        "证件号",
        "姓名",
        "课程代码",
        "课程名称",
        "获得日期",
        "学分",
        "学时",
        "学时类型",
        "等级",
        "类别",
        "成绩",
        "有效期至",
        "学期",
    ]
    row = [
        account_number.grouped(ACCOUNT),
        "护照",
        "e 1234567",
        "示例学员",
        "KC-1",
        "书法",
        date(2025, 3, 1),
        2.5,
        45,
        "面授",
        "Level 3",
        "职业证书",
        88,
        "2030年3月1日",
        "2024-2025-2",
    ]
    (outcome,) = read_outcomes(read_table(xlsx_bytes([header, row])), today=TODAY).require()
    assert outcome.row == 2
    assert (outcome.account, outcome.document_type, outcome.document_number) == (
        ACCOUNT,
        DocumentType.PASSPORT,
        "E1234567",
    )
    assert (outcome.awarded, outcome.valid_until) == (date(2025, 3, 1), date(2030, 3, 1))
    assert (outcome.credits, outcome.hours, outcome.hour_kind) == (50, 450, "contact")
    assert (outcome.level, outcome.category, outcome.grade) == ("3", Category.VOCATIONAL, "88")
    assert (outcome.name, outcome.course_code, outcome.course_title, outcome.term) == (
        "示例学员",
        "KC-1",
        "书法",
        "2024-2025-2",
    )


def test_learners_named_by_document() -> None:
    header = ["姓名", "证件类型", "证件号", "课程名称", "日期"]
    reading = read(
        header,
        ["学员一", "", RESIDENT.lower(), "x", "2025-01-01"],
        ["学员二", "外国人永久居留身份证", "ABC123456789012", "x", "2025-01-01"],
    )
    assert [(o.document_type, o.document_number) for o in reading.require()] == [
        (DocumentType.RESIDENT_ID, RESIDENT),
        (DocumentType.PERMANENT_RESIDENCE, "ABC123456789012"),
    ]
    (outcome,) = read(["姓名", "身份证号", "课程", "日期"], ["学员", RESIDENT, "x", "2025-01-01"]).require()
    assert outcome.document_type is DocumentType.RESIDENT_ID
    reading = read(
        header,
        ["", "身份证", WRONG_RESIDENT, "x", "2025-01-01"],
        ["学员", "", "E1234567", "x", "2025-01-01"],
        ["学员", "驾照", "E1234567", "x", "2025-01-01"],
        ["学员", "", "1.1010119500101E+17", "x", "2025-01-01"],
        ["学员", "", "", "x", "2025-01-01"],
        ["学员", "护照", "?!", "x", "2025-01-01"],
    )
    assert found(reading) == [
        (2, "证件号", "resident_id_check_digit"),
        (2, "姓名", "name_missing"),
        (3, "证件号", "document_type_missing"),
        (4, "证件类型", "document_type_unknown"),
        (5, "证件号", "number_lost_digits"),
        (6, "证件号", "learner_missing"),
        (7, "证件号", "passport_malformed"),
    ]


def test_no_identity_number_ever_stands_in_a_problem() -> None:
    reading = read(
        ["姓名", "证件号", "课程", "日期"],
        ["学员", WRONG_RESIDENT, "x", "2025-01-01"],
        ["学员", "X9876543", "y", "2025-01-01"],
    )
    assert len(reading.problems) == 2
    assert not any(number in str(p.as_dict()) for p in reading.problems for number in (WRONG_RESIDENT, "X9876543"))


def test_every_problem_of_a_row_is_told() -> None:
    wrong = ACCOUNT[:-1] + str((int(ACCOUNT[-1]) + 1) % 10)
    reading = read(
        ["账号", "姓名", "课程代码", "获得日期", "学分", "类别", "有效期"],
        [wrong, "学员", "", "03/04/2025", "1-2", "?", "2025-02-30"],
        ["123", "学员", "A", "2026-11-23", "x", "学历", "2020-01-01"],
        [ACCOUNT, "", "A", "2026-11-22", "0", "学历", "长期"],
        [ACCOUNT, "学员", "A", "2026年11月22日", "1", "", ""],
        [ACCOUNT, "学员", "EXAMPLE-001", "", "1", "", ""],
    )
    assert found(reading) == [
        (2, "账号", "account_check_digit"),
        (2, "课程代码", "course_missing"),
        (2, "获得日期", "date_ambiguous"),
        (2, "有效期", "date_impossible"),
        (2, "学分", "credits_range_in_outcome"),
        (2, "类别", "category_unknown"),
        (3, "账号", "account_malformed"),
        (3, "获得日期", "date_future"),
        (3, "有效期", "valid_until_before_awarded"),
        (3, "学分", "credits_malformed"),
        (5, None, "row_repeated"),
        (6, None, "example_row"),
        (6, "获得日期", "value_missing"),
    ]
    assert reading.problems[10].parameters == {"first": 4}
    assert [o.row for o in reading.rows] == [4]
    assert {n.code for n in reading.notices} == {"name_absent", "credits_zero"}


def test_columns_that_an_outcome_cannot_do_without() -> None:
    assert [p.code for p in read(["x"], ["1"]).problems] == [
        "column_learner_missing",
        "column_course_missing",
        "column_awarded_missing",
    ]
    reading = read(["账号", "姓名"], [ACCOUNT, "学员"], defaults={"course_code": "A", "awarded": "2025-01-01"})
    assert reading.require()[0].course_code == "A"
    assert [p.code for p in read(["账号", "课程", "日期", "获得日期"], ["", "", "", ""]).problems] == [
        "column_ambiguous"
    ]


def test_a_row_whose_cells_shifted_is_one_problem_and_not_ten() -> None:
    reading = read(["账号", "姓名", "课程代码", "获得日期"], [ACCOUNT, "学员"])
    assert found(reading) == [(2, None, "cells_missing")]
