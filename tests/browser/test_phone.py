"""A phone in the hand: what the page is about stands on the first screen, and what stands still leaves it there."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from accessibility.preference.model import PROFILES
from tests.browser.learning_pages import learning_there
from tests.browser.library_pages import first_course
from tests.browser.portfolio_pages import signed_in
from tests.browser.site import Site, too_wide
from tests.web.learners import keeping
from tests.web.people import Holder, Town
from web.accounts.permissions import cookie_name

pytestmark = [pytest.mark.browser, pytest.mark.rotates(3)]
Open = Callable[..., Any]

PHONE = {"width": 390, "height": 844}
SMALL = {"width": 320, "height": 640}
STRANGERS = ("/", "/sign-in", "/library", "/verify", "/help", "/help/ask", "/settings/display")
# Where the title ends, and where the first thing to press or fill in the main part ends, in pixels from the top; an
# option is as large as its label.
PLACES = """() => {
  const bottom = (element) => element.getBoundingClientRect().bottom;
  const kinds = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const control = document.querySelector(`main :is(${kinds})`);
  return [bottom(document.querySelector("h1")), bottom(control.labels?.[0] ?? control)];
}"""
# How much of the screen, as a share, what stands still takes once the page is scrolled.
STILL = """() => {
  scrollTo(0, document.documentElement.scrollHeight / 2);
  const still = [...document.querySelectorAll("body *")].filter((e) =>
    ["fixed", "sticky"].includes(getComputedStyle(e).position) && e.checkVisibility()
    && !["fixed", "sticky"].includes(getComputedStyle(e.parentElement).position));
  const area = still.map((e) => e.getBoundingClientRect()).reduce((sum, r) =>
    sum + Math.max(0, r.width) * Math.max(0, Math.min(r.bottom, innerHeight) - Math.max(r.top, 0)), 0);
  return area / (innerWidth * innerHeight);
}"""
WAYS = "all => all.filter(e => e.checkVisibility()).map(e => e.getAttribute('href'))"
SMALLER = """([least]) => [...document.querySelectorAll("header :is(a, button), .bars :is(a, button, summary)")]
  .filter((e) => e.checkVisibility()).map((e) => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
  .filter(([, r]) => Math.round(r.height) < least || Math.round(r.width) < least).map(([html]) => html)"""


@cache
def reader_of(site: Site) -> tuple[Town, Holder]:
    """A learner of these tests alone: what other tests gave to theirs does not stand on these pages."""
    town = Town(site.app)
    return town, keeping(town, town.learner("示例手机"))


def reading(site: Site) -> dict[str, str]:
    """The cookies of that learner's browser."""
    town, holder = reader_of(site)
    with site.app.app_context():
        return {cookie_name(): town.token(holder.person_id)}


def pages(site: Site) -> list[tuple[tuple[str, ...], dict[str, str]]]:
    """Pages that people open most, with the cookies of whoever opens them."""
    return [
        (STRANGERS, {}),
        (("/today", "/practice", first_course(site)), reading(site)),
        (("/portfolio",), signed_in(site)),
    ]


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_the_title_stands_on_the_first_screen_of_a_phone(open_in_turn: Open, site: Site, profile: str) -> None:
    shown = {**PHONE, "display": f"profile={profile}", "statuses": {}}
    for paths, cookies in pages(site):
        for path, page in open_in_turn(paths, cookies=cookies, **shown):
            title, control = page.evaluate(PLACES)
            foot = page.evaluate("() => parseFloat(getComputedStyle(document.body).paddingBottom)")
            assert title <= PHONE["height"] - foot, path
            if profile == "elder":
                assert control <= PHONE["height"], path


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_what_stands_still_leaves_the_screen_to_the_page(open_page: Open, profile: str) -> None:
    for size, more in ((PHONE, ""), (SMALL, ""), (SMALL, "&text_size=30"), (SMALL, "&text_size=48")):
        page = open_page("/help", **size, display=f"profile={profile}{more}")
        assert page.evaluate(STILL) <= 0.34, (size, more)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (size, more)
        page.context.close()


@pytest.mark.parametrize("display", ["", "profile=elder", "profile=voice", "profile=large", "profile=elder&hand=left"])
def test_the_menu_opens_in_its_place_without_script(open_page: Open, display: str) -> None:
    page = open_page("/help", **SMALL, display=display, script=False)
    every = set(page.eval_on_selector_all("header a", "all => all.map(e => e.getAttribute('href'))"))
    assert set(page.eval_on_selector_all("header a", WAYS)) < every
    page.get_by_role("link", name="菜单", exact=True).click()
    page.get_by_role("link", name="收起菜单").wait_for()
    assert set(page.eval_on_selector_all("header a", WAYS)) == every
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#menu') !== null")
    assert too_wide(page) == []
    assert page.evaluate(SMALLER, [60 if "profile" in display else 44]) == []
    page.get_by_role("link", name="收起菜单").click()
    page.get_by_role("link", name="收起菜单").wait_for(state="hidden")
    assert page.locator("h1").is_visible()


def test_the_button_to_speak_stays_at_the_foot_on_the_side_of_the_hand(open_page: Open) -> None:
    edges = {}
    for hand in ("either", "left", "right"):
        page = open_page("/help", **PHONE, display=f"profile=voice&hand={hand}")
        for at in (0, 100_000):
            page.evaluate("at => scrollTo(0, at)", at)
            box = page.locator(".voice-speak").bounding_box()
            assert box["height"] >= 72 and box["y"] > PHONE["height"] / 2
            assert box["y"] + box["height"] <= PHONE["height"]
        last = page.locator(".site-footer").bounding_box()
        assert last["y"] + last["height"] <= page.locator("#voice").bounding_box()["y"] + 1
        edges[hand] = (box["x"], box["x"] + box["width"])
        page.context.close()
    assert edges["left"][0] < 20 and edges["left"][1] < 330
    assert edges["right"][1] > 370 and edges["right"][0] > 60
    assert edges["either"][0] < 20 and edges["either"][1] > 230


@pytest.mark.parametrize("hand", ["either", "left", "right"])
def test_reading_aloud_stands_beside_speaking_until_it_is_in_use(open_page: Open, hand: str) -> None:
    page = open_page("/help", **PHONE, display=f"profile=voice&hand={hand}")
    speak, read = (page.locator(one).bounding_box() for one in (".voice-speak", ".read-aloud-begin .button"))
    assert abs(speak["y"] - read["y"]) < 1 and min(speak["height"], read["height"]) >= 72 and read["width"] >= 72
    first, second = sorted((speak, read), key=lambda box: box["x"])
    assert (first == read) is (hand == "right")
    assert first["x"] + first["width"] < second["x"] and second["x"] + second["width"] <= PHONE["width"]
    assert page.locator("main").bounding_box()["y"] < PHONE["height"] * 0.3
    page.locator(".read-aloud-begin .button").click()
    page.locator("#read-aloud.on").wait_for()
    assert page.locator(".voice-speak").bounding_box()["width"] > 250


@pytest.mark.parametrize("profile", ["voice", "large", "listen"])
def test_asking_a_person_by_voice_begins_on_the_first_screen(open_page: Open, site: Site, profile: str) -> None:
    page = open_page("/help/ask", **PHONE, display=f"profile={profile}", cookies=reading(site))
    button = page.locator('[data-do="record"]').bounding_box()
    assert button["y"] + button["height"] <= PHONE["height"]


@pytest.mark.parametrize("profile", ["elder", "listen", "voice"])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_the_first_thing_to_do_stands_on_the_first_screen(
    open_page: Open, site: Site, profile: str, locale: str
) -> None:
    for path, first in (("/portfolio", "main a.link-big"), ("/today", "main .button")):
        page = open_page(path, **PHONE, display=f"profile={profile}", locale=locale, cookies=learning_there(site))
        foot = page.locator("#voice").bounding_box()["y"] if profile == "voice" else PHONE["height"]
        box = page.locator(first).first.bounding_box()
        assert box["y"] + box["height"] <= foot, path
        if profile == "voice":  # and its longer words stay within the bar
            assert page.locator(".read-aloud-begin .button").bounding_box()["y"] >= foot, path
        page.context.close()


@pytest.mark.parametrize("display", ["profile=voice", "profile=listen", "profile=large", "profile=voice&text_size=48"])
def test_reading_aloud_leaves_the_page_in_sight_and_can_be_stopped_from_anywhere(open_page: Open, display: str) -> None:
    for size in (PHONE, SMALL):
        page = open_page("/help", **size, display=display)
        if page.locator(".read-aloud-on").is_hidden():
            page.locator('#read-aloud [data-act="play"]').click()
        page.locator("#read-aloud.on").wait_for()
        page.wait_for_function(f"() => ({STILL})() <= 0.34")  # once the bar has its words
        page.wait_for_function(
            """() => { const e = document.querySelector('[data-act="pause"]'), r = e.getBoundingClientRect();
            return r.top >= 0 && r.bottom <= innerHeight
              && document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2) === e; }"""
        )
        page.context.close()


SLOW_BEGINS = """(() => {
  const real = fetch;
  window.begins = []; window.most = 0;
  let going = 0;
  window.fetch = async (address, how) => {
    if (!String(address).includes("/begin")) return real(address, how);
    begins.push(String(address));
    most = Math.max(most, going += 1);
    await new Promise((done) => setTimeout(done, 300));
    try { return await real(address, how); } finally { going -= 1; }
  };
  addEventListener("load", () => document.querySelector('#read-aloud [data-act="play"]').click());
})()"""


def test_two_scripts_that_begin_at_once_begin_one_session(open_page: Open) -> None:
    """Of two sessions begun at once the later counts, and what the other's token sends would be refused."""
    page = open_page("/help", **PHONE, display="profile=voice")
    page.context.clear_cookies(name=re.compile("session"))
    page.add_init_script(SLOW_BEGINS)
    with page.expect_response("**/read-aloud/plan") as planned:
        page.reload()
    assert planned.value.status == 200
    assert page.evaluate("[most, begins.length]") == [1, 2]
