"""What is read, piece by piece: texts of the page with the place where they stand, and words that announce."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

Kind = Literal["heading", "text", "item", "row", "field", "control", "navigation"]
Place = tuple[int, int, int]
"""An element's number, which of its texts, and the character in it; (number, -1, 0) is the whole element."""

LONGEST = 160  # characters of a sentence that is spoken at once
# A sentence ends here, or where an English one does: a full stop before a space, unless it is the point of a "2."
_END = re.compile(r"[。！？；!?;]+[”’」』）)\"]*|(?<!\b\d)(?<!\b\d\d)\.[\"’”)]*(?= |$)|\n+")
_BREATH = re.compile(r"[，、：,:]\s*|\s+")


class Words(Protocol):
    """Where announcing words come from: a key and its parameters in, words in the reader's language out."""

    def __call__(self, key: str, /, **parameters: object) -> str: ...


class Character(NamedTuple):
    """One character that is read; ``place`` is None for words that announce."""

    text: str
    place: Place | None
    language: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: its characters with their places, what it is part of, its declared language, its paragraph."""

    kind: Kind
    text: str
    places: tuple[Place | None, ...]
    language: str
    block: int

    def source(self) -> str:
        """What of it stands on the page."""
        return "".join(c for c, place in zip(self.text, self.places, strict=True) if place is not None)


def announced(words: str, language: str) -> list[Character]:
    """Words that are said and stand nowhere on the page."""
    return [Character(c, None, language) for c in words]


def folded(characters: Iterable[Character]) -> list[Character]:
    """White space folded to one space, and gone at the ends, around line ends and between Chinese characters."""
    kept: list[Character] = []
    for one in characters:
        if one.text != "\n" and one.text.isspace():
            if not kept or kept[-1].text in " \n":
                continue
            one = Character(" ", one.place, one.language)
        elif one.text == "\n" and kept and kept[-1].text in " \n":
            kept.pop()
        kept.append(one)
    while kept and kept[-1].text in " \n":
        kept.pop()
    while kept and kept[0].text in " \n":
        kept.pop(0)
    return kept


def sentences(characters: list[Character], kind: Kind, block: int) -> list[Sentence]:
    """A paragraph cut into sentences of at most ``LONGEST`` characters, each in one language."""
    found: list[Sentence] = []
    for run in _by_language(characters):
        text = "".join(c.text for c in run)
        at = 0
        ends = [m.end() for m in _END.finditer(text)] + [len(text)]
        for end in _not_too_long(text, ends):
            part = folded(run[at:end])
            at = end
            if any(c.text.isalnum() for c in part):
                said = "".join(c.text for c in part)
                found.append(Sentence(kind, said, tuple(c.place for c in part), part[0].language, block))
    return found


def _by_language(characters: list[Character]) -> list[list[Character]]:
    runs: list[list[Character]] = []
    for one in characters:
        if runs and (one.language == runs[-1][-1].language or not one.text.isalnum()):
            runs[-1].append(Character(one.text, one.place, runs[-1][-1].language))
        else:
            runs.append([one])
    return runs


def _not_too_long(text: str, ends: list[int]) -> list[int]:
    """The ends, and more of them where a sentence is long: at a breath if there is one, anywhere if not."""
    made, at = [], 0
    for end in ends:
        while end - at > LONGEST:
            breaths = [m.end() for m in _BREATH.finditer(text, at + LONGEST // 3, at + LONGEST)]
            at = breaths[-1] if breaths else at + LONGEST
            made.append(at)
        if end > at:
            made.append(end)
            at = end
    return made
