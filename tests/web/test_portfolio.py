"""The portfolio: what a learner sees of it, finds in it, and takes from it; and that nobody else sees it."""

import io
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import event
from sqlmodel import select

from credit_bank import issuing, publishing, revoking
from credit_bank.credential.parse import parse_object
from credit_bank.identity import account_number
from credit_bank.store.tables import Outcome
from tests.web import portfolios
from tests.web.client import ClientRequest
from tests.web.people import Town
from tests.web.portfolios import Portfolio


@pytest.fixture
def portfolio(app: Flask) -> Portfolio:
    return portfolios.make(Town(app))


def page_of(portfolio: Portfolio, n: int = 0) -> str:
    return f"/portfolio/credentials/{portfolio.credentials[n]}"


def test_a_stranger_is_sent_to_sign_in(client_request: ClientRequest) -> None:
    assert "/sign-in" in client_request.get("/portfolio", status=303).location


def test_every_outcome_with_its_state_and_the_sums_of_what_counts(portfolio: Portfolio) -> None:
    page = portfolio.browser().get("/portfolio")
    assert page.texts(".//h3") == ["书法第1期", "书法第2期", "书法第3期"]
    assert page.texts(".//dl[@class='totals']//dd")[0] == "4 学分，2 项"
    assert "等学校颁发" in page.text and "签名以后才计入学分" in page.text
    assert page.link("书法第1期") == page_of(portfolio)


def test_what_has_expired_is_not_in_the_sums_and_the_page_says_so(portfolio: Portfolio) -> None:
    assert "不算在合计里" not in portfolio.browser().get("/portfolio").text
    with portfolio.town.writing() as session:
        row = session.exec(select(Outcome).where(Outcome.title == "书法第1期")).one()
        row.valid_until = date(2026, 7, 1)
        session.add(row)
    page = portfolio.browser().get("/portfolio")
    assert page.texts(".//dl[@class='totals']//dd")[0] == "2 学分，1 项"
    assert "有 1 项已经过了有效期，不算在合计里。" in page.text
    assert "有 1 项已经过了有效期，不算在合计里。" in portfolio.browser().get("/portfolio/record").text
    assert "One outcome has passed its last day" in portfolio.browser("en").get("/portfolio").text


def test_today_tells_of_credits_that_soon_expire_and_what_can_be_done_with_them(app: Flask) -> None:
    town = Town(app)
    last = town.bank.today() + timedelta(days=20)
    none = portfolios.make(town, signed=1, waiting=0)
    assert "到期" not in none.browser().get("/today").text
    one = portfolios.make(town, signed=1, waiting=0, handle="second-college", serial=2, name="示例乙", valid_until=last)
    page = one.browser().get("/today")
    assert "学分快到期：书法第1期" in page.text and f"{last.day}日是最后一天" in page.text
    assert page.link("看学分能做什么") == "/portfolio/plans"
    two = portfolios.make(town, signed=2, waiting=0, handle="third-college", serial=3, name="示例丙", valid_until=last)
    assert "2 项成果的学分快到期" in two.browser().get("/today").text
    assert "Credits of 2 outcomes soon expire" in two.browser("en").get("/today").text


def test_filters_narrow_and_say_so(portfolio: Portfolio) -> None:
    browser = portfolio.browser()
    assert browser.get("/portfolio?state=recorded").texts(".//h3") == ["书法第3期"]
    assert browser.get("/portfolio?q=第2期").texts(".//h3") == ["书法第2期"]
    assert (
        browser.get(f"/portfolio?institution={portfolio.institution.id}&level=3&category=other").text.count("书法") == 3
    )
    assert "没有找到" in browser.get("/portfolio?category=academic").text
    assert len(browser.get("/portfolio?category=none&institution=x&page=-3&page=x&state=%27").texts(".//h3")) == 3
    assert "没有找到" in browser.get("/portfolio?q=%25").text  # a wildcard is only a character


def test_a_filter_answers_htmx_with_its_part(portfolio: Portfolio) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    part = portfolio.browser().get("/portfolio?q=第2期", headers=headers)
    assert "<html" not in part.html and "书法第2期" in part.html


def test_nothing_yet(app: Flask) -> None:
    town = Town(app)
    page = town.browser(town.learner().person_id).get("/portfolio")
    assert "这里还没有学习成果" in page.text


def test_a_thousand_outcomes_take_few_queries(app: Flask) -> None:
    big = portfolios.make(Town(app), signed=1, waiting=999)
    browser = big.browser()
    browser.get("/portfolio")
    statements: list[str] = []
    engine = app.extensions["evergreen_database"].reader
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    page = browser.get("/portfolio", both_languages=False)
    assert len(page.texts(".//h3")) == 50
    assert len([s for s in statements if s.startswith("SELECT")]) <= 15
    assert browser.get("/portfolio?page=20").texts(".//h3")
    assert len(browser.get("/portfolio/record").texts(".//tbody/tr")) == 1000 + 4


def test_the_record_has_the_name_and_the_sums(portfolio: Portfolio) -> None:
    text = portfolio.browser().get("/portfolio/record").text
    assert "示例甲" in text and account_number.grouped(portfolio.holder.number) in text and "4 学分，2 项" in text


def test_a_credentials_page_says_what_it_says_and_checks_it(portfolio: Portfolio) -> None:
    page = portfolio.browser().get(page_of(portfolio))
    assert page.h1 == "书法第1期"
    assert "这份证书是真的，现在有效" in page.text and "36 学时" in page.text and "示例甲" in page.text
    assert len(page.texts(".//ol[@class='checks']/li")) == 8


