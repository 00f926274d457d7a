"""Which passages answer a question, and whether any does: first the lessons that speak of it, then their passages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from adaptive.companion.passages import Passage
from adaptive.companion.words import LONG_PART, NEAR, PART, SAME, Unit, Way, grams
from adaptive.content.model import Item

ENOUGH, ENOUGH_WHERE_CENTRAL = 0.55, 0.4
"""The share of a question, by weight, that a passage must speak of to answer it; less where its lesson is about it."""
SHOWN, LESSONS = 3, 12
"""How many passages are shown, and of how many lessons they are chosen."""
_FULL = 4.0
"""What a gram counts in a lesson that is half sure to be about it (BM25's k1)."""
_SINGLE = 0.5
"""What a word of one character weighs, since it stands in many others."""
_ELSEWHERE = 0.6
"""What a word is worth to a passage where only the rest of its lesson has it."""
_HEADING, _TITLE = 0.35, 0.25
"""What it adds that a heading or the title of a lesson says a word."""
_LIKE, _WORDED = 0.4, 0.9
"""What it adds that a lesson's way of asking is like the question; what a word is worth that only these ways have."""
_GUESSED = 0.25
"""The share of a question that a way of asking says which may have been meant."""
_RAREST = 0.3
"""The share of a question that must be said where one way of asking has its rarest word and another."""
_ABOUT = 1.2
"""What the lesson counts beside the passage when they are put in order."""
_IN_PASSING, _ALL_IN_PASSING = 0.7, 0.65
"""What one word of several is worth where a lesson only mentions it, and the only word of a question."""
_FOREIGN = 0.4
"""What an English word weighs that no lesson has: they are written in Chinese."""
Counts = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Term:
    """A thing asked for, as the library has it: ``ways`` to say it, what it weighs, and how much each lesson speaks of
    it, 0 to 1."""

    ways: tuple[Way, ...]
    weight: float
    lessons: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that speaks of the question. ``covered`` is the share of the question's weight; ``score`` orders;
    ``central`` says that its lesson is about one of the question's words.
    """

    passage: Passage
    covered: float
    score: float
    central: bool
    enough: bool


@dataclass(frozen=True, slots=True)
class _About:
    """A lesson seen from a question: the ``share`` of it that the lesson speaks of, the grams of its title and of its
    ways of asking, how ``like`` the question the nearest of these is, and whether one has its ``rarest`` word and
    another."""

    share: float
    title: frozenset[str]
    worded: frozenset[str]
    like: float
    rarest: bool


@dataclass(frozen=True, slots=True)
class Guess:
    """What somebody may have meant: a lesson's way of asking that shares words with the question."""

    item_id: str
    words: str


def needed(question: Iterable[Unit]) -> list[str]:
    """Every gram that has to be looked up to answer a question, once."""
    return list(dict.fromkeys(gram for unit in question for way in (*unit.ways, *unit.parts) for gram in way.grams))


def terms(question: Iterable[Unit], counts: Counts, size: int) -> list[Term]:
    """The question in terms of the library: ``counts`` says what its grams count in which of the ``size`` lessons.

    A word that few lessons have weighs most (inverse document frequency, Spärck Jones 1972), and one that none has
    weighs as much as one that a single lesson has: what the library never speaks of has no answer there.
    """
    found: list[Term] = []
    for unit in question:
        meant = {lesson for way in unit.ways if way.worth >= SAME for lesson in _with(way, counts)}
        meant = meant or {lesson for way in unit.ways if way.worth >= NEAR for lesson in _with(way, counts)}
        if meant:
            weight = _weight(len(meant), size) * (_SINGLE if _single(unit.ways[0]) else 1)
            found.append(_term(unit.ways, weight, counts))
        else:
            found += _unknown(unit, _weight(1, size), counts)
    return found


def _unknown(unit: Unit, weight: float, counts: Counts) -> Iterator[Term]:
    """A word that no lesson has, in its parts, of which the characters say less."""
    if not unit.parts:
        yield _term(unit.ways, weight * (_FOREIGN if unit.word.isascii() else _SINGLE), counts)
    for part in unit.parts:
        worth = PART if _single(part) else LONG_PART
        yield _term((Way(part.grams, worth),), weight / len(unit.parts), counts)


def _term(ways: tuple[Way, ...], weight: float, counts: Counts) -> Term:
    lessons: dict[str, float] = {}
    for way in ways:
        for lesson, count in _with(way, counts).items():
            lessons[lesson] = max(lessons.get(lesson, 0.0), way.worth * count / (count + _FULL))
    return Term(ways, weight, lessons)


def _with(way: Way, counts: Counts) -> dict[str, float]:
    """The lessons that have all grams of a way, and what the rarest of these counts there."""
    first, *others = [counts.get(gram, {}) for gram in way.grams]
    return {lesson: min(count, *(o[lesson] for o in others)) if others else count
            for lesson, count in first.items() if all(lesson in other for other in others)}  # fmt: skip


def _single(way: Way) -> bool:
    return way.grams[0:1] == way.grams and len(way.grams[0]) == 1


def _weight(count: int, size: int) -> float:
    return log(1 + (size - count + 0.5) / (count + 0.5))


def about(asked: Sequence[Term]) -> dict[str, float]:
    """The lessons that speak most of the question, with the share of its weight that they speak of, ``LESSONS`` at
    most."""
    whole = sum(term.weight for term in asked)
    found: dict[str, float] = {}
    for term in asked:
        for lesson, strength in term.lessons.items():
            found[lesson] = found.get(lesson, 0.0) + term.weight * strength / whole
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:LESSONS])


