"""A model solved by HiGHS, aim after aim, each answer checked in whole numbers before it is believed.

SciPy is loaded at the first plan: it takes a second and some 50 MiB that a server without plans does not spend.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from credit_bank.recognition.evaluation.case import Case, Choice
from credit_bank.recognition.planning.model import Column, Model

_SLACK = 1e-4  # of a step: what a solver's bound may lack of a whole number
_HEAVIEST = 10**5


@dataclass(frozen=True, slots=True)
class Solution:
    """Chosen candidates of each case. No choice counts more than ``most`` at once; ``proven``: nor than this one.

    ``settled``: among choices that count as much, the later aims were decided too.
    """

    chosen: tuple[tuple[str, ...], ...]
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
    """A model that is solved for one aim after the other, each held while the next is sought."""

    def __init__(self, model: Model, cases: Sequence[Case], seconds: float) -> None:
        from scipy import sparse  # at the first plan, see the module

        self.model, self.cases = model, cases
        self._until = time.monotonic() + seconds
        self._sparse: Any = sparse
        self._rows = list(model.rows)
        self.chosen: tuple[tuple[str, ...], ...] | None = None

    def aim(self, gains: Mapping[int, int]) -> tuple[bool, int]:
        """Find the choice with the largest ``Σ gain · column`` and keep it; hold the rest of the search to as much.

        Returns whether the solver finished, and the largest value that it left possible. The choice is kept only if
        it passes the check in whole numbers.
        """
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        model, width = self.model, len(self.model.lower)
        aim = np.zeros(width)
        for at, gain in gains.items():
            aim[at] = -gain
        limits = np.array([bound for _row, bound in self._rows], dtype=float)
        matrix = self._matrix(width)
        result = milp(
            aim,
            integrality=np.isin(np.arange(width), [*model.columns.values(), *model.whole]).astype(int),
            bounds=Bounds(np.array(model.lower, dtype=float), np.array(model.upper, dtype=float)),
            constraints=LinearConstraint(matrix, -np.inf, limits) if self._rows else (),
            options={"mip_rel_gap": 0.0, "time_limit": max(self._until - time.monotonic(), 0.01)},
        )
        ceiling = sum(gain * (model.upper[at] if gain > 0 else model.lower[at]) for at, gain in gains.items())
        bound = result.fun if result.status == 0 else result.mip_dual_bound
        if bound is not None and np.isfinite(bound):
            ceiling = min(ceiling, floor(_SLACK - float(bound)))
        if result.x is None or not self._keep(result.x):
            return False, ceiling
        reached = floor(-float(result.fun) + 0.5)
        self._rows.append(({at: -gain for at, gain in gains.items()}, -reached))
        return result.status == 0, ceiling

    def _matrix(self, width: int) -> Any:
        data: list[int] = []
        across: list[int] = []
        starts = [0]
        for row, _bound in self._rows:
            across += row.keys()
            data += row.values()
            starts.append(len(data))
        return self._sparse.csr_array((data, across, starts), shape=(len(self._rows), width), dtype=float)

    def _keep(self, values: Sequence[float]) -> bool:
        chosen: list[list[str]] = [[] for _case in self.cases]
        for (n, id), at in self.model.columns.items():
            if values[at] > 0.5:
                chosen[n].append(id)
        if choices(self.cases, chosen) is None:
            return False
        self.chosen = tuple(tuple(ids) for ids in chosen)
        return True


def solve(model: Model, cases: Sequence[Case], start: Sequence[Sequence[str]], seconds: float) -> Solution:
    """The choice that counts most, and among those the one that later aims prefer (see ``planning.best``).

    ``start`` is a choice that is allowed; it is the answer where the solver finds none that counts more in time.
    """
    solver = Solver(model, cases, seconds)
    _finished, most = solver.aim(_sum(model.now))
    settled = solver.chosen is not None
    if settled and model.later != model.now:
        settled, _bound = solver.aim(_sum(model.later))
    few, *last = _last_aims(model)
    if settled:
        settled, _bound = solver.aim(few)
    if settled and solver.chosen is not None:
        for gains in _merged(last, _most_chosen(model, cases, solver.chosen)):
            finished, _bound = solver.aim(gains)
            settled = settled and finished
    found = max([solver.chosen, tuple(tuple(ids) for ids in start)], key=lambda ids: counted(cases, ids))
    assert found is not None
    credits = counted(cases, found)[0]
    return Solution(found, credits, max(most, credits), most <= credits, settled)


def counted(cases: Sequence[Case], chosen: Sequence[Sequence[str]] | None) -> tuple[int, int]:
    """What a choice counts over all cases, at once and later; less than nothing where it is not allowed."""
    made = None if chosen is None else choices(cases, chosen)
    if made is None:
        return (-1, -1)
    both = [choice.counts() for choice in made]
    return sum(now for now, _later in both), sum(later for _now, later in both)


def most_credits(model: Model, cases: Sequence[Case], seconds: float) -> Solution:
    """A choice that counts most at once, by the first aim alone; nothing chosen where none was found in time."""
    solver = Solver(model, cases, seconds)
    _finished, most = solver.aim(_sum(model.now))
    found = solver.chosen or tuple(() for _case in cases)
    credits = counted(cases, found)[0]
    return Solution(found, credits, max(most, credits), most <= credits, False)


def _sum(columns: Sequence[Column]) -> dict[int, int]:
    return dict(columns)


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


def _most_chosen(model: Model, cases: Sequence[Case], chosen: Sequence[Sequence[str]]) -> int:
    """How many columns of an aim can be 1 where no more outcomes are used than in this choice."""
    used = {outcome for case, ids in zip(cases, chosen, strict=True) for id in ids for outcome in case.by_id[id].spends}
    shared: dict[str, int] = {}
    for n, id in model.columns:
        for outcome in cases[n].by_id[id].spends:
            shared[outcome] = shared.get(outcome, 0) + 1
    apart = all(at < len(model.columns) for columns, _until in model.spent for at in columns)
    return len(used) * (1 if apart else max(shared.values(), default=1))


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
