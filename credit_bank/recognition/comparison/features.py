"""What speaks for a candidate, as numbers: likeness of texts, series, codes and amounts, and the precedents."""

from collections.abc import Mapping, Sequence
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
    "credits", "level", "units", "precedent_share", "precedent_count", "subject_share",
)  # fmt: skip
TEXT = slice(0, NAMES.index("precedent_share"))
_LETTERS = "abcd"
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
    titles = [read_title(source.title) for source in sources]
    keys = {title.key for title in titles}
    codes = [read_code(source.code) for source in sources]
    numbers = frozenset().union(*(title.numbers for title in titles)) or _lettered(codes)
    credits = sum((source.credits for source in sources if source.credits is not None), start=0)
    levels = {source.level for source in sources if source.level}
    units = frozenset().union(*(source.units for source in sources))
    for row, place in zip(rows, places, strict=True):
        course = index.courses[place]
        title, code = read_title(course.title), read_code(course.code)
        row[3] = title.key in keys
        stands = index.series[place]
        row[4] = bool(numbers & stands)
        row[5] = bool(numbers and stands and not numbers & stands)
        row[6] = max(_alike(own.subject, code.subject) for own in codes)
        row[7] = any(own.number and own.number == code.number for own in codes)
        row[8] = any(own.suffix and own.suffix == code.suffix for own in codes)
        if credits and course.credits:
            row[9] = -abs(log(float(credits) / float(course.credits)))
        row[10] = course.level in levels if course.level else 0.0
        if units and course.units:
            row[11] = len(units & course.units) / len(units | course.units)
        vote = votes.get(course.code)
        if vote is not None:
            row[12] = vote.share
            row[13] = log(1 + vote.weight)
        row[14] = subjects.get(code.subject, 0.0)
    return rows


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
