"""A page's plan: its sentences with their language and the places of their characters, to speak and to highlight."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from accessibility.reading.document import parse
from accessibility.reading.fragment import Kind, Place, Sentence, Words
from accessibility.reading.order import Order, TooLarge

__all__ = ["LARGEST", "Planned", "Range", "TooLarge", "plan"]

LARGEST = 400_000  # characters of HTML
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Range:
    """Characters ``start`` to ``end`` of a sentence stand in a text of the page, at UTF-16 units ``first`` to ``last``.

    ``text`` says which of the texts of element ``element``; -1 is the whole element.
    """

    start: int
    end: int
    element: int
    text: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A sentence to speak, in the language of the voice, with where its characters stand."""

    text: str
    kind: Kind
    language: Literal["zh-CN", "en"]
    block: int
    ranges: tuple[Range, ...]

    def as_json(self) -> dict[str, Any]:
        """The sentence for a script."""
        ranges = [[r.start, r.end, r.element, r.text, r.first, r.last] for r in self.ranges if r.element >= 0]
        return {"text": self.text, "kind": self.kind, "block": self.block, "ranges": ranges}


def plan(html: str, say: Words, language: str) -> list[Planned]:
    """What is read of a page's main part (of all of it, where none is marked), sentence by sentence.

    ``language`` is the page's own; ``say`` gives the announcing words. Raises TooLarge.
    """
    if len(html) > LARGEST:
        raise TooLarge
    root = parse(html)
    main = next((node for node in root.walk() if node.tag == "main"), root)
    units = _Units(main)
    found = Order(say, language).read(main)
    return [Planned(s.text, s.kind, _voice(s), s.block, tuple(_ranges(s, units))) for s in found]


def _voice(sentence: Sentence) -> Literal["zh-CN", "en"]:
    """Chinese needs the Chinese voice, whatever the page declares; it hands English words on."""
    return "en" if sentence.language.startswith("en") and not _HAN.search(sentence.text) else "zh-CN"


class _Units:
    """Offsets in UTF-16 units, in which a script counts, of characters in the texts of a page."""

    def __init__(self, main: Any) -> None:
        self._astral: dict[tuple[int, int], list[int]] = {}
        for node in main.walk():
            texts = [child for child in node.children if isinstance(child, str)]
            for which, text in enumerate(texts):
                beyond = [at for at, c in enumerate(text) if ord(c) > 0xFFFF]
                if beyond:
                    self._astral[node.number, which] = beyond

    def of(self, place: Place) -> int:
        element, text, at = place
        return at + bisect_left(self._astral.get((element, text), []), at)


def _ranges(sentence: Sentence, units: _Units) -> Iterator[Range]:
    """Runs of characters that follow each other in one text; one outside the basic plane is a run of its own."""
    run: list[int] = []
    places = sentence.places
    for at, place in enumerate(places):
        before = places[run[-1]] if run else None
        follows = before is not None and place is not None and before[:2] == place[:2] and before[1] >= 0
        follows = follows and before is not None and place is not None and place[2] == before[2] + 1
        whole = before is not None and place == before and before[1] < 0
        astral = bool(run) and max(ord(sentence.text[at]), ord(sentence.text[run[-1]])) > 0xFFFF
        if run and not ((follows and not astral) or whole):
            yield _range(run, sentence, units)
            run = []
        if place is not None:
            run.append(at)
    if run:
        yield _range(run, sentence, units)


def _range(run: list[int], sentence: Sentence, units: _Units) -> Range:
    first, last = sentence.places[run[0]], sentence.places[run[-1]]
    if first is None or last is None:
        raise AssertionError("a run has places")
    if first[1] < 0:
        return Range(run[0], run[-1] + 1, first[0], -1, 0, 0)
    end = units.of(last) + (2 if ord(sentence.text[run[-1]]) > 0xFFFF else 1)
    return Range(run[0], run[-1] + 1, first[0], first[1], units.of(first), end)
