"""Codes held to a camera: the card where people sign in, a share link where anybody verifies; and no camera at all."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.cameras import held, seeing, table
from tests.browser.portfolio_pages import link_of, portfolio_of, signed_in
from tests.browser.site import PATIENCE, Site
from tests.web.people import PIN
from web import qr

pytestmark = [pytest.mark.browser, pytest.mark.rotates(3)]
Open = Callable[..., Any]
Camera = Callable[..., Any]


@pytest.fixture
def camera(browser: Any, site: Site, tmp_path: Path) -> Iterator[Camera]:
    """Opens a path in a browser whose camera sees the frames; the test fails on an error in the page."""
    launched, errors = [], []

    def open_(path: str, frames: list[Image.Image], **how: Any) -> Any:
        opened = seeing(browser, tmp_path / "camera.mjpeg", frames)
        page = opened.__enter__().new_context(locale="zh-CN", **{"permissions": ["camera"], **how}).new_page()
        page.set_default_timeout(PATIENCE)
        launched.append(opened)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(site.origin + path)
        return page

    yield open_
    for opened in launched:
        opened.__exit__(None, None, None)
    assert not errors


def printed(open_page: Open, site: Site) -> Image.Image:
    """The learner's own card, as their page shows it."""
    page = open_page("/account/card", cookies=signed_in(site), width=600, scale=2)
    return Image.open(io.BytesIO(page.locator(".sign-in-card").screenshot()))


def drawn(text: str) -> Image.Image:
    return Image.open(io.BytesIO(qr.png(text, scale=8)))


def state(page: Any) -> str:
    words: str = page.locator(".scan-state").inner_text()
    return words


def shows(page: Any, words: str) -> None:
    page.locator(".scan-state", has_text=words).wait_for()


def test_the_card_held_to_the_camera_signs_in(camera: Camera, open_page: Open, site: Site) -> None:
    card = printed(open_page, site)
    frames = [table()] * 60 + [held(card, moment=n, width=330) for n in range(60)]
    page = camera("/sign-in/card", frames)
    looks: list[str] = []
    page.on("request", lambda request: looks.append(request.url) if request.url.endswith("/verify/scan") else None)
    page.get_by_role("button", name="用镜头读卡片").click()
    page.wait_for_url("**/sign-in/card/pin")
    assert len(looks) > 1, "the table alone was not looked at"
    expect(page.locator("main")).to_contain_text(portfolio_of(site).holder.number[-4:])
    page.keyboard.type(PIN)
    with page.expect_navigation():
        page.get_by_role("button", name="登录").last.click()
    assert page.url == f"{site.origin}/portfolio"


def test_a_code_that_is_no_card_is_said_and_the_number_can_be_typed(camera: Camera, site: Site) -> None:
    page = camera("/sign-in/card", [held(drawn("https://shop.example/offer?id=7"), moment=n) for n in range(30)])
    page.get_by_role("button", name="用镜头读卡片").click()
    page.locator("#error-summary").wait_for()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("这个码不是本行的账户卡")
    field = page.locator("#number")
    expect(field).to_have_value("")
    field.fill(portfolio_of(site).holder.number)
    with page.expect_navigation():
        page.get_by_role("button", name="下一步").click()
    assert page.url.endswith("/sign-in/card/pin")


def test_where_nothing_is_held_to_it_the_camera_says_so_and_goes_off(camera: Camera) -> None:
    page = camera("/sign-in/card", [table()] * 30)
    page.clock.install()
    page.reload()
    page.get_by_role("button", name="用镜头读卡片").click()
    shows(page, "镜头开着")
    page.clock.fast_forward(9_000)
    shows(page, "还没有读到")
    page.clock.fast_forward(120_000)
    shows(page, "两分钟没有读到，镜头先关了")
    assert page.locator("video").evaluate("video => video.srcObject") is None
    expect(page.locator("[data-scan-start]")).to_be_focused()
    expect(page.locator("#number")).to_be_visible()


def test_where_frames_cannot_be_read_the_camera_goes_off(camera: Camera) -> None:
    page = camera("/sign-in/card", [table()] * 30)
    page.clock.install()
    page.route("**/verify/scan", lambda route: route.fulfill(status=429))
    page.get_by_role("button", name="用镜头读卡片").click()
    shows(page, "镜头开着")
    for _ in range(200):  # so many half seconds are less than those after which nothing was held to it
        page.clock.run_for(500)
        page.wait_for_timeout(100)
        if "现在读不了" in state(page):
            break
    assert state(page) == "现在读不了方块码，镜头关了。请在下面输入卡片上的账号。"
    expect(page.locator("video")).to_be_hidden()


@pytest.mark.parametrize("path", ["/sign-in/card", "/verify"])
def test_whoever_refuses_the_camera_is_told_what_to_do(camera: Camera, site: Site, path: str) -> None:
    page = camera(path, [table()], permissions=[])
    page.locator("[data-scan-start]").click()
    shows(page, "没有得到")
    expect(page.locator("[data-scan-start]")).to_be_visible()


def test_a_device_without_a_camera_says_so(open_page: Open) -> None:
    page = open_page("/sign-in/card")
    page.locator("[data-scan-start]").click()
    shows(page, "请在下面输入卡片上的账号")


def test_a_share_link_held_to_the_camera_shows_the_credential(camera: Camera, site: Site) -> None:
    address = f"http://localhost:8000{link_of(site)[1]}"
    page = camera("/verify", [held(drawn(address), moment=n) for n in range(30)])
    page.get_by_role("button", name="打开摄像头扫一扫").click()
    page.locator("h1", has_text="这份证书是真的，现在有效").wait_for()
    expect(page.locator("main")).to_contain_text("示例甲")