def find(
    asked: Sequence[Term], lessons: Mapping[str, float], passages: Iterable[Passage], items: Mapping[str, Item]
) -> tuple[Found, ...]:
    """The passages that answer, best first, at most one of each lesson and ``SHOWN`` in all; none if none fits.

    ``lessons`` are those of ``about``, ``passages`` theirs, and ``items`` has them.
    """
    whole = sum(term.weight for term in asked)
    about = {lesson: _about(asked, whole, share, items[lesson]) for lesson, share in lessons.items()}
    judged = (_judge(passage, asked, whole, about[passage.item_id]) for passage in passages)
    found = [one for one in judged if one.enough]
    best: dict[str, Found] = {}
    for one in sorted(found, key=lambda f: (-f.score, f.passage.id)):
        best.setdefault(one.passage.item_id, one)
    return tuple(best.values())[:SHOWN]


def _about(asked: Sequence[Term], whole: float, share: float, item: Item) -> _About:
    ways = [_grams(way) for way in item.asked.every]
    like = max((_alike(asked, whole, way) for way in ways), default=0.0)
    title = _grams(f"{item.title.zh}\n{item.title.en or ''}")
    rarest = max(asked, key=lambda term: term.weight if term.lessons else 0.0)
    told = any(_said(rarest, way) > PART and sum(_said(term, way) > PART for term in asked) > 1 for way in ways)
    return _About(share, title, frozenset().union(*ways), like, told)


def _alike(asked: Sequence[Term], whole: float, way: frozenset[str]) -> float:
    """The share of a question that one way of asking says, if it has two of its words or the question is but one."""
    said = [(term.weight, _said(term, way)) for term in asked]
    met = sum(worth > PART for _, worth in said)
    return sum(weight * worth for weight, worth in said) / whole if met >= min(2, len(asked)) else 0.0


def guesses(
    asked: Sequence[Term], lessons: Mapping[str, float], items: Mapping[str, Item], *, english: bool
) -> tuple[Guess, ...]:
    """The ways of asking nearest to a question, for when nothing answers it: ``SHOWN`` at most, one of each lesson.

    ``english`` says in which language. A way that says little of the question is no guess.
    """
    near: list[tuple[float, str, str]] = []
    for lesson, share in lessons.items():
        ways = items[lesson].asked.en if english else items[lesson].asked.zh
        worths = ((_nearness(asked, _grams(way)), way) for way in ways)
        worth, way = max(worths, default=(0.0, ""))
        if worth >= _GUESSED:
            near.append((-worth - share, lesson, way))
    return tuple(Guess(lesson, way) for _, lesson, way in sorted(near)[:SHOWN])


def _nearness(asked: Sequence[Term], way: frozenset[str]) -> float:
    whole = sum(term.weight for term in asked)
    said = [(term.weight, _said(term, way)) for term in asked]
    return sum(weight * worth for weight, worth in said if worth > PART) / whole


def _judge(passage: Passage, asked: Sequence[Term], whole: float, lesson: _About) -> Found:
    covered = bonus = 0.0
    met, central = 0, False
    heading = frozenset(grams(passage.heading))
    text = heading | lesson.title | frozenset(grams(passage.text))
    for term in asked:
        strength = term.lessons.get(passage.item_id, 0.0)
        here, headed, named, worded = (_said(term, held) for held in (text, heading, lesson.title, lesson.worded))
        here = max(here, _WORDED * worded)
        met += here > 0
        covered += term.weight * max(here, _ELSEWHERE * _elsewhere(term, strength))
        bonus += term.weight * (_HEADING * headed + _TITLE * named)
        central = central or headed > PART or named > PART or (here > PART and strength > 0.8)
    if met < 2 and not central:
        covered *= _IN_PASSING if len(asked) > 1 else _ALL_IN_PASSING
    score = (covered + bonus) / whole + _ABOUT * lesson.share + _LIKE * lesson.like - 0.05 * (len(passage.text) < 30)
    share = covered / whole
    enough = share >= (ENOUGH_WHERE_CENTRAL if central else ENOUGH) or (lesson.rarest and share >= _RAREST)
    return Found(passage, share, score, central, enough)


@lru_cache(4096)
def _grams(text: str) -> frozenset[str]:
    return frozenset(grams(text))


def _elsewhere(term: Term, strength: float) -> float:
    return max((way.worth for way in term.ways), default=0.0) if strength else 0.0


def _said(term: Term, held: frozenset[str]) -> float:
    """What the best way to say a term is worth that a text has; 0 for none."""
    return max((way.worth for way in term.ways if held.issuperset(way.grams)), default=0.0)
