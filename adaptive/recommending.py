"""Recommending courses and activities: the list of the day with its reasons, what is not for me, taking that back.

A list is kept as a choice for a day, so that looking again does not shuffle it, so that each entry can say why it is
there, and so that what was shown, with which probability, can be evaluated.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from adaptive.answering import Learning
from adaptive.content.model import Library
from adaptive.errors import Missing
from adaptive.path.plan import graph_of
from adaptive.reason import Reason
from adaptive.recommend.activity import Activity, Interests
from adaptive.recommend.recommending import Recommendations, in_own_order, recommend
from adaptive.standing import standings
from adaptive.store import answers, decisions, fairness, plans, preferences, visits
from adaptive.store.tables import Decision, LearningMark

PLACE = "recommendation"
KEPT = timedelta(hours=20)
SEEN = timedelta(days=30)
COUNT = 6
OPENED = 2  # lessons of a course opened or practised from which it counts as taken up


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list: the activity, its reasons, whether it was drawn by chance."""

    activity: Activity
    reasons: tuple[Reason, ...]
    explored: bool


@dataclass(frozen=True, slots=True)
class Suggestions:
    """The list of the day. ``decision_id`` names it ("why this?"); None where nothing is kept."""

    entries: tuple[Entry, ...]
    personalised: bool
    decision_id: UUID | None = None


def courses_as_activities(library: Library, locale: str = "zh-CN") -> tuple[Activity, ...]:
    """The courses of the library as activities; the id is the course's."""
    return tuple(
        Activity(
            course.id,
            "course",
            course.title.in_language(locale),
            tuple(dict.fromkeys(s for item in course.items for s in library.items[item].skills if s in library.skills)),
        )
        for course in library.courses.values()
    )


def neutral(activities: Sequence[Activity], now: datetime, count: int | None = None) -> Suggestions:
    """The order that follows nobody."""
    found = in_own_order(activities, Interests(), now.timestamp(), count)
    return Suggestions(_entries(found), personalised=False)


def suggest(
    session: Session,
    learning: Learning,
    learner_id: UUID,
    activities: Sequence[Activity],
    rng: Random,
    count: int = COUNT,
) -> Suggestions:
    """The list of the day for a learner; it is made anew when a day has passed or something in it no longer fits."""
    now = learning.clock()
    wishes = preferences.get(session, learner_id, now)
    policy = fairness.policy_in_force(session)
    adaptive = wishes.personalised and (policy is None or policy.policy == "normal")
    known = {activity.id: activity for activity in activities}
    interests = _interests(session, learning, learner_id, activities)
    kept = decisions.open_choice(session, learner_id, PLACE, "", now - KEPT)
    wanted = "adaptive" if adaptive else "own" if not wishes.personalised else "neutral"
    if kept is not None and kept.policy == wanted and _still_fits(kept, known, interests):
        return _as_kept(kept, known)
    if kept is not None:
        decisions.set_aside(session, learner_id, kept.id, "changed")
    if adaptive:
        made = recommend(activities, interests, now.timestamp(), rng, count)
    else:
        made = in_own_order(activities, interests, now.timestamp(), count)
    row = decisions.add(session, _row(learning, learner_id, made, wanted, now))
    return Suggestions(_entries(made), adaptive, row.id)


def not_for_me(session: Session, learning: Learning, learner_id: UUID, activity_id: str) -> None:
    """Remember that an activity is not for this person; it is not shown again until they take that back."""
    preferences.mark(session, learner_id, learning.new_id(), activity_id, "not_for_me", learning.clock(), None)


def take_back(session: Session, learning: Learning, learner_id: UUID, activity_id: str) -> None:
    """Let an activity be shown again; the list of the day is made anew."""
    preferences.take_back(session, learner_id, activity_id, "not_for_me")
    kept = decisions.open_choice(session, learner_id, PLACE, "", learning.clock() - KEPT)
    if kept is not None:
        decisions.set_aside(session, learner_id, kept.id, "changed")


