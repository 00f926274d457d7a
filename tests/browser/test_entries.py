"""No page escapes: every endpoint and every template that makes a page has an entry in the list of pages."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, template_rendered
from werkzeug.exceptions import HTTPException

from tests.browser.pages import NOT_PAGES, PAGES
from tests.browser.site import Site

EXTENDS = re.compile(r'{% extends "([^"]+)" %}')


def endpoints_of(app: Flask, method: str) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if method in (rule.methods or ())}


@contextmanager
def rendered(app: Flask) -> Iterator[set[str]]:
    """The names of the templates that the application renders while the block runs."""
    names: set[str] = set()

    def note(_sender: Any, template: Any, **_more: Any) -> None:
        names.add(template.name)

    template_rendered.connect(note, app)
    try:
        yield names
    finally:
        template_rendered.disconnect(note, app)


def pages_of(app: Flask) -> set[str]:
    """The templates that make a whole page: those that extend another and that no other extends."""
    environment = app.jinja_env
    names = environment.list_templates(extensions=["html"])
    sources = [(name, environment.loader.get_source(environment, name)[0]) for name in names]  # type: ignore[union-attr]
    frames = {name: match[1] for name, source in sources if (match := EXTENDS.search(source))}
    return frames.keys() - set(frames.values())


@pytest.fixture(scope="module")
def reached(site: Site) -> tuple[set[str], set[str]]:
    """Fetch every page of the list: the endpoints and the templates that they reach."""
    endpoints: set[str] = set()
    with rendered(site.app) as templates:
        for looked in PAGES:
            page = looked.fetched(site)
            assert page.is_html, looked.name
            request = page.response.request
            try:
                endpoint, _values = site.app.url_map.bind("localhost").match(request.path, request.method)
            except HTTPException:
                continue
            endpoints.add(endpoint)
    return endpoints, templates


def test_every_endpoint_that_gives_a_page_has_an_entry(site: Site, reached: tuple[set[str], set[str]]) -> None:
    lacking = endpoints_of(site.app, "GET") - reached[0] - NOT_PAGES.keys()
    assert not lacking, f"no entry in tests/browser/pages.py: {sorted(lacking)}"


def test_every_template_of_a_page_is_looked_at(site: Site, reached: tuple[set[str], set[str]]) -> None:
    lacking = pages_of(site.app) - reached[1]
    assert not lacking, f"no entry of tests/browser/pages.py shows {sorted(lacking)}"


def test_what_is_left_out_is_no_page(site: Site, reached: tuple[set[str], set[str]]) -> None:
    known = endpoints_of(site.app, "GET")
    assert NOT_PAGES.keys() <= known, NOT_PAGES.keys() - known
    assert not NOT_PAGES.keys() & reached[0]
    assert all(NOT_PAGES.values())
