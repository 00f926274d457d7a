"""The bank's own words with an easy explanation, and the links to it in running text.

In a text the first place where a word stands on a page becomes a link to the glossary; with a script, the explanation
opens in place below the paragraph (static/js/glossary.js).
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from flask import Flask, g, url_for
from markupsafe import Markup, escape

from web.messages import locale, t

_HAN = re.compile(r"[\u3400-\u9fff]")
# More links than this make a paragraph hard to read.
IN_A_PARAGRAPH = 2


@dataclass(frozen=True, slots=True)
class Term:
    """A word in both languages: ``pinyin`` has one syllable for each character of ``zh``; ``also`` are other forms."""

    id: str
    zh: str
    en: str
    pinyin: tuple[str, ...]
    says_zh: str
    says_en: str
    also: tuple[str, ...]

    @property
    def name(self) -> str:
        """The word in the reader's language."""
        return self.en if locale() == "en" else self.zh

    @property
    def says(self) -> str:
        """The explanation in the reader's language."""
        return self.says_en if locale() == "en" else self.says_zh

    @property
    def ruby(self) -> Sequence[tuple[str, str]]:
        """Each character with its syllable."""
        return list(zip(self.zh, self.pinyin, strict=True))

    @property
    def forms(self) -> tuple[str, ...]:
        """Every form in which the word stands in a text."""
        return (self.zh, self.en, *self.also)


@cache
def terms() -> dict[str, Term]:
    """Every term by its id, in the order of the file."""
    read = tomllib.loads((files("web") / "glossary" / "terms.toml").read_text("utf-8"))
    return {
        key: Term(
            key,
            entry["zh"],
            entry["en"],
            tuple(entry["pinyin"].split()),
            entry["says_zh"],
            entry["says_en"],
            (*entry.get("also_zh", ()), *entry.get("also_en", ())),
        )
        for key, entry in read.items()
    }


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form: what it stands for (in English, as all of them do), and what that is."""

    short: str
    full: str
    says_zh: str
    says_en: str

    @property
    def says(self) -> str:
        """The explanation in the reader's language."""
        return self.says_en if locale() == "en" else self.says_zh


@cache
def abbreviations() -> tuple[Abbreviation, ...]:
    """Every short form that pages use, by its letters; a test finds one that is missing."""
    read = tomllib.loads((files("web") / "glossary" / "abbreviations.toml").read_text("utf-8"))
    rows = [Abbreviation(short, *row) for short, row in read.items()]
    return tuple(sorted(rows, key=lambda row: row.short.casefold()))


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    """What finds a form of any term, the longest first, and which term each form belongs to."""
    owners = {form.casefold(): term.id for term in terms().values() for form in term.forms}
    longest_first = sorted(owners, key=len, reverse=True)
    parts = [re.escape(form) if _HAN.search(form) else rf"\b{re.escape(form)}\b" for form in longest_first]
    return re.compile("|".join(parts), re.IGNORECASE), owners


def glossed(text: str) -> Markup:
    """A plain text in which the first place of each term on this page is a link to its explanation."""
    pattern, owners = _pattern()
    seen: set[str] = g.setdefault("glossed", set())
    made, at, links = Markup(), 0, 0
    for match in pattern.finditer(text):
        term = owners[match.group().casefold()]
        if term in seen or links == IN_A_PARAGRAPH:
            continue
        seen.add(term)
        links += 1
        made += escape(text[at : match.start()]) + _link(term, match.group())
        at = match.end()
    return made + escape(text[at:])


def _link(term: str, shown: str) -> Markup:
    """A link of its own name: 机构 in a sentence leads elsewhere than 机构 in the menu (WCAG 2.4.9)."""
    link = Markup('<a class="term" href="{}#{}" data-term="{}" aria-label="{}">{}</a>')
    address = url_for("glossary.term", term=term)
    return link.format(url_for("glossary.index"), term, address, t("glossary.link", term=shown), shown)


def install(app: Flask) -> None:
    """Make the filter available to every template."""
    app.jinja_env.filters["glossed"] = glossed
