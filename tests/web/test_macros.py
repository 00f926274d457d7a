"""The macros that pages are made of: valid as they stand, and refused forms say what to do."""

import pytest
from flask import Flask

from tests import gallery
from tests.web.client import ClientRequest
from tests.web.page_checks import text_of


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with the page that shows every macro."""
    gallery.install(app)
    return app


def test_every_macro_makes_a_valid_page(client_request: ClientRequest) -> None:
    page = client_request.get("/test/gallery")
    assert "您已经退出登录" in page.text
    assert page.link("上一页") == "/test/gallery?page=3"


def test_the_seal_is_pressed_only_on_a_pass(client_request: ClientRequest) -> None:
    page = client_request.get("/test/gallery")
    seals = {
        verdict.attrib["class"]: len(verdict.findall(".//{*}svg[@role='img']"))
        for verdict in page.tree.findall(".//div[h2]/..")
        if verdict.attrib.get("class", "").startswith("verdict")
    }
    assert seals == {"verdict pass": 1, "verdict fail": 0, "verdict unchecked": 0}


def test_a_refused_form_names_each_field_and_leads_to_it(client_request: ClientRequest) -> None:
    page = client_request.submit(
        client_request.get("/test/gallery"), {"kind": "academic", "day": ["1950", "x", "1"]}, status=422
    )
    summary = page.element("error-summary")
    assert "autofocus" in summary.attrib
    for link in summary.iter("a"):
        control = page.element(link.attrib["href"][1:])
        assert control.tag in ("input", "select", "textarea")
        assert control.attrib["aria-invalid"] == "true"
    assert "请填写“已加入的机构”。" in page.errors
    described = page.element("name").attrib["aria-describedby"].split()
    assert [text_of(page.element(d)) for d in described] == [
        "如果是别人发给您的链接，请对方再发一次。",
        "请填写“已加入的机构”。",
    ]


def test_what_was_typed_stays_but_never_a_secret(client_request: ClientRequest) -> None:
    typed = {"name": "示例", "secret": "000000", "words": "<b>", "day": ["1950", "13", "1"]}
    page = client_request.submit(client_request.get("/test/gallery"), typed, status=422)
    assert page.element("name").attrib["value"] == "示例"
    assert page.element("words").text is not None
    assert page.element("words").text.strip() == "<b>"
    assert page.element("day-month").attrib["value"] == "13"
    assert page.element("secret").attrib.get("value", "") == ""