def refused(session: Session, learner_id: UUID, now: datetime) -> list[LearningMark]:
    """What the person said is not for them, the newest first."""
    rows = [row for row in preferences.marks(session, learner_id, now).values() if row.mark == "not_for_me"]
    return sorted(rows, key=lambda row: row.made_at, reverse=True)


def of_list(session: Session, learner_id: UUID, decision_id: UUID) -> Decision:
    """A list that was shown. Raises Missing ``decision.unknown``."""
    row = decisions.get(session, learner_id, decision_id)
    if row.place != PLACE:
        raise Missing("decision.unknown")
    return row


def _interests(session: Session, learning: Learning, learner_id: UUID, activities: Sequence[Activity]) -> Interests:
    library, now = learning.library, learning.clock()
    where = standings(session, learning, learner_id)
    held, graph = where.held(), graph_of(library)
    plan = plans.current(session, learner_id)
    goal = [step["skill_id"] for step in plan.steps] if plan else []
    begun = _begun(session, learner_id)
    areas = {library.courses[c].area for c in begun if c in library.courses}
    marks = preferences.marks(session, learner_id, now)
    return Interests(
        goal=frozenset(goal),
        ready=frozenset(k for k in graph.order if k not in held and all(b in held for b in graph.requires(k))),
        mastered=where.reached,
        areas_of_interest=frozenset(areas),
        not_for_me=frozenset(s for s, row in marks.items() if row.mark in ("not_for_me", "not_now")),
        taken=frozenset(c for c, lessons in begun.items() if lessons >= OPENED),
        seen=_seen(session, learner_id, now, {activity.id for activity in activities}),
    )


def _begun(session: Session, learner_id: UUID) -> Counter[str]:
    """How many lessons of each course were opened or practised."""
    items = set(visits.forms_seen(session, learner_id))
    items |= {question.partition("#")[0] for question in answers.questions_answered(session, learner_id)}
    return Counter(item.partition("/")[0] for item in items)


def _seen(session: Session, learner_id: UUID, now: datetime, known: set[str]) -> dict[str, int]:
    """On how many of the last lists each was, since it was last a rest (a list that is made anew on a day is one)."""
    rows = session.exec(
        select(Decision).where(
            Decision.learner_id == learner_id,
            Decision.place == PLACE,
            Decision.policy == "adaptive",
            col(Decision.chosen_at) >= now - SEEN,
            col(Decision.chosen_at) < now - KEPT,
            col(Decision.set_aside).is_(None),
        )
    )
    return dict(Counter(e["activity_id"] for row in rows for e in row.facts["shown"] if e["activity_id"] in known))


def _still_fits(row: Decision, known: Mapping[str, Activity], interests: Interests) -> bool:
    shown = [entry["activity_id"] for entry in row.facts["shown"]]
    return all(key in known and key not in interests.not_for_me and key not in interests.taken for key in shown)


def _as_kept(row: Decision, known: Mapping[str, Activity]) -> Suggestions:
    entries = tuple(
        Entry(
            known[entry["activity_id"]],
            tuple(Reason.from_json(reason) for reason in entry["reasons"]),
            bool(entry["explored"]),
        )
        for entry in row.facts["shown"]
    )
    return Suggestions(entries, row.policy == "adaptive", row.id)


def _entries(found: Recommendations) -> tuple[Entry, ...]:
    return tuple(Entry(one.activity, one.reasons, one.explored) for one in found.shown)


def _row(learning: Learning, learner_id: UUID, made: Recommendations, policy: str, now: datetime) -> Decision:
    left_out = Counter(reason.code.partition(".")[2] for reason in made.rejected.values())
    facts: dict[str, Any] = {
        "shown": [{**one.as_json(), "title": one.activity.title} for one in made.shown],
    }
    return Decision(
        learner_id=learner_id,
        id=learning.new_id(),
        chosen_at=now,
        place=PLACE,
        policy=policy,
        reasons=[],
        rejected=[[code, number] for code, number in sorted(left_out.items())],
        facts=facts,
        weights_version=learning.weights.version,
        library_digest=learning.library.digest,
    )
