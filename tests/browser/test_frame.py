"""The frame of every page, used by keyboard, without script, and with the device's own preferences."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


def style(page: Any, selector: str, name: str) -> str:
    found: str = page.eval_on_selector(selector, f"e => getComputedStyle(e).{name}")
    return found


def test_the_first_key_leads_past_the_header(open_page: Open) -> None:
    page = open_page("/help")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_every_stop_of_the_keyboard_shows_its_focus(open_page: Open) -> None:
    page = open_page("/")
    stops = page.locator("a[href]:visible, button:visible, input:visible").count()
    for _ in range(stops):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => { const e = document.activeElement; const door = e.closest('.door') ?? e;
            const width = (x) => parseFloat(getComputedStyle(x).outlineWidth)
              * (getComputedStyle(x).outlineStyle === 'none' ? 0 : 1);
            return [e.outerHTML.slice(0, 80), Math.max(width(e), width(door))]; }"""
        )
        assert shown[1] >= 2, shown


def test_everything_of_the_display_settings_works_without_script(open_page: Open) -> None:
    page = open_page("/settings/display/seeing", script=False, width=390)
    page.get_by_label("最大").check()
    page.get_by_label("高对比，黑底白字").check()
    with page.expect_navigation():
        page.get_by_role("button", name="就用这些").click()
    assert style(page, "body", "fontSize") == "30px"
    assert style(page, "html", "backgroundColor") == "rgb(0, 0, 0)"
    page.get_by_role("link", name="菜单", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("link", name="English").click()
    assert page.locator("h1").inner_text() == "Seeing"


def test_elder_view_has_large_text_and_targets_everywhere(open_page: Open) -> None:
    page = open_page("/help", width=390)
    with page.expect_navigation():
        page.get_by_role("link", name="长辈版").click()
    assert page.url.endswith("/help")
    assert style(page, "body", "fontSize") == "22px"
    small = page.eval_on_selector_all(
        "header a, header button, footer a, main nav a, .button",
        "all => all.filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 60)"
        ".map(e => e.outerHTML.slice(0, 120))",
    )
    assert not small


def test_standard_targets_are_at_least_44(open_page: Open) -> None:
    for path in ("/", "/help", "/settings/display"):
        small = open_page(path, width=390).eval_on_selector_all(
            "header a, header button, footer a, main nav a, .button, .choice",
            "all => all.filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 44)"
            ".map(e => e.outerHTML.slice(0, 120))",
        )
        assert not small, path


def test_the_device_decides_until_somebody_chooses(open_page: Open) -> None:
    assert style(open_page("/", scheme="dark"), "html", "backgroundColor") == "rgb(20, 27, 24)"
    assert style(open_page("/", contrast="more"), "html", "backgroundColor") == "rgb(255, 255, 255)"
    assert (
        style(open_page("/", scheme="dark", display="theme=light"), "html", "backgroundColor") == "rgb(248, 244, 234)"
    )


def test_motion_only_where_it_is_allowed(open_page: Open) -> None:
    assert style(open_page("/"), ".door", "transitionDuration") == "0.15s"
    assert style(open_page("/", reduced_motion="reduce"), ".door", "transitionDuration") == "0s"
    assert style(open_page("/", display="motion=reduced"), ".door", "transitionDuration") == "0s"


def test_a_line_of_chinese_has_at_most_forty_characters(open_page: Open) -> None:
    for path in ("/privacy", "/about", "/help"):
        for shown in ("", "profile=elder", "line_length=24"):
            widest = open_page(path, width=1920, display=shown).eval_on_selector_all(
                "main p, main li",
                "all => Math.max(...all.map(e => { const s = getComputedStyle(e); return (e.clientWidth"
                " - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight)) / parseFloat(s.fontSize); }))",
            )
            assert widest <= (24 if "24" in shown else 40), (path, shown)


def test_printing_leaves_out_what_paper_cannot_use(open_page: Open) -> None:
    page = open_page("/about", display="theme=high-dark&text_size=30")
    page.emulate_media(media="print")
    assert style(page, "html", "backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".site-nav").is_visible()
    assert not page.locator(".site-footer").is_visible()
    assert 14 < float(style(page, "body", "fontSize").removesuffix("px")) < 16


def test_in_forced_colours_nothing_disappears(open_page: Open) -> None:
    page = open_page("/settings/display/seeing", forced_colors="active")
    assert page.get_by_role("button", name="就用这些").is_visible()
    assert style(page, ".button", "borderTopStyle") == "solid"


@pytest.mark.parametrize("width", [390, 1280])
def test_year_month_and_day_stand_on_one_line(open_page: Open, width: int) -> None:
    tops = open_page("/test/gallery", width=width).eval_on_selector_all(
        ".date-parts input", "all => all.map(e => e.getBoundingClientRect().top)"
    )
    assert len(tops) == 3 and len(set(tops)) == 1
