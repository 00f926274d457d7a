"""The instruments themselves: what they must find, they find."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.site import accessibility_violations, too_wide

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("rule", "html"),
    [
        ("color-contrast-enhanced", '<p id="bad">faint words on paper</p>'),
        ("target-size", '<a href="/a">a</a><a href="/b">b</a>'),
        ("identical-links-same-purpose", '<p><a href="/a">same words</a> <a href="/b">same words</a></p>'),
        ("label", "<input>"),
        ("image-alt", '<img src="/static/img/mark.svg">'),
        ("heading-order", "<h5>x</h5>"),
        ("region", ""),
    ],
)
def test_axe_finds_what_is_wrong(open_page: Callable[..., Any], rule: str, html: str) -> None:
    page = open_page("/about")
    if rule == "region":
        page.evaluate("() => { const p = document.createElement('p'); p.textContent = 'x'; document.body.prepend(p); }")
    page.evaluate("html => document.querySelector('main .frame').insertAdjacentHTML('beforeend', html)", html)
    page.evaluate(
        "() => { const bad = document.getElementById('bad'); if (bad) bad.style.color = '#707070';"
        " document.querySelectorAll('main .frame > a').forEach(a => a.style.fontSize = '6px'); }"
    )
    assert rule in [violation.split(":")[0] for violation in accessibility_violations(page)]


def test_a_page_that_scrolls_sideways_is_found(open_page: Callable[..., Any]) -> None:
    page = open_page("/about", width=320)
    assert not too_wide(page)
    page.evaluate("() => { document.querySelector('h1').style.width = '400px'; }")
    assert too_wide(page)
