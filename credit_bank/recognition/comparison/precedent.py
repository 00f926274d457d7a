"""Precedents: what other institutions' published decisions made of courses that are called like this one.

A decision counts once for each institution that it comes from, so that nobody outvotes the others by listing a course
often. Titles that say the same in other spellings are one (``Title.key``); titles that are only alike count as much as
they are alike.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from credit_bank.recognition.comparison.course import Described, Equivalence
from credit_bank.recognition.comparison.index import Field, grams, title_words
from credit_bank.recognition.comparison.title import read_code, read_title

NEAREST = 40
LEAST_ALIKE = 0.45
SHARPNESS = 6.0
"""How fast the weight of a precedent falls with the likeness of its title."""
SAME_NUMBERS, NO_NUMBERS, OTHER_NUMBERS = 1.0, 0.6, 0.15
"""What a precedent is worth whose title numbers the series alike, on one side only, or differently."""


class Voter(NamedTuple):
    """Whose vote a decision is: its source institution's. ``part`` tells decisions apart that are held out in turns."""

    institution: str
    part: int = 0


class Vote(NamedTuple):
    """What precedents say for one target: the weight of those for it, of all, and who decided so for what."""

    weight: float
    total: float
    decided_by: tuple[tuple[str, str], ...]

    @property
    def share(self) -> float:
        """The part of the weight that is for it, drawn towards 0 where there is little of it."""
        return self.weight / (self.total + 0.5)


@dataclass(frozen=True, slots=True)
class _Called:
    """One way in which sources are called: who decided what about it."""

    title: str
    numbers: frozenset[int]
    subject: str
    decided: dict[Voter, frozenset[str]]  # the targets' codes


def calling(sources: Sequence[Described]) -> str:
    """How courses are called together, in one spelling."""
    return " + ".join(sorted(read_title(source.title).key for source in sources))


class Precedents:
    """The published decisions of one target institution, to be asked about a course.

    ``voter`` says whose vote a decision is. What an institution's own other courses were taken as says nothing of this
    one, so of its own decisions only those for courses of the same name count.
    """

    def __init__(
        self,
        decisions: Sequence[Equivalence],
        voter: Callable[[Equivalence], Voter] = lambda decision: Voter(decision.source_institution),
    ) -> None:
        groups: dict[str, list[Equivalence]] = defaultdict(list)
        for decision in decisions:
            groups[calling(decision.sources)].append(decision)
        self._called: list[_Called] = []
        texts: list[list[str]] = []
        for key in sorted(groups):
            found = groups[key]
            decided: dict[Voter, set[str]] = defaultdict(set)
            for one in found:
                decided[voter(one)] |= {target.code for target in one.targets}
            first = found[0].sources
            numbers = frozenset().union(*(read_title(source.title).numbers for source in first))
            self._called.append(
                _Called(
                    " + ".join(source.title for source in first),
                    numbers,
                    read_code(first[0].code).subject,
                    {who: frozenset(codes) for who, codes in decided.items()},
                )
            )
            texts.append(title_words(first))
        self._keys = sorted(groups)
        self._places = {key: n for n, key in enumerate(self._keys)}
        self._subjects: dict[str, dict[str, Counter[Voter]]] = defaultdict(lambda: defaultdict(Counter))
        for decision in decisions:
            seen = self._subjects[read_code(decision.sources[0].code).subject]
            for target in decision.targets:
                seen[read_code(target.code).subject][voter(decision)] += 1
        self._words, self._grams = Field(texts), Field([grams(words) for words in texts])

    def subjects(self, sources: Sequence[Described], without: frozenset[Voter] = frozenset()) -> dict[str, float]:
        """Which subjects of the target the sources' subject was taken as: the share of each, drawn towards 0."""
        seen = self._subjects.get(read_code(sources[0].code).subject, {})
        counts = {
            subject: sum(count for voter, count in voters.items() if voter not in without)
            for subject, voters in seen.items()
        }
        total = sum(counts.values())
        return {subject: count / (total + 1) for subject, count in counts.items() if count}

    def votes(self, sources: Sequence[Described], without: frozenset[Voter] = frozenset()) -> dict[str, Vote]:
        """What the precedents say of these courses, by the target's code; those of ``without`` do not count."""
        if not self._called:
            return {}
        words = title_words(sources)
        alike = 0.6 * self._words.cosines(words) + 0.4 * self._grams.cosines(grams(words))
        same = self._places.get(calling(sources))
        numbers = frozenset().union(*(read_title(source.title).numbers for source in sources))
        count = min(NEAREST, len(alike))
        nearest = np.argpartition(-alike, count - 1)[:count]
        own = sources[0].institution
        total = 0.0
        weights: dict[str, float] = defaultdict(float)
        decided_by: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for place in nearest[np.lexsort((nearest, -alike[nearest]))]:
            likeness = 1.0 if place == same else float(alike[place])
            if likeness < LEAST_ALIKE:
                break
            called = self._called[place]
            weight = likeness**SHARPNESS * (1.0 if place == same else _of_numbers(numbers, called.numbers))
            for who, codes in called.decided.items():
                if who in without or (place != same and who.institution == own):
                    continue
                total += weight
                for code in codes:
                    weights[code] += weight
                    decided_by[code].append((who.institution, called.title))
        return {code: Vote(weight, total, tuple(decided_by[code])) for code, weight in weights.items()}


def _of_numbers(ours: frozenset[int], theirs: frozenset[int]) -> float:
    if ours == theirs:
        return SAME_NUMBERS
    return OTHER_NUMBERS if ours and theirs else NO_NUMBERS
