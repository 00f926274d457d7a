"""One's own account."""

import pytest
from flask import Flask
from sqlmodel import col, select

from tests.web.client import ClientRequest
from tests.web.people import PASSWORD, PIN, Holder, Town
from web.accounts.roles import Role
from web.accounts.tables import Consent, Person, WebSession


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


@pytest.fixture
def holder(town: Town) -> Holder:
    return town.learner()


@pytest.fixture
def home(town: Town, holder: Holder) -> ClientRequest:
    """The learner's browser at home."""
    return town.browser(holder.person_id)


def test_the_account_shows_the_document_by_type_only(home: ClientRequest, holder: Holder) -> None:
    page = home.get("/account")
    number = holder.number
    assert f"{number[:4]} {number[4:8]} {number[8:]}" in page.text
    assert "居民身份证" in page.text
    assert holder.document not in page.html


def test_a_new_pin_ends_the_other_sessions(home: ClientRequest, town: Town, holder: Holder) -> None:
    elsewhere = town.browser(holder.person_id)
    page = home.get("/account/secret")
    home.submit(page, {"present": PIN, "new_secret": "862940", "again": "862940"})
    home.get("/account")
    elsewhere.get("/account", status=303)
    fresh = town.browser()
    fresh.post("/sign-in", {"name": holder.number, "secret": PIN}, status=422)
    fresh.post("/sign-in", {"name": holder.number, "secret": "862940"})


@pytest.mark.parametrize(
    ("present", "new", "again", "field"),
    [
        ("111111", "862940", "862940", "present"),
        (PIN, PIN, PIN, "new_secret"),
        (PIN, "12345", "12345", "new_secret"),
        (PIN, "862940", "862941", "again"),
    ],
)
def test_a_new_pin_that_is_refused(home: ClientRequest, present: str, new: str, again: str, field: str) -> None:
    page = home.post("/account/secret", {"present": present, "new_secret": new, "again": again}, status=422)
    assert [a.attrib["href"] for a in page.element("error-summary").iter("a")] == [f"#{field}"]


def test_the_present_pin_cannot_be_guessed_at_a_borrowed_screen(home: ClientRequest) -> None:
    for status in [422] * 5 + [429]:
        home.post("/account/secret", {"present": "111111", "new_secret": "862940", "again": "862940"}, status=status)


def test_staff_need_a_longer_secret(town: Town) -> None:
    browser = town.browser(town.staff("clerk", town.institution("example"), Role.REGISTRAR))
    form = {"present": PASSWORD, "new_secret": "862940", "again": "862940"}
    page = browser.post("/account/secret", form, status=422)
    assert "至少要 10 个字符" in page.errors[0]


def test_who_must_change_the_secret_sees_nothing_else_before(home: ClientRequest, town: Town, holder: Holder) -> None:
    with town.writing() as session:
        person = session.get_one(Person, holder.person_id)
        person.must_change_secret = True
        session.add(person)
    assert home.get("/account", status=303).location == "/account/secret"
    assert home.get("/account/card", status=303).location == "/account/secret"
    home.get("/help")
    page = home.get("/account/secret")
    home.submit(page, {"present": PIN, "new_secret": "862940", "again": "862940"})
    home.get("/account")


def test_one_session_is_ended_from_another(home: ClientRequest, town: Town, holder: Holder) -> None:
    tablet = town.browser(holder.person_id)
    page = home.get("/account")
    actions = [f.attrib["action"] for f in page.forms() if "让它退出" in "".join(f.itertext())]
    assert len(actions) == 1
    home.submit(page, action=actions[0])
    tablet.get("/account", status=303)
    home.get("/account")


def test_signing_out_everywhere(home: ClientRequest, town: Town, holder: Holder) -> None:
    browsers = [home, town.browser(holder.person_id), town.browser(holder.person_id)]
    home.submit(home.get("/account"), action="/account/sign-out-everywhere")
    for browser in browsers:
        browser.get("/account", status=303)
    with town.database.reading() as session:
        assert session.exec(select(WebSession).where(col(WebSession.ended_at).is_(None))).all() == []


def test_nobody_ends_a_strangers_session(home: ClientRequest, town: Town) -> None:
    stranger = town.learner("另一学员")
    browser = town.browser(stranger.person_id)
    with town.database.reading() as session:
        theirs = session.exec(select(WebSession.id).where(WebSession.person_id == stranger.person_id)).one()
    home.post(f"/account/sessions/{theirs}/end", status=404)
    browser.get("/account")


def test_a_consent_is_withdrawn_as_easily_as_given(home: ClientRequest, town: Town, holder: Holder) -> None:
    page = home.get("/account")
    home.submit(home.get(page.link("同意：允许工作人员查看")))
    page = home.get("/account")
    home.submit(home.get(page.link("撤回：允许工作人员查看")))
    with town.database.reading() as session:
        [row] = session.exec(select(Consent).where(Consent.purpose == "counter_help")).all()
        assert row.withdrawn_at is not None and row.given_via == "online"
        assert row.learner_id == holder.learner_id


def test_withdrawing_what_is_required_closes_the_account_after_saying_so(home: ClientRequest, holder: Holder) -> None:
    page = home.get("/account/consents/identity/withdraw")
    assert "账户就会停用" in page.text
    closed = home.follow(home.submit(page))
    assert closed.h1 == "账户已经停用"
    home.get("/account", status=303)
    home.post("/sign-in", {"name": holder.number, "secret": PIN}, status=422)


@pytest.mark.parametrize("act", ["give", "withdraw"])
def test_an_unknown_purpose_is_not_found(home: ClientRequest, act: str) -> None:
    home.get(f"/account/consents/marketing/{act}", status=404)


def test_the_language_is_kept(home: ClientRequest, town: Town, holder: Holder) -> None:
    home.submit(home.get("/account"), {"language": "en"}, action="/account/language")
    assert home.get("/account", both_languages=False).h1 == "My account"
    fresh = town.browser()
    fresh.post("/sign-in", {"name": holder.number, "secret": PIN})
    assert fresh.get("/account", both_languages=False).h1 == "My account"


def test_the_card_is_for_learners(town: Town) -> None:
    browser = town.browser(town.staff("clerk"))
    browser.get("/account/card", status=403)


def test_nothing_of_the_account_stays_in_a_cache(home: ClientRequest) -> None:
    assert home.get("/account").headers["Cache-Control"] == "no-store"
