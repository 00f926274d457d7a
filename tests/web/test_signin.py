"""Signing in and out, a lost PIN, opening an account."""

import logging
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlmodel import col, select

from tests.banks import resident_id
from tests.web.client import ClientRequest
from tests.web.people import PASSWORD, PIN, Town
from web.accounts import consents, sessions
from web.accounts.roles import Role
from web.accounts.secrets import SecretHasher
from web.accounts.tables import AuditEvent, Consent, Person, SignInAttempt, TemporaryCode, WebSession


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


def cookie(browser: ClientRequest, name: str = "evergreen_session") -> str | None:
    found = browser.client.get_cookie(name)
    return found.value if found else None


def test_a_learner_signs_in_with_the_number_as_printed(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    page = client_request.get("/sign-in")
    number = f"{holder.number[:4]} {holder.number[4:8]} {holder.number[8:]}"
    answer = client_request.submit(page, {"name": number, "secret": PIN}, action="/sign-in")
    assert cookie(client_request)
    account = client_request.get("/account")
    assert "示例学员" in account.text
    assert answer.location in ("/portfolio", "/account")


def test_full_width_digits_are_the_same_pin(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    wide = "".join(chr(ord(c) + 0xFEE0) for c in PIN)
    client_request.post("/sign-in", {"name": holder.number, "secret": wide})
    assert client_request.get("/account").h1


def test_staff_sign_in_by_name_whatever_its_case(client_request: ClientRequest, town: Town) -> None:
    town.staff("Example.Registrar", town.institution("example"), Role.REGISTRAR)
    client_request.post("/sign-in", {"name": "EXAMPLE.registrar", "secret": PASSWORD})
    assert "登记员" in client_request.get("/account").text


def test_what_was_typed_stays_but_the_pin(client_request: ClientRequest, town: Town) -> None:
    page = client_request.post("/sign-in", {"name": "nobody", "secret": "not-the-secret-9"}, status=422)
    assert page.errors == ["账号或密码不对。请对照开户时拿到的卡片，再输一次。"]
    assert page.element("name").attrib["value"] == "nobody"
    assert "not-the-secret-9" not in page.html


def test_signing_in_begins_a_new_session_whatever_cookie_was_brought(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    planted = town.token(town.learner("另一学员").person_id)
    client_request.client.set_cookie("evergreen_session", planted)
    client_request.client.get("/settings/display")
    form_cookie = cookie(client_request, "evergreen_form")
    client_request.post("/sign-in", {"name": holder.number, "secret": PIN})
    assert cookie(client_request) != planted
    assert cookie(client_request, "evergreen_form") != form_cookie
    with town.database.reading() as session:
        old = session.exec(select(WebSession).where(WebSession.token_digest == sessions.digest(planted))).one()
        assert old.ended_at is not None


def test_an_unknown_token_is_never_taken_over(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    client_request.client.set_cookie("evergreen_session", "A" * 43)
    client_request.post("/sign-in", {"name": holder.number, "secret": PIN})
    assert cookie(client_request) != "A" * 43


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    answer = client_request.post("/sign-in", {"name": holder.number, "secret": PIN})
    [line] = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("evergreen_session=")]
    assert "HttpOnly" in line and "SameSite=Lax" in line and "Path=/" in line and "Max-Age" in line


def test_on_a_shared_device_the_cookie_goes_with_the_browser(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    answer = client_request.post("/sign-in", {"name": holder.number, "secret": PIN, "shared": "y"})
    [line] = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("evergreen_session=")]
    assert "Max-Age" not in line and "Expires" not in line
    with town.database.reading() as session:
        row = session.exec(select(WebSession)).one()
        assert row.shared_device and row.idle_seconds == 20 * 60


@pytest.mark.parametrize(
    ("wish", "goes_on"),
    [
        ("/account/card", True),
        ("//elsewhere.example/", False),
        ("https://elsewhere.example/", False),
        ("/\\elsewhere.example", False),
        ("/account\r\nX: y", False),
        ("/no-such-page", False),
    ],
)
def test_going_on_leads_nowhere_else(client_request: ClientRequest, town: Town, wish: str, goes_on: bool) -> None:
    holder = town.learner()
    answer = client_request.post("/sign-in", {"name": holder.number, "secret": PIN, "next": wish})
    assert (answer.location == wish) is goes_on
    assert answer.location.startswith("/") and not answer.location.startswith("//")


def test_five_tries_then_a_wait_that_doubles(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    with time_machine.travel("2027-03-01T04:00:00Z", tick=False) as traveller:
        for _ in range(5):
            client_request.post("/sign-in", {"name": holder.number, "secret": "918273"}, status=422)
        page = client_request.post("/sign-in", {"name": holder.number, "secret": PIN}, status=429)
        assert page.headers["Retry-After"] == "60"
        assert "请过 1 分钟再试" in page.errors[0]
        traveller.shift(timedelta(seconds=61))
        client_request.post("/sign-in", {"name": holder.number, "secret": "918273"}, status=422)
        traveller.shift(timedelta(seconds=61))
        page = client_request.post("/sign-in", {"name": holder.number, "secret": PIN}, status=429)
        assert "请过 1 分钟再试" in page.errors[0]
        traveller.shift(timedelta(seconds=61))
        client_request.post("/sign-in", {"name": holder.number, "secret": PIN})
        with town.database.reading() as session:
            counted = {row.kind: row.failures for row in session.exec(select(SignInAttempt))}
        assert counted == {"account": 0, "address": 6}


def test_a_name_that_nobody_has_is_answered_and_slowed_down_alike(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    answers = {}
    for name in (holder.number, "nobody-at-all"):
        with time_machine.travel("2027-03-01T04:00:00Z", tick=False):
            pages = [
                client_request.post("/sign-in", {"name": name, "secret": "918273"}, status=s) for s in [422] * 5 + [429]
            ]
        answers[name] = [(p.status, p.errors, p.headers.get("Retry-After")) for p in pages]
    assert answers[holder.number] == answers["nobody-at-all"]


def test_someone_disabled_is_answered_like_nobody(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    browser = town.browser(holder.person_id)
    with town.writing() as session:
        person = session.get_one(Person, holder.person_id)
        person.disabled_at = person.created_at
        session.add(person)
    page = client_request.post("/sign-in", {"name": holder.number, "secret": PIN}, status=422)
    assert page.errors == ["账号或密码不对。请对照开户时拿到的卡片，再输一次。"]
    assert browser.get("/account", status=303).location.startswith("/sign-in")


def test_signing_out_ends_the_session_itself(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    browser = town.browser(holder.person_id)
    token = cookie(browser)
    assert token
    page = browser.get("/sign-out")
    browser.submit(page, action="/sign-out")
    assert cookie(browser) is None
    browser.client.set_cookie("evergreen_session", token)
    assert browser.get("/account", status=303).location == "/sign-in?next=/account"


def test_looking_is_written_down_once_a_minute(town: Town) -> None:
    person = town.learner().person_id
    with time_machine.travel("2027-03-01T04:00:00Z", tick=False) as traveller:
        browser = town.browser(person)

        def seen() -> float:
            browser.get("/account", both_languages=False)
            with town.database.reading() as session:
                return session.exec(select(WebSession.last_seen_at)).one().timestamp()

        start = seen()
        traveller.shift(timedelta(seconds=59))
        assert seen() == start
        traveller.shift(timedelta(seconds=1))
        assert seen() == start + 60


def test_a_page_does_not_wait_for_a_writer(town: Town) -> None:
    person = town.learner().person_id
    with time_machine.travel("2027-03-01T04:00:00Z", tick=False) as traveller:
        browser = town.browser(person)
        traveller.shift(timedelta(minutes=5))
        with town.writing() as session:
            session.add(session.get_one(Person, person))
            browser.get("/account", both_languages=False)


def test_a_lost_pin_is_replaced_with_a_code_from_the_centre(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    officer = town.staff("officer", town.institution("centre", tier="centre"), Role.CENTRE_STAFF)
    other_device = town.browser(holder.person_id)
    for _ in range(6):
        client_request.client.post("/sign-in", data={"name": holder.number, "secret": "1"})
    desk = town.browser(officer)
    page = desk.submit(
        desk.get("/centre/centre/pin-code"),
        {"number": holder.number, "document_type": "resident-id", "document_number": holder.document},
        status=200,
    )
    code = "".join(page.texts(".//div[@class='big-number']")[0].split())
    assert len(code) == 8
    new_pin = {"number": holder.number, "code": code, "new_secret": "862940", "again": "862940"}
    page = client_request.submit(client_request.get("/account/lost-pin"), new_pin)
    assert "新的密码设好了" in client_request.get("/account", both_languages=False).text
    other_device.get("/account", status=303)
    fresh = town.browser()
    page = fresh.submit(fresh.get("/account/lost-pin"), new_pin, status=422)
    assert "一次性验证码不对" in page.errors[0]
    fresh.post("/sign-in", {"name": holder.number, "secret": "862940"})
    with town.database.reading() as session:
        events = session.exec(select(AuditEvent).where(col(AuditEvent.subject_id) == holder.learner_id)).all()
        assert {e.action for e in events} == {"account.opened", "secret.code_issued", "secret.replaced_by_code"}
        assert code not in str([e.model_dump() for e in events])
        [stored] = session.exec(select(TemporaryCode)).all()
        assert code.encode() not in stored.digest


def test_a_code_fits_the_document_and_lasts_half_an_hour(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    officer = town.staff("officer", town.institution("centre"), Role.CENTRE_STAFF)
    desk = town.browser(officer)
    with time_machine.travel("2027-03-01T04:00:00Z", tick=False) as traveller:
        desk = town.browser(officer)
        request = {"number": holder.number, "document_type": "resident-id", "document_number": resident_id(999)}
        page = desk.submit(desk.get("/centre/centre/pin-code"), request, status=422)
        assert "对不上" in page.errors[0]
        page = desk.post("/centre/centre/pin-code", {**request, "document_number": holder.document}, status=200)
        code = "".join(page.texts(".//div[@class='big-number']")[0].split())
        traveller.shift(timedelta(minutes=31))
        form = {"number": holder.number, "code": code, "new_secret": "862940", "again": "862940"}
        client_request.post("/account/lost-pin", form, status=422)


def test_codes_cannot_be_guessed_at_will(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    form = {"number": holder.number, "code": "00000000", "new_secret": "862940", "again": "862940"}
    statuses = [client_request.client.get("/account/lost-pin").status_code]
    token = client_request.get("/account/lost-pin").forms()[0]
    assert token is not None
    for status in [422] * 5 + [429]:
        client_request.post("/account/lost-pin", form, status=status)
    assert statuses == [200]


def opening(town: Town, **changes: object) -> dict[str, object]:
    return {
        "name": "示例新人",
        "document_type": "resident-id",
        "document_number": resident_id(town.new_serial()),
        "agreed": ["account", "identity"],
        "new_secret": PIN,
        "again": PIN,
        **changes,
    }


def test_opening_an_account_online(client_request: ClientRequest, town: Town) -> None:
    page = client_request.get("/open-account")
    assert not [e for e in page.tree.iter("input") if e.attrib.get("type") == "checkbox" and "checked" in e.attrib]
    form = opening(town)
    answer = client_request.submit(page, form)
    card = client_request.follow(answer)
    assert card.h1 == "开户成功"
    number = "".join(card.texts(".//div[@class='big-number']")[0].split())
    assert len(number) == 12
    assert str(form["document_number"]) not in card.html
    with town.database.reading() as session:
        given = session.exec(select(Consent)).all()
        assert {c.purpose for c in given} == {"account", "identity"}
        assert all(c.text_sha256 == consents.text_sha256(c.purpose, "zh-CN") for c in given)
    fresh = town.browser()
    fresh.post("/sign-in", {"name": number, "secret": PIN})


def test_the_required_items_are_asked_for_and_the_others_are_not(client_request: ClientRequest, town: Town) -> None:
    page = client_request.post("/open-account", opening(town, agreed=["account", "counter_help"]), status=422)
    assert page.errors == ["开户需要您同意标着“必需”的两项。不想同意的话，也可以不开户，先看看。"]
    assert "checked" in page.element("agreed-2").attrib
    with town.database.reading() as session:
        assert session.exec(select(Person)).all() == []


def test_a_document_that_has_an_account_tells_nothing_of_whose(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner("某一位学员")
    page = client_request.post("/open-account", opening(town, document_number=holder.document), status=409)
    assert page.h1 == "这个证件已经开过户了"
    assert "某一位" not in page.html and holder.number not in page.html


def test_whether_documents_have_accounts_cannot_be_tried_out_at_will(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    with time_machine.travel("2027-03-01T04:00:00Z", tick=False):
        for status in [409] * 20 + [429]:
            client_request.post("/open-account", opening(town, document_number=holder.document), status=status)


def test_a_child_under_fourteen_comes_with_a_guardian(client_request: ClientRequest, town: Town) -> None:
    page = client_request.post("/open-account", opening(town, document_number=resident_id(1, "20200101")), status=409)
    assert page.h1 == "请监护人陪孩子到社区学习中心开户"
    with town.database.reading() as session:
        assert session.exec(select(Person)).all() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"document_number": "110101"}, "document_number"),
        ({"new_secret": "123456", "again": "123456"}, "new_secret"),
        ({"again": "407194"}, "again"),
        ({"document_type": "library-card"}, "document_type"),
    ],
)
def test_a_bad_field_is_named(client_request: ClientRequest, town: Town, changes: dict[str, str], field: str) -> None:
    page = client_request.post("/open-account", opening(town, **changes), status=422)
    assert len(page.errors) == 1
    [link] = [a.attrib["href"] for a in page.element("error-summary").iter("a")]
    assert link.startswith(f"#{field}")
    assert PIN not in page.html


def test_secrets_and_documents_never_reach_a_log(
    client_request: ClientRequest, town: Town, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    form = opening(town, new_secret="594028", again="594028")
    answer = client_request.post("/open-account", form)
    token = cookie(client_request)
    client_request.get(answer.location, both_languages=False)
    client_request.post("/sign-in", {"name": "nobody", "secret": "wrong-594028"}, status=422)
    out = capfd.readouterr()
    logged = caplog.text + out.out + out.err
    for private in ("594028", str(form["document_number"]), str(token)):
        assert private not in logged


def test_a_crash_does_not_write_the_pin_to_the_log(
    client_request: ClientRequest,
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A traceback names lines, never the values in them."""

    def crash(*_: object) -> str:
        raise RuntimeError("no memory")

    monkeypatch.setattr(SecretHasher, "verify", crash)
    client_request.post("/sign-in", {"name": "somebody", "secret": "594028"}, status=500)
    out = capfd.readouterr()
    logged = caplog.text + out.out + out.err
    assert "no memory" in logged
    assert "594028" not in logged
