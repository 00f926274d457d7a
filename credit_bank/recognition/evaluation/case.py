"""A case: a programme, a learner's outcomes and the candidates, with everything that binds a choice among them.

``Choice`` takes candidates one by one and knows what stands in the way of the next; it is how the greedy answer is
made, and how an answer of the solver is checked in whole numbers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from credit_bank.recognition.evaluation.candidate import Candidate
from credit_bank.recognition.evaluation.counting import Entry, counters, decided_before, entry_of
from credit_bank.recognition.evaluation.exclusion import Capacity, Exclusion, capacities, exclusions
from credit_bank.recognition.evaluation.proposal import Counter
from credit_bank.recognition.framework import EVERGREEN, Framework
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.rule import Result
from credit_bank.recognition.rules.ruleset import RuleSet

ELSEWHERE = "elsewhere"
GIVING = frozenset({Result.EQUIVALENT, Result.ELECTIVE, Result.BLOCK})


@dataclass(frozen=True, slots=True)
class Part:
    """A component as the total sees it: ``have`` before any choice; beyond ``most`` nothing counts."""

    id: str
    least: int
    most: int | None
    have: int


@dataclass(frozen=True, slots=True)
class Case:
    """What a choice depends on. ``candidates`` are ordered by id; only ``open`` ones may be chosen.

    ``entries`` are these as counters look at them, ``parts`` the programme's components with what counts in them
    already, ``rulesets`` those in force, ``completed`` the courses that were passed in the programme itself.
    """

    programme: Programme
    framework: Framework
    on: date
    outcomes: Mapping[str, HeldOutcome]
    candidates: tuple[Candidate, ...]
    by_id: Mapping[str, Candidate]
    open: tuple[str, ...]
    entries: Mapping[str, Entry]
    decided: tuple[Entry, ...]
    parts: tuple[Part, ...]
    counters: tuple[Counter, ...]
    exclusions: tuple[Exclusion, ...]
    capacities: tuple[Capacity, ...]
    rulesets: tuple[RuleSet, ...]
    completed: tuple[str, ...]

    @property
    def total(self) -> int:
        """What graduation takes: the programme's total, or what its minimums ask for where that is more."""
        return max(self.programme.total, sum(part.least for part in self.parts), *(one.bound for one in self.minimums))

    @property
    def minimums(self) -> list[Counter]:
        """The counters of rule R12 that speak of credits."""
        return [one for one in self.counters if one.sense == "at-least" and one.parameters["unit"] == "credits"]


def make_case(
    outcomes: Iterable[HeldOutcome],
    programme: Programme,
    rulesets: Iterable[RuleSet],
    candidates: Iterable[Candidate],
    on: date,
    completed: Collection[str] = (),
    framework: Framework = EVERGREEN,
) -> Case:
    """Everything that binds a choice among the candidates of this programme under the rule sets in force.

    ``completed`` are courses of the programme that the learner has passed in it, ``framework`` is the programme's.
    Raises InvalidInput for a course or component that the programme has not.
    """
    held = {one.id: one for one in sorted(outcomes, key=lambda one: one.id)}
    sets = tuple(rulesets)
    ordered = tuple(sorted(candidates, key=lambda one: one.id))
    usable = [one for one in ordered if one.eligible and one.result in GIVING]
    entries = {one.id: entry_of(one, programme) for one in usable}
    decided = tuple(decided_before(held.values(), programme, completed))
    return Case(
        programme=programme,
        framework=framework,
        on=on,
        outcomes=held,
        candidates=ordered,
        by_id={one.id: one for one in ordered},
        open=tuple(one.id for one in usable),
        entries=entries,
        decided=decided,
        parts=_parts(programme, decided, entries.values()),
        counters=counters(programme, framework, held, sets, entries, decided),
        exclusions=exclusions(usable, held, programme, decided),
        capacities=capacities(usable, held),
        rulesets=sets,
        completed=tuple(sorted(completed)),
    )


