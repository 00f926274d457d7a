"""Wheel-spinning: many tries at a skill without getting on, foreseen after four tries.

A learner spins the wheels on a skill when there are no three right answers in a row within the first ten tries (Beck
and Gong 2013). The chance of it is a logistic model on the learner model's own state after four tries, plus a term of
the skill where enough was seen of it. Its coefficients are data (``wheel_spinning.json``); how they were fitted and
what they reach is in docs/reference/simulation.md.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import log
from typing import Any, NamedTuple

from adaptive.mastery.prediction import sigmoid
from adaptive.mastery.state import OverallState, SkillState

TRIES = 4  # after which it is foreseen
HORIZON = 10  # tries within which a skill should have come
IN_A_ROW = 3  # right answers in a row that show that it came

SIGNS = (
    "skill_wins",
    "skill_fast",
    "three_wrong",
    "two_wrong",
    "one_right",
    "two_right",
    "skill_surprise",
    "skill_offset",
    "skill_items",
    "ability",
    "fast",
    "middle",
    "slow",
    "rate",
    "answers",
    "next",
)


def came_at(outcomes: Sequence[bool]) -> int | None:
    """The try (from 1) that completed three right answers in a row, among the first ten; None if there was none."""
    row = 0
    for number, right in enumerate(outcomes[:HORIZON], 1):
        row = row + 1 if right else 0
        if row == IN_A_ROW:
            return number
    return None


def is_wheel_spinning(outcomes: Sequence[bool]) -> bool | None:
    """Whether the first ten tries at a skill were wheel-spinning; None while it is open."""
    if came_at(outcomes) is not None:
        return False
    return True if len(outcomes) >= HORIZON else None


def signs(overall: OverallState, skill: SkillState, next_logit: float) -> tuple[float, ...]:
    """What the state says, in the order of ``SIGNS``.

    The run that the tries end with counts case by case, against one wrong answer after a right one. ``next_logit`` is
    the learner model's logit for a question of this skill that nobody
    answered yet.
    """
    return (
        float(skill.wins),
        skill.fast,
        float(skill.streak <= -3),
        float(skill.streak == -2),
        float(skill.streak == 1),
        float(skill.streak >= 2),
        skill.surprise,
        skill.offset,
        float(skill.items),
        overall.ability,
        overall.fast,
        overall.middle,
        overall.slow,
        log((overall.wins + 1.3) / (overall.answers - overall.wins + 0.7)),
        log(1 + overall.answers),
        next_logit,
    )


class Coefficients(NamedTuple):
    """The logistic model: intercept, a weight for each sign with the mean and scale that standardise it, and the terms
    of skills (logits; none for a skill that was not in the data).
    """

    origin: str
    intercept: float
    weights: tuple[float, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    skills: Mapping[str, float] = {}

    def as_json(self) -> dict[str, Any]:
        """As JSON values, one object a sign; the terms of skills belong to a log and are left out."""
        columns = zip(SIGNS, self.weights, self.means, self.scales, strict=True)
        return {
            "origin": self.origin,
            "intercept": self.intercept,
            "signs": {name: {"weight": w, "mean": m, "scale": s} for name, w, m, s in columns},
        }

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Coefficients":
        """Read what ``as_json`` wrote."""
        rows = [given["signs"][name] for name in SIGNS]
        weights, means, scales = (tuple(float(row[key]) for row in rows) for key in ("weight", "mean", "scale"))
        return cls(given["origin"], float(given["intercept"]), weights, means, scales)


@cache
def shipped() -> Coefficients:
    """The coefficients that come with the library."""
    return Coefficients.from_json(json.loads((files(__package__) / "wheel_spinning.json").read_text("utf-8")))


def risk(coefficients: Coefficients, found: Sequence[float], skill_id: str) -> float:
    """The probability of wheel-spinning, 0 to 1, from ``signs``."""
    logit = coefficients.intercept + coefficients.skills.get(skill_id, 0.0)
    for weight, value, mean, scale in zip(
        coefficients.weights, found, coefficients.means, coefficients.scales, strict=True
    ):
        logit += weight * (value - mean) * scale
    return sigmoid(logit)
