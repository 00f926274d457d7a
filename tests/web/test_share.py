"""Share links: making, following, withdrawing; what they show and what they keep to themselves."""

from datetime import timedelta

import pytest
from flask import Flask

from credit_bank import sharing
from tests.web import portfolios
from tests.web.client import ClientRequest
from tests.web.people import Town
from tests.web.portfolios import Portfolio


@pytest.fixture
def portfolio(app: Flask) -> Portfolio:
    return portfolios.make(Town(app), signed=1, waiting=0)


def page_of(portfolio: Portfolio) -> str:
    return f"/portfolio/credentials/{portfolio.credentials[0]}"


def make_link(portfolio: Portfolio, **choices: str) -> tuple[ClientRequest, str, str]:
    """The learner's browser, the link's own page, and the path that a stranger follows."""
    browser = portfolio.browser()
    form = browser.get(page_of(portfolio) + "/links/new")
    own = browser.submit(form, choices).location
    address = next(a.attrib["href"] for a in browser.get(own).tree.iter("a") if a.attrib.get("id") == "address")
    assert address.startswith("http://localhost:8000/v/")
    return browser, own, address.removeprefix("http://localhost:8000")


def test_a_link_shows_the_credential_and_counts_its_visits(portfolio: Portfolio, client_request: ClientRequest) -> None:
    browser, own, path = make_link(portfolio, label="给居委会", lifetime="year")
    page = client_request.get(path, both_languages=False)
    assert page.h1 == "这份证书是真的，现在有效" and "示例甲" in page.text and "书法第1期" in page.text
    client_request.get(path, both_languages=False)
    assert "2 次" in browser.get(own).text
    table = browser.get(page_of(portfolio)).text
    assert "给居委会" in table and "2 次" in table
    assert "给居委会" not in page.text


def test_it_is_kept_out_of_search_engines_caches_and_other_sites_logs(
    portfolio: Portfolio, client_request: ClientRequest
) -> None:
    page = client_request.get(make_link(portfolio)[2])
    assert "noindex" in page.headers["X-Robots-Tag"] and page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"


def test_the_name_only_when_the_learner_chose_so(portfolio: Portfolio, client_request: ClientRequest) -> None:
    browser = portfolio.browser()
    form = browser.get(page_of(portfolio) + "/links/new")
    values = {"csrf_token": form.forms()[0].find(".//input[@name='csrf_token']").attrib["value"], "lifetime": "week"}  # type: ignore[union-attr]
    own = browser.post(page_of(portfolio) + "/links/new", values).location
    address = browser.get(own).element("address").attrib["href"]
    page = client_request.get(address.removeprefix("http://localhost:8000"))
    assert "示例甲" not in page.html and "选择了不显示姓名" in page.text


def test_the_link_has_its_qr_code_on_its_page_and_the_credentials(portfolio: Portfolio) -> None:
    browser, own, _ = make_link(portfolio)
    for path in (own, page_of(portfolio)):
        drawings = [e for e in browser.get(path).tree.iter() if e.attrib.get("role") == "img"]
        assert "分享链接的二维码" in [s.attrib.get("aria-label") for s in drawings]


def test_withdrawing_asks_once_and_closes_it(portfolio: Portfolio, client_request: ClientRequest) -> None:
    browser, own, path = make_link(portfolio)
    client_request.get(path)
    question = browser.get(own + "/withdraw")
    client_request.get(path)
    assert browser.follow(browser.submit(question)).h1 == "书法第1期"
    closed = client_request.get(path, status=410)
    assert closed.h1 == "这个链接已经收回" and "不说明证书是假的" in closed.text and "示例甲" not in closed.html
    assert "已经打不开了" in browser.get(own).text
    browser.submit(question, status=409)


def test_an_expired_link_and_one_that_never_was(portfolio: Portfolio, client_request: ClientRequest) -> None:
    town = portfolio.town
    with town.writing() as session:
        link, token = sharing.create(
            session, town.bank, portfolio.holder.learner_id, portfolio.credentials[0], lifetime=timedelta(days=7)
        )
        link.expires_at = link.created_at
        session.add(link)
    assert client_request.get(f"/v/{token}", status=410).h1 == "这个链接已经过期"
    assert client_request.get("/v/abcdefghijklmnopqrstuv", status=404).h1 == "没有这个链接"
    client_request.get("/v/" + "x" * 3000, status=404)


def test_nobody_else_manages_a_link(portfolio: Portfolio) -> None:
    _, own, _ = make_link(portfolio)
    other = portfolio.town.browser(portfolio.town.learner("示例乙").person_id)
    other.get(own, status=404)
    other.get(own + "/withdraw", status=404)
    other.post(own + "/withdraw", status=404)
    other.post(page_of(portfolio) + "/links/new", {"lifetime": "week"}, status=404)


def test_a_lifetime_must_be_one_of_those_offered(portfolio: Portfolio) -> None:
    browser = portfolio.browser()
    page = browser.post(page_of(portfolio) + "/links/new", {"lifetime": "century"}, status=422)
    assert page.errors
    long = browser.post(page_of(portfolio) + "/links/new", {"lifetime": "week", "label": "长" * 61}, status=422)
    assert long.errors
