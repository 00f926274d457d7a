"""The learner model: predict the next answer, learn from it at once, and say why.

An additive logit: a weight for each standardised feature of the learner's state, a bias, and the mean over
its skills of (bias + slopes). Explained by its own terms, which add up exactly: docs/explanation/learner-model.md.

Values in, values out; everything is O(1) in the number of answers. ``predict`` and ``observe`` look only at the parts
of the state and of the shared terms that the question names; ``Observed.state`` holds exactly those parts, anew (the
rows to write; ``LearnerState.updated`` puts them into a whole state), and ``Observed.shared_change`` holds numbers to
ADD to the terms of its question and skills (``Shared.plus``, ``add_item``, ``add_skill``), in any order.
"""

from collections.abc import Sequence
from typing import NamedTuple

from adaptive.mastery.features import SLOPE_FEATURES
from adaptive.mastery.memory import rate
from adaptive.mastery.prediction import (
    ITEM_PRECISION,
    SKILL_PRECISION,
    SLOPE_PRECISION,
    Asked,
    Prediction,
    Reason,
    Terms,
    explain,
    look,
    predict,
    sigmoid,
    terms_of,
)
from adaptive.mastery.progress import DueSkill, Mastery, due, mastery, remember
from adaptive.mastery.state import ItemState, LearnerState, Memory, OverallState, SkillState
from adaptive.mastery.terms import (
    ItemTerm,
    Shared,
    SharedChange,
    SkillTerm,
    Weights,
    add_item,
    add_skill,
    default_weights,
)
from adaptive.mastery.updating import expectation, log_latency, next_item, next_overall, next_skill, step

__all__ = [
    "Asked",
    "DueSkill",
    "Event",
    "ItemState",
    "ItemTerm",
    "LearnerState",
    "Mastery",
    "Memory",
    "Observed",
    "OverallState",
    "Prediction",
    "Reason",
    "Shared",
    "SharedChange",
    "SkillState",
    "SkillTerm",
    "Terms",
    "Weights",
    "add_item",
    "add_skill",
    "default_weights",
    "due",
    "explain",
    "mastery",
    "observe",
    "predict",
]


class Event(NamedTuple):
    """An answer to it. ``form`` is the form of the item that had been read, kept as evidence, not for the model."""

    asked: Asked
    correct: bool
    answered_at: float | None = None
    hinted: bool = False
    form: str | None = None


class Observed(NamedTuple):
    """What an answer changes: the new parts of the state, and what to add to the shared terms."""

    state: LearnerState
    shared_change: SharedChange


def observe(state: LearnerState, shared: Shared, event: Event) -> Observed:
    """Learn from an answer: the parts of the state that it touches, anew, and what to add to the shared terms."""
    asked = event.asked
    looked = look(state, shared, asked)
    overall, skills, item, item_term, skill_terms, z = looked
    y = 1 if event.correct else 0
    p = sigmoid(sum(terms_of(looked, shared.weights, asked)))
    count = len(skills)
    hardness = item_term[1] + (sum([t[1] for t in skill_terms]) / count if count else 0.0)
    error = y - expectation(overall, skills, hardness)

    at = asked.presented_at
    latency = log_latency(at, event.answered_at)
    after = next_overall(overall, y, error, at, latency)
    new_item = not item[0]
    own = {
        key: next_skill(s, y, error, at, after[0], new_item, event.hinted)
        for key, s in zip(asked.skill_ids, skills, strict=True)
    }
    next_state = LearnerState(after, own, {asked.item_id: next_item(item, y, at, after[0])})
    change = _learned(asked, item_term, skill_terms, z, y, p, error)
    if at is not None:
        pace = overall[12] if overall[10] else None
        for key, skill in own.items():
            own[key] = remember(next_state, shared, key, skill, rate(event.correct, event.hinted, latency, pace), at)
    return Observed(next_state, change)


def _learned(
    asked: Asked,
    item_term: ItemTerm,
    skill_terms: Sequence[SkillTerm],
    z: Sequence[float],
    y: int,
    p: float,
    error: float,
) -> SharedChange:
    """The diagonal-Laplace step of the terms (no learning rate), and the Elo step of the difficulties."""
    curvature, residual = p * (1 - p), y - p
    bias = residual / (item_term[3] + curvature + ITEM_PRECISION)
    items = {asked.item_id: ItemTerm(1, -step(item_term[0]) * error, bias, curvature)}
    if not skill_terms:
        return SharedChange(items, {})
    share = 1.0 / len(skill_terms)
    inputs = [z[i] * share for i in SLOPE_FEATURES]
    grown = [curvature * x * x for x in inputs]
    skills = {}
    for key, term in zip(asked.skill_ids, skill_terms, strict=True):
        more = curvature * share * share
        skills[key] = SkillTerm(
            1,
            -step(term[0]) * error * share,
            residual * share / (term[3] + more + SKILL_PRECISION),
            more,
            tuple([residual * x / (h + g + SLOPE_PRECISION) for x, g, h in zip(inputs, grown, term[5], strict=True)]),
            tuple(grown),
        )
    return SharedChange(items, skills)
