"""What may still be chosen, and the bound that the relaxation of a model gives: how much, and without which columns.

The relaxation takes fractions of candidates and is solved in milliseconds. From its prices follows, for every aim, a
value that no choice exceeds, and for each column what moving it off its bound costs at least. A column that costs more
than there is between that value and the one sought is in no choice that reaches it, so it is fixed before a solver
looks for whole numbers. Both are worked out from the prices themselves and hold for any of them, however near the
solver came to the best.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil, floor, gcd
from typing import Any

from credit_bank.recognition.planning.model import Model

_SLACK = 1e-4  # of what an aim counts in: what sums of floats may lack of a whole number


@dataclass(frozen=True, slots=True)
class Frame:
    """Columns between ``lower`` and ``upper`` and rows ``matrix · column ≤ limits``: what a search goes through.

    ``whole`` marks the columns that take whole numbers.
    """

    matrix: Any
    limits: Any
    lower: Any
    upper: Any
    whole: Any

    @property
    def open(self) -> int:
        """How many columns of whole numbers are not fixed."""
        return int((self.whole & (self.upper > self.lower)).sum())


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The relaxation for one aim: no choice of the frame has more than ``bound``, a multiple of ``step``.

    ``exact`` is the bound before it was rounded. ``rest`` is what is left of each column's gain after what it takes of
    the rows is paid for: moving by 1 from its better bound (the upper where it is above 0) costs at least that much.
    """

    bound: int
    step: int
    exact: float
    rest: Any


def frame_of(model: Model) -> Frame:
    """Everything that the model allows."""
    import numpy as np

    width = len(model.lower)
    whole = np.zeros(width, dtype=bool)
    whole[[*model.columns.values(), *model.whole]] = True
    return Frame(
        _matrix([row for row, _bound in model.rows], width),
        np.array([bound for _row, bound in model.rows], dtype=float),
        np.array(model.lower, dtype=float),
        np.array(model.upper, dtype=float),
        whole,
    )


def _matrix(rows: list[dict[int, int]], width: int) -> Any:
    from scipy import sparse  # at the first plan, see planning.solving

    data: list[int] = []
    across: list[int] = []
    starts = [0]
    for row in rows:
        across += row.keys()
        data += row.values()
        starts.append(len(data))
    return sparse.csr_array((data, across, starts), shape=(len(rows), width), dtype=float)


def vector(gains: Mapping[int, int], width: int) -> Any:
    """An aim as a vector of what each column adds to it."""
    import numpy as np

    values = np.zeros(width)
    for at, gain in gains.items():
        values[at] = gain
    return values


def hold(frame: Frame, gains: Mapping[int, int], value: int) -> Frame:
    """The frame with the aim held to this value, which no choice of it exceeds."""
    import numpy as np
    from scipy import sparse

    rows = [dict(gains), {at: -gain for at, gain in gains.items()}]
    return replace(
        frame,
        matrix=sparse.vstack([frame.matrix, _matrix(rows, len(frame.lower))], format="csr"),
        limits=np.append(frame.limits, [value, -value]),
    )


def relax(frame: Frame, gains: Mapping[int, int]) -> Relaxed | None:
    """The relaxation for ``Σ gain · column``, as large as may be; None where the frame allows nothing.

    With prices ``p ≥ 0`` on the rows, every choice has at most ``limits · p + Σ max over its bounds of
    (gain - p · row) · column``.
    """
    import numpy as np
    from scipy.optimize import linprog

    aim = vector(gains, len(frame.lower))
    result = linprog(
        -aim,
        A_ub=frame.matrix,
        b_ub=frame.limits,
        bounds=np.column_stack([frame.lower, frame.upper]),
        method="highs",
    )
    if result.status == 2:
        return None
    prices = np.zeros(len(frame.limits))
    if result.status == 0:
        prices = np.maximum(-result.ineqlin.marginals, 0.0)
    rest = aim - frame.matrix.T @ prices
    exact = float(frame.limits @ prices + np.maximum(rest * frame.lower, rest * frame.upper).sum())
    step = gcd(*gains.values()) or 1
    return Relaxed(floor(exact / step + _SLACK) * step, step, exact, rest)


def narrow(frame: Frame, relaxed: Relaxed, value: int) -> Frame:
    """The frame without what no choice has that reaches ``value``: such columns stand still at their better bound."""
    import numpy as np

    fixed = frame.whole & (np.abs(relaxed.rest) > relaxed.exact - value + _SLACK)
    return replace(
        frame,
        lower=np.where(fixed & (relaxed.rest > 0), frame.upper, frame.lower),
        upper=np.where(fixed & (relaxed.rest < 0), frame.lower, frame.upper),
    )


def within(frame: Frame, relaxed: Relaxed, columns: int) -> int | None:
    """The lowest value that leaves about so many columns open after ``narrow``; None where no more are open anyway."""
    import numpy as np

    losses = np.sort(np.abs(relaxed.rest)[frame.whole & (frame.upper > frame.lower)])
    if len(losses) <= columns:
        return None
    value = ceil((relaxed.exact - float(losses[columns])) / relaxed.step) * relaxed.step
    return min(value, relaxed.bound)
