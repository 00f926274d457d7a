"""What another way of choosing would have brought, from choices that were logged with their probabilities.

Inverse propensity scoring, plain and self-normalised (Swaminathan and Joachims 2015), and replay of the choices on
which both agree (Li et al. 2011), with intervals by drawing learners anew. Only as good as the exploring in the log:
``support`` and ``effective`` say how much of it there was.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CAP = 20.0  # a weight larger than this counts as this (Ionides 2008); it biases little and calms much
RESAMPLES = 1000
FEW = 30.0  # effective choices below which an estimate is not to be used


class LoggedChoice(NamedTuple):
    """A choice as it was shown: what could have been shown, what was, with which probability, and what came of it.

    ``reward`` is 0 to 1 (taken up or not; finished or not). ``context`` is whatever the other policy needs to know.
    """

    learner: str
    candidates: tuple[str, ...]
    shown: str
    propensity: float
    reward: float
    context: object = None


class Estimate(NamedTuple):
    """The mean reward that a policy would have brought, with a 95 % interval."""

    value: float
    low: float
    high: float


class Comparison(NamedTuple):
    """The logged mean and three estimates for the other policy.

    ``support`` is the share of choices at which it could have shown what was shown; ``effective`` the number of choices
    that its weights are worth. ``usable`` is false where that is too few to say anything.
    """

    logged: Estimate
    ips: Estimate
    snips: Estimate
    replay: Estimate
    support: float
    effective: float
    usable: bool


Policy = Callable[[LoggedChoice], float]
"""The probability with which a policy would show what was shown, given the candidates and the context."""


def compare(log: Sequence[LoggedChoice], policy: Policy, seed: int = 1) -> Comparison:
    """Estimate a policy on a log. Raises ValueError for an empty log or a propensity outside 0 to 1 (0 excluded)."""
    if not log:
        raise ValueError("an empty log says nothing")
    propensity = np.array([choice.propensity for choice in log])
    if propensity.min() <= 0 or propensity.max() > 1:
        raise ValueError("a propensity lies between 0 and 1")
    reward = np.array([choice.reward for choice in log])
    target = np.array([policy(choice) for choice in log])
    weight = np.minimum(target / propensity, CAP)
    agreed = (target >= 0.5).astype(np.float64) / propensity
    index: dict[str, int] = {}
    learner = np.array([index.setdefault(choice.learner, len(index)) for choice in log])
    sums = [np.bincount(learner, v, len(index)) for v in _columns(reward, weight, agreed)]
    draws = np.random.default_rng(seed).multinomial(len(index), np.full(len(index), 1 / len(index)), RESAMPLES)
    value = [float(column.sum()) for column in sums]
    drawn = [draws @ column for column in sums]

    def estimate(top: int, bottom: int) -> Estimate:
        if not value[bottom]:
            return Estimate(float("nan"), float("nan"), float("nan"))
        with np.errstate(invalid="ignore", divide="ignore"):
            low, high = np.nanquantile(drawn[top] / drawn[bottom], (0.025, 0.975))
        return Estimate(value[top] / value[bottom], float(low), float(high))

    total = float(weight.sum())
    effective = total * total / float((weight * weight).sum()) if total else 0.0
    return Comparison(
        logged=estimate(1, 0),
        ips=estimate(2, 0),
        snips=estimate(2, 3),
        replay=estimate(4, 5),
        support=float((target > 0).mean()),
        effective=effective,
        usable=effective >= FEW,
    )


def _columns(reward: Floats, weight: Floats, agreed: Floats) -> tuple[Floats, ...]:
    """What is summed up for each learner: counts, rewards, weighted rewards, weights; both where the policies agree."""
    return np.ones(len(reward)), reward, weight * reward, weight, agreed * reward, agreed
