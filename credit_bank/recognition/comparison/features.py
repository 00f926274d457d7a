"""What speaks for a candidate, as numbers: likeness of texts, series, codes and amounts, and the precedents."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import log

import numpy as np
from numpy.typing import NDArray

from credit_bank.recognition.comparison.course import Described
from credit_bank.recognition.comparison.index import CourseIndex
from credit_bank.recognition.comparison.precedent import Vote
from credit_bank.recognition.comparison.title import Code, read_code, read_title

Array = NDArray[np.float64]
NAMES = (
    "title", "letters", "description", "same_title", "same_place", "other_place", "subject", "number", "suffix",
    "credits", "hours", "level", "units", "precedent_share", "precedent_count", "precedent_denied", "subject_share",
)  # fmt: skip
SHARE = NAMES.index("precedent_share")
TEXT = slice(0, SHARE)
_LETTERS = "abcd"
_MOST_APART = 2.0
"""Amounts that differ by more than e² times tell no more than that."""
CANDIDATES = 200
"""How many of an institution's courses are looked at closely."""


def candidates(likenesses: Array, votes: Mapping[str, Vote], index: CourseIndex) -> NDArray[np.intp]:
    """The places of those that are looked at closely: the likeliest by text, and all that precedents name."""
    together = likenesses[0] + 0.5 * likenesses[1] + 0.5 * likenesses[2]
    if len(together) <= CANDIDATES:
        return np.arange(len(together))
    best = np.argpartition(-together, CANDIDATES - 1)[:CANDIDATES]
    named = [index.places[code] for code in votes if code in index.places]
    return np.union1d(best, np.array(named, dtype=np.intp))


def features(
    sources: Sequence[Described],
    index: CourseIndex,
    places: NDArray[np.intp],
    likenesses: Array,
    votes: Mapping[str, Vote],
    subjects: Mapping[str, float],
) -> Array:
    """A row of ``NAMES`` for each candidate."""
    rows = np.zeros((len(places), len(NAMES)))
    rows[:, 0:3] = likenesses[:, places].T
    asked = _Asked(sources)
    for row, place in zip(rows, places, strict=True):
        course = index.courses[place]
        row[3:13] = asked.beside(course, index.series[place])
        vote = votes.get(course.code)
        if vote is not None:
            row[13:16] = vote.share, log(1 + vote.weight), vote.denied_share
        row[16] = subjects.get(read_code(course.code).subject, 0.0)
    return rows


class _Asked:
    """What is asked about, read once for all candidates; courses that go together are one."""

    def __init__(self, sources: Sequence[Described]) -> None:
        titles = [read_title(source.title) for source in sources]
        self.keys = {title.key for title in titles}
        self.codes = [read_code(source.code) for source in sources]
        self.numbers = frozenset().union(*(title.numbers for title in titles)) or _lettered(self.codes)
        self.credits = sum((source.credits for source in sources if source.credits), start=Fraction(0))
        self.hours = sum((source.hours for source in sources if source.hours), start=Fraction(0))
        self.levels = {source.level for source in sources if source.level}
        self.units = frozenset().union(*(source.units for source in sources))

    def beside(self, course: Described, stands: frozenset[int]) -> tuple[float, ...]:
        """The features from ``same_title`` to ``units``."""
        code = read_code(course.code)
        numbers, units = self.numbers, self.units
        return (
            read_title(course.title).key in self.keys,
            bool(numbers & stands),
            bool(numbers and stands and not numbers & stands),
            max(_alike(own.subject, code.subject) for own in self.codes),
            any(own.number and own.number == code.number for own in self.codes),
            any(own.suffix and own.suffix == code.suffix for own in self.codes),
            _apart(self.credits, course.credits),
            _apart(self.hours, course.hours),
            max((_of_levels(level, course.level) for level in self.levels), default=0.0) if course.level else 0.0,
            len(units & course.units) / len(units | course.units) if units and course.units else 0.0,
        )


def _apart(one: Fraction, other: Fraction | None) -> float:
    """0 for equal amounts, less the more they differ (the logarithm of their ratio); 0 where one is not known."""
    if not one or not other:
        return 0.0
    return -min(abs(log(float(one) / float(other))), _MOST_APART)


def _of_levels(one: str, other: str) -> float:
    """1 for the same level, 0 for neighbours, down to -1 for others; levels that are no numbers are equal or not."""
    if one == other:
        return 1.0
    try:
        return max(1.0 - abs(float(one) - float(other)), -1.0)
    except ValueError:
        return -1.0


def _lettered(codes: Sequence[Code]) -> frozenset[int]:
    """Where courses stand by the letter behind their number (1A, 1B, 1C)."""
    return frozenset(_LETTERS.index(code.suffix) + 1 for code in codes if code.suffix and code.suffix in _LETTERS)


def _alike(one: str, other: str) -> float:
    """How alike two subjects' letters are, 0 to 1: equal, or the shorter in order in the longer ("mth", "math")."""
    if not one or not other:
        return 0.0
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    if short[0] == long[0] and all(letter in rest for letter in short):
        return 0.7
    return 0.4 if one[:2] == other[:2] else 0.0