def test_a_revoked_credential_is_shown_with_the_reason(portfolio: Portfolio) -> None:
    town = portfolio.town
    with town.writing() as session:
        revoking.change_status(
            session, town.bank, portfolio.institution.id, portfolio.credentials[0], "revoke", reason="成绩登记有误"
        )
    page = portfolio.browser().get(page_of(portfolio))
    assert "已经撤销" in page.text and "撤销的理由：成绩登记有误。" in page.text
    overview = portfolio.browser().get("/portfolio")
    assert "已撤销" in overview.text and overview.texts(".//dl[@class='totals']//dd")[0] == "2 学分，1 项"


@pytest.mark.parametrize(
    "part", ["", ".json", "/bundle.json", "/certificate", "/certificate.pdf", "/badge.png", "/links/new"]
)
def test_nobody_elses_credential_is_found(portfolio: Portfolio, part: str) -> None:
    other = portfolio.town.browser(portfolio.town.learner("示例乙").person_id)
    other.get(page_of(portfolio) + part, status=404)
    other.get(f"/portfolio/credentials/{uuid4()}{part}", status=404)


def test_the_download_is_the_signed_original(portfolio: Portfolio) -> None:
    response = portfolio.browser().client.get(page_of(portfolio) + ".json")
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["Cache-Control"] == "no-store"
    assert parse_object(response.data)["id"] == portfolio.credentials[0].urn
    assert response.data == portfolio.browser().client.get(page_of(portfolio) + ".json").data


def test_the_export_holds_everything(portfolio: Portfolio) -> None:
    browser = portfolio.browser()
    export = json.loads(browser.client.get("/portfolio/export.json").data)
    assert export["learner"] == {"name": "示例甲", "account_number": portfolio.holder.number}
    assert [o["state"] for o in export["outcomes"]] == ["issued", "issued", "recorded"]
    assert {c["id"] for c in export["credentials"]} == {i.urn for i in portfolio.credentials}
    for exported in export["credentials"]:
        data = json.dumps(exported, ensure_ascii=False).encode()
        page = browser.post("/verify", {"way": "file", "file": (io.BytesIO(data), "c.json")}, status=200)
        assert page.h1 == "这份证书是真的，现在有效"


def test_an_export_of_nothing_is_still_json(app: Flask) -> None:
    town = Town(app)
    export = json.loads(town.browser(town.learner().person_id).client.get("/portfolio/export.json").data)
    assert export["outcomes"] == [] and export["credentials"] == []


def make_certificate(portfolio: Portfolio) -> tuple[ClientRequest, str]:
    browser = portfolio.browser()
    ready = browser.follow(browser.submit(browser.get(page_of(portfolio) + "/certificate")))
    return browser, ready.link("下载 PDF")


def test_a_certificate_needs_a_link_and_says_when_it_made_one(portfolio: Portfolio) -> None:
    browser = portfolio.browser()
    assert browser.get(page_of(portfolio) + "/certificate.pdf", status=303).location.endswith("/certificate")
    ready = browser.follow(browser.submit(browser.get(page_of(portfolio) + "/certificate")), both_languages=False)
    assert "已经做好一个长期有效的链接" in ready.text
    again = browser.get(page_of(portfolio) + "/certificate")
    assert "纸质证书（一直有效，直到您收回）" in again.text
    before = browser.get(page_of(portfolio)).text.count("纸质证书")
    browser.submit(again)
    assert browser.get(page_of(portfolio)).text.count("纸质证书") == before


def test_a_name_that_cannot_be_printed_is_said_before_anything_is_made(app: Flask) -> None:
    rare = portfolios.make(Town(app), signed=1, waiting=0, name="示例𠮷")
    page = rare.browser().get(page_of(rare) + "/certificate")
    assert "𠮷" in page.text and not page.forms()


def test_the_certificate_and_the_badge_verify_when_uploaded(
    portfolio: Portfolio, client_request: ClientRequest
) -> None:
    browser, address = make_certificate(portfolio)
    made = browser.client.get(address).data
    badge = browser.client.get(page_of(portfolio) + "/badge.png").data
    for data, name, words in ((made, "c.pdf", "纸面上的字"), (badge, "b.png", "图片上的字")):
        page = client_request.post("/verify", {"way": "file", "file": (io.BytesIO(data), name)}, status=200)
        assert page.h1 == "这份证书是真的，现在有效" and words in page.text and "示例甲" not in page.text


def test_script_in_every_field_is_shown_as_text(app: Flask) -> None:
    nasty = "<script>alert(1)</script>"
    bad = portfolios.make(Town(app), signed=1, waiting=0, grade=nasty, term=nasty, course_title=f"《{nasty}》")
    for path in (
        "/portfolio",
        "/portfolio/record",
        page_of(bad),
        page_of(bad) + "/links/new",
        page_of(bad) + "/certificate",
    ):
        page = bad.browser().get(path)
        assert "alert(1)" not in "".join(page.texts(".//script"))
        assert "<script>alert" not in page.html


def test_pending_until_the_next_checkpoint(app: Flask) -> None:
    made = portfolios.make(Town(app), signed=1, waiting=1)
    town = made.town
    with town.writing() as session:
        issuing.issue(session, town.bank, made.institution.id, issuing.recorded_ids(session, made.institution.id))
    page = made.browser().get("/portfolio")
    newest = made.browser().get(page.link("书法第2期"))
    assert "现在有效" in newest.text and "没能核对" in newest.text
    with town.writing() as session:
        publishing.publish(session, town.bank, made.institution.id)
    assert "没能核对" not in made.browser().get(page.link("书法第2期")).text
