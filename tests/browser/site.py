"""The application on a free port, and Debian's Chromium that opens it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session
from werkzeug.serving import make_server

from tests import gallery
from tests.apps import settings_for
from web.app import create_app
from web.database import Database

AXE = Path(__file__).parent / "vendor" / "axe" / "axe.min.js"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# What axe leaves off by default and we want.
SWITCHED_ON = [
    "color-contrast-enhanced",
    "css-orientation-lock",
    "focus-order-semantics",
    "hidden-content",
    "identical-links-same-purpose",
    "label-content-name-mismatch",
    "p-as-heading",
    "table-fake-caption",
    "target-size",
    "td-has-header",
]
TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"]
# Rules of which axe reports a doubt that a person would have to settle, and that we settle by having none. What lies
# behind a text of a drawing axe cannot tell; those are ink on a ground of the palette (tests/web/test_palette.py).
SETTLED = ["identical-links-same-purpose", "color-contrast-enhanced", "color-contrast", "target-size"]
RUN_AXE = """async ([tags, on, settled]) => {
  const rules = Object.fromEntries(on.map((id) => [id, { enabled: true }]));
  const found = await axe.run(document, { runOnly: { type: "tag", values: tags }, rules });
  const doubts = found.incomplete.filter((v) => settled.includes(v.id))
    .map((v) => ({ ...v, nodes: v.nodes.filter((n) => !(v.id.startsWith("color") && n.html.startsWith("<text"))) }))
    .filter((v) => v.nodes.length);
  const told = (n) => `    ${n.html.slice(0, 200)}  ${n.failureSummary.replaceAll("\\n", " ")}`;
  return [...found.violations, ...doubts].map((v) => `${v.id}: ${v.help}\\n` + v.nodes.map(told).join("\\n"));
}"""
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1)
    .slice(0, 5).map((e) => e.outerHTML.slice(0, 160));
}"""


class Site:
    """A running application: ``origin``, ``app``, and transactions on its database."""

    def __init__(self, app: Flask, port: int) -> None:
        self.app = app
        self.origin = f"http://127.0.0.1:{port}"

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that commits when the block ends."""
        database: Database = self.app.extensions["evergreen_database"]
        with database.writing() as session:
            yield session


@contextmanager
def running(database_url: str, **changes: object) -> Iterator[Site]:
    """The application on a free port, until the block ends; ``changes`` are settings of its own."""
    app = create_app(settings_for(database_url, **changes))
    gallery.install(app)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(app, server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        database: Database = app.extensions["evergreen_database"]
        database.dispose()


def chromium() -> str:
    """Where Chromium is. Skips the test loudly without it, or fails it with ``REQUIRE_SYSTEM=1``."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "NOT RUN: Chromium is not installed (make apt)"
        if os.environ.get("REQUIRE_SYSTEM") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def accessibility_violations(page: Any) -> list[str]:
    """What axe-core finds on the page, by every rule it has for WCAG 2.2 A, AA, AAA and best practice."""
    page.evaluate(AXE.read_text("utf-8"))  # through the debugger: the page's own policy would not allow it
    found: list[str] = page.evaluate(RUN_AXE, [TAGS, SWITCHED_ON, SETTLED])
    return found


def too_wide(page: Any) -> list[str]:
    """What makes the page scroll sideways; empty when it does not."""
    found: list[str] = page.evaluate(TOO_WIDE)
    return found


def assert_accessible(page: Any) -> None:
    """The page has no violation that axe-core can find, and does not scroll sideways."""
    violations = accessibility_violations(page)
    assert not violations, f"{page.url}\n" + "\n".join(violations)
    wide = too_wide(page)
    assert not wide, f"{page.url} scrolls sideways because of\n" + "\n".join(wide)
