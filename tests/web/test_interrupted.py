"""A form that was sent after the sign-in had ended comes back filled, to its own person and to nobody else."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from tests.web.client import ClientRequest
from tests.web.people import PIN, Holder, Town
from web.accounts import interrupted
from web.accounts.roles import Role
from web.operations.contact_places import of_institution

NEXT = "/sign-in?next=/account/filled-in"
LATER = timedelta(days=2)


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


def filled(browser: ClientRequest, path: str, values: dict[str, Any], later: timedelta = LATER) -> str:
    """Fill a form in, come back after the sign-in has ended at rest, and send it; where that leads."""
    page = browser.get(path, both_languages=False)
    with time_machine.travel(datetime.now(UTC) + later, tick=True):
        return str(browser.submit(page, values).location)


def signs_in(browser: ClientRequest, holder: Holder, to: str, later: timedelta = LATER) -> str:
    with time_machine.travel(datetime.now(UTC) + later, tick=True):
        page = browser.get(to, both_languages=False)
        return str(browser.submit(page, {"name": holder.number, "secret": PIN}, action="/sign-in").location)


def test_what_was_filled_in_is_there_after_signing_in_and_goes_on_with_one_press(town: Town) -> None:
    place = town.institution("centre")
    officer = town.staff("officer", place, Role.CENTRE_STAFF)
    browser, said = town.browser(officer), {"phone": "010 1234", "address": "柳荫街 1 号 <b>", "hours": "上午九点"}
    assert filled(browser, "/institution/centre/contact", said, timedelta(hours=1)) == NEXT
    with town.database.reading() as session:
        assert of_institution(session, place) is None
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1), tick=True):
        browser.client.set_cookie("evergreen_session", town.token(officer))
        back = browser.get("/account/filled-in")
        assert "上午九点" in back.text and "柳荫街 1 号 <b>" in back.text
        browser.submit(back, {}, action="/institution/centre/contact")
        with town.database.reading() as session:
            kept = of_institution(session, place)
            assert kept is not None and (kept.hours, kept.address) == ("上午九点", "柳荫街 1 号 <b>")


def test_a_learner_comes_back_to_it_by_the_sign_in_itself_and_can_drop_it(town: Town) -> None:
    holder = town.learner()
    browser = town.browser(holder.person_id)
    to = language_changed(browser)
    assert to == NEXT
    assert signs_in(browser, holder, to) == "/account/filled-in"
    with time_machine.travel(datetime.now(UTC) + LATER, tick=True):
        back = browser.get("/account/filled-in", both_languages=False)
        browser.submit(back, {}, action="/account/filled-in")
        browser.get("/account/filled-in", status=303, both_languages=False)


def language_changed(browser: ClientRequest) -> str:
    page = browser.get("/account", both_languages=False)
    with time_machine.travel(datetime.now(UTC) + LATER, tick=True):
        return str(browser.submit(page, {"language": "en"}, action="/account/language").location)


def test_nobody_else_sees_it_and_it_holds_for_an_hour(town: Town) -> None:
    holder, other = town.learner(), town.learner("示例乙")
    browser = town.browser(holder.person_id)
    to = language_changed(browser)
    assert signs_in(browser, other, to) == "/account/filled-in"
    with time_machine.travel(datetime.now(UTC) + LATER, tick=True):
        browser.get("/account/filled-in", status=303, both_languages=False)
    browser = town.browser(holder.person_id)
    to = language_changed(browser)
    late = LATER + interrupted.HOLDS_FOR + timedelta(minutes=1)
    assert signs_in(browser, holder, to, late) == "/account/filled-in"
    with time_machine.travel(datetime.now(UTC) + late, tick=True):
        browser.get("/account/filled-in", status=303, both_languages=False)


@pytest.mark.parametrize("value", ["", "x", "AAAA", "é" * 9, "A" * 3_700])
def test_what_is_not_ours_opens_nothing(town: Town, value: str) -> None:
    browser = town.browser(town.learner().person_id)
    browser.client.set_cookie(interrupted.COOKIE, value)
    browser.get("/account/filled-in", status=303, both_languages=False)


def test_no_secret_and_nothing_too_long_is_kept(town: Town) -> None:
    browser = town.browser(town.learner().person_id)
    secrets = {"present": PIN, "new_secret": "581204", "again": "581204"}
    assert filled(browser, "/account/secret", secrets) == "/sign-in"
    assert browser.client.get_cookie(interrupted.COOKIE) is None
    holder = town.learner("示例丙")
    sealed = interrupted.Filled(holder.person_id, "/x", (("words", "".join(map(chr, range(0x4E00, 0x5600)))),))
    assert interrupted.seal(sealed, town.settings, datetime.now(UTC)) is None


def test_who_signed_out_or_was_never_here_leaves_nothing(town: Town) -> None:
    browser = town.browser(town.learner().person_id)
    page = browser.get("/account", both_languages=False)
    browser.client.set_cookie("evergreen_session", "x" * 43)
    assert browser.submit(page, {"language": "en"}, action="/account/language").location == "/sign-in"
