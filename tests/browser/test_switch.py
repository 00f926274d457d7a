"""Scanning with one switch and with two: what it reaches, how it rests, and that it traps nobody."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from accessibility.preference.colour import contrast
from tests.browser.site import Site
from tests.browser.switch_user import OneSwitch, SwitchUser

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


def now(page: Any) -> str:
    words: str = page.locator(".switch-now").inner_text()
    return words


def test_whoever_uses_no_switch_gets_nothing_of_it(open_page: Open) -> None:
    page = open_page("/help")
    assert page.locator("script[src*='switch']").count() == 0


def test_one_switch_goes_on_by_itself_rests_and_goes_on_again(open_page: Open) -> None:
    page = open_page("/sign-in/card", display=OneSwitch.display)
    page.locator(".switch-now").wait_for()
    page.clock.install()
    page.reload()
    first = now(page)
    page.clock.run_for(1_600)
    assert now(page) != first
    for _ in range(90):
        if page.locator(".switch-frame").is_hidden():
            break
        page.clock.run_for(1_500)
    assert now(page) == "歇一会儿。按一下接着来。"
    page.keyboard.press("Space")
    assert now(page) == first
    page.clock.run_for(300)
    page.keyboard.press("F8")
    assert page.locator(".switch-frame").is_visible()


COLOURS = """() => {
  const of = (name, what) => getComputedStyle(document.querySelector(name))[what];
  const grounds = ["html", ".site-header", ".switch-panel", ".button"].map((name) => of(name, "backgroundColor"));
  return [of(".switch-frame", "borderTopColor"), of(".switch-frame", "outlineColor"), grounds];
}"""


def hexed(colour: str) -> str:
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", colour)[:3])


@pytest.mark.parametrize("theme", ["light", "dark", "high-light", "high-dark"])
def test_the_frame_can_be_told_from_every_ground(open_page: Open, theme: str) -> None:
    page = open_page("/sign-in/card", display=f"{SwitchUser.display}&theme={theme}", width=390)
    page.locator(".switch-now").wait_for()
    frame = "getComputedStyle(document.querySelector('.switch-frame')).borderTopWidth"
    assert page.evaluate(f"parseFloat({frame})") >= 3
    border, outline, grounds = page.evaluate(COLOURS)
    for ground in grounds:  # on a button of the frame's own darkness its lighter line tells it apart
        assert max(contrast(hexed(border), hexed(ground)), contrast(hexed(outline), hexed(ground))) >= 3
    assert contrast(hexed(border), hexed(outline)) >= 3
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_number_is_written_corrected_and_taken_back(open_page: Open) -> None:
    page = open_page("/sign-in/card", display=SwitchUser.display)
    hands = SwitchUser(page)
    hands.type("卡片上的账号", "12")
    field = page.locator("#number")
    expect(field).to_have_value("12")
    hands.push("撤销上一步", leads_on=False)
    expect(field).to_have_value("")
    hands.tick("这是大家共用的设备")
    expect(page.locator("#shared")).to_be_checked()
    assert "撤销了" not in now(page)


def test_escape_ends_it_until_the_next_page_and_keys_are_keys_again(open_page: Open, site: Site) -> None:
    page = open_page("/sign-in/card", display=SwitchUser.display)
    page.locator(".switch-now").wait_for()
    page.keyboard.press("Escape")
    expect(page.locator(".switch-panel")).to_have_count(0)
    page.locator("#number").focus()
    page.keyboard.type("12 ")
    assert page.locator("#number").input_value() == "12 "
    page.goto(f"{site.origin}/help")
    expect(page.locator(".switch-panel")).to_have_count(1)


def test_whoever_uses_the_keyboard_or_a_finger_as_well_is_not_hindered(open_page: Open) -> None:
    page = open_page("/sign-in/card", display=SwitchUser.display)
    page.locator("#number").click()
    page.keyboard.type("1 2")
    assert page.locator("#number").input_value() == "1 2"
    before = now(page)
    page.locator(".switch-pad button").first.click()
    assert now(page) != before


@pytest.mark.parametrize("person", [SwitchUser, OneSwitch])
def test_a_link_to_a_place_on_the_page_leads_the_frame_there(
    open_page: Open, site: Site, person: type[SwitchUser]
) -> None:
    hands = person(open_page("/help", display=person.display, width=390))
    hands.to("link", "菜单")
    hands.act()
    before = hands.presses
    hands.follow("登录")
    assert hands.page.url.startswith(f"{site.origin}/sign-in")
    assert hands.presses - before < 12, "the frame went on in the menu that opened"


def test_the_settings_say_that_scanning_needs_script(open_page: Open) -> None:
    page = open_page("/settings/display/operating", script=False)
    assert "要开着脚本" in page.locator("#set-scanning").inner_text()
