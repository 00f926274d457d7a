"""The credit account: what there is, every movement with its reason, paged; nobody else's."""

import json
import re
from pathlib import Path

from flask import Flask
from sqlmodel import select

from credit_bank import revoking, settling
from credit_bank.store import account
from credit_bank.store.tables import CreditJournal
from tests.browser.credit_pages import spend
from tests.web import portfolios
from tests.web.client import ClientRequest
from tests.web.people import Town
from web.messages import catalogue


def test_a_stranger_is_sent_to_sign_in(client_request: ClientRequest) -> None:
    assert "/sign-in" in client_request.get("/portfolio/credits", status=303).location


def test_what_was_deposited_is_there_and_the_portfolio_leads_to_it(app: Flask) -> None:
    made = portfolios.make(Town(app))
    browser = made.browser()
    assert browser.get("/portfolio").link("看学分账户") == "/portfolio/credits"
    page = browser.get("/portfolio/credits")
    assert page.texts(".//dl[@class='totals']//dt") == ["可以用", "等认定", "已转换，等兑换", "已兑换"]
    assert page.texts(".//dl[@class='totals']//dd") == ["0 学分", "6 学分", "0 学分", "0 学分"]
    assert page.texts(".//h3")[0].startswith("存入：书法第")
    assert "学校登记了这项学习成果。" in page.text and "试验学院" in page.text


def test_a_learner_without_credits_is_told_how_they_come(app: Flask) -> None:
    town = Town(app)
    holder = town.learner("示例甲")
    page = town.browser(holder.person_id).get("/portfolio/credits")
    assert "账户里还没有学分" in page.text
    assert "There are no credits yet" in town.browser(holder.person_id, language="en").get("/portfolio/credits").text


def test_every_movement_with_its_reason_and_who_decided_it_on_pages_of_fifty(app: Flask) -> None:
    made = portfolios.make(Town(app), signed=57, waiting=3)
    spend(made)
    browser = made.browser()
    page = browser.get("/portfolio/credits")
    assert page.texts(".//dl[@class='totals']//dd") == ["3 学分", "110 学分", "0 学分", "1.25 学分", "1.5 学分"]
    assert page.texts(".//tbody//th") == [*["学历教育4 级"] * 3, "其他非学历3 级"]
    titles = page.texts(".//h3")
    assert len(titles) == 50
    assert "过期：书法第5期" in titles and "过了有效期。" in page.text and "后来退回了" in page.text
    assert "兑换：书法第1期、书法第2期" in titles
    assert "“可以用”减 1.5 学分（学历教育，4 级）" in page.text
    assert b"r".hex() * 6 in page.text
    last = browser.get("/portfolio/credits?page=2")
    with made.town.writing() as session:
        size = account.journal_count(session, made.holder.learner_id)
    assert len(last.texts(".//h3")) == size - 50
    for odd in ("0", "99", "x"):
        browser.get(f"/portfolio/credits?page={odd}")


def test_the_download_has_every_movement(app: Flask) -> None:
    made = portfolios.make(Town(app), signed=57, waiting=3)
    spend(made)
    taken = json.loads(made.browser().client.get("/portfolio/export.json").data)
    with made.town.writing() as session:
        ids = {str(i) for i in session.exec(select(CreditJournal.id))}
    assert {m["id"] for m in taken["credit_account"]["movements"]} == ids
    [consumed] = [m for m in taken["credit_account"]["movements"] if m["movement"] == "consume"]
    assert {(p["account"], p["credits"]) for p in consumed["postings"]} == {("held", "-1.25"), ("consumed", "1.25")}
    assert consumed["rule_set_sha256"] == (b"r" * 32).hex()
    [available] = [b for b in taken["credit_account"]["balance"] if b["account"] == "available"]
    assert available == {
        "framework": "evergreen-1",
        "level": "4",
        "category": "academic",
        "account": "available",
        "steps": 60,
        "credits": "3",
    }


def test_every_reason_that_the_bank_gives_has_a_sentence() -> None:
    given = {*settling._REASON.values(), *revoking._REASON.values()}
    for path in Path(settling.__file__).parent.glob("*.py"):
        given.update(re.findall(r'Decision\([^()]*(?:\([^()]*\)[^()]*)*?"([a-z_]+)"', path.read_text("utf-8")))
    assert {"deposited", "accounts_merged", "last_day_passed", "conversion_approved"} <= given
    assert sorted(r for r in given if f"credits.reason.{r}" not in catalogue()) == []
