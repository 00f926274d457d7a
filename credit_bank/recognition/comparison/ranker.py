"""Ranking candidates by a conditional logit, and how sure the first one is.

The probability of a candidate is the softmax of its weighted features among all candidates. The weights are those that
make published decisions likeliest (penalised towards the shipped ones). They tell candidates of one question apart, not
questions: a first candidate may be far ahead by its title where precedents are divided. So its odds are lowered by the
share of the precedents that is not behind it (``sureness``), and how often one as sure was right among decisions that
the weights had not seen makes the confidence (isotonic regression: pool adjacent violators, Ayer et al. 1955).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
STEPS = 30
MOST_BACKING = 20.0
_LEAST_SLOPE = 0.05


class Example(NamedTuple):
    """A decision to learn from: a row of features for each candidate, and which of them were right."""

    features: Array
    right: NDArray[np.bool_]


def probabilities(features: Array, weights: Array) -> Array:
    """The probability of each candidate; they add up to 1."""
    scores = features @ weights
    grown = np.exp(scores - scores.max())
    return np.asarray(grown / grown.sum())


def fit(examples: Sequence[Example], prior: Array, precision: float = 1.0) -> Array:
    """The weights under which the examples are likeliest, with a Gaussian prior of that precision around ``prior``.

    Examples without a right candidate teach nothing. Newton's steps with the Fisher information, halved while they do
    not help.
    """
    usable = [one for one in examples if one.right.any()]
    weights = prior.copy()
    if not usable:
        return weights
    best = _objective(usable, weights, prior, precision)
    for _ in range(STEPS):
        gradient, information = _slope(usable, weights)
        gradient -= precision * (weights - prior)
        step = np.linalg.solve(information + precision * np.eye(len(prior)), gradient)
        while (reached := _objective(usable, weights + step, prior, precision)) < best and np.abs(step).max() > 1e-6:
            step = step / 2
        if reached <= best + 1e-6 * abs(best):
            break
        weights, best = weights + step, reached
    return weights


def _objective(examples: Sequence[Example], weights: Array, prior: Array, precision: float) -> float:
    fitted = sum(float(np.log(max(probabilities(x, weights)[right].sum(), 1e-12))) for x, right in examples)
    return fitted - precision / 2 * float(((weights - prior) ** 2).sum())


def _slope(examples: Sequence[Example], weights: Array) -> tuple[Array, Array]:
    gradient, information = np.zeros(len(weights)), np.zeros((len(weights), len(weights)))
    for features, right in examples:
        p = probabilities(features, weights)
        mean = p @ features
        good = p * right
        gradient += good @ features / max(good.sum(), 1e-12) - mean
        information += (features * p[:, None]).T @ features - np.outer(mean, mean)
    return gradient, information


def sureness(probability: Array, share: Array, backing: float) -> Array:
    """Of first candidates, their probability with the log odds lowered by ``backing`` for precedents not behind them.

    ``share`` is the part of the precedents that is for each, 0 to 1. More of either is never less sure.
    """
    return np.asarray(1.0 / (1.0 + np.exp(backing * (1.0 - share) - _log_odds(probability))))


def fit_backing(probability: Array, share: Array, right: NDArray[np.bool_], prior: float) -> float:
    """What a share of precedents is worth beside log odds, from first candidates that were held out; 0 or more.

    A logistic regression of being right on both, penalised towards odds that are what they say and ``prior``.
    """
    rows = np.stack([np.ones(len(right)), _log_odds(probability), share - 1.0], axis=1)
    start = np.array([0.0, 1.0, prior])

    def likelihood(weights: Array) -> float:
        scores = rows @ weights
        return float(-np.logaddexp(0.0, np.where(right, -scores, scores)).sum() - ((weights - start) ** 2).sum() / 2)

    weights, best = start, likelihood(start)
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-(rows @ weights)))
        information = (rows * (p * (1 - p))[:, None]).T @ rows + np.eye(3)
        step = np.linalg.solve(information, rows.T @ (right - p) - (weights - start))
        while (reached := likelihood(weights + step)) < best and np.abs(step).max() > 1e-6:
            step = step / 2
        if reached <= best + 1e-6 * abs(best):
            break
        weights, best = weights + step, reached
    return float(np.clip(weights[2] / max(weights[1], _LEAST_SLOPE), 0.0, MOST_BACKING))


def _log_odds(probability: Array) -> Array:
    kept = np.clip(probability, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(kept / (1 - kept)))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Confidence by sureness: how often a first candidate was right, on steps that never go down.

    ``at`` are values in ascending order, ``confidence`` what holds at each of them; straight lines between.
    """

    at: tuple[float, ...]
    confidence: tuple[float, ...]

    def of(self, sure: float) -> float:
        """The confidence in a first candidate that is as sure."""
        return float(np.interp(sure, self.at, self.confidence))

    @classmethod
    def fitted(cls, found: Sequence[float], right: Sequence[bool]) -> "Calibration":
        """From first candidates that were held out: how sure they seemed, and whether they were right.

        Every block is drawn towards a half by one answer of each kind, so that a few lucky ones do not read as certain.
        """
        order = np.argsort(found, kind="stable")
        blocks: list[list[float]] = []  # right, count, sum of sureness
        for place in order:
            blocks.append([float(right[place]), 1.0, float(found[place])])
            while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
                last = blocks.pop()
                blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
        at = tuple(total / count for _right, count, total in blocks)
        return cls(
            at, tuple(np.maximum.accumulate([(good + 1) / (count + 2) for good, count, _total in blocks]).tolist())
        )


def threshold(found: Array, right: NDArray[np.bool_], precision: float) -> float:
    """The least sureness from which on first candidates were right at that precision; 2 if there is none."""
    order = np.argsort(-found, kind="stable")
    sorted_found = found[order]
    reached = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(reached >= precision)
    ends = [n for n in good if n + 1 == len(order) or sorted_found[n + 1] < sorted_found[n]]  # ties stand together
    return float(sorted_found[ends[-1]]) if ends else 2.0
