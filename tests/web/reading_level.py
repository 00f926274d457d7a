"""How hard the bank's own texts are to read, by the measure that courses are held to; for tests."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from accessibility.text.readability import measure

LONGEST = {"zh-CN": 40, "en": 22}  # characters; words
# The measure is an average: of a few words it says nothing.
ENOUGH = 12
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "th", "td", "label", "legend", "button", "summary", "caption"}
NOT_OURS = {"code", "pre", "textarea", "select", "input", "svg", "script", "audio"}


def plain(sentence: str) -> str:
    """A sentence without markup, its parameters filled in with a figure."""
    return re.sub(r"\{[a-z_]\w*\}", "1", re.sub(r"<[^>]+>", "", sentence))


def too_hard(text: str, lang: str) -> str:
    """Why a text is harder than junior-high level; empty when it is not."""
    found = measure(text, lang)
    long = [s for s, n in zip(found.sentences, found.characters, strict=True) if n > LONGEST[lang]]
    if long:
        return f"a sentence is long: {long[0]}"
    if found.words >= ENOUGH and found.level == "hard":
        return f"score {found.score:.1f}: {'、'.join(found.hard_words[:8])}"
    return ""


def texts_of(main: Element) -> Iterator[tuple[str, str]]:
    """The texts of a page's main part, block by block, with the language that each is marked with (or "")."""

    def walk(element: Element, lang: str) -> Iterator[tuple[str, str]]:
        lang = element.attrib.get("lang", lang)
        if not isinstance(element.tag, str) or element.tag in NOT_OURS or "hidden" in element.attrib:
            return
        if element.tag in BLOCKS and not any(e.tag in BLOCKS for e in element.iter() if e is not element):
            yield " ".join("".join(_own(element)).split()), lang
            return
        for child in element:
            yield from walk(child, lang)

    def _own(element: Element) -> Iterator[str]:
        yield element.text or ""
        for child in element:
            if child.tag not in NOT_OURS:
                yield from _own(child)
            yield child.tail or ""

    yield from walk(main, "")
