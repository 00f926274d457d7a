"""Mastery of a skill, and when it should be looked at again."""

from typing import NamedTuple

from fsrs import Rating

from adaptive.mastery.memory import RETENTION, due_at, retrievability, review
from adaptive.mastery.prediction import Asked, predict, probability
from adaptive.mastery.state import NO_SKILL, LearnerState, SkillState
from adaptive.mastery.terms import Shared

MASTERY = 0.85
MASTERY_TRIES = 3
MASTERY_ITEMS = 2
UNSEEN = ""  # the id of no question: one of the skill that the learner has not met


class Mastery(NamedTuple):
    """How well a learner can do a skill: the probability of a right answer to a question not met before, with its 90 %
    interval; on how many answers to how many questions it rests; whether mastery is reached now; and, once it has been
    reached, when a review is due (unix s) and the probability that it is remembered now.
    """

    p: float
    low: float
    high: float
    attempts: int
    distinct_items: int
    mastered: bool
    mastered_at: float | None
    due_at: float | None
    retrievability: float | None


class DueSkill(NamedTuple):
    """A skill to review: since when (unix s), and the probability that it is remembered now."""

    skill_id: str
    due_at: float
    retrievability: float


def mastery(
    state: LearnerState, shared: Shared, skill_id: str, now: float | None, retention: float = RETENTION
) -> Mastery:
    """Mastery of one skill: P(right) of at least .85 after 3 answers or more to 2 different questions or more."""
    skill = state.skills.get(skill_id, NO_SKILL)
    p, low, high, _logit, _terms = predict(state, shared, Asked(UNSEEN, (skill_id,), now))
    memory = skill.memory
    return Mastery(
        p,
        low,
        high,
        skill.answers,
        skill.items,
        p >= MASTERY and skill.answers >= MASTERY_TRIES and skill.items >= MASTERY_ITEMS,
        skill.mastered_at,
        None if memory is None else due_at(memory, retention),
        None if memory is None or now is None else retrievability(memory, now),
    )


def due(state: LearnerState, now: float, retention: float = RETENTION) -> tuple[DueSkill, ...]:
    """The skills whose review is due, the least remembered first; ``retention`` is .90, or .85 when there is much."""
    found = [
        DueSkill(key, when, retrievability(skill.memory, now))
        for key, skill in state.skills.items()
        if skill.memory is not None and (when := due_at(skill.memory, retention)) <= now
    ]
    return tuple(sorted(found, key=lambda d: (d.retrievability, d.skill_id)))


def remember(
    state: LearnerState, shared: Shared, skill_id: str, skill: SkillState, rating: Rating, at: float
) -> SkillState:
    """The skill with its memory after an answer at ``at``; a memory begins when mastery is first reached."""
    if skill.memory is None:
        if skill.answers < MASTERY_TRIES or skill.items < MASTERY_ITEMS or not skill.last:
            return skill
        if probability(state, shared, Asked(UNSEEN, (skill_id,), at)) < MASTERY:
            return skill
        return skill._replace(mastered_at=at, memory=review(None, rating, at))
    return skill._replace(memory=review(skill.memory, rating, at))
