"""One Chromium and one running application for all tests in a browser; a fresh browser context for each."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.site import ARGUMENTS, PATIENCE, Site, chromium, running


@pytest.fixture(scope="session")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The application on a free port, on a database that the tests in the browser share."""
    path = tmp_path_factory.mktemp("site") / "evergreen.sqlite"
    shutil.copy(sqlite_template, path)
    with running(f"sqlite:///{path}") as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, without a screen."""
    path = chromium()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


def _expected(message: str) -> bool:
    """Whether the browser only reports an answer's status, or the network that a test cut."""
    return "status of" in message or "ERR_INTERNET_DISCONNECTED" in message


def note_errors(page: Any, errors: list[str]) -> None:
    """Write down what goes wrong on a page's console: a violated policy shows there."""
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" and not _expected(m.text) else None)


@pytest.fixture
def open_context(browser: Any, site: Site) -> Iterator[Callable[..., Any]]:
    """Opens a browser's context, with ``cookies`` and what Playwright's ``new_context`` takes.

    The test fails when a page of it wrote an error to the console.
    """
    contexts = []
    errors: list[str] = []

    def open_(*, cookies: dict[str, str] | None = None, **how: Any) -> Any:
        context = browser.new_context(**how)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": n, "value": v, "url": site.origin} for n, v in (cookies or {}).items()])
        context.on("page", lambda page: note_errors(page, errors))
        return context

    yield open_
    for context in contexts:
        context.close()
    assert not errors, errors


@pytest.fixture
def open_page(open_context: Callable[..., Any], site: Site) -> Callable[..., Any]:
    """Opens a path in a context of its own: ``open_page("/help", width=320, locale="en", display="theme=dark")``.

    ``cookies`` are those of whoever is signed in; ``height``, ``scale``, ``scheme``, ``script`` say what the device is.
    """

    def open_(
        path: str,
        *,
        width: int = 1280,
        height: int = 900,
        scale: int = 1,
        locale: str = "zh-CN",
        display: str = "",
        scheme: str = "light",
        script: bool = True,
        cookies: dict[str, str] | None = None,
        status: int = 200,
        **more: Any,
    ) -> Any:
        context = open_context(
            cookies=dict(cookies or {}) | ({"evergreen_display": display} if display else {}),
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            locale=locale,
            color_scheme=scheme,
            java_script_enabled=script,
            **more,
        )
        page = context.new_page()
        response = page.goto(site.origin + path)
        assert response.status == status, f"{path}: {response.status}"
        return page

    return open_


@pytest.fixture
def open_in_turn(open_page: Callable[..., Any], site: Site) -> Callable[..., Iterator[tuple[str, Any]]]:
    """Opens one path after another, like ``open_page`` but in one context, which costs more to make than a page.

    ``statuses`` are those of the paths whose answer is not 200.
    """

    def each(paths: Iterable[str], *, statuses: Mapping[str, int], **how: Any) -> Iterator[tuple[str, Any]]:
        page: Any = None
        for path in paths:
            status = statuses.get(path, 200)
            if page is None:
                page = open_page(path, status=status, **how)
            else:
                response = page.goto(site.origin + path)
                assert response.status == status, f"{path}: {response.status}"
            yield path, page

    return each
