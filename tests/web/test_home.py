"""The first page and the pages that explain."""

import pytest
from flask import Flask

from tests.web.client import ClientRequest
from tests.web.learners import keeping
from tests.web.page_checks import text_of
from tests.web.people import Town


def test_home_opens_three_doors(client_request: ClientRequest) -> None:
    page = client_request.get("/")
    assert page.link("查我的学习成果") == "/portfolio"
    assert page.link("核验一份证书") == "/verify"
    assert page.link("机构与社区学习中心") == "/institutions"


def test_a_newcomer_is_asked_before_the_doors_what_suits(client_request: ClientRequest) -> None:
    text = client_request.get("/").text
    assert text.index("头一回来") < text.index("学点新东西")


@pytest.mark.parametrize("path", ["/help", "/privacy", "/accessibility", "/about"])
def test_pages_that_explain(client_request: ClientRequest, path: str) -> None:
    assert client_request.get(path).h1


def test_help_stands_in_the_same_place_on_every_page(client_request: ClientRequest) -> None:
    for path, status in (("/", 200), ("/about", 200), ("/nowhere", 404)):
        page = client_request.get(path, status=status)
        first = next(page.tree.iter("footer")).find(".//h2")
        assert first is not None and first.attrib["id"] == "footer-help"


def test_every_page_leads_to_a_list_of_all_of_them_and_each_is_there(app: Flask) -> None:
    town = Town(app)
    browser = town.browser(keeping(town, town.learner()).person_id)
    page = browser.get(browser.get("/about").link("全部页面"))
    main = next(page.tree.iter("main"))
    links = {a.attrib["href"]: text_of(a) for a in main.iter("a") if a.attrib["href"].startswith("/")}
    assert len(links) > 24 and len(set(links.values())) == len(links)
    for href, words in links.items():
        assert browser.client.get(href, follow_redirects=True).status_code == 200, words
