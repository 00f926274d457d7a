"""The verify page in a real browser: the camera, a dropped file, results; with script and without."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.browser.portfolio_pages import credential, link_of, portfolio_of, signed_in
from tests.browser.site import ARGUMENTS, Site, assert_accessible, chromium
from web import qr

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
    page.click("#text-form button")
    page.wait_for_load_state()
    assert_accessible(page)
    if kind == "refused":
        assert page.evaluate("document.activeElement.id") == "error-summary"


def test_without_script_the_three_forms_are_there_and_the_camera_button_is_not(
    open_page: Callable[..., Any], site: Site
) -> None:
    page = open_page("/verify", script=False)
    assert not page.is_visible("[data-scan-start]")
    page.set_input_files("#file", files=[{"name": "c.json", "mimeType": "", "buffer": document_of(site).encode()}])
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
    page.click("main form button")
    assert "1 份通过核验" in page.inner_text("main")
    assert_accessible(page)


def test_a_filter_changes_only_the_list_and_the_address(open_page: Callable[..., Any], site: Site) -> None:
    page = open_page("/portfolio", cookies=signed_in(site))
    page.evaluate("window.same = true")
    page.fill("#q", "第2期")
    page.click("form.filters button")
    page.wait_for_url("**/portfolio?q=*")
    page.wait_for_function("document.querySelectorAll('#results h3').length === 1")
    assert page.evaluate("window.same") and page.inner_text("#results h3") == "书法第2期"


@pytest.fixture
def camera(tmp_path: Path, site: Site, browser: Any) -> Iterator[Any]:
    """A Chromium whose camera sees the QR code of a share link on a table."""
    address = f"http://localhost:8000{link_of(site)[1]}"
    code = Image.open(io.BytesIO(qr.png(address, scale=8))).convert("RGB")
    frame = Image.new("RGB", (640, 480), (70, 60, 50))
    frame.paste(code, ((640 - code.width) // 2, (480 - code.height) // 2))
    out = io.BytesIO()
    frame.save(out, "JPEG", quality=85)
    seen = tmp_path / "camera.mjpeg"
    seen.write_bytes(out.getvalue() * 30)
    fake = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    arguments = [*ARGUMENTS, *fake, f"--use-file-for-fake-video-capture={seen}"]
    launched = browser.browser_type.launch(executable_path=chromium(), args=arguments)
    yield launched
    launched.close()


def test_the_camera_reads_a_code_and_shows_the_credential(camera: Any, site: Site) -> None:
    page = camera.new_context(locale="zh-CN", permissions=["camera"]).new_page()
    errors: list[str] = []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.goto(site.origin + "/verify")
    page.click("text=打开摄像头扫一扫")
    page.wait_for_selector(f"h1:has-text('{GOOD}')", timeout=20_000)
    assert "示例甲" in page.inner_text("main") and not errors
