"""What holds of every page that any test fetches."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

from web.messages import LOCALES, catalogue

HEADERS = (
    "Content-Security-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
)
SITE_NAMES = ("常青学分银行", "Evergreen Credit Bank")
CONTROLS = ("input", "select", "textarea")
WITHOUT_LABEL = ("hidden", "submit", "button", "image", "reset")
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "for", "headers", "list", "form")


def parse(html: str) -> tuple[Element, list[str]]:
    """The page as a tree without namespaces, and every parse error of HTML5 in it."""
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parse(html)
    errors = [f"line {line}: {code} {values}" for (line, _column), code, values in parser.errors]
    return tree, errors


def text_of(element: Element) -> str:
    """The element's text, white space folded."""
    return " ".join("".join(element.itertext()).split())


def _elements(tree: Element) -> Iterator[Element]:
    return (e for e in tree.iter() if isinstance(e.tag, str))


def _ids(tree: Element) -> Counter[str]:
    return Counter(e.attrib["id"] for e in _elements(tree) if "id" in e.attrib)


def _heading(tree: Element) -> Iterator[str]:
    headings = [text_of(h) for h in tree.iter("h1")]
    title = next((text_of(e) for e in tree.iter("title")), "")
    if len(headings) != 1:
        yield f"{len(headings)} h1: {headings}"
    elif not any(title == f"{headings[0]} · {name}" for name in SITE_NAMES):
        yield f"title {title!r} does not start with the h1 {headings[0]!r}"
    level = 0
    for element in _elements(tree):
        if match := re.fullmatch(r"h([1-6])", element.tag):
            if level and int(match[1]) > level + 1:  # an error summary may stand before the h1
                yield f"heading {text_of(element)!r} of level {match[1]} follows level {level}"
            level = int(match[1])


def _language(tree: Element) -> Iterator[str]:
    if tree.attrib.get("lang") not in LOCALES:
        yield f"lang is {tree.attrib.get('lang')!r}"


def _references(tree: Element) -> Iterator[str]:
    ids = _ids(tree)
    for name, count in ids.items():
        if count > 1 or not name or " " in name:
            yield f"id {name!r} stands {count} times"
    for element in _elements(tree):
        for attribute in REFERENCES:
            for name in element.attrib.get(attribute, "").split():
                if name not in ids:
                    yield f"{element.tag} {attribute}={name!r} points nowhere"
        href = element.attrib.get("href", "")
        if href.startswith("#") and href[1:] not in ids:
            yield f"link to {href} points nowhere"


def _policy(tree: Element) -> Iterator[str]:
    for element in _elements(tree):
        if element.tag == "style" or "style" in element.attrib:
            yield f"inline style in {element.tag}"
        if element.tag == "script" and ("src" not in element.attrib or text_of(element)):
            yield "inline script"
        for name, value in element.attrib.items():
            if name.lower().startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"inline script in {element.tag} {name}"
        source = element.attrib.get("src") or (element.attrib.get("href", "") if element.tag == "link" else "")
        if re.match(r"(https?:)?//|data:", source):
            yield f"{element.tag} loads {source} from elsewhere"


def _name(element: Element) -> str:
    inside = [e.attrib.get("alt") or e.attrib.get("aria-label") or "" for e in _elements(element)]
    return element.attrib.get("aria-labelledby") or text_of(element) or "".join(inside)


def _names(tree: Element) -> Iterator[str]:
    labels = {e.attrib.get("for") for e in tree.iter("label")}
    wrapped = {id(e) for label in tree.iter("label") for e in _elements(label)}
    for element in _elements(tree):
        if element.tag == "img" and "alt" not in element.attrib:
            yield f"img {element.attrib.get('src')} has no alt"
        if element.tag in ("a", "button") and not _name(element):
            yield f"{element.tag} {element.attrib} has no name"
        if element.tag in CONTROLS and element.attrib.get("type") not in WITHOUT_LABEL:
            named = element.attrib.keys() & {"aria-label", "aria-labelledby"} or id(element) in wrapped
            if not named and element.attrib.get("id") not in labels:
                yield f"{element.tag} {element.attrib.get('name')!r} has no label"
        if element.tag == "fieldset" and not any(text_of(e) for e in element.findall("legend")):
            yield "fieldset without a legend"


def _forms(tree: Element) -> Iterator[str]:
    for form in tree.iter("form"):
        if re.match(r"https?://", form.attrib.get("action", "")):
            if any(e.attrib.get("name") == "csrf_token" for e in form.iter("input")):
                yield "a form sends its CSRF token elsewhere"
        elif form.attrib.get("method", "get").lower() == "post":
            tokens = [e for e in form.iter("input") if e.attrib.get("name") == "csrf_token"]
            if len(tokens) != 1 or not tokens[0].attrib.get("value"):
                yield f"form {form.attrib.get('action')!r} has {len(tokens)} CSRF tokens"
        elif any(e.attrib.get("name") == "csrf_token" for e in form.iter("input")):
            yield "a GET form shows its CSRF token in the address"


def _sentences(tree: Element) -> Iterator[str]:
    keys = catalogue()
    for element in tree.iter("body"):
        text = " ".join(
            part for e in _elements(element) if e.tag not in ("textarea", "code", "pre") for part in _own(e)
        )
        for word in re.findall(r"[a-z_]+(?:\.[a-z0-9_-]+)+", text):
            if word in keys:
                yield f"the key {word} is shown instead of its sentence"
        for placeholder in re.findall(r"\{[a-z_]+\}", text):
            yield f"the placeholder {placeholder} is shown"


def _own(element: Element) -> list[str]:
    return [element.text or "", *(child.tail or "" for child in element)]


CHECKS: tuple[Callable[[Element], Iterator[str]], ...] = (
    _heading,
    _language,
    _references,
    _policy,
    _names,
    _forms,
    _sentences,
)


def problems_of_page(html: str) -> list[str]:
    """Everything wrong with a page."""
    tree, problems = parse(html)
    if not html.lstrip().lower().startswith("<!doctype html>"):
        problems.append("no doctype")
    return problems + [problem for check in CHECKS for problem in check(tree)]


def problems_of_part(html: str) -> list[str]:
    """Everything wrong with a part of a page, as far as it shows in the part alone."""
    parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    tree = parser.parseFragment(html)
    problems = [f"line {line}: {code} {values}" for (line, _column), code, values in parser.errors]
    doubled = [f"id {name!r} stands {count} times" for name, count in _ids(tree).items() if count > 1]
    return problems + doubled + [p for check in (_policy, _names, _forms) for p in check(tree)]


def problems_of_headers(headers: Any) -> list[str]:
    """The headers that every response must have and this one lacks."""
    lacking = [f"no header {name}" for name in HEADERS if not headers.get(name)]
    policy = headers.get("Content-Security-Policy", "")
    return lacking + [f"the policy allows {word}" for word in ("unsafe-inline", "unsafe-eval", "*") if word in policy]
