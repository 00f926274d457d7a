"""Which passages answer a question, and whether any does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from adaptive.companion.passages import Passage

ENOUGH, ENOUGH_WHERE_CENTRAL = 0.5, 0.4
"""The share of a question, by weight, that a passage must speak of to answer it; less where its lesson is about it."""
SHOWN = 3
_HEADING, _TITLE, _ITEM = 0.35, 0.25, 0.6
_SINGLE = 0.5
_FOCUS, _OFTEN = 0.3, 8
"""What it adds that an item speaks of a word again and again, and how often is often."""
_IN_PASSING = 0.7
"""What one word of several is worth where a passage only mentions it."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """A passage as the index gives it: its words, those of its heading, of its item's title, and how often each
    stands in the whole item."""

    passage: Passage
    words: frozenset[str]
    heading_words: frozenset[str]
    title_words: frozenset[str]
    item_words: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that speaks of the question. ``covered`` is the share of the question's weight; ``score`` orders;
    ``central`` says that its lesson is about one of the question's words.
    """

    passage: Passage
    covered: float
    score: float
    central: bool


def find(
    question: Sequence[tuple[str, ...]], candidates: Sequence[Indexed], counts: Mapping[str, int], size: int
) -> tuple[Found, ...]:
    """The passages that answer, best first, at most one of each item and ``SHOWN`` in all; none if none fits.

    ``question`` are its words with their synonyms (``words.asked``); ``counts`` says in how many of the library's
    ``size`` passages a word stands. A word that stands in few weighs most (inverse document frequency, Spärck Jones
    1972), and one that stands in none weighs as much as one that stands in two: a question about something that the
    library never speaks of has no answer there.
    """
    terms = list(_terms(question, counts, size))
    whole = sum(term.weight for term in terms)
    if not whole:
        return ()
    judged = (_judge(candidate, terms, whole) for candidate in candidates)
    found = [one for one in judged if one.covered >= (ENOUGH_WHERE_CENTRAL if one.central else ENOUGH)]
    best: dict[str, Found] = {}
    for one in sorted(found, key=lambda f: (-f.score, f.passage.id)):
        best.setdefault(one.passage.item_id, one)
    return tuple(best.values())[:SHOWN]


@dataclass(frozen=True, slots=True)
class _Term:
    """A word of the question with its synonyms, what it weighs, and how much of that a passage that has it earns."""

    same: tuple[str, ...]
    weight: float
    credit: float = 1.0


def _terms(question: Sequence[tuple[str, ...]], counts: Mapping[str, int], size: int) -> Iterator[_Term]:
    """Each word with its weight; a word that holds others of the question gives way to them."""
    said = {same[0] for same in question if counts.get(same[0]) and len(same[0]) > 1}
    known = {word for same in question for word in same if counts.get(word)}
    for same in question:
        if not known.isdisjoint(same) and not any(word in same[0] and word != same[0] for word in said):
            weight = _weight(max(counts.get(word, 0) for word in same), size)
            yield _Term(same, weight * (_SINGLE if len(same[0]) == 1 else 1))
        elif known.isdisjoint(same) and not any(word in same[0] and word != same[0] for word in known):
            yield from _unknown(same[0], _weight(2, size))


def _unknown(word: str, weight: float) -> Iterator[_Term]:
    """A word that no passage has, in parts, since a cutter errs where two words meet: its pairs of characters, or for a
    word of two its characters, which say less.
    """
    if word.isascii() or len(word) == 1:
        yield _Term((word,), weight * (_SINGLE if len(word) == 1 else 1))
    elif len(word) == 2:
        yield from (_Term((character,), weight / 2, _SINGLE) for character in word)
    else:
        yield from (_Term((word[n : n + 2],), weight / (len(word) - 1)) for n in range(len(word) - 1))


def _weight(count: int, size: int) -> float:
    return log(1 + (size - count + 0.5) / (count + 0.5))


def _judge(candidate: Indexed, terms: Sequence[_Term], whole: float) -> Found:
    covered = bonus = 0.0
    met, central = 0, False
    text = f"{candidate.passage.heading}\n{candidate.passage.text}"
    for term in terms:
        in_heading = any(word in candidate.heading_words for word in term.same)
        in_title = any(word in candidate.title_words for word in term.same)
        there = in_heading or in_title or any(w in candidate.words or (len(w) == 1 and w in text) for w in term.same)
        often = max(candidate.item_words.get(word, 0) for word in term.same)
        met += there
        covered += term.weight * (term.credit if there else _ITEM * bool(often))
        focus = _FOCUS * min(1.0, log(1 + often) / log(1 + _OFTEN))
        bonus += term.weight * (_HEADING * in_heading + _TITLE * in_title + focus)
        central = central or in_heading or in_title or (there and often >= _OFTEN)
    if met < 2 < len(terms) + 1 and not central:
        covered *= _IN_PASSING
    return Found(candidate.passage, covered / whole, (covered + bonus) / whole - 0.05 * (len(text) < 30), central)
