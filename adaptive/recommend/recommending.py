"""Recommending a few activities: relevant, different from each other, with reasons, and with room for the unexpected.

Each place of the list is filled by maximal marginal relevance (Carbonell and Goldstein 1998); with a small chance it is
filled by an activity drawn evenly from all suitable ones, so that new things are met and choices can be evaluated. The
probability with which each was shown is kept, for the estimators of adaptive.evaluation.logged_choices.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from adaptive.reason import Reason, because
from adaptive.recommend.activity import Activity, Interests, areas_of

DAY = 86_400.0
TIRES_AFTER = 3  # times shown without being taken up, after which it rests


@dataclass(frozen=True, slots=True)
class Weights:
    """How much counts for an activity, each part being 0 to 1; ``diversity`` is MMR's share of being different."""

    goal: float = 1.0
    ready: float = 0.6
    interest: float = 0.5
    new_skill: float = 0.3
    near: float = 0.3
    soon: float = 0.2
    diversity: float = 0.4
    exploring: float = 0.1


@dataclass(frozen=True, slots=True)
class Recommended:
    """An activity with its reasons; ``propensity`` is the probability with which it stands at this place."""

    activity: Activity
    score: float
    propensity: float
    explored: bool
    reasons: tuple[Reason, ...]

    def as_json(self) -> dict[str, Any]:
        """As JSON values, the activity by its id."""
        return {
            "activity_id": self.activity.id,
            "score": self.score,
            "propensity": self.propensity,
            "explored": self.explored,
            "reasons": [reason.as_json() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Recommendations:
    """The list in its order, and why each other activity is not on it."""

    shown: tuple[Recommended, ...]
    rejected: dict[str, Reason]
    personalised: bool = True


def recommend(
    activities: Sequence[Activity],
    interests: Interests,
    now: float,
    rng: Random,
    count: int = 5,
    weights: Weights | None = None,
) -> Recommendations:
    """Up to ``count`` activities for a person at ``now`` (unix s); ``rng`` decides only where the list explores."""
    weights = weights or Weights()
    rejected: dict[str, Reason] = {}
    suitable = []
    for activity in activities:
        reason = _against(activity, interests, now)
        if reason is None:
            suitable.append(activity)
        else:
            rejected[activity.id] = reason
    parts = {activity.id: _parts(activity, interests, now) for activity in suitable}
    score = {key: _score(own, weights) for key, own in parts.items()}
    shown: list[Recommended] = []
    left = sorted(suitable, key=lambda activity: activity.id)
    while left and len(shown) < count:
        best = max(left, key=lambda a: (round(_marginal(a, shown, score, weights.diversity), 9), _reverse(a.id)))
        explored = rng.random() < weights.exploring
        chosen = rng.choice(left) if explored else best
        even = weights.exploring / len(left)
        propensity = even + (1 - weights.exploring if chosen is best else 0.0)
        # a draw that hits the best one says nothing else than the score does
        reasons = _reasons(chosen, parts[chosen.id], interests, surprise=explored and chosen is not best)
        shown.append(Recommended(chosen, score[chosen.id], propensity, explored and chosen is not best, reasons))
        left.remove(chosen)
    for activity in left:
        rejected[activity.id] = because("recommend.others_first")
    return Recommendations(tuple(shown), rejected)


def in_own_order(
    activities: Sequence[Activity], interests: Interests, now: float, count: int | None = None
) -> Recommendations:
    """The list without any personalisation: what is still to come by date, then what is always there by title.

    Of the person only what they said themselves is looked at: what is not for them, and what they take part in.
    """
    rejected = {}
    left = []
    for activity in activities:
        reason = _against(activity, Interests(not_for_me=interests.not_for_me, taken=interests.taken), now)
        if reason is None:
            left.append(activity)
        else:
            rejected[activity.id] = reason
    left.sort(key=lambda a: (a.starts_at is None, a.starts_at or 0.0, a.title, a.id))
    for activity in left[count:] if count is not None else ():
        rejected[activity.id] = because("recommend.others_first")
    neutral = (because("recommend.own_order"),)
    return Recommendations(
        tuple(Recommended(activity, 0.0, 1.0, False, neutral) for activity in left[:count]), rejected, False
    )


def _against(activity: Activity, interests: Interests, now: float) -> Reason | None:
    """Why an activity is not suitable, or None."""
    names = {activity.id, f"source:{activity.source}", f"kind:{activity.kind}"}
    names |= {f"area:{area}" for area in areas_of(activity)}
    if names & set(interests.not_for_me):
        return because("recommend.not_for_me")
    if activity.id in interests.taken:
        return because("recommend.taken")
    over = activity.ends_at if activity.ends_at is not None else activity.starts_at
    if over is not None and over < now:
        return because("recommend.over")
    if activity.skills and set(activity.skills) <= set(interests.mastered):
        return because("recommend.mastered")
    if interests.seen.get(activity.id, 0) >= TIRES_AFTER:
        return because("recommend.shown_often", count=interests.seen[activity.id])
    return None


def _parts(activity: Activity, interests: Interests, now: float) -> dict[str, float]:
    """What speaks for an activity, each 0 to 1; neither popularity nor anything about the person's group."""
    skills = set(activity.skills)
    share = 1 / len(skills) if skills else 0.0
    soon = 0.0
    if activity.starts_at is not None and activity.starts_at >= now:
        soon = max(0.0, 1 - (activity.starts_at - now) / (30 * DAY))
    return {
        "goal": len(skills & set(interests.goal)) * share,
        "ready": len(skills & set(interests.ready)) * share,
        "interest": float(bool(areas_of(activity) & set(interests.areas_of_interest))),
        "new_skill": len(skills - set(interests.mastered)) * share,
        "near": float(interests.district is not None and activity.district == interests.district),
        "soon": soon,
    }


def _score(parts: dict[str, float], weights: Weights) -> float:
    """The weighted mean of the parts, 0 to 1."""
    share = {name: float(getattr(weights, name)) for name in parts}
    return sum(share[name] * value for name, value in parts.items()) / (sum(share.values()) or 1.0)


def _marginal(activity: Activity, shown: Sequence[Recommended], score: dict[str, float], diversity: float) -> float:
    alike = max((likeness(activity, other.activity) for other in shown), default=0.0)
    return (1 - diversity) * score[activity.id] - diversity * alike


def likeness(one: Activity, other: Activity) -> float:
    """How alike two activities are, 0 to 1: skills (Jaccard), areas, kind and source."""
    skills, areas = _jaccard(set(one.skills), set(other.skills)), _jaccard(set(areas_of(one)), set(areas_of(other)))
    return 0.4 * skills + 0.3 * areas + 0.2 * (one.kind == other.kind) + 0.1 * (one.source == other.source)


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0


def _reverse(key: str) -> tuple[int, ...]:
    """For a maximum that prefers the first id of equals."""
    return tuple(-ord(character) for character in key)


def _reasons(
    activity: Activity, parts: dict[str, float], interests: Interests, *, surprise: bool
) -> tuple[Reason, ...]:
    found = []
    if surprise:
        found.append(because("recommend.surprise"))
    if parts["goal"]:
        skill = next(skill for skill in activity.skills if skill in interests.goal)
        found.append(because("recommend.goal", skill=skill))
    elif parts["ready"]:
        skill = next(skill for skill in activity.skills if skill in interests.ready)
        found.append(because("recommend.ready", skill=skill))
    if parts["interest"]:
        found.append(because("recommend.interest"))
    if parts["near"]:
        found.append(because("recommend.near", district=activity.district))
    if parts["soon"] > 0.5:
        found.append(because("recommend.soon"))
    return tuple(found) or (because("recommend.different"),)