def _parts(programme: Programme, decided: Iterable[Entry], entries: Iterable[Entry]) -> tuple[Part, ...]:
    have = {component.id: 0 for component in programme.components}
    for entry in entries:
        for target in entry.targets:
            have.setdefault(target.component, 0)
    for entry in decided:
        for target in entry.targets:
            have[target.component] = have.get(target.component, 0) + target.credits
    known = {component.id: component for component in programme.components}
    return tuple(
        Part(id, known[id].minimum, known[id].maximum, amount) if id in known else Part(id, 0, None, amount)
        for id, amount in have.items()
    )


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a candidate cannot join those chosen. ``by`` is the chosen candidate in the way, or empty: decided before.

    It is ``ELSEWHERE`` where a choice for another programme has spent the outcome.
    For a limit and for an outcome, ``needed`` is what the candidate takes and ``left`` what there is.
    """

    kind: Literal["outcome", "course", "content", "limit"]
    key: str
    by: str = ""
    left: int = 0
    needed: int = 0
    counter: Counter | None = None


class Choice:
    """The candidates taken so far, under every limit. Several programmes that share outcomes share ``spent``."""

    def __init__(self, case: Case, spent: dict[tuple[str, str], int] | None = None) -> None:
        self.case = case
        self.taken: list[str] = []
        self._spent = {} if spent is None else spent
        self._counted = [counter.already for counter in case.counters]
        self._sides = [exclusion.taken for exclusion in case.exclusions]
        self._now = {part.id: part.have for part in case.parts}
        self._later = dict(self._now)
        self._total = case.total
        self._minimums = [n for n, counter in enumerate(case.counters) if counter in case.minimums]
        self._loads: dict[str, list[tuple[Capacity, int]]] = defaultdict(list)
        self._mine: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._weights: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for capacity in case.capacities:
            for id, load in capacity.loads.items():
                self._loads[id].append((capacity, load))
        for n, exclusion in enumerate(case.exclusions):
            for name, ids in exclusion.sides.items():
                for id in ids:
                    self._mine[id].append((n, name))
        for n, counter in enumerate(case.counters):
            for id, weight in counter.weights.items():
                self._weights[id].append((n, weight))

    def obstacles(self, id: str) -> list[Obstacle]:
        """Everything that keeps the candidate from being taken; empty where nothing does."""
        found: list[Obstacle] = []
        for capacity, load in self._loads[id]:
            left = capacity.left - self._spent.get((capacity.outcome, capacity.use), 0)
            if load > left:
                by = next((one for one in self.taken if one in capacity.loads), "")
                by = by or (ELSEWHERE if load <= capacity.left else "")
                found.append(Obstacle("outcome", capacity.outcome, by, max(left, 0), load))
        for n, mine in self._mine[id]:
            exclusion, side = self.case.exclusions[n], self._sides[n]
            if side and side != mine:
                by = next((one for one in self.taken if one in exclusion.sides.get(side, ())), "")
                found.append(Obstacle(exclusion.kind, exclusion.key, by))
        for n, weight in self._weights[id]:
            counter = self.case.counters[n]
            if counter.sense == "at-most" and self._counted[n] + weight > counter.bound:
                left = max(counter.bound - self._counted[n], 0)
                found.append(Obstacle("limit", counter.limit, "", left, weight, counter))
        return found

    def take(self, id: str) -> None:
        """Add a candidate; that nothing stands in its way is for the caller to have looked at."""
        self.taken.append(id)
        for capacity, load in self._loads[id]:
            key = (capacity.outcome, capacity.use)
            self._spent[key] = self._spent.get(key, 0) + load
        for n, mine in self._mine[id]:
            self._sides[n] = mine
        for n, weight in self._weights[id]:
            self._counted[n] += weight
        for target in self.case.entries[id].targets:
            self._now[target.component] += target.credits
            self._later[target.component] += target.credits + target.bridged

    def counts(self) -> tuple[int, int]:
        """Credits that count towards graduation: at once, and once every bridge is done."""
        return self._counts(self._now), self._counts(self._later)

    def gain(self, id: str) -> tuple[int, int]:
        """By how much the candidate would raise ``counts``."""
        now, later = dict(self._now), dict(self._later)
        for target in self.case.entries[id].targets:
            now[target.component] += target.credits
            later[target.component] += target.credits + target.bridged
        before = self.counts()
        return self._counts(now, id) - before[0], self._counts(later, id) - before[1]

    def left(self) -> list[int | None]:
        """What is left of each counter of the case; None for a minimum."""
        return [
            counter.bound - counted if counter.sense == "at-most" else None
            for counter, counted in zip(self.case.counters, self._counted, strict=True)
        ]

    def _counts(self, have: Mapping[str, int], more: str = "") -> int:
        """The total less what is still to be earned, whatever the learner then earns.

        Each component first fills its minimum; what goes beyond shares the rest of the total, up to each component's
        maximum; and no credit counts that a minimum of rule R12 keeps for others.
        """
        filled = extra = 0
        for part in self.case.parts:
            filled += min(have[part.id], part.least)
            beyond = max(have[part.id] - part.least, 0)
            extra += beyond if part.most is None else min(beyond, max(part.most - part.least, 0))
        counted = filled + min(extra, self._total - sum(part.least for part in self.case.parts))
        for n in self._minimums:
            counter = self.case.counters[n]
            short = max(counter.bound - self._counted[n] - counter.weights.get(more, 0), 0)
            counted = min(counted, self._total - short)
        return counted
