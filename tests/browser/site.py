"""The application on a free port, and Debian's Chromium that opens it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from sqlmodel import Session
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from tests import gallery
from tests.apps import settings_for
from tests.browser.looking import by_axe, measured
from web.app import create_app
from web.database import Database

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE = 60_000
"""Milliseconds in which a browser has done what it was asked, on a slow and busy machine too."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


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


def whole(app: Flask) -> "WSGIApplication":
    """The application, its answers closed before they are sent: werkzeug leaves open what a browser hangs up on."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            return [b"".join(parts)]

    return answer


@contextmanager
def running(database_url: str, **changes: object) -> Iterator[Site]:
    """The application on a free port, until the block ends; ``changes`` are settings of its own."""
    app = create_app(settings_for(database_url, **changes))
    gallery.install(app)
    server = make_server("127.0.0.1", 0, whole(app), threaded=True)
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


def too_wide(page: Any) -> list[str]:
    """What makes the page scroll sideways, or is cut off; empty when nothing is."""
    found: list[str] = measured(page, "clipped")
    return found


def assert_accessible(page: Any) -> None:
    """The page as it stands has no violation that axe-core can find, does not scroll sideways and cuts nothing off."""
    page.wait_for_load_state()  # before its style sheets are there, it does not look like itself
    wrong = [*by_axe(page), *too_wide(page)]
    assert not wrong, f"{page.url}\n" + "\n".join(wrong)
