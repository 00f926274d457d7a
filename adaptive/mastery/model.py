"""The learner model: predict the next answer, learn from it at once, and say why.

An additive logit: a weight for each standardised feature of the learner's state, a bias, and the mean over
its skills of (bias + slopes). Explained by its own terms, which add up exactly: docs/explanation/learner-model.md.

Values in, values out; everything is O(1) in the number of answers. ``predict`` and ``observe`` look only at the parts
of the state and of the shared terms that the question names; ``Observed.state`` holds exactly those parts, anew (the
rows to write; ``LearnerState.updated`` puts them into a whole state), and ``Observed.shared_change`` holds numbers to
ADD to the terms of its question and skills (``Shared.plus``, ``add``), in any order.
"""

from collections.abc import Sequence
from typing import NamedTuple

from adaptive.mastery.features import ITEM_SLOPES, SKILL_SLOPES
from adaptive.mastery.memory import rate
from adaptive.mastery.prediction import (
    Asked,
    Looked,
    Prediction,
    Reason,
    Terms,
    explain,
    look,
    predict,
    predicted,
    probability,
    sigmoid,
    terms_of,
)
from adaptive.mastery.progress import DueSkill, Mastery, due, mastery, remember
from adaptive.mastery.state import ItemState, LearnerState, Memory, OverallState, SkillState
from adaptive.mastery.terms import (
    ItemTerm,
    Precisions,
    Shared,
    SharedChange,
    SkillTerm,
    Term,
    Weights,
    add,
    default_weights,
)
from adaptive.mastery.updating import log_latency, moved, shift

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
    "Term",
    "Terms",
    "Weights",
    "add",
    "default_weights",
    "due",
    "explain",
    "mastery",
    "observe",
    "predict",
    "predict_and_observe",
    "probability",
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
    looked = look(state, shared, event.asked)
    p = sigmoid(sum(terms_of(looked, shared.weights, event.asked.difficulty)))
    return _observed(looked, p, shared, event)


def predict_and_observe(state: LearnerState, shared: Shared, event: Event) -> tuple[Prediction, Observed]:
    """``predict`` and then ``observe``, which look at the same features: one look for both."""
    looked = look(state, shared, event.asked)
    before = predicted(looked, shared.weights, event.asked)
    return before, _observed(looked, before.p, shared, event)


def _observed(looked: Looked, p: float, shared: Shared, event: Event) -> Observed:
    (item_id, skill_ids, at, _difficulty), correct, answered_at, hinted, _form = event
    overall, skills, item, item_term, skill_terms, _z = looked
    y = 1 if correct else 0
    latency = log_latency(at, answered_at)
    now = moved(overall, skills, item, item_term, skill_terms, y, at, latency, hinted)
    own = dict(zip(skill_ids, now.skills, strict=True))
    next_state = LearnerState(now.overall, own, {item_id: now.item})
    change = _learned(looked, shared.weights.precisions, event.asked, p, y - p, now.error)
    if at is not None:
        rating = rate(correct, hinted, latency, overall.pace if overall.latencies else None)
        for key, skill in own.items():
            own[key] = remember(next_state, shared, key, skill, rating, at)
    return Observed(next_state, change)


def _learned(
    looked: Looked, precisions: Precisions, asked: Asked, p: float, residual: float, error: float
) -> SharedChange:
    """What the answer adds to the terms: diagonal-Laplace steps (no learning rate), Elo steps of the difficulties."""
    item_term, skill_terms, z = looked.item_term, looked.skill_terms, looked.z
    inputs = [z[i] for i in ITEM_SLOPES]
    items = {asked.item_id: learned(item_term, inputs, p * (1 - p), residual, error, precisions[0], precisions[1])}
    if not skill_terms:
        return SharedChange(items, {})
    share = 1.0 / len(skill_terms)
    inputs = [z[i] for i in SKILL_SLOPES]
    curvature = p * (1 - p) * share * share
    skills = {
        key: learned(term, inputs, curvature, residual * share, error * share, precisions[2], precisions[3])
        for key, term in zip(asked.skill_ids, skill_terms, strict=True)
    }
    return SharedChange(items, skills)


def learned(
    term: Term,
    inputs: Sequence[float],
    curvature: float,
    residual: float,
    error: float,
    precision: float,
    slope_precisions: Sequence[float],
) -> Term:
    """``h += curvature; b += residual / (h + precision)``, for the bias and for each slope on its input."""
    a, b, c, d, e = inputs
    f, g, h, i, j = curvature * a * a, curvature * b * b, curvature * c * c, curvature * d * d, curvature * e * e
    k, l, m, n, o = slope_precisions  # noqa: E741
    u, v, w, x, y = term[5]
    slopes = (
        residual * a / (u + f + k),
        residual * b / (v + g + l),
        residual * c / (w + h + m),
        residual * d / (x + i + n),
        residual * e / (y + j + o),
    )
    bias = residual / (term[3] + curvature + precision)
    return Term(1, shift(term, error), bias, curvature, slopes, (f, g, h, i, j))
