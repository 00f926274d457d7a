"""A model solved for one aim after the other, each answer checked in whole numbers before it is believed.

An aim that the relaxation bounds is first taken to reach that bound, and the next is sought under it: one search of
HiGHS then decides all aims, among the few columns that such a choice can have. Where that finds nothing, the aim is
sought by itself.

SciPy is loaded at the first plan: it takes a second and some 50 MiB that a server without plans does not spend.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor

from credit_bank.recognition.evaluation.case import Case, Choice
from credit_bank.recognition.planning.model import Model
from credit_bank.recognition.planning.relaxing import Frame, Relaxed, frame_of, hold, narrow, relax, vector, within

Aim = Mapping[int, int]
Chosen = tuple[tuple[str, ...], ...]

_SLACK = 1e-4  # of a step: what a solver's bound may lack of a whole number
_HEAVIEST = 10**5
_FIRST = 160  # columns: where a best choice mostly is among them, and HiGHS takes a few hundredths of a second
_GUESSED = 600  # columns: beyond these, to find a value takes less time than to refute a wrong one


@dataclass(frozen=True, slots=True)
class Solution:
    """Chosen candidates of each case. No choice counts more than ``most`` at once; ``proven``: nor than this one.

    ``settled``: among choices that count as much, the later aims were decided too.
    """

    chosen: Chosen
    credits: int
    most: int
    proven: bool
    settled: bool


def choices(cases: Sequence[Case], chosen: Sequence[Sequence[str]]) -> list[Choice] | None:
    """The choices in whole numbers, one for each case; None where something stands in the way of a candidate."""
    spent: dict[tuple[str, str], int] = {}
    made = [Choice(case, spent) for case in cases]
    for choice, ids in zip(made, chosen, strict=True):
        for id in ids:
            if choice.obstacles(id):
                return None
            choice.take(id)
    return made


class Solver:
    """A model that is solved for one aim after the other, each held while the next is sought.

    ``chosen`` is the best choice so far that passed the check in whole numbers; none counts more than ``most``.
    """

    def __init__(self, model: Model, cases: Sequence[Case]) -> None:
        self.model, self.cases = model, cases
        self.chosen: Chosen | None = None
        self._worth: list[int] = []
        self._now: Aim = dict(model.now)
        few, *self._last = _last_aims(model)
        self._aims = [self._now, *([dict(model.later)] if model.later != model.now else []), few]
        self.most = sum(gain * model.upper[at] for at, gain in self._now.items())

    def settle(self, known: int, until: float) -> bool:
        """Find the best choice by all aims; whether that was done. There is one that counts ``known``."""
        return bool(self._decide(frame_of(self.model), self._aims, known, True, until))

    def count(self, known: int, until: float) -> None:
        """Find a choice that counts more than ``known`` and the most by the first aim alone, if there is one."""
        frame = frame_of(self.model)
        relaxed = self._relax(frame, self._now)
        if relaxed is not None and relaxed.bound > known:
            self._seek(frame, self._now, relaxed, until)

    def _decide(self, frame: Frame, aims: Sequence[Aim], known: int, sure: bool, until: float) -> bool | None:
        """Find the best choice of the frame by these aims and the last ones, kept as ``chosen``; whether it was done.

        None where nothing was found; that is an answer only where it is not ``sure`` that the frame has a choice.
        """
        aim, *rest = aims
        relaxed = self._relax(frame, aim)
        if relaxed is None:
            return None
        likely = narrow(frame, relaxed, relaxed.bound)
        if likely.open <= _GUESSED:
            certain = aim is self._now and known >= relaxed.bound
            soon = (until + time.monotonic()) / 2
            done = self._next(hold(likely, aim, relaxed.bound), rest, relaxed.bound, certain, soon)
            if done or (done is None and not sure):
                return done
            if done is None and not rest:
                relaxed = replace(relaxed, bound=relaxed.bound - relaxed.step)
        value, finished = self._seek(frame, aim, relaxed, until)
        if value is None or not finished:
            return None if finished else False
        return self._next(hold(narrow(frame, relaxed, value), aim, value), rest, value, True, until)

    def _next(self, frame: Frame, aims: Sequence[Aim], value: int, sure: bool, until: float) -> bool | None:
        """Decide the aims that come after one that is held to ``value``: the last ones where no other is left."""
        if aims:
            return self._decide(frame, aims, 0, sure, until)
        for aim in _merged(self._last, -value * _most_shared(self.model, self.cases)) or [{}]:
            relaxed = self._relax(frame, aim)
            if relaxed is None:
                return None
            reached, finished = self._seek(frame, aim, relaxed, until)
            if reached is None or not finished:
                return None if finished else False
            frame = hold(narrow(frame, relaxed, reached), aim, reached)
        return True

    def _relax(self, frame: Frame, aim: Aim) -> Relaxed | None:
        relaxed = relax(frame, aim)
        if relaxed is not None and aim is self._now:
            self.most = min(self.most, relaxed.bound)
        return relaxed

    def _seek(self, frame: Frame, aim: Aim, relaxed: Relaxed, until: float) -> tuple[int | None, bool]:
        """The largest value of the aim, and whether it is certain; None where no choice was found.

        First among the columns that a value near the bound can have. What is found there is the best of all if it
        comes near enough to the bound, and leaves few columns for the second search if it does not.
        """
        goal = within(frame, relaxed, _FIRST)
        first = None
        if goal is not None:
            first, finished, _bound = self._search(narrow(frame, relaxed, goal), aim, until)
            if not finished:
                return first, False
            if first is not None and first >= goal - relaxed.step:
                self._lower(aim, first)
                return first, True
            self._lower(aim, goal - relaxed.step)
            if first is not None:
                frame = narrow(frame, relaxed, first)
        value, finished, bound = self._search(frame, aim, until)
        self._lower(aim, bound)
        return (first, False) if value is None and first is not None else (value, finished)

    def _lower(self, aim: Aim, bound: int) -> None:
        if aim is self._now:
            self.most = min(self.most, bound)

    def _search(self, frame: Frame, aim: Aim, until: float) -> tuple[int | None, bool, int]:
        """What HiGHS finds in the frame: the value reached, whether it is certain, and what none exceeds."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        result = milp(
            -vector(aim, len(frame.lower)),
            integrality=frame.whole.astype(int),
            bounds=Bounds(frame.lower, frame.upper),
            constraints=LinearConstraint(frame.matrix, -np.inf, frame.limits),
            options={"mip_rel_gap": 0.0, "time_limit": max(until - time.monotonic(), 0.01)},
        )
        ceiling = sum(gain * (self.model.upper[at] if gain > 0 else self.model.lower[at]) for at, gain in aim.items())
        bound = result.fun if result.status == 0 else result.mip_dual_bound
        if bound is not None and np.isfinite(bound):
            ceiling = min(ceiling, floor(_SLACK - float(bound)))
        if result.x is None or not self._keep(result.x):
            return None, result.status == 2, ceiling
        return floor(-float(result.fun) + 0.5), result.status == 0, ceiling

    def _keep(self, values: Sequence[float]) -> bool:
        """Whether the choice passes the check in whole numbers; kept where it is the best so far."""
        chosen: list[list[str]] = [[] for _case in self.cases]
        for (n, id), at in self.model.columns.items():
            if values[at] > 0.5:
                chosen[n].append(id)
        if choices(self.cases, chosen) is None:
            return False
        aims = [*self._aims, *self._last]
        worth = [round(sum(gain * values[at] for at, gain in aim.items())) for aim in aims]
        if self.chosen is None or worth > self._worth:
            self.chosen, self._worth = tuple(tuple(ids) for ids in chosen), worth
        return True


