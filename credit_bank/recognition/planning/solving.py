"""A model solved by HiGHS, aim after aim, each answer checked in whole numbers before it is believed.

SciPy is loaded at the first plan: it takes a second and some 50 MiB that a server without plans does not spend.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import floor
from typing import Any

from credit_bank.recognition.evaluation.case import Case, Choice
from credit_bank.recognition.planning.model import Model

_SLACK = 1e-4  # of a step: what a solver's bound may lack of a whole number


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
            integrality=np.array([1] * len(model.columns) + [0] * (width - len(model.columns))),
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
    for gains in _later_aims(model) if settled else ():
        finished, _bound = solver.aim(gains)
        settled = settled and finished
        if not finished:
            break
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


def most_credits(model: Model, cases: Sequence[Case], seconds: float) -> tuple[int, bool]:
    """Only what the best choice counts at once, and whether that is proven."""
    solver = Solver(model, cases, seconds)
    _finished, most = solver.aim(_sum(model.now))
    found = counted(cases, solver.chosen)[0]
    return found, most <= found


def _sum(columns: Sequence[int]) -> dict[int, int]:
    return dict.fromkeys(columns, 1)


def _later_aims(model: Model) -> list[dict[int, int]]:
    """Credit behind bridges; then few outcomes; of these, what is lost soonest; then what goes before."""
    aims = []
    if model.later != model.now:
        aims.append(_sum(model.later))
    days = sorted({until for _at, until in model.spent})
    life: dict[date, int] = {until: place for place, until in enumerate(days)}
    few: dict[int, int] = {}
    late: dict[int, int] = {}
    for at, until in model.spent:
        few[at] = few.get(at, 0) - 1
        if life[until]:
            late[at] = late.get(at, 0) - life[until]
    aims.append(few)
    if late:
        aims.append(late)
    order = {at: -place for at, place in model.standing.items() if place}
    if order:
        aims.append(order)
    return [aim for aim in aims if aim]
