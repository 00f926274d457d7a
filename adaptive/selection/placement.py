"""Placement: a short adaptive test from easy to hard, which can be skipped and in which "I don't know" is an answer.

A one-dimensional Rasch model over a grid of abilities, in logits (Bayesian CAT; van der Linden and Glas, Elements of
Adaptive Testing, ch. 1). No question is asked whose predicted success is below .65; after a failure an easier one
follows. It stops when 70 % of the belief lies inside one level, when nothing suitable is left, or after twelve.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import exp, log
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from adaptive.errors import InvalidInput
from adaptive.reason import Reason, because

Outcome = Literal["right", "wrong", "unknown"]
LEVELS = 5
FLOOR = 0.65  # predicted success below which nothing is asked
AIMS = (0.85, 0.78, 0.72, 0.68)  # predicted success aimed at, question by question, where the bank has it
MOST, LEAST = 12, 4
COVERED = 0.70  # of the belief that must lie inside one level
LEVEL_STEP = 1.2  # logits between two levels of the authors' difficulty
ABLE = log(0.75 / 0.25)  # a level is held where its questions are answered right three times out of four
PRIOR_MEAN, PRIOR_DEVIATION = 1.0, 1.8
_GRID = np.linspace(-5.0, 7.0, 241)


class PlacementQuestion(NamedTuple):
    """A question that may be asked: its level 1 to 5, and its difficulty in logits (None: as its level says)."""

    id: str
    level: int
    difficulty: float | None = None

    @property
    def logit(self) -> float:
        """The difficulty."""
        return level_difficulty(self.level) if self.difficulty is None else self.difficulty


@dataclass(frozen=True, slots=True)
class Placement:
    """A placement under way: what was asked, how hard it was, and how it went. Goes through JSON unchanged."""

    asked: tuple[tuple[str, float, Outcome], ...] = ()

    def as_json(self) -> list[Any]:
        """As JSON values."""
        return [list(entry) for entry in self.asked]

    @classmethod
    def from_json(cls, given: Sequence[Any]) -> "Placement":
        """Read what ``as_json`` wrote."""
        return cls(tuple((key, float(difficulty), outcome) for key, difficulty, outcome in given))


class Next(NamedTuple):
    """A question to ask, with its predicted success, what number it is, and the most that there can be."""

    question: PlacementQuestion
    p: float
    number: int
    at_most: int
    reasons: tuple[Reason, ...]


class Placed(NamedTuple):
    """The end: the level to begin at, with the lowest and the highest that are likely, and why it ended."""

    level: int
    low: int
    high: int
    ability: float
    answers: int
    reasons: tuple[Reason, ...]


def level_difficulty(level: int) -> float:
    """The difficulty in logits that an author's level stands for; level 3 is 0."""
    return LEVEL_STEP * (level - 3)


def answered(placement: Placement, question: PlacementQuestion, outcome: Outcome) -> Placement:
    """The placement after an answer. Raises InvalidInput ``placement.asked_already``."""
    if any(key == question.id for key, _difficulty, _outcome in placement.asked):
        raise InvalidInput("placement.asked_already", question=question.id)
    return replace(placement, asked=(*placement.asked, (question.id, question.logit, outcome)))


def step(
    placement: Placement,
    bank: Sequence[PlacementQuestion],
    not_now: Collection[str] = (),
    at_most: int = MOST,
) -> Next | Placed:
    """The next question, or the result.

    From easy to hard: after a right answer the next is not easier than the hardest one answered right, as far as
    predicted success stays at .65 or more; after "I don't know" or a wrong answer an easier one follows.
    """
    belief = _belief(placement.asked)
    result = _placed(placement, belief)
    if len(placement.asked) >= at_most:
        return result._replace(reasons=(because("placement.enough", count=len(placement.asked)),))
    if len(placement.asked) >= LEAST and float(_masses(belief).max()) >= COVERED:
        return result._replace(reasons=(because("placement.sure", level=result.level),))
    asked = {key for key, _difficulty, _outcome in placement.asked}
    left = [q for q in bank if q.id not in asked and q.id not in not_now]
    chances = {q.id: _success(belief, q.logit) for q in left}
    left = [q for q in left if chances[q.id] >= FLOOR]
    last = placement.asked[-1] if placement.asked else None
    if last is not None and last[2] != "right":
        left = [q for q in left if q.logit < last[1]]
    if not left:
        return result._replace(reasons=(because("placement.nothing_suitable"),))
    aim = AIMS[min(len(placement.asked), len(AIMS) - 1)]
    if last is not None and last[2] == "right":
        harder = [q for q in left if q.logit >= last[1]]
        left = harder or left
    chosen = min(left, key=lambda q: (round(abs(chances[q.id] - aim), 6), q.logit, q.id))
    code = "placement.first" if last is None else ("placement.harder" if last[2] == "right" else "placement.easier")
    return Next(chosen, chances[chosen.id], len(placement.asked) + 1, at_most, (because(code),))


def skipped() -> Placed:
    """Who skips the test begins at the beginning, and the model learns along the way."""
    return Placed(1, 1, LEVELS, PRIOR_MEAN, 0, (because("placement.skipped"),))


def _placed(placement: Placement, belief: NDArray[np.float64]) -> Placed:
    ability = float(_GRID @ belief)
    cumulative = np.cumsum(belief)
    tail = (1 - COVERED) / 2
    low, high = (float(_GRID[int(np.searchsorted(cumulative, share))]) for share in (tail, 1 - tail))
    likeliest = int(np.argmax(_masses(belief)))
    return Placed(min(likeliest, _level(ability)), _level(low), _level(high), ability, len(placement.asked), ())


def _level(ability: float) -> int:
    """The highest level whose questions such a learner gets right three times out of four; at least 1."""
    held = [level for level in range(1, LEVELS + 1) if ability >= level_difficulty(level) + ABLE]
    return max(held, default=1)


def _masses(belief: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much of the belief lies in each level."""
    masses: NDArray[np.float64] = np.bincount(_levels(), weights=belief, minlength=LEVELS + 1).astype(np.float64)
    return masses


@cache
def _levels() -> NDArray[np.int64]:
    return np.array([_level(float(ability)) for ability in _GRID])


@cache
def _prior() -> NDArray[np.float64]:
    density = np.exp(-0.5 * ((_GRID - PRIOR_MEAN) / PRIOR_DEVIATION) ** 2)
    prior: NDArray[np.float64] = density / density.sum()
    return prior


def _belief(asked: Sequence[tuple[str, float, Outcome]]) -> NDArray[np.float64]:
    """The distribution of ability after the answers. "I don't know" counts as not right, as a wrong answer does."""
    belief = _prior().copy()
    for _key, difficulty, outcome in asked:
        p = 1 / (1 + np.exp(difficulty - _GRID))
        belief *= p if outcome == "right" else 1 - p
        belief /= belief.sum()
    return belief


def _success(belief: NDArray[np.float64], difficulty: float) -> float:
    """The predicted success on a question, over the belief about ability."""
    return float((belief / (1 + np.exp(difficulty - _GRID))).sum())


def chance(ability: float, difficulty: float) -> float:
    """The Rasch model's probability of a right answer."""
    return 1 / (1 + exp(difficulty - ability))
