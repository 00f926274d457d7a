"""Preferences in a real browser: no page becomes too wide, targets are as large as asked, colours as computed."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import expect

from accessibility.preference.colour import contrast
from accessibility.preference.model import PROFILES, VALUES

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

PAGES = ("/", "/settings/display", "/settings/display/seeing", "/settings/display/operating", "/sign-in", "/nowhere")
STATUSES = {"/nowhere": 404}
WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1)
    .slice(0, 5).map((e) => e.outerHTML.slice(0, 160));
}"""
SMALL = """(size) => [...document.querySelectorAll("header a, header button, footer a, .button, .choice, .link-big")]
  .filter((e) => { const r = e.getBoundingClientRect(); return r.width && r.height < size - 0.5; })
  .map((e) => e.outerHTML.slice(0, 120))"""
# Every text of the page with its colour and the nearest ground that is drawn behind it.
COLOURS = """() => {
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if (!/^rgba.*, 0\\)$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node; (node = walker.nextNode());) {
    const e = node.parentElement;
    if (!node.data.trim() || !e.getClientRects().length || e.closest(".visually-hidden, script, svg")) continue;
    found.push([getComputedStyle(e).color, ground(e), node.data.trim().slice(0, 40)]);
  }
  return found;
}"""


def hexadecimal(colour: str) -> str:
    numbers = [int(part) for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    return "#" + "".join(f"{number:02x}" for number in numbers)


@pytest.mark.rotates(4)
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("size", VALUES["text_size"])
def test_no_page_scrolls_sideways_at_320_pixels_at_any_type_size(open_in_turn: Open, size: str, locale: str) -> None:
    shown = f"text_size={size}&text_spacing=wide&target_size=72"
    for path, page in open_in_turn(PAGES, width=320, locale=locale, display=shown, statuses=STATUSES):
        assert page.evaluate(WIDER) == [], path


@pytest.mark.rotates(2)
@pytest.mark.parametrize("size", VALUES["target_size"])
def test_targets_are_as_large_as_asked(open_in_turn: Open, size: str) -> None:
    for path, page in open_in_turn(PAGES, width=390, display=f"target_size={size}", statuses=STATUSES):
        assert page.evaluate(SMALL, int(size)) == [], path


@pytest.mark.parametrize("pair", ["ffe04d-000000", "3b2a14-f4e4c8", "666666-ffffff"])
def test_a_pair_of_ones_own_is_what_every_text_has(open_in_turn: Open, pair: str) -> None:
    ink, _, ground = pair.partition("-")
    least = min(contrast(f"#{ink}", f"#{ground}"), 7.0)
    for path, page in open_in_turn(PAGES, display=f"theme=custom&colours={pair}", statuses=STATUSES):
        texts = [(hexadecimal(a), hexadecimal(b), words) for a, b, words in page.evaluate(COLOURS)]
        assert len(texts) > 20
        assert [t for t in texts if contrast(t[0], t[1]) < least - 0.01] == [], path
        assert (f"#{ink}", f"#{ground}") in {t[:2] for t in texts}


@pytest.mark.rotates(3)
@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_each_profile_fits_a_phone_and_hides_no_way_on(open_page: Open, profile: str) -> None:
    ways = "all => all.map(e => e.getAttribute('href'))"
    plain = open_page("/help", width=390).eval_on_selector_all("header nav a, footer a", ways)
    page = open_page("/help", width=390, display=f"profile={profile}")
    assert page.evaluate(WIDER) == []
    assert page.eval_on_selector_all("header nav a, footer a", ways) == plain
    assert page.locator(".ask").is_visible()


def test_the_pointer_is_drawn_by_us_and_the_crosshair_follows_it(open_page: Open) -> None:
    page = open_page("/help", display="pointer=huge&crosshair=on")
    style = "e => getComputedStyle(e).cursor"
    assert "pointer-arrow-96" in page.eval_on_selector("main p", style)
    assert "pointer-hand-96" in page.eval_on_selector("header a", style)
    page.mouse.move(300, 200)
    page.mouse.move(400, 250)
    expect(page.locator(".crosshair.across")).to_have_css("translate", "0px 249px")
    lines = page.eval_on_selector_all(
        ".crosshair", "all => all.map(e => { const r = e.getBoundingClientRect(); return [r.left, r.top, e.hidden]; })"
    )
    assert lines == [[0, 249, False], [399, 0, False]]
    assert page.evaluate("document.elementFromPoint(400, 250).className") not in ("crosshair across", "crosshair down")


def test_a_color_input_is_named_and_the_pair_can_be_tried_without_script(open_page: Open) -> None:
    page = open_page("/settings/display/seeing", script=False, width=390)
    page.get_by_label("自己配，用下面选的一对颜色").check()
    page.get_by_label("下面自己挑的颜色").check()
    page.get_by_label("文字的颜色").fill("#ffff00")
    page.get_by_label("底色", exact=True).fill("#00007f")
    with page.expect_navigation():
        page.get_by_role("button", name="先试试看").click()
    assert page.eval_on_selector("html", "e => getComputedStyle(e).backgroundColor") == "rgb(0, 0, 127)"
    assert "15.0 : 1" in page.locator(".ratio").inner_text()
    with page.expect_navigation():
        page.get_by_role("link", name="全部显示设置").click()
    assert page.eval_on_selector("html", "e => getComputedStyle(e).backgroundColor") == "rgb(248, 244, 234)"


def test_the_hand_moves_the_buttons_to_its_side(open_page: Open) -> None:
    left = open_page("/settings/display", width=390, display="hand=left")
    right = open_page("/settings/display", width=390, display="hand=right")
    edge = "e => [e.getBoundingClientRect().left, e.getBoundingClientRect().right]"
    assert left.eval_on_selector(".ask", edge)[0] < 40
    assert right.eval_on_selector(".ask", edge)[1] > 350


def test_one_thing_stands_on_the_screen_and_the_next_below_it(open_page: Open) -> None:
    page = open_page("/settings/display/operating", width=390, height=800, display="one_thing=on")
    tops = page.eval_on_selector_all("fieldset.wide", "all => all.map(e => e.getBoundingClientRect().top)")
    assert all(later - earlier >= 600 for earlier, later in pairwise(tops))
