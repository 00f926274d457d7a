"""HTML of other systems as Markdown, or as plain words: cleaned first, so that nothing of it ever runs or loads."""

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any

import nh3
from bs4 import BeautifulSoup
from markdownify import MarkdownConverter

from adaptive.errors import InvalidInput
from adaptive.exchange.problem import Problems

_BLOCKS = {"p", "div", "ul", "ol", "li", "table", "tr", "section", "article", "blockquote", "pre", "figure", "dl", "dt"}
_BLOCKS |= {"h1", "h2", "h3", "h4", "h5", "h6", "dd", "hr"}
_INLINE = {"a", "b", "strong", "i", "em", "br", "img", "code", "sub", "sup", "span", "td", "th", "thead", "tbody"}
_INLINE |= {"figcaption", "caption"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}}
_DROPPED = {"script", "style", "template", "noscript", "title", "svg", "math"}
# What a reader would miss, and Markdown has no place for.
_MISSED = {"audio", "video", "iframe", "object", "embed", "math", "svg", "form", "canvas", "applet"}
_MISSING = re.compile(r"<(?:\w+:)?(" + "|".join(sorted(_MISSED)) + r")\b", re.IGNORECASE)
_LINES = re.compile(r"\n{3,}")
_IMAGE = re.compile(r"<img\b", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")

_TAG = re.compile(r"<[^<>]*>")
# Markdown converters take quadratic time over long runs of white space.
_RUNS = re.compile(r"\s{80,}")
_NESTING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_VOID = {"br", "img", "hr", "wbr", "col", "input", "meta", "link", "source", "track", "p", "li", "td", "tr", "th", "dd"}
_VOID |= {"dt", "option"}
_BREAK = re.compile(rf"</?(?:br|{'|'.join(sorted(_BLOCKS))})(?=[\s/>])[^<>]*>")
LARGEST = 4 * 1024 * 1024
DEEPEST = 100

# The name of a picture in the item's folder for a src, or None where it is left out (and noted).
Pictures = Callable[[str], str | None]


class _Converter(MarkdownConverter):
    """Markdown without any HTML in it: what looks like a tag or an entity is written so that it stays text."""

    def escape(self, text: str, parent_tags: Any = None) -> str:
        """Escape what Markdown would take for markup."""
        escaped: str = super().escape(text, parent_tags)  # type: ignore[misc] # it is there; its stubs lack it
        return re.sub(r"&(?=#?\w+;)", r"\\&", re.sub(r"<(?=[\w/!?])", r"\\<", escaped))


def clean(html: str) -> str:
    """HTML of which only words, their structure, links and pictures are left; only words, where it is nested deeper
    than any real page. Raises InvalidInput ``exchange.package_too_large`` over 4 MB."""
    if len(html) > LARGEST:
        raise InvalidInput("exchange.package_too_large", limit=LARGEST // 1024 // 1024)
    if _depth(html) > 4 * DEEPEST:
        # Before a parser that would take minutes.
        return escape(" ".join(_TAG.sub(" ", html).split()), quote=False)
    html = _RUNS.sub("\n", html)
    cleaned = nh3.clean(
        html,
        tags=_BLOCKS | _INLINE,
        clean_content_tags=_DROPPED,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return nh3.clean(cleaned, tags=set()) if _depth(cleaned) > DEEPEST else cleaned


def _depth(html: str) -> int:
    """How deep tags are nested, at most; tags that are never closed count as open."""
    depth = deepest = 0
    for closing, name in _NESTING.findall(html):
        if name.lower() not in _VOID:
            depth = max(0, depth - 1) if closing else depth + 1
            deepest = max(deepest, depth)
    return deepest


def _note_missing(html: str, place: str, problems: Problems) -> None:
    for name in sorted({found.lower() for found in _MISSING.findall(html)}):
        problems.left_out(place, "html_element", element=name)


def _parsed(html: str) -> BeautifulSoup:
    # Beautiful Soup warns of a text that looks like a file's name or an address, unless it has more than a line.
    return BeautifulSoup(clean(html) + "\n", "html.parser")


def to_markdown(html: str, place: str, problems: Problems, pictures: Pictures | None = None) -> str:
    """HTML as Markdown whose headings begin at ``##``; what has no place in it is noted as ``html_element``.

    A picture stands under the name that ``pictures`` gives for its src; one without is left out, its words stay.
    """
    _note_missing(html, place, problems)
    soup = _parsed(html)
    for image in soup.find_all("img"):
        name = pictures(str(image.get("src", ""))) if pictures is not None else None
        words = " ".join(str(image.get("alt", "")).split())
        if name is None:
            image.replace_with(words)
        else:
            image["src"], image["alt"] = name, words
    for link in soup.find_all("a"):
        if not str(link.get("href", "")).startswith(("http://", "https://", "mailto:")):
            link.unwrap()
    levels = sorted({int(tag.name[1]) for tag in soup.find_all(re.compile("^h[1-6]$"))})
    for tag in soup.find_all(re.compile("^h[1-6]$")):
        tag.name = f"h{min(2 + levels.index(int(tag.name[1])), 6)}"
    text: str = _Converter(
        heading_style="ATX", bullets="-", newline_style="BACKSLASH", strong_em_symbol="*", sub_symbol="", sup_symbol=""
    ).convert_soup(soup)
    return _LINES.sub("\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip()


def with_pictures(html: str, put: Callable[[str, str], str]) -> str:
    """Cleaned HTML in which what ``put`` gives for its src and its words stands in place of each picture."""
    soup = _parsed(html)
    for image in soup.find_all("img"):
        image.replace_with(put(str(image.get("src", "")), " ".join(str(image.get("alt", "")).split())))
    return str(soup).removesuffix("\n")


def to_plain(html: str, place: str = "", problems: Problems | None = None) -> str:
    """HTML as plain words, a line for each block; a picture leaves its words and is noted as ``second_picture``."""
    if problems is not None:
        _note_missing(html, place, problems)
    if _IMAGE.search(html):

        def words(src: str, alt: str) -> str:
            if problems is not None:
                problems.left_out(place, "second_picture", name=src[:60])
            return alt

        html = with_pictures(html, words)
    if "<" not in html and "&" not in html:
        return _tidy(html)
    # Without attributes, what nh3 writes has no ">" but at the end of a tag.
    bare = nh3.clean(clean(html), tags=_BLOCKS | _INLINE, attributes={}, link_rel=None)
    return _tidy(unescape(_TAG.sub("", _BREAK.sub("\n", bare))))


def _tidy(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text.replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)
