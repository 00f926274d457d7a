"""htmx: the vendored file is the one that was published, and parts are blocks of their pages."""

import json

import pytest
from flask import Flask, Response, make_response
from jinja2 import ChoiceLoader, DictLoader

from tests.web.client import ClientRequest
from web import assets, htmx
from web.accounts.permissions import PUBLIC, permit

# As published for htmx.org 4.0.1, dist/htmx.min.js.
PUBLISHED = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with a page that can answer in part."""
    source = (
        '{% extends "base.html" %}{% block title %}T{% endblock %}'
        '{% block content %}<h1>T</h1><div id="rows">'
        "{% block rows %}<p>{{ word }}</p>{% endblock %}</div>{% endblock %}"
    )
    app.jinja_env.loader = ChoiceLoader([DictLoader({"part.html": source}), app.jinja_env.loader])

    @app.get("/part")
    @permit(PUBLIC)
    def part() -> Response:
        return htmx.render("part.html", "rows", word="<word>")

    @app.get("/told")
    @permit(PUBLIC)
    def told() -> Response:
        return htmx.announce(make_response("<p>x</p>"), "找到 3 条")

    return app


PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#rows"}


def test_the_script_is_the_published_one_and_pages_say_so(client_request: ClientRequest) -> None:
    assert assets.integrity(htmx.SCRIPT) == PUBLISHED
    page = client_request.get("/")
    script = next(e for e in page.tree.iter("script") if "htmx" in e.attrib["src"])
    assert script.attrib["integrity"] == PUBLISHED


def test_the_settings_keep_to_the_policy(client_request: ClientRequest) -> None:
    meta = next(e for e in client_request.get("/").tree.iter("meta") if e.attrib.get("name") == "htmx-config")
    config = json.loads(meta.attrib["content"])
    assert config["mode"] == "same-origin"
    assert config["includeIndicatorCSS"] is False
    assert 422 not in config["noSwap"]


def test_a_part_is_a_block_of_its_page(client_request: ClientRequest) -> None:
    whole = client_request.get("/part", both_languages=False)
    assert "<p>&lt;word&gt;</p>" in whole.html
    part = client_request.get("/part", headers=PARTIAL, both_languages=False)
    assert part.html.strip() == "<p>&lt;word&gt;</p>"
    assert "HX-Request" in part.headers["Vary"]


def test_history_is_answered_with_the_whole_page(client_request: ClientRequest) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "full"}
    assert client_request.get("/part", headers=headers, both_languages=False).h1 == "T"


def test_an_announcement_survives_the_header(client_request: ClientRequest) -> None:
    header = client_request.get("/told", headers=PARTIAL, both_languages=False).headers["HX-Trigger"]
    assert header.isascii()
    assert json.loads(header) == {"evergreen:announce": {"sentence": "找到 3 条"}}


def test_the_target_is_the_id(app: Flask) -> None:
    with app.test_request_context("/part", headers=PARTIAL):
        assert htmx.is_partial()
        assert htmx.target_id() == "rows"
    with app.test_request_context("/part"):
        assert not htmx.is_partial()
        assert htmx.target_id() is None
