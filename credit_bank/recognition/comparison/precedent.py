"""Precedents: what other institutions' published decisions made of courses that are called like this one.

A decision counts once for each institution that it comes from, so that nobody outvotes the others by listing a course
often. A denial is a vote, too: against the course that was asked for. Titles that say the same in other spellings are
one (``Title.key``); titles that are only alike count as much as they are alike.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from credit_bank.recognition.comparison.course import Described, Equivalence
from credit_bank.recognition.comparison.index import Field, grams, title_words
from credit_bank.recognition.comparison.title import read_code, read_title

Array = NDArray[np.float64]
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
    """What precedents say for one target: the weight of those for it, of all, and who decided so for what.

    ``denied`` is the weight of those who would not take such a course as this target, ``denied_by`` who they were.
    """

    weight: float
    total: float
    decided_by: tuple[tuple[str, str], ...]
    denied: float = 0.0
    denied_by: tuple[tuple[str, str], ...] = ()

    @property
    def share(self) -> float:
        """The part of the weight that is for it, drawn towards 0 where there is little of it."""
        return self.weight / (self.total + 0.5)

    @property
    def denied_share(self) -> float:
        """The part of the weight that is against it, drawn towards 0 in the same way."""
        return self.denied / (self.total + 0.5)


@dataclass(frozen=True, slots=True)
class _Called:
    """One way in which sources are called: who took it as which of the target's codes, and as which not.

    The empty code among the denied is that it was taken as nothing.
    """

    title: str
    numbers: frozenset[int]
    taken: Mapping[Voter, frozenset[str]]
    denied: Mapping[Voter, frozenset[str]]


def calling(sources: Sequence[Described]) -> str:
    """How courses are called together, in one spelling."""
    return " + ".join(sorted(read_title(source.title).key for source in sources))


def _own(decision: Equivalence) -> Voter:
    return Voter(decision.source_institution)


class _Texts:
    """The texts of some ways of calling, to be found by likeness."""

    def __init__(self, titles: Sequence[Sequence[str]]) -> None:
        self._words, self._grams = Field(titles), Field([grams(words) for words in titles])

    def likenesses(self, words: Sequence[str]) -> Array:
        return 0.6 * self._words.cosines(words) + 0.4 * self._grams.cosines(grams(words))


class Precedents:
    """The published decisions of one target institution, to be asked about a course; later ones stand behind.

    ``voter`` says whose vote a decision is. What an institution's own other courses were taken as says nothing of this
    one, so of its own decisions only those for courses of the same name count.
    """

    def __init__(self, decisions: Sequence[Equivalence], voter: Callable[[Equivalence], Voter] = _own) -> None:
        self._voter = voter
        self._places: dict[str, int] = {}
        self._called: list[_Called] = []
        self._subjects: dict[str, dict[str, Counter[Voter]]] = {}
        self._texts: tuple[_Texts, ...] = (self._take(decisions),)

    def __len__(self) -> int:
        return len(self._called)

    def with_more(self, decisions: Sequence[Equivalence]) -> "Precedents":
        """These with later ones, at the cost of the later ones: texts that are new stand in an index of their own."""
        more = Precedents.__new__(Precedents)
        more._voter = self._voter
        more._places, more._called = dict(self._places), list(self._called)
        more._subjects = {
            subject: {other: Counter(voters) for other, voters in seen.items()}
            for subject, seen in self._subjects.items()
        }
        more._texts = (*self._texts, more._take(decisions))
        return more

    @property
    def pieces(self) -> int:
        """Of how many indexes of texts they are made; each is asked in turn."""
        return len(self._texts)

    def _take(self, decisions: Sequence[Equivalence]) -> _Texts:
        grown: dict[int, tuple[dict[Voter, frozenset[str]], dict[Voter, frozenset[str]]]] = {}
        texts: list[list[str]] = []
        for one in decisions:
            key = calling(one.sources)
            place = self._places.get(key)
            if place is None:
                place = self._places[key] = len(self._called)
                numbers = frozenset().union(*(read_title(source.title).numbers for source in one.sources))
                self._called.append(_Called(" + ".join(source.title for source in one.sources), numbers, {}, {}))
                texts.append(title_words(one.sources))
            if place not in grown:
                grown[place] = dict(self._called[place].taken), dict(self._called[place].denied)
            _decide(*grown[place], one, self._voter(one))
            if not one.denied:
                self._count_subjects(one)
        for place, (taken, denied) in grown.items():
            self._called[place] = replace(self._called[place], taken=taken, denied=denied)
        return _Texts(texts)

    def _count_subjects(self, decision: Equivalence) -> None:
        seen = self._subjects.setdefault(read_code(decision.sources[0].code).subject, {})
        for target in decision.targets:
            seen.setdefault(read_code(target.code).subject, Counter())[self._voter(decision)] += 1

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
        alike = np.concatenate([texts.likenesses(words) for texts in self._texts])
        same = self._places.get(calling(sources), -1)
        if same >= 0:
            alike[same] = 1.0
        numbers = frozenset().union(*(read_title(source.title).numbers for source in sources))
        count = min(NEAREST, len(alike))
        nearest = np.argpartition(-alike, count - 1)[:count]
        nearest = nearest[np.lexsort((nearest, nearest != same, -alike[nearest]))]
        found = _Tally(sources[0].institution, without)
        for place in nearest[alike[nearest] >= LEAST_ALIKE]:
            called, is_same = self._called[place], bool(place == same)
            weight = float(alike[place]) ** SHARPNESS * (1.0 if is_same else _of_numbers(numbers, called.numbers))
            found.count(called, weight, is_same)
        return found.votes()


def _decide(
    taken: dict[Voter, frozenset[str]], denied: dict[Voter, frozenset[str]], decision: Equivalence, who: Voter
) -> None:
    """Note one decision more; where it contradicts an earlier one of the same voter, it holds instead."""
    codes = frozenset(target.code for target in decision.targets)
    before, against = taken.get(who, frozenset()), denied.get(who, frozenset())
    if decision.denied:
        taken[who], denied[who] = before - codes if codes else frozenset(), against | (codes or {""})
    else:
        taken[who] = before | codes
        if against:
            denied[who] = against - codes - {""}


class _Tally:
    """Counts votes: those of ``without`` not at all, an institution's own only where the name is the same."""

    def __init__(self, own: str, without: frozenset[Voter]) -> None:
        self._own, self._without = own, without
        self._total = 0.0
        self._for: dict[str, float] = defaultdict(float)
        self._against: dict[str, float] = defaultdict(float)
        self._decided: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._denied: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def count(self, called: _Called, weight: float, is_same: bool) -> None:
        """Count how one way of calling was decided."""
        for decided, weights, by in (
            (called.taken, self._for, self._decided),
            (called.denied, self._against, self._denied),
        ):
            for who, codes in decided.items():
                if not codes or who in self._without or (not is_same and who.institution == self._own):
                    continue
                self._total += weight
                for code in codes:
                    weights[code] += weight
                    by[code].append((who.institution, called.title))

    def votes(self) -> dict[str, Vote]:
        """The votes by code; that a course was taken as nothing only adds to the total."""
        return {
            code: Vote(
                self._for.get(code, 0.0),
                self._total,
                tuple(self._decided.get(code, ())),
                self._against.get(code, 0.0),
                tuple(self._denied.get(code, ())),
            )
            for code in {**self._for, **self._against}
            if code
        }


def _of_numbers(ours: frozenset[int], theirs: frozenset[int]) -> float:
    if ours == theirs:
        return SAME_NUMBERS
    return OTHER_NUMBERS if ours and theirs else NO_NUMBERS
