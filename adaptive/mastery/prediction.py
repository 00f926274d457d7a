"""Predicting the next answer: an additive logit, its seven terms and its interval."""

from math import exp, sqrt
from operator import mul, sub
from typing import NamedTuple

from adaptive.mastery.features import GROUPS, ITEM_SLOPES, SKILL_SLOPES, SPANS, features
from adaptive.mastery.state import NO_ITEM, NO_SKILL, ItemState, LearnerState, OverallState, SkillState
from adaptive.mastery.terms import NO_SLOPES, NO_TERM, ItemTerm, Shared, SkillTerm, Weights

CLIP = 5.0  # standardised features beyond this many deviations count as this
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
    return predicted(look(state, shared, asked), shared.weights, asked)


def probability(state: LearnerState, shared: Shared, asked: Asked) -> float:
    """The probability alone, at half the cost."""
    return sigmoid(sum(terms_of(look(state, shared, asked), shared.weights, asked.difficulty)))


def predicted(looked: "Looked", weights: Weights, asked: Asked) -> Prediction:
    """The prediction from what was looked up."""
    terms = terms_of(looked, weights, asked[3])
    logit = sum(terms)
    spread = NINETY * sqrt(_variance(looked, weights))
    return Prediction(sigmoid(logit), sigmoid(logit - spread), sigmoid(logit + spread), logit, Terms._make(terms))


def explain(prediction: Prediction, weights: Weights) -> tuple[Reason, ...]:
    """The terms of a prediction, largest first, against the average answer (the intercept is left out)."""
    own = prediction.terms._replace(overall=prediction.terms.overall - weights.intercept)
    reasons = [
        Reason(group, logits, prediction.p - sigmoid(prediction.logit - logits))
        for group, logits in zip(GROUPS, own, strict=True)
    ]
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.logits)))


class Looked(NamedTuple):
    """What a question touches, and the standardised features."""

    overall: OverallState
    skills: list[SkillState]
    item: ItemState
    item_term: ItemTerm
    skill_terms: list[SkillTerm]
    z: list[float]


def look(state: LearnerState, shared: Shared, asked: Asked) -> Looked:
    """Gather what the question touches and compute its standardised features."""
    weights, item_terms, terms = shared
    overall, own_skills, own_items = state
    skills = [own_skills.get(key, NO_SKILL) for key in asked[1]]
    skill_terms = [terms.get(key, NO_TERM) for key in asked[1]]
    item = own_items.get(asked[0], NO_ITEM)
    raw = features(overall, skills, item, skill_terms, asked[2])
    z = list(map(mul, map(sub, raw, weights[5]), weights[6]))  # without a clock the raw features end early
    if max(z) > CLIP or min(z) < -CLIP:
        z = [CLIP if x > CLIP else (-CLIP if x < -CLIP else x) for x in z]
    return Looked(overall, skills, item, item_terms.get(asked[0], NO_TERM), skill_terms, z)


def terms_of(looked: Looked, weights: Weights, difficulty: int | None) -> list[float]:
    """The seven terms, in the order of ``GROUPS``; ``difficulty`` is the author's."""
    _overall, _skills, _item, item_term, skill_terms, z = looked
    parts = list(map(mul, weights[3], z))
    overall, skill, item, recent, hard, novelty, time = [sum(parts[span]) for span in SPANS]
    hard += item_term[2]
    if difficulty is not None:
        hard += AUTHOR_STEP * (3 - difficulty)
    own = item_term[4]
    if own is not NO_SLOPES:
        a, b, c, d, e = ITEM_SLOPES
        hard += own[0] * z[a] + own[1] * z[b] + own[2] * z[c] + own[3] * z[d] + own[4] * z[e]
    if skill_terms:
        a, b, c, d, e = SKILL_SLOPES
        bias = slopes = 0.0
        for term in skill_terms:
            own = term[4]
            bias += term[2]
            slopes += own[0] * z[a] + own[1] * z[b] + own[2] * z[c] + own[3] * z[d] + own[4] * z[e]
        hard += bias / len(skill_terms)
        skill += slopes / len(skill_terms)
    return [overall + weights[2], skill, item, recent, hard, novelty, time]


def _variance(looked: Looked, weights: Weights) -> float:
    overall, skills, _item, item_term, skill_terms, z = looked
    precisions = weights.precisions
    wobble = list(map(mul, weights[4], z))
    variance = sum(map(mul, wobble, wobble))
    variance += 1 / (item_term[3] + precisions[0]) + LEARNER_VARIANCE / (1 + 0.2 * overall[0])
    share = 1.0 / len(skills) if skills else 0.0
    for skill, term in zip(skills, skill_terms, strict=True):
        variance += share * share / (term[3] + precisions[2]) + share * SKILL_VARIANCE / (1 + 0.2 * skill[0])
    return float(variance)
