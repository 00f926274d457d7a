"""A browser without a screen: fetches pages, checks each one, fills in the forms that stand on them."""

from typing import Any
from xml.etree.ElementTree import Element

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.page_checks import parse, problems_of_headers, problems_of_page, problems_of_part, text_of


class Page:
    """An answer: ``status``, ``headers``, ``data``, ``html``, ``tree``; for HTML it has passed the page checks."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.location = response.headers.get("Location", "")
        self.data = response.data  # read while it is open
        self.is_html = response.mimetype == "text/html" and bool(self.data)
        self.html = response.text if self.is_html else ""
        self.tree: Element = parse(self.html)[0] if self.is_html else Element("none")

    @property
    def h1(self) -> str:
        """The page's heading."""
        return text_of(next(self.tree.iter("h1")))

    @property
    def text(self) -> str:
        """What the main part says, white space folded."""
        return text_of(next(self.tree.iter("main"), self.tree))

    def texts(self, path: str) -> list[str]:
        """The texts of the elements that an ElementTree path finds (``.//h2``, ``.//*[@class='tag']``)."""
        return [text_of(e) for e in self.tree.findall(path)]

    def element(self, element_id: str) -> Element:
        """The element with that id."""
        found = next((e for e in self.tree.iter() if e.attrib.get("id") == element_id), None)
        assert found is not None, f"no element #{element_id}"
        return found

    def link(self, words: str) -> str:
        """The address of the link with those words."""
        found = [a.attrib["href"] for a in self.tree.iter("a") if words in text_of(a)]
        assert found, f"no link {words!r}; there are {[text_of(a) for a in self.tree.iter('a')]}"
        return found[0]

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary; empty when there is none."""
        summary = next((e for e in self.tree.iter() if e.attrib.get("id") == "error-summary"), None)
        return [] if summary is None else [text_of(li) for li in summary.iter("li")]

    def forms(self) -> list[Element]:
        """The forms of the main part that are posted."""
        main = next(self.tree.iter("main"))
        return [f for f in main.iter("form") if f.attrib.get("method", "get").lower() == "post"]


def values_of(form: Element) -> dict[str, Any]:
    """What a form would send as it stands, files and buttons left out."""
    values: dict[str, Any] = {}
    for element in form.iter():
        name = element.attrib.get("name")
        kind = element.attrib.get("type", "")
        if not name or kind in ("submit", "button", "file") or element.tag == "button":
            continue
        if kind in ("radio", "checkbox") and "checked" not in element.attrib:
            continue
        if element.tag == "select":
            options = list(element.iter("option"))
            chosen = next((o for o in options if "selected" in o.attrib), options[0] if options else None)
            value = "" if chosen is None else chosen.attrib.get("value", text_of(chosen))
        elif element.tag == "textarea":
            value = element.text or ""
        else:
            value = element.attrib.get("value", "on" if kind == "checkbox" else "")
        values[name] = (
            [*values[name], value]
            if isinstance(values.get(name), list)
            else ([values[name], value] if name in values else value)
        )
    return values


class ClientRequest:
    """Fetches pages as one person on one device. ``language`` is what the browser asks for."""

    def __init__(self, app: Flask, language: str = "zh-CN") -> None:
        self.app = app
        self.language = language
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, *, status: int = 200, both_languages: bool = True, **kwargs: Any) -> Page:
        """Fetch a page and check it, in the other language too unless the fetch counts (``both_languages=False``)."""
        page = self._open(path, status, "GET", **kwargs)
        if both_languages and page.is_html:
            mine, self.language = self.language, "en" if self.language != "en" else "zh-CN"
            try:
                self._open(path, status, "GET", **kwargs)
            finally:
                self.language = mine
        return page

    def post(self, path: str, data: dict[str, Any] | None = None, *, status: int = 303, **kwargs: Any) -> Page:
        """Post data with this browser's CSRF token; an invalid form is expected with ``status=422``."""
        token = values_of(self.get("/settings/display", both_languages=False).forms()[0])["csrf_token"]
        return self._open(path, status, "POST", data={"csrf_token": token, **(data or {})}, **kwargs)

    def submit(
        self, page: Page, data: dict[str, Any] | None = None, *, action: str | None = None, status: int = 303, **kw: Any
    ) -> Page:
        """Fill in the page's form (the one with that action, when there are several) and send it."""
        forms = [f for f in page.forms() if action is None or f.attrib.get("action") == action]
        assert len(forms) == 1, f"{len(forms)} forms with the action {action!r}"
        shown = {field.attrib.get("name") for field in forms[0].iter() if field.attrib.get("name")}
        unknown = sorted((data or {}).keys() - shown)
        assert not unknown, f"the form shows no field {unknown}: a person could not send it"
        path = forms[0].attrib.get("action") or page.response.request.path
        return self._open(path, status, "POST", data={**values_of(forms[0]), **(data or {})}, **kw)

    def follow(self, page: Page, **kwargs: Any) -> Page:
        """Go where a redirect leads."""
        assert page.location, f"status {page.status} leads nowhere"
        return self.get(page.location, **kwargs)

    def _open(self, path: str, status: int, method: str, **kwargs: Any) -> Page:
        headers = {"Accept-Language": self.language, **kwargs.pop("headers", {})}
        response = self.client.open(path, method=method, headers=headers, **kwargs)
        page = Page(response)
        problems = problems_of_headers(response.headers)
        partial = headers.get("HX-Request-Type") == "partial"
        if page.is_html and not 300 <= page.status < 400:
            problems += (problems_of_part if partial else problems_of_page)(page.html)
        assert page.status == status, f"{method} {path}: {page.status}, not {status}\n{page.text[:2000]}"
        assert not problems, f"{method} {path} in {self.language}:\n" + "\n".join(problems)
        response.close()
        response.request.environ["wsgi.input"].close()  # a temporary file, when much was sent
        return page
