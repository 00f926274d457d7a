"""The verify page in a real browser: a dropped file, results; with script and without."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.portfolio_pages import credential, portfolio_of, signed_in
from tests.browser.site import Site, assert_accessible

pytestmark = pytest.mark.browser
GOOD = "这份证书是真的，现在有效"


def document_of(site: Site) -> str:
    made = portfolio_of(site)
    return made.browser().client.get(credential(site, 0, ".json")).data.decode()


def results(site: Site) -> dict[str, str]:
    good = document_of(site)
    foreign = json.dumps({**json.loads(good), "issuer": "did:web:elsewhere.example"}, ensure_ascii=False)
    return {"good": good, "altered": good.replace("书法", "书画"), "foreign": foreign, "nothing": "{}", "refused": "x"}


@pytest.mark.parametrize("kind", ["good", "altered", "foreign", "nothing", "refused"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_kind_of_answer_is_accessible(open_page: Callable[..., Any], site: Site, kind: str, width: int) -> None:
    page = open_page("/verify", width=width, display="theme=dark" if width == 1280 else "")
    page.fill("#text", results(site)[kind])
    with page.expect_navigation():
        page.click("#text-form button")
    assert_accessible(page)
    if kind == "refused":
        expect(page.locator("#error-summary")).to_be_focused()


def test_without_script_the_three_forms_are_there_and_the_camera_button_is_not(
    open_page: Callable[..., Any], site: Site
) -> None:
    page = open_page("/verify", script=False)
    assert not page.is_visible("[data-scan-start]")
    page.set_input_files("#file", files=[{"name": "c.json", "mimeType": "", "buffer": document_of(site).encode()}])
    with page.expect_navigation():
        page.click("text=核验这个文件")
    assert page.inner_text("h1") == GOOD
    assert not page.is_visible("[data-print]")


def test_a_trial_with_files_is_accessible(open_page: Callable[..., Any], site: Site) -> None:
    page = open_page("/try", width=320)
    texts = results(site)
    page.set_input_files(
        "#files",
        files=[{"name": n, "mimeType": "", "buffer": texts[n].encode()} for n in ("good", "altered", "refused")],
    )
    with page.expect_navigation():
        page.click("main form button")
    assert "1 份通过核验" in page.inner_text("main")
    assert_accessible(page)


def test_a_filter_changes_only_the_list_and_the_address(open_page: Callable[..., Any], site: Site) -> None:
    page = open_page("/portfolio", cookies=signed_in(site))
    page.evaluate("window.same = true")
    page.fill("#q", "第2期")
    page.click("form.filters button")
    page.wait_for_url("**/portfolio?q=*")
    expect(page.locator("#results h3")).to_have_text(["书法第2期"])
    assert page.evaluate("window.same")
