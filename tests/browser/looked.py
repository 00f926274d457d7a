"""What an entry in the list of pages says: which page, who looks at it, and which forms lead to it."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from tests.browser.site import Site
from tests.web.client import ClientRequest, Page, values_of

Values = Mapping[str, str | list[str]]
Files = Mapping[str, tuple[str, bytes]]


@dataclass(frozen=True)
class Sent:
    """A form on a page, filled in and sent; its answer is the next page.

    ``fields`` may be a function of the site; what it does not name stays as it stands. The form is the one that has
    these fields and whose action ends with ``action``. ``files`` are (file name, content) by field, or a function of
    the site that makes them.
    """

    fields: Values | Callable[[Site], Values] = field(default_factory=dict)
    action: str = ""
    files: Files | Callable[[Site], Files] = field(default_factory=dict)

    def values(self, site: Site) -> dict[str, str | list[str]]:
        """What is typed."""
        return dict(self.fields(site) if callable(self.fields) else self.fields)

    def handed_in(self, site: Site) -> Files:
        """The files that are chosen."""
        return self.files(site) if callable(self.files) else self.files


@dataclass(frozen=True)
class Looked:
    """One page to look at: a name for the test's report, its path, who looks (None: a stranger), and its status.

    ``path`` may be a function of the site, for a page that needs data: it makes them (``site.writing()``) and returns
    the path. ``cookies`` may be a function of the site that signs somebody in and returns the cookies of their browser.
    With ``sent`` the page is the answer to the last of these forms, the first of which stands at ``path``.
    """

    name: str
    path: str | Callable[[Site], str]
    cookies: Callable[[Site], dict[str, str]] | None = None
    status: int = 200
    sent: tuple[Sent, ...] = ()

    def address(self, site: Site) -> str:
        """The path, with its data made."""
        return self.path(site) if callable(self.path) else self.path

    def brought(self, site: Site) -> dict[str, str]:
        """The cookies of whoever looks."""
        return self.cookies(site) if self.cookies else {}

    def fetched(self, site: Site) -> Page:
        """The page as a browser without a screen has it."""
        browser = ClientRequest(site.app)
        for name, value in self.brought(site).items():
            browser.client.set_cookie(name, value)
        page = browser.get(self.address(site), status=200 if self.sent else self.status, both_languages=False)
        for step in self.sent:
            status = self.status if step is self.sent[-1] else 200
            page = _send(browser, page, step, step.values(site), step.handed_in(site), status)
        return page


def _send(browser: ClientRequest, page: Page, step: Sent, values: Values, given: Files, status: int) -> Page:
    form = _form(page, step, {*values, *given})
    files = {name: (io.BytesIO(content), called) for name, (called, content) in given.items()}
    return browser._open(
        form.attrib.get("action") or page.response.request.path,
        status,
        "POST",
        data={**values_of(form), **values, **files},
        **({"content_type": "multipart/form-data"} if files else {}),
    )


def _form(page: Page, step: Sent, names: set[str]) -> Element:
    found = [
        form
        for form in page.forms()
        if form.attrib.get("action", "").endswith(step.action)
        and names <= {e.attrib.get("name") for e in form.iter() if e.attrib.get("type") != "hidden"}
    ]
    assert len(found) == 1, f"{len(found)} forms with {names} and the action {step.action!r}"
    return found[0]
