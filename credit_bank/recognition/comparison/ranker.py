"""Ranking candidates by a conditional logit, and how sure the first one is.

The probability of a candidate is the softmax of its weighted features among all candidates. The weights are those that
make published decisions likeliest (penalised towards the shipped ones); how often a first candidate of a probability
was right among decisions that the weights had not seen makes the confidence (isotonic regression: pool adjacent
violators, Ayer et al. 1955).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
STEPS = 30


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


@dataclass(frozen=True, slots=True)
class Calibration:
    """Confidence by probability: how often a first candidate was right, on steps that never go down.

    ``at`` are probabilities in ascending order, ``confidence`` what holds at each of them; straight lines between.
    """

    at: tuple[float, ...]
    confidence: tuple[float, ...]

    def of(self, probability: float) -> float:
        """The confidence in a first candidate of that probability."""
        return float(np.interp(probability, self.at, self.confidence))

    @classmethod
    def fitted(cls, found: Sequence[float], right: Sequence[bool]) -> "Calibration":
        """From first candidates that were held out: their probabilities, and whether they were right.

        Every block is drawn towards a half by one answer of each kind, so that a few lucky ones do not read as certain.
        """
        order = np.argsort(found, kind="stable")
        blocks: list[list[float]] = []  # right, count, sum of probabilities
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
    """The least probability above which first candidates were right at that precision; 2 if there is none."""
    order = np.argsort(-found, kind="stable")
    sorted_found = found[order]
    reached = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(reached >= precision)
    ends = [n for n in good if n + 1 == len(order) or sorted_found[n + 1] < sorted_found[n]]  # ties stand together
    return float(sorted_found[ends[-1]]) if ends else 2.0
