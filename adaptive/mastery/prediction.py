"""Predicting the next answer: an additive logit, its seven terms and its interval."""

from math import exp, sqrt
from typing import NamedTuple

from adaptive.mastery.features import GROUPS, SLOPE_FEATURES, SPANS, features
from adaptive.mastery.state import NO_ITEM, NO_SKILL, ItemState, LearnerState, OverallState, SkillState
from adaptive.mastery.terms import NO_ITEM_TERM, NO_SKILL_TERM, ItemTerm, Shared, SkillTerm, Weights

CLIP = 5.0  # standardised features beyond this many deviations count as this
ITEM_PRECISION = 1.0  # of the prior of a question's bias, around what its author said
SKILL_PRECISION = 1.0
SLOPE_PRECISION = 20.0
AUTHOR_STEP = 0.4  # logits that a step of the author's difficulty (1 to 5, 3 is neutral) is taken to be worth
LEARNER_VARIANCE = 0.6  # of a learner's unexplained level before the first answer; falls with every answer
SKILL_VARIANCE = 0.5  # of the same on one skill
NINETY = 1.645  # deviations to each side that hold 90 %


class Asked(NamedTuple):
    """A question put to a learner: its id, its skills, when it was presented (unix s), the author's difficulty 1–5."""

    item_id: str
    skill_ids: tuple[str, ...]
    presented_at: float | None = None
    difficulty: int | None = None


class Terms(NamedTuple):
    """The seven parts of a prediction, in logits; their sum is its logit. The intercept is in ``overall``."""

    overall: float
    skill: float
    item: float
    recent: float
    difficulty: float
    novelty: float
    time: float


class Prediction(NamedTuple):
    """Probability of a right answer with a 90 % interval, the logit and the terms that add up to it."""

    p: float
    low: float
    high: float
    logit: float
    terms: Terms


class Reason(NamedTuple):
    """A term of a prediction: its group, its logits, and by how much it moves the probability, others as they are."""

    group: str
    logits: float
    effect: float


def sigmoid(x: float) -> float:
    """1 / (1 + exp(-x)), without overflow."""
    if x >= 0:
        return 1 / (1 + exp(-x))
    grown = exp(x)
    return grown / (1 + grown)


def predict(state: LearnerState, shared: Shared, asked: Asked) -> Prediction:
    """The probability that the learner answers right, with a 90 % interval and the seven terms."""
    looked = look(state, shared, asked)
    terms = terms_of(looked, shared.weights, asked)
    logit = sum(terms)
    spread = NINETY * sqrt(_variance(looked, shared.weights))
    return Prediction(sigmoid(logit), sigmoid(logit - spread), sigmoid(logit + spread), logit, terms)


def explain(prediction: Prediction, weights: Weights) -> tuple[Reason, ...]:
    """The terms of a prediction, largest first, against the average answer (the intercept is left out)."""
    own = prediction.terms._replace(overall=prediction.terms.overall - weights.intercept)
    reasons = [
        Reason(group, logits, prediction.p - sigmoid(prediction.logit - logits))
        for group, logits in zip(GROUPS, own, strict=True)
    ]
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.logits)))


class Looked(NamedTuple):
    overall: OverallState
    skills: list[SkillState]
    item: ItemState
    item_term: ItemTerm
    skill_terms: list[SkillTerm]
    z: list[float]


def look(state: LearnerState, shared: Shared, asked: Asked) -> Looked:
    weights, items, terms = shared
    overall, own_skills, own_items = state
    skills = [own_skills.get(key, NO_SKILL) for key in asked.skill_ids]
    skill_terms = [terms.get(key, NO_SKILL_TERM) for key in asked.skill_ids]
    item = own_items.get(asked.item_id, NO_ITEM)
    item_term = items.get(asked.item_id, NO_ITEM_TERM)
    raw = features(overall, skills, item, item_term, skill_terms, asked.presented_at)
    z = [
        CLIP if (v := (x - mean) * scale) > CLIP else (-CLIP if v < -CLIP else v)
        for x, mean, scale in zip(raw, weights.means, weights.scales, strict=False)
    ]
    return Looked(overall, skills, item, item_term, skill_terms, z)


def terms_of(looked: Looked, weights: Weights, asked: Asked) -> Terms:
    z = looked.z
    parts = [weight * x for weight, x in zip(weights.values, z, strict=False)]
    sums = [sum(parts[first:last]) for first, last in SPANS]
    sums[0] += weights.intercept
    hard = looked.item_term.bias
    if asked.difficulty is not None:
        hard += AUTHOR_STEP * (3 - asked.difficulty)
    if looked.skill_terms:
        s0, s1, s2, s3, s4 = [z[i] for i in SLOPE_FEATURES]
        own = 0.0
        for term in looked.skill_terms:
            hard += term[2] / len(looked.skill_terms)
            a, b, c, d, e = term[4]
            own += a * s0 + b * s1 + c * s2 + d * s3 + e * s4
        sums[1] += own / len(looked.skill_terms)
    sums[4] += hard
    return Terms._make(sums)


def _variance(looked: Looked, weights: Weights) -> float:
    variance = 1 / (looked.item_term.information + ITEM_PRECISION)
    variance += LEARNER_VARIANCE / (1 + 0.2 * looked.overall.answers)
    for deviation, x in zip(weights.deviations, looked.z, strict=False):
        variance += (deviation * x) ** 2
    share = 1.0 / len(looked.skills) if looked.skills else 0.0
    for skill, term in zip(looked.skills, looked.skill_terms, strict=True):
        variance += share * share / (term.information + SKILL_PRECISION)
        variance += share * SKILL_VARIANCE / (1 + 0.2 * skill.answers)
    return variance
