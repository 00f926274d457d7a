"""How hard the forms of a course are to read: the measure that ``credit-bank content check`` takes, with the words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import abort, render_template

from accessibility.text.readability import Readability, measure
from adaptive.content import check_forms
from adaptive.content.markdown import parts
from adaptive.content.model import Form, Item
from web import learning
from web.accounts.permissions import permit
from web.accounts.roles import Role
from web.views.author.blueprint import blueprint

_LATIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence in pieces: each a text and whether it makes the form harder; ``long``: more than it should have."""

    pieces: tuple[tuple[str, bool], ...]
    long: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One form of an item with its measure: ``allowed`` is its label's level, ``fits`` whether it keeps to that."""

    item: Item
    kind: str
    lang: str
    found: Readability
    allowed: str
    fits: bool
    sentences: tuple[Marked, ...]


def measured(item: Item, kind: str, form: Form) -> Measured:
    """Measure a form; of its sentences only those that hold a hard word, or are long, are kept."""
    found = measure(check_forms.reading_text(parts(form.body)), form.lang)
    easy = kind == "easy"
    allowed = "simple" if easy else item.reading_level
    levels = check_forms.LEVELS
    mean = sum(found.characters) / len(found.characters) if found.characters else 0.0
    fits = levels.index(found.level) <= levels.index(allowed)
    if easy and not form.lang.startswith("en"):
        fits = fits and found.score < check_forms.CLDC_EASY and mean <= check_forms.MEAN_EASY
    return Measured(item, kind, form.lang, found, allowed, fits, tuple(_sentences(found, easy)))


def _sentences(found: Readability, easy: bool) -> Iterator[Marked]:
    words = sorted((*found.hard_words, *found.idioms, *found.double_negatives), key=len, reverse=True)
    limit = check_forms.LONGEST_EASY if easy else 50
    for text, length in zip(found.sentences, found.characters, strict=True):
        pieces = tuple(_pieces(text, words))
        long = length if length > limit else 0
        if long or any(marked for _, marked in pieces):
            yield Marked(pieces, long)


def _pieces(text: str, words: list[str]) -> Iterator[tuple[str, bool]]:
    if not words:
        yield text, False
        return
    one = "|".join(rf"\b{re.escape(w)}\b" if _LATIN.match(w) else re.escape(w) for w in words)
    at = 0
    for match in re.finditer(one, text, re.IGNORECASE):
        if match.start() > at:
            yield text[at : match.start()], False
        yield match.group(), True
        at = match.end()
    if at < len(text):
        yield text[at:], False


@blueprint.get("/author/<handle>/courses/<course>/reading")
@permit(Role.REGISTRAR, Role.REVIEWER, Role.ADMINISTRATOR)
def reading(handle: str, course: str) -> str:
    """Every form of every item of a course; those that are harder than their label first."""
    library = learning.library()
    if course not in library.courses:
        abort(404)
    items = [library.items[name] for name in library.courses[course].items]
    rows = [measured(item, kind, form) for item in items for kind, form in item.forms.items()]
    rows.sort(key=lambda row: (row.fits, -row.found.score))
    return render_template("author/reading.html", handle=handle, course=library.courses[course], rows=rows)
