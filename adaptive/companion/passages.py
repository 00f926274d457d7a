"""Passages: the library cut into pieces short enough to answer a question with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from adaptive.content.markdown import Heading, Markup, Picture, parts
from adaptive.content.model import FORM_KINDS, Form, FormKind, Item

TARGET = 160
"""Characters after which a passage ends at the next block."""

_PAUSE = re.compile(r"[（(]停顿\s*[\d.]+\s*秒[）)]")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a form. ``id`` is ``<item>@<form>.<number>``; ``part`` counts the headings up to it (0: none yet)."""

    id: str
    item_id: str
    form: FormKind
    part: int
    heading: str
    text: str


def of_item(item: Item) -> Iterator[Passage]:
    """An item's passages, form by form; an audio script, which repeats the others, only where it is alone."""
    for kind in FORM_KINDS:
        form = item.forms.get(kind)
        if form is not None and (kind != "audio" or len(item.forms) == 1):
            yield from of_form(item, form)


def of_form(item: Item, form: Form) -> Iterator[Passage]:
    """The passages of one form: whole blocks under one heading, joined up to about ``TARGET`` characters."""
    part, heading, number = 0, "", 0
    held: list[str] = []
    for piece in [*parts(form.body), None]:
        words = "" if piece is None or isinstance(piece, Heading | Markup) else _PAUSE.sub("", piece.text).strip()
        length = sum(map(len, held))
        full = length >= TARGET or length + len(words) > 2 * TARGET
        if held and (piece is None or isinstance(piece, Heading) or full):
            yield Passage(f"{item.id}@{form.kind}.{number}", item.id, form.kind, part, heading, "\n".join(held))
            held, number = [], number + 1
        if isinstance(piece, Heading):
            part, heading = part + 1, piece.text
        elif words and not (isinstance(piece, Picture) and words in held):
            held.append(words)