def solve(model: Model, cases: Sequence[Case], start: Sequence[Sequence[str]], seconds: float) -> Solution:
    """The choice that counts most, and among those the one that later aims prefer (see ``planning.best``).

    ``start`` is a choice that is allowed; it is the answer where the solver finds none that counts more in time.
    """
    solver = Solver(model, cases)
    settled = solver.settle(counted(cases, start)[0], time.monotonic() + seconds)
    return _solution(solver, start, settled)


def most_credits(model: Model, cases: Sequence[Case], start: Sequence[Sequence[str]], seconds: float) -> Solution:
    """A choice that counts most at once, by the first aim alone; ``start`` where none was found that counts more."""
    solver = Solver(model, cases)
    solver.count(counted(cases, start)[0], time.monotonic() + seconds)
    return _solution(solver, start, False)


def _solution(solver: Solver, start: Sequence[Sequence[str]], settled: bool) -> Solution:
    cases = solver.cases
    found = max([solver.chosen, tuple(tuple(ids) for ids in start)], key=lambda ids: counted(cases, ids))
    assert found is not None
    credits = counted(cases, found)[0]
    return Solution(found, credits, max(solver.most, credits), solver.most <= credits, settled)


def counted(cases: Sequence[Case], chosen: Sequence[Sequence[str]] | None) -> tuple[int, int]:
    """What a choice counts over all cases, at once and later; less than nothing where it is not allowed."""
    made = None if chosen is None else choices(cases, chosen)
    if made is None:
        return (-1, -1)
    both = [choice.counts() for choice in made]
    return sum(now for now, _later in both), sum(later for _now, later in both)


def _last_aims(model: Model) -> list[dict[int, int]]:
    """Few outcomes; of these, what is lost soonest; then rules that go before."""
    days = sorted({until for _columns, until in model.spent})
    few: dict[int, int] = {}
    late: dict[int, int] = {}
    for columns, until in model.spent:
        for at in columns:
            few[at] = few.get(at, 0) - 1
            late[at] = late.get(at, 0) - days.index(until)
    order = {at: -place for at, place in model.standing.items()}
    return [few, *(aim for aim in (late, order) if any(aim.values()))]


def _most_shared(model: Model, cases: Sequence[Case]) -> int:
    """How many columns of an aim can be 1 for each outcome that is used."""
    if all(at < len(model.columns) for columns, _until in model.spent for at in columns):
        return 1
    shared: dict[str, int] = {}
    for n, id in model.columns:
        for outcome in cases[n].by_id[id].spends:
            shared[outcome] = shared.get(outcome, 0) + 1
    return max(shared.values(), default=1)


def _merged(aims: Sequence[dict[int, int]], terms: int) -> list[dict[int, int]]:
    """The aims with as many as possible made one, each so heavy that all after it together weigh less.

    Not beyond ``_HEAVIEST``: a solver's tolerance must not amount to a whole number.
    """
    kept: list[dict[int, int]] = []
    for aim in reversed(aims):
        last = kept[0] if kept else {}
        weight = terms * max((-value for value in last.values()), default=0) + 1
        if kept and max(-value for value in aim.values()) * weight <= _HEAVIEST:
            kept[0] = {at: aim.get(at, 0) * weight + last.get(at, 0) for at in sorted({*aim, *last})}
        else:
            kept.insert(0, aim)
    return kept
