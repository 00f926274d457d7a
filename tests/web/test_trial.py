"""Trying the bank without an account: a sample, and files of one's own."""

import io

import pytest
from flask import Flask

from tests.traces import everything_stored
from tests.web import portfolios
from tests.web.client import ClientRequest
from tests.web.people import Town


@pytest.fixture
def documents(app: Flask) -> list[bytes]:
    made = portfolios.make(Town(app), signed=2, waiting=0)
    client = made.browser().client
    return [client.get(f"/portfolio/credentials/{i}.json").data for i in made.credentials]


def bring(browser: ClientRequest, *files: bytes, status: int = 200):  # type: ignore[no-untyped-def]
    return browser.post("/try", {"files": [(io.BytesIO(f), f"{n}.json") for n, f in enumerate(files)]}, status=status)


def test_a_made_up_portfolio_and_a_way_on(client_request: ClientRequest) -> None:
    page = client_request.get("/try")
    assert page.texts(".//dl[@class='totals']//dd")[0] == "13 学分，3 项"
    assert page.text.count("样例") >= 3 and page.link("开户") == "/open-account"


def test_files_are_checked_and_added_up(client_request: ClientRequest, documents: list[bytes]) -> None:
    page = bring(client_request, *documents)
    assert page.texts(".//dl[@class='totals']//dd")[0] == "4 学分，2 项"
    assert page.text.count("这份证书是真的") == 2 and page.link("开户")


def test_only_what_passes_counts_and_only_once(client_request: ClientRequest, documents: list[bytes]) -> None:
    altered = documents[1].replace("书法".encode(), "书画".encode())
    page = bring(client_request, documents[0], documents[0], altered, b"nothing", "<b>一".encode())
    assert page.texts(".//dl[@class='totals']//dd")[0] == "2 学分，1 项"
    assert "只算一次" in page.text and "不能采信" in page.text and page.text.count("没有读出来") == 2


def test_an_altered_copy_is_never_taken_for_the_original(client_request: ClientRequest, documents: list[bytes]) -> None:
    altered = documents[0].replace("书法".encode(), "书画".encode())
    for order in ((documents[0], altered), (altered, documents[0])):
        page = bring(client_request, *order)
        assert "不能采信" in page.text and page.texts(".//dl[@class='totals']//dd")[0] == "2 学分，1 项"


def test_no_files_and_too_many(client_request: ClientRequest, documents: list[bytes]) -> None:
    assert client_request.post("/try", status=422).errors
    assert "10" in bring(client_request, *[documents[0]] * 11, status=422).errors[0]


def test_nothing_is_kept(client_request: ClientRequest, app: Flask, documents: list[bytes]) -> None:
    bring(client_request, documents[0].replace("书法".encode(), "独一无二".encode()))
    stored = everything_stored(app)
    assert len(stored) > 1000
    assert "独一无二".encode() not in stored
