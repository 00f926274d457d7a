"""Headers as registrars write them, and the person's own word over any guess."""

import pytest

from credit_bank.exchange.headers import CATALOGUE, OUTCOMES
from credit_bank.exchange.mapping import Field, map_columns


@pytest.mark.parametrize(
    ("header", "fields", "name"),
    [
        ("课程名称", CATALOGUE, "title"),
        (" 课 程 名 称 ", CATALOGUE, "title"),
        ("课程名称（必填）", CATALOGUE, "title"),
        ("课程名称 Course Title", CATALOGUE, "title"),
        ("ＣＲＥＤＩＴＳ", CATALOGUE, "credits"),
        ("Credit(s)", CATALOGUE, "credits"),
        ("* 学分", CATALOGUE, "credits"),
        ("course_code", CATALOGUE, "code"),
        ("Course-No.", CATALOGUE, "code"),
        ("prereq", CATALOGUE, "prerequisites"),
        ("school", CATALOGUE, "subject"),
        ("学时（小时）", CATALOGUE, "hours"),
        ("姓名", OUTCOMES, "name"),
        ("学习账号", OUTCOMES, "account"),
        ("身份证号", OUTCOMES, "resident_id"),
        ("证件号码", OUTCOMES, "document_number"),
        ("证件类型", OUTCOMES, "document_type"),
        ("成绩", OUTCOMES, "grade"),
        ("获得日期", OUTCOMES, "awarded"),
        ("Date Awarded", OUTCOMES, "awarded"),
        ("有效期至", OUTCOMES, "valid_until"),
        ("VALID UNTIL", OUTCOMES, "valid_until"),
        ("等级", OUTCOMES, "level"),
        ("类别", OUTCOMES, "category"),
        ("学期", OUTCOMES, "term"),
        ("valid_until", OUTCOMES, "valid_until"),
        ("成绩等级", OUTCOMES, "grade"),
    ],
)
def test_common_headers_are_known(header: str, fields: tuple[Field, ...], name: str) -> None:
    assert map_columns((header,), fields).columns == {name: 0}


def test_no_header_stands_for_two_fields_of_one_import() -> None:
    for fields in (CATALOGUE, OUTCOMES):
        headers = [h for f in fields for h in f.headers]
        assert len(headers) == len(set(headers))


def test_unused_and_missing_columns_are_told() -> None:
    mapping = map_columns(("序号", "课程名称", "备注"), CATALOGUE)
    assert mapping.columns == {"title": 1}
    assert mapping.unused == ("序号", "备注")
    assert mapping.missing == ("code",)
    assert [(p.row, p.code, p.parameters["label"]) for p in mapping.problems] == [
        (1, "column_missing", "课程代码 / code")
    ]


def test_two_columns_for_one_field_are_refused_until_one_is_named() -> None:
    columns = ("代码", "课程名称", "学分", "Units")
    mapping = map_columns(columns, CATALOGUE)
    assert [p.code for p in mapping.problems] == ["column_ambiguous"]
    assert mapping.problems[0].parameters["columns"] == "学分, Units"
    assert "credits" not in mapping.columns
    named = map_columns(columns, CATALOGUE, {"credits": "units"})
    assert named.problems == ()
    assert named.header("credits") == "Units"
    assert named.unused == ("学分",)
    assert map_columns(columns, CATALOGUE, {"credits": ""}).columns == {"code": 0, "title": 1}


def test_overrides_that_cannot_be() -> None:
    mapping = map_columns(
        ("代码", "名称", "x"), CATALOGUE, {"credits": "没有", "colour": "x", "level": "x", "hours": "X"}, header_row=3
    )
    assert [(p.row, p.column, p.code) for p in mapping.problems] == [
        (3, None, "column_not_found"),
        (3, None, "field_unknown"),
        (3, "x", "column_used_twice"),
    ]


def test_a_mapping_read_back_gives_the_same_mapping() -> None:
    columns = ("Kürzel", "名称", "学分")
    first = map_columns(columns, CATALOGUE, {"code": "Kürzel"})
    assert map_columns(columns, CATALOGUE, first.as_dict()) == first
