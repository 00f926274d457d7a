"""What scripts make smoother: parts of pages by htmx, the live region, files dropped. All of it works without, too."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


def test_a_part_is_put_in_said_and_given_the_focus(open_page: Open) -> None:
    page = open_page("/test/part")
    page.evaluate("() => { window.stayed = true; }")
    page.fill("#word", "学分")
    page.keyboard.press("Enter")
    page.locator("#announcer", has_text="学分!").wait_for(state="attached")
    assert page.evaluate("window.stayed") is True
    expect(page.locator("#found")).to_have_text("学分")
    expect(page.locator("#found :focus, #found:focus")).to_have_text("学分")
    expect(page.locator("#found")).not_to_have_attribute("aria-busy")


def test_the_same_form_works_without_script(open_page: Open) -> None:
    page = open_page("/test/part", script=False)
    page.fill("#word", "学分")
    page.keyboard.press("Enter")
    page.wait_for_url("**/test/part?word=*")
    assert page.locator("#found").inner_text() == "学分"


def test_a_part_that_cannot_be_had_leads_to_the_page_that_says_why(open_page: Open) -> None:
    page = open_page("/test/part")
    page.fill("#word", "fail")
    page.keyboard.press("Enter")
    page.wait_for_url("**/test/part?word=fail")
    assert page.locator("h1").inner_text() == "系统正忙"


def test_a_file_can_be_dropped_on_its_field(open_page: Open) -> None:
    page = open_page("/test/gallery")
    assert page.locator("[data-drop-hint]").is_visible()
    page.evaluate(
        """() => { const data = new DataTransfer(); data.items.add(new File(["a"], "grades.csv"));
        document.querySelector("[data-drop]").dispatchEvent(new DragEvent("drop", { dataTransfer: data })); }"""
    )
    assert page.evaluate("document.getElementById('paper').files[0].name") == "grades.csv"


def test_the_error_summary_has_the_focus_without_script(open_page: Open) -> None:
    page = open_page("/test/gallery", script=False)
    page.locator("main form button").click()
    expect(page.locator("#error-summary")).to_be_focused()
