"""Applying for admission."""

import pytest
from flask import Flask
from sqlmodel import select

from credit_bank.store.tables import AdmissionApplication
from tests.banks import code
from tests.web.desks import Desk


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def filled(serial: int = 1, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "name": "示例职业学院",
        "name_en": "Example College",
        "social_credit_code": code(serial),
        "kind": "vocational-college",
        "district": "示例区",
        "handle": f"example-{serial}",
        "website": "https://example.org",
        "categories": ["vocational", "other"],
        "contact_name": "示例联系人",
        "contact": "010-0000000",
        "statement": "",
    }
    return {**values, **changes}


def test_an_application_is_received_and_can_be_followed(desk: Desk) -> None:
    browser = desk.browser()
    page = browser.follow(browser.submit(browser.get("/apply"), filled()))
    assert "申请已经收到" in page.text and "等待学分银行处理" in page.text
    assert "010-0000000" not in page.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"social_credit_code": "91350100M000100Y44"}, "有一位不对"),
        ({"social_credit_code": "123"}, "18 位"),
        ({"handle": "Example College"}, "不合要求"),
        ({"website": "example.org"}, "https://"),
        ({"categories": []}, "至少选择一类"),
        ({"kind": None}, "请选机构类型"),
        ({"name": ""}, "机构全称"),
    ],
)
def test_what_is_wrong_is_said_plainly(desk: Desk, change: dict[str, object], sentence: str) -> None:
    values = {k: v for k, v in filled(**change).items() if v is not None}
    page = desk.browser().post("/apply", values, status=422)
    assert any(sentence in e for e in page.errors), page.errors
    assert page.element("contact").attrib["value"] == "010-0000000"


def test_a_second_application_of_the_same_institution_is_refused(desk: Desk) -> None:
    browser = desk.browser()
    browser.post("/apply", filled())
    assert "正在办理" in browser.post("/apply", filled(handle="another"), status=422).errors[0]
    assert "已被使用" in browser.post("/apply", filled(2, handle="example-1"), status=422).errors[0]
    with desk.database.reading() as session:
        assert len(session.exec(select(AdmissionApplication)).all()) == 1
