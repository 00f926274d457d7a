"""Every page in a real browser: what axe-core can find, at phone and desktop width, in every theme and view."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.pages import PAGES, Looked
from tests.browser.site import Site, assert_accessible, too_wide

pytestmark = pytest.mark.browser

# How a page is shown. The quick run takes the first of each page and one more by turns; FULL=1 takes all.
SHOWN: list[dict[str, Any]] = [
    {"width": 320, "locale": "zh-CN"},
    {"width": 1280, "locale": "en", "scheme": "dark"},
    {"width": 320, "locale": "en", "display": "profile=elder"},
    {"width": 1280, "locale": "zh-CN", "display": "theme=high-dark"},
    {"width": 320, "locale": "zh-CN", "display": "theme=high-light&text_size=30&text_spacing=wide"},
    {"width": 1280, "locale": "en"},
    {"width": 1280, "locale": "zh-CN", "display": "profile=elder&theme=dark"},
    {"width": 320, "locale": "zh-CN", "scheme": "dark", "contrast": "more"},
]


def ways(turn: int) -> list[dict[str, Any]]:
    """The ways in which the page of that turn is shown in this run."""
    return SHOWN if os.environ.get("FULL") == "1" else [SHOWN[0], SHOWN[1 + turn % (len(SHOWN) - 1)]]


CASES = [
    pytest.param(looked, shown, id=f"{looked.name}-{'-'.join(str(v) for v in shown.values())}")
    for turn, looked in enumerate(PAGES)
    for shown in ways(turn)
]


def address(looked: Looked, site: Site) -> tuple[str, dict[str, Any]]:
    """The page's path and how it is opened."""
    path = looked.path if isinstance(looked.path, str) else looked.path(site)
    cookies = looked.cookies(site) if looked.cookies else {}
    return path, {"cookies": cookies, "status": looked.status}


@pytest.mark.parametrize(("looked", "shown"), CASES)
def test_accessible(open_page: Callable[..., Any], site: Site, looked: Looked, shown: dict[str, Any]) -> None:
    path, how = address(looked, site)
    assert_accessible(open_page(path, **how, **shown))


@pytest.mark.parametrize("looked", PAGES, ids=lambda looked: looked.name)
def test_at_400_percent_and_with_text_spaced_out(open_page: Callable[..., Any], site: Site, looked: Looked) -> None:
    path, how = address(looked, site)
    page = open_page(path, width=320, height=256, scale=4, **how)
    assert not too_wide(page)
    # WCAG 2.2, 1.4.12: somebody's own style sheet, which no policy of ours concerns.
    page.evaluate(
        "() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('* { line-height: 1.5 !important;"
        " letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');"
        " document.adoptedStyleSheets.push(sheet); }"
    )
    assert not too_wide(page)
