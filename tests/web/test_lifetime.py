"""How long a sign-in holds: at rest, in all, and for whoever wishes for no time limits."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlmodel import select

from tests.web.client import ClientRequest
from tests.web.people import PIN, Town
from web.accounts.roles import Role
from web.accounts.tables import WebSession


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


@pytest.mark.parametrize(("shared", "staff", "minutes"), [(False, False, 1440), (True, False, 20), (False, True, 30)])
def test_a_session_rests_only_so_long(app: Flask, town: Town, shared: bool, staff: bool, minutes: int) -> None:
    person = town.staff("idle", town.institution("idle"), Role.REVIEWER) if staff else town.learner().person_id
    with time_machine.travel("2027-03-01T04:00:00Z", tick=False) as traveller:
        browser = town.browser()
        browser.client.set_cookie("evergreen_session", town.token(person, shared_device=shared))
        traveller.shift(timedelta(minutes=minutes - 1))
        browser.get("/account", both_languages=False)
        traveller.shift(timedelta(minutes=minutes - 1))
        browser.get("/account", both_languages=False)
        traveller.shift(timedelta(minutes=minutes + 1))
        browser.get("/account", status=303, both_languages=False)


def test_signing_in_without_time_limits_holds_for_a_month(client_request: ClientRequest, town: Town) -> None:
    client_request.client.set_cookie("evergreen_display", "time_limits=none")
    client_request.post("/sign-in", {"name": town.learner().number, "secret": PIN})
    assert "三十天" in client_request.get("/settings/display/calm").text
    with time_machine.travel(datetime.now(UTC) + timedelta(days=29), tick=False):
        assert client_request.get("/account", both_languages=False).h1
    with time_machine.travel(datetime.now(UTC) + timedelta(days=31), tick=False):
        client_request.get("/account", status=303, both_languages=False)


def test_no_time_limits_hold_for_the_sign_in_that_runs_and_end_with_the_wish(town: Town) -> None:
    browser = town.browser(town.learner().person_id)
    calm = browser.get("/settings/display/calm")
    kept = browser.submit(calm, {"time_limits": "none"}, action="/settings/display/calm").response
    [cookie] = [one for one in kept.headers.getlist("Set-Cookie") if one.startswith("evergreen_session=")]
    assert int(cookie.partition("Max-Age=")[2].partition(";")[0]) > 29 * 24 * 3600
    with time_machine.travel(datetime.now(UTC) + timedelta(days=20), tick=True):
        assert browser.get("/account", both_languages=False).h1
        browser.submit(
            browser.get("/settings/display/calm"), {"time_limits": "standard"}, action="/settings/display/calm"
        )
        browser.get("/account", both_languages=False)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=21, minutes=1), tick=False):
        browser.get("/account", status=303, both_languages=False)


@pytest.mark.parametrize(("shared", "staff"), [(True, False), (False, True)])
def test_where_limits_are_for_safety_no_wish_ends_them(town: Town, shared: bool, staff: bool) -> None:
    person = town.staff("hurried", town.institution("hurried"), Role.REVIEWER) if staff else town.learner().person_id
    browser = town.browser()
    browser.client.set_cookie("evergreen_session", town.token(person, shared_device=shared))
    browser.submit(browser.get("/settings/display/calm"), {"time_limits": "none"}, action="/settings/display/calm")
    with town.database.reading() as session:
        assert session.exec(select(WebSession.idle_seconds)).one() <= 30 * 60


def test_who_may_be_signed_out_soon_is_told_before(app: Flask, town: Town) -> None:
    holder = town.learner()
    for shared, told in ((True, True), (False, False)):
        browser = ClientRequest(app)
        browser.client.set_cookie("evergreen_session", town.token(holder.person_id, shared_device=shared))
        page = browser.get("/help")
        assert ("session-warning" in page.html) is told
        assert browser.post("/account/stay", {}, status=204).data == b""
