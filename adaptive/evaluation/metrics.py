"""How good predictions are: AUC, accuracy, log loss, RMSE, calibration; and intervals by resampling learners."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from adaptive.mastery.calibration import ece, log_loss, losses

Floats = NDArray[np.float64]
Answers = NDArray[np.int8]
BAND = (0.75, 0.85)


class Scores(NamedTuple):
    """``first_ten`` is the AUC on each learner's first ten answers; ``band`` the share of right answers among those
    predicted between .75 and .85. NaN where it cannot be said (one kind of answer only, nobody in the band).
    """

    auc: float
    accuracy: float
    log_loss: float
    rmse: float
    ece: float
    first_ten: float
    band: float
    band_answers: int


def scores(y: Answers, p: Floats, number: NDArray[np.int64]) -> Scores:
    """Score predictions ``p`` of answers ``y``; ``number`` counts each learner's answers from 0."""
    first = number < 10
    inside = (p >= BAND[0]) & (p <= BAND[1])
    return Scores(
        auc(y, p),
        float(((p >= 0.5) == y).mean()),
        log_loss(y, p),
        float(np.sqrt(((y - p) ** 2).mean())),
        ece(y, p),
        auc(y[first], p[first]),
        float(y[inside].mean()) if inside.any() else float("nan"),
        int(inside.sum()),
    )


def auc(y: Answers, p: Floats) -> float:
    """Area under the ROC curve, ties counted half (Mann–Whitney)."""
    return auc_of(y, p)(np.ones(len(y)))


def auc_of(y: Answers, p: Floats) -> Callable[[Floats], float]:
    """The AUC as a function of weights of the rows; the sorting is done once."""
    order = np.argsort(p, kind="stable")
    right = y[order] == 1
    sorted_p = p[order]
    first = np.flatnonzero(np.concatenate([[True], sorted_p[1:] != sorted_p[:-1]])) if len(p) else np.zeros(0, int)

    def weighted(weights: Floats) -> float:
        own = weights[order]
        good = np.add.reduceat(np.where(right, own, 0.0), first) if len(first) else np.zeros(0)
        bad = np.add.reduceat(np.where(right, 0.0, own), first) if len(first) else np.zeros(0)
        pairs = good.sum() * bad.sum()
        return float((good * (np.cumsum(bad) - bad / 2)).sum() / pairs) if pairs > 0 else float("nan")

    return weighted


class Interval(NamedTuple):
    """A 95 % interval."""

    low: float
    high: float


def resampled(learners: NDArray[np.int32], times: int, seed: int) -> Iterator[Floats]:
    """Weights of the rows when as many learners are drawn, with replacement, as there are."""
    random = np.random.default_rng(seed)
    _names, codes = np.unique(learners, return_inverse=True)
    count = len(_names)
    for _ in range(times):
        yield np.bincount(random.integers(0, count, count), minlength=count).astype(np.float64)[codes]


def intervals(
    y: Answers, p: Floats, learners: NDArray[np.int32], times: int = 200, seed: int = 1, other: Floats | None = None
) -> dict[str, Interval]:
    """Intervals of ``auc``, ``log_loss`` and ``auc_ahead``: how far the AUC is ahead of ``other`` predictions."""
    own, theirs = auc_of(y, p), auc_of(y, other) if other is not None else None
    lost = losses(y, p)
    found: dict[str, list[float]] = {"auc": [], "log_loss": []}
    if theirs is not None:
        found["auc_ahead"] = []
    for weights in resampled(learners, times, seed):
        value = own(weights)
        found["auc"].append(value)
        found["log_loss"].append(float((lost * weights).sum() / weights.sum()))
        if theirs is not None:
            found["auc_ahead"].append(value - theirs(weights))
    return {name: _interval(np.array(values)) for name, values in found.items()}


def _interval(values: Floats) -> Interval:
    known = values[~np.isnan(values)]
    if not len(known):
        return Interval(float("nan"), float("nan"))
    return Interval(*np.quantile(known, (0.025, 0.975)).tolist())
