"""Fitting the weights and the terms anew: shard statistics → sum → solve, on any ``concurrent.futures.Executor``.

Block Newton on the penalised log likelihood: the weights of the features, then the terms of the questions, then those
of the skills, each block solved exactly given the others. Every shard gives sums; they are added in the order of the
shards, so that the result is the same to the last bit whoever computed them. The precisions of the priors of the terms
are estimated along the way (empirical Bayes: number of terms / (sum of squares + sum of posterior variances)).
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from functools import cache
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from adaptive.mastery.features import ITEM_SLOPES, NAMES, SKILL_SLOPES
from adaptive.mastery.prediction import CLIP
from adaptive.mastery.preparing import Prepared
from adaptive.mastery.terms import SLOPES, Precisions, Shared, Term, Weights

Floats = NDArray[np.float64]
ROUNDS = 8
RIDGE = 1.0  # precision of the prior of a weight, of standardised features
TRUST = 100.0  # the same around an earlier version's weight: about what 500 answers say
STARTING_PRECISIONS = (1.0,) + (30.0,) * SLOPES
LEAST_PRECISION = 0.05
Result = TypeVar("Result")


class Shard(NamedTuple):
    """Rows that are computed together: standardised features, answers, offsets, codes, skills as row × skill pairs."""

    z: NDArray[np.float32]
    correct: NDArray[np.int8]
    offsets: NDArray[np.float32]
    items: NDArray[np.int32]
    pair_rows: NDArray[np.int32]
    pair_skills: NDArray[np.int32]
    shares: NDArray[np.float32]


class Parameters(NamedTuple):
    """The intercept and weights (1 + features), and the terms of questions and skills (each 1 + slopes)."""

    weights: Floats
    items: Floats
    skills: Floats


class Sums(NamedTuple):
    """Gradient and negative Hessian of the log likelihood of a shard, for the codes ``keys`` (all weights: none)."""

    keys: NDArray[np.int32]
    gradient: Floats
    hessian: Floats


def refit(
    prepared: Prepared,
    executor: Executor | None,
    version: str,
    origin: str,
    rounds: int = ROUNDS,
    earlier: Weights | None = None,
) -> tuple[Weights, dict[str, Term], dict[str, Term]]:
    """Fit weights, and terms of the questions and skills, on prepared rows; they are used up (standardised in place).

    With an ``earlier`` version the weights are drawn towards its own instead of 0, which is better where there are few
    answers and changes little where there are many. Raises ValueError without rows.
    """
    if not len(prepared):
        raise ValueError("nothing to fit on")
    means, scales = _standards(prepared.blocks)
    shards = _shards(prepared, means, scales)
    fitted = _Fit(shards, executor, prepared, *_prior(earlier, scales))
    for number in range(rounds):
        fitted.round(priors_too=number >= 2)
    weights = fitted.weights(version, origin, means, scales)
    items = fitted.terms(sums_of_items, fitted.parameters.items, prepared.item_ids, prepared.item_terms)
    skills = fitted.terms(sums_of_skills, fitted.parameters.skills, prepared.skill_ids, prepared.skill_terms)
    return weights, items, skills


def refitted(
    prepared: Prepared, executor: Executor | None, version: str, origin: str, earlier: Weights | None = None
) -> Shared:
    """``refit`` as the shared terms that ``predict`` takes."""
    return Shared(*refit(prepared, executor, version, origin, earlier=earlier))


def _prior(earlier: Weights | None, scales: Floats) -> tuple[Floats, Floats]:
    """Means and precisions of the priors of the intercept and the weights, for features standardised by ``scales``."""
    centre, precision = np.zeros(1 + len(NAMES)), np.full(1 + len(NAMES), RIDGE)
    if earlier is not None:
        known = (np.array(earlier.scales) > 0) & (scales > 0)
        per_unit = np.array(earlier.values) * np.array(earlier.scales)
        centre[1:] = np.where(known, per_unit / np.where(known, scales, 1.0), 0.0)
        precision[1:] = np.where(known, TRUST, RIDGE)
    precision[0] = 1e-6
    return centre, precision


def _standards(blocks: Sequence[NDArray[np.float32]]) -> tuple[Floats, Floats]:
    """Mean and 1 / standard deviation of each feature where it is known; scale 0 for one that never varies."""
    count, total, squares = (np.zeros(len(NAMES)) for _ in range(3))
    for block in blocks:
        known = ~np.isnan(block)
        filled = np.where(known, block, 0).astype(np.float64)
        count += known.sum(0)
        total += filled.sum(0)
        squares += (filled**2).sum(0)
    means = total / np.maximum(count, 1)
    variances = squares / np.maximum(count, 1) - means**2
    varies = (variances > 1e-8 * (1 + means**2)) & (count > 0)
    return means, np.where(varies, 1 / np.sqrt(np.where(varies, variances, 1.0)), 0.0)


def _shards(prepared: Prepared, means: Floats, scales: Floats) -> list[Shard]:
    shards, first = [], 0
    for block in prepared.blocks:
        block -= means.astype(np.float32)
        block *= scales.astype(np.float32)
        np.clip(block, -CLIP, CLIP, out=block)
        np.nan_to_num(block, copy=False)
        last = first + len(block)
        counts = np.diff(prepared.starts[first : last + 1])
        rows = np.repeat(np.arange(len(block), dtype=np.int32), counts)
        shards.append(
            Shard(
                block,
                prepared.correct[first:last],
                prepared.offsets[first:last],
                prepared.items[first:last],
                rows,
                prepared.skills[prepared.starts[first] : prepared.starts[last]],
                (1 / np.maximum(counts, 1))[rows].astype(np.float32),
            )
        )
        first = last
    return shards


def _inputs(shard: Shard) -> tuple[Floats, Floats]:
    """What the terms stand on: rows × (1 + slopes) of the questions, pairs × (1 + slopes) of the skills."""
    ones = np.ones((len(shard.z), 1))
    items: Floats = np.hstack([ones, shard.z[:, ITEM_SLOPES]], dtype=np.float64)
    skills: Floats = np.hstack([ones, shard.z[:, SKILL_SLOPES]], dtype=np.float64)
    return items, skills[shard.pair_rows] * shard.shares[:, None]


def _residual(shard: Shard, at: Parameters, items: Floats, skills: Floats) -> tuple[Floats, Floats]:
    """Answer - p, and p (1 - p), of each row."""
    _one_thread()
    logit = at.weights[0] + shard.z @ at.weights[1:] + shard.offsets
    logit += np.einsum("ij,ij->i", items, at.items[shard.items])
    own = np.einsum("ij,ij->i", skills, at.skills[shard.pair_skills])
    logit += np.bincount(shard.pair_rows, own, len(shard.z))
    p = 1 / (1 + np.exp(-np.clip(logit, -30, 30)))
    return shard.correct - p, p * (1 - p)


@cache
def _one_thread() -> None:
    """Let BLAS of this process compute in one thread: how many there are would show in the last bits of the sums."""
    ThreadpoolController().limit(limits=1, user_api="blas")


def sums_of_weights(shard: Shard, at: Parameters) -> Sums:
    """The sums for the intercept and the weights."""
    residual, curvature = _residual(shard, at, *_inputs(shard))
    design = np.hstack([np.ones((len(shard.z), 1)), shard.z])
    return Sums(np.zeros(0, np.int32), design.T @ residual, (design * curvature[:, None]).T @ design)


def sums_of_items(shard: Shard, at: Parameters) -> Sums:
    """The sums for the terms of the questions."""
    items, skills = _inputs(shard)
    residual, curvature = _residual(shard, at, items, skills)
    return _by_key(shard.items, items, residual, curvature)


def sums_of_skills(shard: Shard, at: Parameters) -> Sums:
    """The sums for the terms of the skills."""
    items, skills = _inputs(shard)
    residual, curvature = _residual(shard, at, items, skills)
    return _by_key(shard.pair_skills, skills, residual[shard.pair_rows], curvature[shard.pair_rows])


def _by_key(codes: NDArray[np.int32], inputs: Floats, residual: Floats, curvature: Floats) -> Sums:
    keys, places = np.unique(codes, return_inverse=True)
    count, width = len(keys), inputs.shape[1]
    gradient, hessian = np.empty((count, width)), np.empty((count, width, width))
    for a in range(width):
        weighted = curvature * inputs[:, a]
        gradient[:, a] = np.bincount(places, residual * inputs[:, a], count)
        for b in range(a, width):
            hessian[:, a, b] = hessian[:, b, a] = np.bincount(places, weighted * inputs[:, b], count)
    return Sums(keys, gradient, hessian)


class _Fit:
    """The state of a fit: parameters, priors, and who computes."""

    def __init__(
        self,
        shards: Sequence[Shard],
        executor: Executor | None,
        prepared: Prepared,
        centre: Floats,
        precision: Floats,
    ) -> None:
        _one_thread()
        self.shards, self.executor, self.centre, self.precision = shards, executor, centre, precision
        right = min(max(float(prepared.correct.mean()), 1e-3), 1 - 1e-3)
        weights = centre.copy()
        weights[0] = np.log(right / (1 - right))
        width = 1 + SLOPES
        self.parameters = Parameters(
            weights, np.zeros((len(prepared.item_ids), width)), np.zeros((len(prepared.skill_ids), width))
        )
        self.item_precisions = self.skill_precisions = np.array(STARTING_PRECISIONS)
        self.covariance: Floats = np.eye(len(weights)) / RIDGE

    def _all(self, work: Callable[[Shard, Parameters], Result]) -> list[Result]:
        if self.executor is None:
            return [work(shard, self.parameters) for shard in self.shards]
        # Results are asked for one by one, in order: this is all that Dask's executor and the standard ones share.
        waiting = [self.executor.submit(work, shard, self.parameters) for shard in self.shards]
        return [future.result() for future in waiting]

    def round(self, *, priors_too: bool) -> None:
        """One Newton step of each block."""
        self._step_weights()
        items, self.item_precisions = self._step_terms(
            sums_of_items, self.parameters.items, self.item_precisions, priors_too
        )
        self.parameters = self.parameters._replace(items=items)
        skills, self.skill_precisions = self._step_terms(
            sums_of_skills, self.parameters.skills, self.skill_precisions, priors_too
        )
        self.parameters = self.parameters._replace(skills=skills)

    def _step_weights(self) -> None:
        parts = self._all(sums_of_weights)
        gradient: Floats = self.precision * (self.centre - self.parameters.weights)
        hessian: Floats = np.diag(self.precision)
        for part in parts:
            gradient += part.gradient
            hessian += part.hessian
        self.covariance = np.linalg.inv(hessian).astype(np.float64)
        moved: Floats = self.parameters.weights + self.covariance @ gradient
        self.parameters = self.parameters._replace(weights=moved)

    def _summed(self, work: Callable[[Shard, Parameters], Sums], shape: tuple[int, int]) -> tuple[Floats, Floats]:
        gradient, hessian = np.zeros(shape), np.zeros((*shape, shape[1]))
        for part in self._all(work):
            gradient[part.keys] += part.gradient
            hessian[part.keys] += part.hessian
        return gradient, hessian

    def _step_terms(self, work: Any, values: Floats, precisions: Floats, priors_too: bool) -> tuple[Floats, Floats]:
        if not len(values):
            return values, precisions
        gradient, hessian = self._summed(work, (len(values), values.shape[1]))
        hessian += np.diag(precisions)
        moved = values + np.linalg.solve(hessian, (gradient - precisions * values)[:, :, None])[:, :, 0]
        if priors_too:
            spread = (moved**2).sum(0) + (1 / np.einsum("iaa->ia", hessian)).sum(0)
            precisions = np.maximum(len(moved) / spread, LEAST_PRECISION)
        return moved, precisions

    def terms(
        self, work: Callable[[Shard, Parameters], Sums], values: Floats, ids: Sequence[str], elo: Sequence[Term]
    ) -> dict[str, Term]:
        """The terms by id, with their information at the end."""
        if not ids:
            return {}
        _gradient, hessian = self._summed(work, (len(values), values.shape[1]))
        information = np.einsum("iaa->ia", hessian)
        return {
            key: Term(term.answers, term.difficulty, own[0], known[0], tuple(own[1:]), tuple(known[1:]))
            for key, term, own, known in zip(ids, elo, values.tolist(), information.tolist(), strict=True)
        }

    def weights(self, version: str, origin: str, means: Floats, scales: Floats) -> Weights:
        """As a version of the model."""
        values, deviations = self.parameters.weights, np.sqrt(np.diag(self.covariance))
        items, skills = self.item_precisions.tolist(), self.skill_precisions.tolist()
        return Weights(
            version,
            origin,
            float(values[0]),
            tuple(values[1:].tolist()),
            tuple(deviations[1:].tolist()),
            tuple(means.tolist()),
            tuple(scales.tolist()),
            Precisions(items[0], tuple(items[1:]), skills[0], tuple(skills[1:])),
        )
