"""The graph of skills: what comes before what."""

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush

from adaptive.content.model import Skill


def cycles(requires: Mapping[str, Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """Every cycle that has to be cut, spelled out: each needs the next, and the last is the first again."""
    return _without_cycles(requires)[1]


def _without_cycles(requires: Mapping[str, Iterable[str]]) -> tuple[dict[str, list[str]], tuple[tuple[str, ...], ...]]:
    """The graph with one edge of each cycle taken out, and the cycles."""
    rest = {skill: sorted(set(before)) for skill, before in sorted(requires.items())}
    found: list[tuple[str, ...]] = []
    while True:
        try:
            TopologicalSorter(rest).prepare()
        except CycleError as error:
            # graphlib names them so that each comes before the next; turned round, each needs the next
            cycle = list(reversed(error.args[1]))[:-1]
            first = cycle.index(min(cycle))
            cycle = cycle[first:] + cycle[:first]
            found.append((*cycle, cycle[0]))
            rest[cycle[-1]].remove(cycle[0])
        else:
            return rest, tuple(found)


class SkillGraph:
    """Prerequisites over skills. A prerequisite that does not exist is left out, and a cycle is cut, so that whoever
    walks the graph always arrives; the content check names both."""

    def __init__(self, skills: Mapping[str, Skill]) -> None:
        known = {id: [r for r in skill.requires if r in skills] for id, skill in skills.items()}
        self._skills = skills
        self._requires, self.cut = _without_cycles(known)

    @cached_property
    def _leads_to(self) -> dict[str, list[str]]:
        following: dict[str, list[str]] = {id: [] for id in self._requires}
        for id, before in self._requires.items():
            for other in before:
                following[other].append(id)
        return following

    def requires(self, skill: str) -> tuple[str, ...]:
        """The skills that come directly before one."""
        return tuple(self._requires[skill])

    def leads_to(self, skill: str) -> tuple[str, ...]:
        """The skills that come directly after one."""
        return tuple(self._leads_to[skill])

    def ancestors(self, *skills: str) -> frozenset[str]:
        """All skills that come before any of these, however far; themselves only where one comes before another."""
        return _reached(skills, self._requires)

    def descendants(self, *skills: str) -> frozenset[str]:
        """All skills that build on any of these, however far."""
        return _reached(skills, self._leads_to)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """All skills, prerequisites first; among equals the easier level first, then by id."""
        sorter = TopologicalSorter(self._requires)
        sorter.prepare()
        found: list[str] = []
        ready: list[tuple[int, str]] = []
        while sorter.is_active():
            for id in sorter.get_ready():
                heappush(ready, (self._skills[id].level, id))
            found.append(heappop(ready)[1])
            sorter.done(found[-1])
        return tuple(found)

    @cached_property
    def layers(self) -> Mapping[str, int]:
        """How deep each skill lies: 0 without prerequisites, else one more than the deepest of them."""
        depth: dict[str, int] = {}
        for id in self.order:
            depth[id] = max((depth[before] + 1 for before in self._requires[id]), default=0)
        return depth

    def outer_fringe(self, mastered: Collection[str]) -> tuple[str, ...]:
        """What can be learned next: skills not mastered whose prerequisites all are (Doignon and Falmagne 1985)."""
        held = frozenset(mastered)
        return tuple(id for id in self.order if id not in held and held.issuperset(self._requires[id]))

    def missing(self, goals: Iterable[str], mastered: Collection[str]) -> tuple[str, ...]:
        """What is still to be learned for some skills, these among it, in an order that can be walked.

        What comes before a mastered skill is not asked for again.
        """
        held = frozenset(mastered)
        wanted: set[str] = set()
        ahead = [goal for goal in goals if goal in self._requires and goal not in held]
        while ahead:
            id = ahead.pop()
            if id not in wanted:
                wanted.add(id)
                ahead += [before for before in self._requires[id] if before not in held]
        return tuple(id for id in self.order if id in wanted)


def _reached(start: Iterable[str], edges: Mapping[str, Iterable[str]]) -> frozenset[str]:
    reached: set[str] = set()
    ahead = [other for id in start for other in edges[id]]
    while ahead:
        id = ahead.pop()
        if id not in reached:
            reached.add(id)
            ahead.extend(edges[id])
    return frozenset(reached)
