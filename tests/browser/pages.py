"""The pages that are looked at in a real browser; add yours.

``path`` may be a function of the site, for a page that needs data: it makes them (``site.writing()``) and returns the
path. ``cookies`` may be a function of the site that signs somebody in and returns the cookies of their browser.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.portfolio_pages import credential, link_of, signed_in
from tests.browser.site import Site


@dataclass(frozen=True)
class Looked:
    """One page to look at: a name for the test's report, its path, and who looks (None: a stranger)."""

    name: str
    path: str | Callable[[Site], str]
    cookies: Callable[[Site], dict[str, str]] | None = None
    status: int = 200


PAGES = [
    Looked("gallery", "/test/gallery"),
    Looked("home", "/"),
    Looked("display", "/settings/display"),
    Looked("help", "/help"),
    Looked("privacy", "/privacy"),
    Looked("accessibility", "/accessibility"),
    Looked("about", "/about"),
    Looked("not found", "/nowhere", status=404),
    Looked("verify", "/verify"),
    Looked("try", "/try"),
    Looked("shared", lambda site: link_of(site)[1]),
    Looked("share link unknown", "/v/abcdefghijklmnopqrstuv", status=404),
    Looked("portfolio", "/portfolio", signed_in),
    Looked("portfolio, nothing found", "/portfolio?category=academic", signed_in),
    Looked("record", "/portfolio/record", signed_in),
    Looked("credential", credential, signed_in),
    Looked("credential, revoked", lambda site: credential(site, 2), signed_in),
    Looked("share", lambda site: credential(site, 0, "/links/new"), signed_in),
    Looked("share link", lambda site: link_of(site)[0], signed_in),
    Looked("withdraw", lambda site: link_of(site)[0] + "/withdraw", signed_in),
    Looked("certificate", lambda site: credential(site, 0, "/certificate"), signed_in),
]
