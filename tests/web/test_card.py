"""Signing in with the card: its number, and the PIN entered piece by piece."""

import logging
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.web.client import ClientRequest, Page
from tests.web.people import PIN, Town
from web.account_card import card_address
from web.views.card import COOKIE

PATH = "/sign-in/card"
PIN_PATH = f"{PATH}/pin"


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


def begin(browser: ClientRequest, number: str, **more: str) -> Page:
    page = browser.get(PATH, both_languages=False)
    answer = browser.submit(page, {"number": number, **more}, action=PATH)
    assert answer.location == PIN_PATH
    return browser.get(PIN_PATH)


def push(browser: ClientRequest, *acts: str, status: int = 303) -> Page:
    answer = None
    for act in acts:
        answer = browser.post(PIN_PATH, {"act": act}, status=status if act == acts[-1] else 303)
    assert answer is not None
    return answer


def sealed(browser: ClientRequest) -> str:
    found = browser.client.get_cookie(COOKIE, path=PATH)
    return found.value if found else ""


def taps_of(pin: str) -> list[str]:
    return [act for digit in pin for act in (*["tap"] * int(digit), "next")]


def test_the_pin_is_entered_on_the_pad_without_script(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    begin(client_request, f"{holder.number[:4]} {holder.number[4:]}")
    push(client_request, "9", "delete", *PIN)
    page = client_request.get(PIN_PATH)
    assert "已经输了 6 位" in page.text
    assert PIN not in page.html
    assert push(client_request, "done").location == "/portfolio"
    assert "示例学员" in client_request.get("/account").text
    assert not sealed(client_request)


def test_the_pin_is_entered_in_taps_and_no_page_tells_how_many(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    begin(client_request, holder.number)
    push(client_request, "dots", "tap")
    one = client_request.get(PIN_PATH).text
    push(client_request, "tap")
    assert client_request.get(PIN_PATH).text == one
    push(client_request, "delete", *taps_of(PIN), "done")
    assert client_request.get("/account").h1


def test_what_the_pages_script_collected_counts_after_what_was_entered_before(
    client_request: ClientRequest, town: Town
) -> None:
    holder = town.learner()
    begin(client_request, holder.number)
    push(client_request, PIN[0])
    client_request.post(PIN_PATH, {"act": "done", "digits": PIN[1:]})
    assert client_request.get("/account").h1


def test_a_wrong_pin_begins_anew_and_five_bar_the_way_as_on_the_other_page(
    client_request: ClientRequest, town: Town
) -> None:
    holder = town.learner()
    begin(client_request, holder.number)
    for _ in range(5):
        page = push(client_request, *"271828", "done", status=422)
        assert page.errors == ["账号或密码不对。请对照开户时拿到的卡片，再输一次。"]
        assert "已经输了 0 位" in page.text
    barred = push(client_request, *PIN, "done", status=429)
    assert barred.headers["Retry-After"]
    assert client_request.post("/sign-in", {"name": holder.number, "secret": PIN}, status=429).errors


def test_an_account_that_nobody_has_is_answered_alike(client_request: ClientRequest, town: Town) -> None:
    holder = town.learner()
    begin(client_request, holder.number)
    known = push(client_request, *"271828", "done", status=422)
    begin(client_request, "100000000009")
    assert push(client_request, *"271828", "done", status=422).errors == known.errors


def test_the_card_s_code_is_read_and_another_site_s_refused(
    app: Flask, client_request: ClientRequest, town: Town
) -> None:
    holder = town.learner()
    with app.test_request_context():
        address = card_address(holder.number)
        shown = card_address(holder.number, "P1-C4")
    assert address.endswith(f"/sign-in/card#{holder.number}")
    for code in (address, shown):
        assert holder.number[-4:] in begin(client_request, code).text
    assert 'data-theme="high-dark"' in client_request.get(PIN_PATH, both_languages=False).html
    page = client_request.get(PATH)
    for wrong in (address.replace("://", "://x."), address.partition("#")[0], "12345", "http://[", f"{address[:-1]}x"):
        assert client_request.submit(page, {"number": wrong}, action=PATH, status=422).errors


def test_an_entry_is_forgotten_after_twenty_minutes_and_a_foreign_one_is_none(
    client_request: ClientRequest, town: Town
) -> None:
    holder = town.learner()
    with time_machine.travel("2026-05-04T09:00:00+08:00", tick=False) as clock:
        begin(client_request, holder.number)
        clock.shift(timedelta(minutes=19))
        push(client_request, *PIN[:3])
        clock.shift(timedelta(minutes=21))
        assert client_request.post(PIN_PATH, {"act": "4"}).location == PATH
    client_request.client.set_cookie(COOKIE, "A" * 80, path=PATH)
    assert client_request.get(PIN_PATH, status=303, both_languages=False).location == PATH


def test_nothing_that_is_kept_tells_the_pin_or_how_much_of_it_is_there(
    client_request: ClientRequest, town: Town, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    holder = town.learner()
    begin(client_request, holder.number)
    lengths = {len(sealed(client_request))}
    for digit in PIN:
        push(client_request, digit)
        lengths.add(len(sealed(client_request)))
    assert len(lengths) == 1
    push(client_request, "done")
    said = caplog.text + "".join(capsys.readouterr())
    assert PIN not in said
    assert "act=" not in said


def test_the_camera_is_for_the_pages_that_read_a_code(client_request: ClientRequest) -> None:
    for path, allowed in ((PATH, True), ("/verify", True), ("/sign-in", False), ("/", False)):
        policy = client_request.get(path, both_languages=False).headers["Permissions-Policy"]
        assert ("camera=(self)" in policy) is allowed


def test_signing_in_goes_on_to_where_the_person_wished_and_to_no_other_site(
    client_request: ClientRequest, town: Town
) -> None:
    holder = town.learner()
    for wish, target in (("/account", "/account"), ("https://x.example/", "/portfolio")):
        begin(client_request, holder.number, next=wish, shared="y")
        assert push(client_request, *PIN, "done").location == target
        client_request.post("/sign-out")


def test_the_holder_s_own_card_carries_the_code(town: Town) -> None:
    page = town.browser(town.learner().person_id).get("/account/card")
    assert "用手机扫这个码就能登录" in page.text
