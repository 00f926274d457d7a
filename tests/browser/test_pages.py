"""Every page of the list in a real browser, in each way in which it is shown, in Chinese and in English.

With ``FULL=1`` all of them. The quick run takes a sample that changes from day to day; ``PAGES_SEED`` repeats one.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import note_errors
from tests.browser.looked import Looked
from tests.browser.looking import make_ready, measured, named
from tests.browser.pages import PAGES
from tests.browser.presentations import (
    DESKTOP,
    ELDER,
    ELDER_TARGET,
    STANDARD_TARGET,
    UNASKED,
    everything,
    for_elders,
    refused,
)
from tests.browser.sampling import sampled
from tests.browser.site import PATIENCE, Site

LOCALES = ("zh-CN", "en")
CASES = [
    pytest.param(looked, locale, id=f"{looked.name}-{locale}")
    for looked, locale in sampled([(looked, locale) for looked in PAGES for locale in LOCALES])
]
pytestmark = pytest.mark.browser


def arrive(page: Any, site: Site, looked: Looked) -> str:
    """Go to the page, by its forms if it takes some; returns what the server sent."""
    answer = page.goto(site.origin + looked.address(site))
    for step in looked.sent:
        for name, (called, content) in step.handed_in(site).items():
            page.set_input_files(f"main [name={name}]", {"name": called, "mimeType": "", "buffer": content})
        with page.expect_navigation() as sent:
            measured(page, "filled", [step.values(site), step.action])
        answer = sent.value
    assert answer.status == looked.status, f"{looked.name}: {answer.status}"
    source: str = answer.text()
    return source


def sent_empty(page: Any, site: Site, looked: Looked, target: int) -> Iterator[str]:
    """What is wrong with the answers to the page's forms, each sent empty."""
    for number, action in enumerate(measured(page, "emptied", None)):
        if number:
            arrive(page, site, looked)
        with page.expect_navigation() as sent:
            measured(page, "emptied", number)
        where = f"{action or 'its form'} sent empty"
        if sent.value.status == 422:
            yield from named(where, refused(page, target))
        elif not sent.value.ok:
            yield f"{where}: {sent.value.status}"


@pytest.fixture(scope="session")
def kept(browser: Any) -> Iterator[dict[str, tuple[Any, list[str]]]]:
    """A window for each language, with what went wrong in it. To open one costs more than to look at a page."""
    windows: dict[str, tuple[Any, list[str]]] = {}
    yield windows
    for page, _errors in windows.values():
        page.context.close()


@pytest.fixture
def window(kept: dict[str, tuple[Any, list[str]]], browser: Any, site: Site, locale: str) -> Iterator[Any]:
    """The window of that language, as if it were new but for the style sheets and scripts that it has got already.

    The test fails when its pages wrote an error to the console.
    """
    page, errors = kept.pop(locale, None) or opened(browser, locale)
    errors.clear()
    page.context.clear_cookies()
    page.set_viewport_size(DESKTOP)
    page.emulate_media(**UNASKED)
    yield page
    page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    assert not errors, errors
    kept[locale] = page, errors


def opened(browser: Any, locale: str) -> tuple[Any, list[str]]:
    """A window of a desktop, and the list into which it writes what goes wrong."""
    context = browser.new_context(locale=locale, viewport=DESKTOP, color_scheme="light")
    context.set_default_timeout(PATIENCE)
    make_ready(context)
    page, errors = context.new_page(), []
    note_errors(page, errors)
    return page, errors


@pytest.mark.parametrize(("looked", "locale"), CASES)
def test_everybody_can_use(window: Any, site: Site, looked: Looked, locale: str) -> None:
    page, context = window, window.context
    context.add_cookies([{"name": n, "value": v, "url": site.origin} for n, v in looked.brought(site).items()])
    source = arrive(page, site, looked)
    translated = locale != LOCALES[0]
    wrong = everything(page, source, translated=translated)
    wrong += sent_empty(page, site, looked, STANDARD_TARGET)
    context.add_cookies([{"name": "evergreen_display", "value": ELDER, "url": site.origin}])
    arrive(page, site, looked)
    wrong += for_elders(page)
    if not translated:  # the answers are the same markup; their sentences were looked at above
        wrong += named("长辈版", list(sent_empty(page, site, looked, ELDER_TARGET)))
    assert not wrong, f"{page.url}\n" + "\n".join(wrong)
