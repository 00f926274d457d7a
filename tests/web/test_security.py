"""Headers, forged forms, limits, and errors that have a page."""

import pytest
from flask import Flask, abort

from credit_bank.errors import Conflict, CreditBankError, Forbidden, InvalidInput, Missing, Unavailable
from tests.apps import settings_for
from tests.web.client import ClientRequest
from web import error_pages
from web.accounts.permissions import PUBLIC, permit
from web.app import create_app
from web.security import limiter


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with endpoints that fail on purpose."""

    @app.get("/fail/<kind>")
    @permit(PUBLIC)
    def fail(kind: str) -> str:
        kinds: dict[str, CreditBankError] = {
            "invalid": InvalidInput("database.busy"),
            "forbidden": Forbidden("database.busy"),
            "missing": Missing("database.busy"),
            "conflict": Conflict("database.busy"),
            "unavailable": Unavailable("database.busy"),
        }
        if kind in kinds:
            raise kinds[kind]
        if kind.isdigit():
            abort(int(kind))
        raise ZeroDivisionError(kind)

    @app.get("/api/v1/fail")
    @permit(PUBLIC)
    def api_fail() -> str:
        raise Missing("database.busy")

    @app.get("/limited")
    @permit(PUBLIC)
    @limiter.limit("2 per hour")
    def limited() -> str:
        return ""

    return app


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere(client_request: ClientRequest) -> None:
    policy = client_request.get("/").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == directives["base-uri"] == directives["frame-ancestors"] == "'none'"
    assert {directives[name] for name in ("script-src", "style-src", "img-src", "form-action")} == {"'self'"}


def test_files_of_our_own_are_protected_and_kept(client_request: ClientRequest) -> None:
    page = client_request.get("/")
    addresses = [e.attrib[a] for e in page.tree.iter() for a in ("src", "href") if "?v=" in e.attrib.get(a, "")]
    assert len(addresses) > 10
    for address in addresses:
        assert "immutable" in client_request.get(address).headers["Cache-Control"]
    assert "immutable" not in client_request.get("/static/css/base.css?v=old").headers["Cache-Control"]


def test_strict_transport_security_only_over_https(sqlite_url: str, client_request: ClientRequest) -> None:
    assert "Strict-Transport-Security" not in client_request.get("/").headers
    secure = create_app(settings_for(sqlite_url, site_origin="https://bank.example", cookie_secure=True))
    assert "max-age=31536000" in secure.test_client().get("/").headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    ("kind", "status"),
    [("invalid", 400), ("forbidden", 403), ("missing", 404), ("conflict", 409), ("unavailable", 503)],
)
def test_a_typed_error_has_a_page_with_its_sentence(client_request: ClientRequest, kind: str, status: int) -> None:
    from credit_bank.sentences import sentence

    page = client_request.get(f"/fail/{kind}", status=status)
    assert sentence("error.database.busy", "zh-CN") in page.text
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 418, 429, 500, 503])
def test_every_error_has_a_finished_page(client_request: ClientRequest, status: int) -> None:
    page = client_request.get(f"/fail/{status}", status=status)
    assert page.link("回首页") == "/"
    assert str(status) in page.text


def test_an_unexpected_error_says_nothing_of_itself(client_request: ClientRequest) -> None:
    page = client_request.get("/fail/secret", status=500)
    assert "我们这边出错了" in page.h1
    assert "ZeroDivision" not in page.html


def test_a_method_that_is_not_allowed_says_which_is(client_request: ClientRequest) -> None:
    assert "GET" in client_request.post("/about", status=405).headers["Allow"]


def test_an_address_for_a_form_alone_leads_to_the_page_above_it(client_request: ClientRequest) -> None:
    """The form stands there again with its faults; loaded anew, or in the other language, it is opened with GET."""
    case = "/cases/00000000-0000-4000-8000-000000000001"
    assert client_request.get(f"{case}/redeem", status=303).location == case
    assert client_request.get("/lti/launch", status=405).h1  # nothing stands above it


def test_a_form_without_its_token_is_refused(client_request: ClientRequest) -> None:
    response = client_request.client.post("/settings/display", data={"text_size": "30"})
    assert response.status_code == 400
    assert "这张表单已经失效" in response.text


def test_too_many_requests_are_told_to_wait(client_request: ClientRequest) -> None:
    limiter.reset()
    client_request.get("/limited", both_languages=False)
    client_request.get("/limited", both_languages=False)
    page = client_request.get("/limited", status=429, both_languages=False)
    assert int(page.headers["Retry-After"]) > 0


def test_the_api_answers_its_own_errors(app: Flask, client_request: ClientRequest) -> None:
    def answer(error: Exception, status: int) -> tuple[dict[str, object], int]:
        return {"error": type(error).__name__}, status

    error_pages.answer_api_errors(app, answer)
    response = client_request.get("/api/v1/fail", status=404).response
    assert response.json == {"error": "Missing"}
    assert client_request.get("/api/v1/nowhere", status=404).response.json == {"error": "NotFound"}
    assert client_request.get("/nowhere", status=404).is_html


def test_a_character_that_no_database_takes_is_refused(client_request: ClientRequest) -> None:
    assert client_request.get("/library?q=%00", status=400).status == 400
    assert client_request.post("/sign-in", {"name": "a\x00b", "secret": "1"}, status=400).status == 400
