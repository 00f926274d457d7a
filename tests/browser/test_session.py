"""A sign-in that ends at rest, in a real browser whose clock is set forward: the warning, and putting it off."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.desk_pages import as_
from tests.browser.looking import measured
from tests.browser.site import Site

pytestmark = pytest.mark.browser
REST = 30 * 60


@pytest.fixture
def signed_in(open_context: Callable[..., Any], site: Site) -> Any:
    """A page of somebody who works here, whose sign-in ends after half an hour at rest."""
    context = open_context(cookies=as_("registrar")(site), viewport={"width": 390, "height": 844}, locale="zh-CN")
    page = context.new_page()
    page.clock.install()
    page.goto(site.origin + "/help")
    return page


def test_the_end_of_a_sign_in_is_told_five_minutes_before_and_put_off_by_one_press(signed_in: Any) -> None:
    page, warning = signed_in, signed_in.locator("#session-warning")
    for _ in range(2):
        page.clock.fast_forward((REST - 6 * 60) * 1000)
        assert warning.is_hidden()
        page.clock.fast_forward(2 * 60 * 1000)
        warning.wait_for()
        expect(page.locator("#announcer")).to_contain_text("五分钟")
        assert measured(page, "targets", 44) == [] and measured(page, "rings") == []
        with page.expect_response("**/account/stay") as answer:
            warning.get_by_role("button", name="接着用").click()
        assert answer.value.status == 204
        warning.wait_for(state="hidden")


def test_whoever_writes_slowly_is_not_asked(signed_in: Any) -> None:
    signed_in.clock.fast_forward((REST - 10 * 60) * 1000)
    signed_in.keyboard.press("Tab")
    with signed_in.expect_response("**/account/stay") as answer:
        signed_in.clock.fast_forward(6 * 60 * 1000)
    assert answer.value.status == 204
    expect(signed_in.locator("#session-warning")).to_be_hidden()


def test_what_was_typed_stays_when_the_sign_in_has_ended(signed_in: Any) -> None:
    signed_in.clock.fast_forward((REST + 60) * 1000)
    signed_in.locator("#session-warning").get_by_text("写的字还在").wait_for()
    assert signed_in.locator("#session-warning button").is_hidden()
