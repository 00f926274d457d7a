"""The assistant of presentation as a person meets it: asked, answered, undone, looked through, switched off."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from accessibility.adjust.proposing import RULES
from accessibility.adjust.signal import KINDS
from accessibility.preference.model import VALUES
from accessibility.store import adjustments
from tests.web.client import ClientRequest, Page
from tests.web.page_checks import text_of
from tests.web.people import Holder, Town
from web.accounts import consents
from web.messages import catalogue
from web.workflows import account_merging, learning_export

PAGES = ("portfolio.overview", "library.index")


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


@pytest.fixture
def holder(town: Town) -> Holder:
    return town.learner()


@pytest.fixture
def browser(town: Town, holder: Holder) -> ClientRequest:
    return town.browser(holder.person_id)


def switch(browser: ClientRequest, how: str) -> Page:
    page = browser.get("/assistant")
    return browser.submit(page, {"mode": how}, action="/assistant/mode")


def tell(browser: ClientRequest, *, status: int = 204, page: str = "", **counts: str) -> None:
    token = browser.get("/portfolio", both_languages=False).tree.find(".//input[@name='csrf_token']").attrib["value"]
    for name in [page] if page else PAGES:
        answer = browser.client.post("/assistant/noticed", data={"page": name, "csrf_token": token, **counts})
        assert answer.status_code == status


def offer(browser: ClientRequest) -> Page | None:
    page = browser.get("/portfolio", both_languages=False)
    return page if page.tree.find(".//section[@aria-labelledby='assistant-offer']") is not None else None


def say(browser: ClientRequest, page: Page, answer: str) -> Page:
    action = page.tree.find(".//section[@aria-labelledby='assistant-offer']//form").attrib["action"]
    return browser.submit(page, {"answer": answer}, action=action)


def test_nothing_is_noticed_until_it_is_switched_on(town: Town, holder: Holder, browser: ClientRequest) -> None:
    page = browser.get("/portfolio")
    assert "data-notice-to" not in page.tree.find(".//body").attrib and "notice.js" not in page.response.text
    tell(browser, missed="5")
    with town.database.reading() as session:
        assert not any(adjustments.exported(session, holder.person_id).values())
    saved = switch(browser, "ask")
    assert "开了" in browser.follow(saved).text
    with town.database.reading() as session:
        assert "assistant" in {row.purpose for row in consents.current(session, holder.person_id)}
    assert "notice.js" in browser.get("/portfolio").response.text


def test_a_proposal_stands_on_the_next_page_and_a_yes_changes_it(browser: ClientRequest) -> None:
    switch(browser, "ask")
    assert offer(browser) is None
    tell(browser, missed="3")
    page = offer(browser)
    assert page is not None and "6次按在了按钮旁边" in page.text and "要不要" in page.text
    assert "data-notice-to" in page.tree.find(".//body").attrib
    after = browser.follow(say(browser, page, "yes"))
    assert "换好了" in after.text
    assert any("/presentation/" in e.attrib["href"] for e in after.tree.iter("link"))
    assert offer(browser) is None
    own = browser.get("/assistant")
    undone = browser.follow(browser.submit(own, {"answer": "undo"}, action=own_change(own)))
    assert "改回原来的样子" in undone.text
    assert not any("/presentation/" in e.attrib["href"] for e in undone.tree.iter("link"))


def test_a_yes_is_taken_back_where_it_is_told(browser: ClientRequest) -> None:
    switch(browser, "ask")
    tell(browser, missed="3")
    page = offer(browser)
    assert page is not None
    after = browser.follow(say(browser, page, "yes"))
    [told] = [div for div in after.tree.iter("div") if div.attrib.get("role") == "status" and "换好了" in text_of(div)]
    [form] = told.iter("form")
    undone = browser.follow(browser.submit(after, {"answer": "undo"}, action=form.attrib["action"]))
    assert "改回原来的样子" in undone.text
    assert not any("/presentation/" in e.attrib["href"] for e in undone.tree.iter("link"))
    assert "改回去" not in browser.get("/portfolio").text, "it is offered once"


def test_a_proposal_does_not_push_a_question_down(browser: ClientRequest) -> None:
    switch(browser, "ask")
    tell(browser, missed="3")
    html = browser.get("/practice/phone-basics", both_languages=False).html
    assert 0 < html.index('id="prompt"') < html.index('id="assistant-offer"')
    html = browser.get("/portfolio", both_languages=False).html
    assert html.index('id="assistant-offer"') < html.index('id="heading"')


def own_change(page: Page) -> str:
    return next(f.attrib["action"] for f in page.tree.iter("form") if "/assistant/changes/" in f.attrib["action"])


def test_a_no_is_the_end_of_it_for_a_while(browser: ClientRequest) -> None:
    switch(browser, "ask")
    tell(browser, missed="3")
    page = offer(browser)
    assert page is not None
    assert "不换" in browser.follow(say(browser, page, "no")).text
    tell(browser, missed="9")
    assert offer(browser) is None


def test_done_for_me_is_told_and_undone_in_one_press(browser: ClientRequest) -> None:
    switch(browser, "do")
    tell(browser, zoomed="2")
    page = offer(browser)
    assert page is not None and "替您改了一处" in page.text
    assert any("/presentation/" in e.attrib["href"] for e in page.tree.iter("link"))
    after = browser.follow(say(browser, page, "undo"))
    assert not any("/presentation/" in e.attrib["href"] for e in after.tree.iter("link"))
    assert offer(browser) is None


def test_what_was_seen_is_not_shown_again(browser: ClientRequest) -> None:
    switch(browser, "do")
    tell(browser, zoomed="2")
    page = offer(browser)
    assert page is not None
    assert "就这样" in browser.follow(say(browser, page, "yes")).text
    assert offer(browser) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"missed": "many"},
        {"missed": "-1"},
        {"missed": "9" * 400},
        {"lingered": "1", "lingered.amount": "1e9"},
        {"lingered.amount": "nan"},
    ],
)
def test_what_no_page_would_tell_is_refused(browser: ClientRequest, wrong: dict[str, str]) -> None:
    switch(browser, "ask")
    counts = {"missed": "1", **wrong}
    tell(browser, status=400 if "nan" not in wrong.values() else 204, **counts)
    tell(browser, status=400, page="nowhere.at_all", missed="1")
    tell(browser, status=400, page="library.item:../../etc", missed="1")
    tell(browser, status=400, page="library.item:phone-basics/no-such-lesson", missed="1")


def test_nobody_answers_for_somebody_else(town: Town, browser: ClientRequest) -> None:
    switch(browser, "ask")
    tell(browser, missed="3")
    page = offer(browser)
    assert page is not None
    action = page.tree.find(".//section[@aria-labelledby='assistant-offer']//form").attrib["action"]
    stranger = town.browser(town.learner().person_id)
    token = stranger.get("/assistant", both_languages=False).tree.find(".//input[@name='csrf_token']").attrib["value"]
    assert stranger.client.post(action, data={"answer": "yes", "csrf_token": token}).status_code == 404


def test_what_was_noticed_can_be_read_and_deleted_and_off_deletes_all(
    town: Town, holder: Holder, browser: ClientRequest
) -> None:
    switch(browser, "ask")
    tell(browser, went_back="2")
    tell(browser, page="library.item:phone-basics/make-a-call", lingered="1", **{"lingered.amount": "20"})
    page = browser.get("/assistant")
    assert "往回翻：2次" in page.text and "往回翻：4次" in page.text
    browser.submit(browser.get("/assistant/forget"))
    assert "还什么也没记下" in browser.get("/assistant").text
    tell(browser, went_back="2")
    switch(browser, "off")
    with town.database.reading() as session:
        assert not any(adjustments.exported(session, holder.person_id).values())
        assert "assistant" not in {row.purpose for row in consents.current(session, holder.person_id)}


def test_withdrawing_the_consent_switches_it_off(town: Town, holder: Holder, browser: ClientRequest) -> None:
    switch(browser, "ask")
    tell(browser, went_back="2")
    path = "/account/consents/assistant/withdraw"
    browser.submit(browser.get(path))
    with town.database.reading() as session:
        assert not any(adjustments.exported(session, holder.person_id).values())


def test_it_goes_with_the_export_and_with_accounts_that_become_one(town: Town) -> None:
    keep, absorb = town.learner(), town.learner()
    browser = town.browser(absorb.person_id)
    switch(browser, "ask")
    tell(browser, missed="3")
    with town.database.reading() as session:
        kept = learning_export.everything(session, absorb.learner_id, town.bank.kek)
    assert len(kept["assistant_noticed"]) == 2 and len(kept["assistant_changes_proposed"]) == 1
    with town.writing() as session:
        account_merging.merge(
            session,
            town.bank,
            keep=keep.learner_id,
            absorb=absorb.learner_id,
            merged_by=keep.person_id,
            now=datetime.now(UTC),
        )
    with town.database.reading() as session:
        assert not any(adjustments.exported(session, absorb.person_id).values())
        assert len(adjustments.changes(session, keep.person_id)) == 1


def test_every_rule_kind_and_step_has_its_words() -> None:
    known = catalogue()
    assert all(f"assistant.why.{rule.id}" in known for rule in RULES)
    assert all(f"assistant.kind.{kind}" in known for kind in KINDS)
    for rule in RULES:
        for name in rule.preferences:
            assert f"display.{name}.label" in known
            assert all(f"display.{name}.{value}" in known for value in VALUES[name])
