"""Plans: choosing a goal, planning again whenever something changed and saying what, skipping a step, giving up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from adaptive.answering import Learning
from adaptive.content.model import Library
from adaptive.errors import Missing
from adaptive.path.plan import (
    Change,
    Goal,
    Pace,
    Plan,
    Step,
    compare,
    goal_of_course,
    goal_of_skill,
    goal_of_skills,
    graph_of,
    make_plan,
    own_pace,
)
from adaptive.reason import Reason, because
from adaptive.standing import Standings, standings
from adaptive.store import plans, preferences
from adaptive.store.tables import ItemVisit, LearningPlan

AREA = "area:"
"""What the id of a goal begins with that is everything of an area."""


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan that counts, planned on today's state.

    ``change`` says what the last planning again changed and ``changed_at`` when that was; both None while it is as it
    was first made.
    """

    plan: Plan
    pace: Pace
    made_at: datetime
    change: Change | None = None
    changed_at: datetime | None = None


def goal_named(library: Library, name: str) -> Goal:
    """A goal by its name: ``skill:<id>``, ``course:<id>`` (with a credential: what that asks for) or ``area:<id>``.

    Raises Missing ``goal.skill_unknown``, ``goal.course_unknown`` or ``goal.nothing_known``.
    """
    kind, _, key = name.partition(":")
    if kind == "skill":
        return goal_of_skill(library, key)
    if kind == "course":
        return goal_of_course(library, key)
    if kind != "area":
        raise Missing("goal.nothing_known")
    return goal_of_skills(library, name, [s.id for s in library.skills.values() if s.area == key])


def name_of(goal: Goal | Mapping[str, Any]) -> str:
    """The name that ``goal_named`` takes."""
    kind, key = (goal.kind, goal.id) if isinstance(goal, Goal) else (goal["kind"], goal["id"])
    return str(key) if kind == "skills" else f"{kind}:{key}"


def previews(session: Session, learning: Learning, learner_id: UUID, names: Sequence[str]) -> list[Plan]:
    """What the plans to some goals would be. Writes nothing. Raises what ``goal_named`` raises."""
    where, pace = standings(session, learning, learner_id), pace_of(session, learning, learner_id)
    goals = [goal_named(learning.library, name) for name in names]
    return [_plan(session, learning, learner_id, goal, where, pace) for goal in goals]


def choose(session: Session, learning: Learning, learner_id: UUID, goal_name: str) -> Planned:
    """Take a goal and plan to it; the goal before it is replaced. Raises what ``goal_named`` raises."""
    goal = goal_named(learning.library, goal_name)
    pace = pace_of(session, learning, learner_id)
    made = _plan(session, learning, learner_id, goal, standings(session, learning, learner_id), pace)
    now = learning.clock()
    preferences.change(session, learner_id, now, goal={"kind": goal.kind, "id": goal.id})
    row = plans.keep(session, _row(learning, learner_id, made, "made"))
    return Planned(made, pace, row.made_at)


def current(session: Session, learning: Learning, learner_id: UUID) -> Planned | None:
    """The plan that counts, on today's state; kept anew when it is another than before. None without a goal.

    A goal that is no longer in the library, or of which nothing is left there, is given up.
    """
    row = plans.current(session, learner_id)
    if row is None:
        return None
    try:
        goal = goal_named(learning.library, name_of(row.goal))
    except Missing:
        give_up(session, learning, learner_id)
        return None
    where = standings(session, learning, learner_id)
    pace = pace_of(session, learning, learner_id)
    made = _plan(session, learning, learner_id, goal, where, pace)
    if _differs(row, made):
        plans.keep(session, _row(learning, learner_id, made, "changed"))
    newest = plans.current(session, learner_id) or row
    before = [r for r in plans.earlier(session, learner_id) if r.id != newest.id and r.made_at <= newest.made_at]
    if newest.reason != "changed" or not before:
        return Planned(made, pace, newest.made_at)
    change = compare(_as_plan(before[0], goal), made, where.for_paths(trust_placement=True))
    return Planned(made, pace, newest.made_at, change, newest.made_at)


def goal_in_force(session: Session, learner_id: UUID) -> str | None:
    """The name of the goal that the learner has."""
    row = plans.current(session, learner_id)
    return None if row is None else name_of(row.goal)


def set_pace(session: Session, learning: Learning, learner_id: UUID, per_week: int, minutes: int) -> None:
    """How many sessions a week of how many minutes. Raises InvalidInput ``preference.unknown``."""
    now = learning.clock()
    preferences.change(session, learner_id, now, sessions_per_week=per_week, minutes_per_session=minutes)


def skip(session: Session, learning: Learning, learner_id: UUID, skill_id: str) -> None:
    """Set a step aside until it is taken back. Raises Missing ``goal.skill_unknown``."""
    if skill_id not in learning.library.skills:
        raise Missing("goal.skill_unknown", skill=skill_id)
    preferences.mark(session, learner_id, learning.new_id(), skill_id, "not_now", learning.clock(), None)


def take_back(session: Session, learning: Learning, learner_id: UUID, skill_id: str) -> None:
    """Put a step that was set aside back into the plan. Raises Missing ``goal.skill_unknown``."""
    if skill_id not in learning.library.skills:
        raise Missing("goal.skill_unknown", skill=skill_id)
    preferences.take_back(session, learner_id, skill_id, "not_now")


def give_up(session: Session, learning: Learning, learner_id: UUID) -> None:
    """Have no goal any more; what was learned stays."""
    now = learning.clock()
    plans.give_up(session, learner_id, now)
    preferences.change(session, learner_id, now, goal=None)


def pace_of(session: Session, learning: Learning, learner_id: UUID) -> Pace:
    """How fast this person goes: sessions as they wish, minutes by their own time on items against the stated one."""
    wishes = preferences.get(session, learner_id, learning.clock())
    spent: dict[str, float] = {}
    for visit in session.exec(
        select(ItemVisit).where(ItemVisit.learner_id == learner_id, col(ItemVisit.seconds).is_not(None))
    ):
        spent[visit.item_id] = spent.get(visit.item_id, 0.0) + (visit.seconds or 0.0) / 60
    items = learning.library.items
    known = [(minutes, float(items[key].minutes)) for key, minutes in spent.items() if key in items and minutes >= 1]
    return own_pace(known, wishes.minutes_per_session, wishes.sessions_per_week)


def _plan(session: Session, learning: Learning, learner_id: UUID, goal: Goal, where: Standings, pace: Pace) -> Plan:
    marks = preferences.marks(session, learner_id, learning.clock())
    aside = [subject for subject, row in marks.items() if row.mark in ("not_now", "not_for_me")]
    paths = where.for_paths(trust_placement=True)
    made = make_plan(learning.library, goal, paths, pace, not_now=aside, graph=graph_of(learning.library))
    done = {key: _done(key, where, reason) for key, reason in made.done.items()}
    return replace(made, done=done)


def _done(key: str, where: Standings, reason: Reason) -> Reason:
    """What only placement found to be held is not said to be mastered."""
    return because("plan.placed", skill=key) if key in where.by_placement() else reason


def _row(learning: Learning, learner_id: UUID, plan: Plan, reason: str) -> LearningPlan:
    said = plan.as_json()
    goal = {**said["goal"], "weeks": plan.weeks, "minutes": plan.minutes, "skipped": list(plan.skipped)}
    return LearningPlan(
        learner_id=learner_id,
        id=learning.new_id(),
        goal=goal,
        steps=said["steps"],
        made_at=learning.clock(),
        library_digest=learning.library.digest,
        reason=reason,
    )


def _differs(row: LearningPlan, plan: Plan) -> bool:
    """Whether a plan is another one than that kept: other steps, other skipped ones, or another length."""
    steps = [step["skill_id"] for step in row.steps]
    kept = (steps, list(row.goal.get("skipped", ())), row.goal.get("weeks"))
    return kept != ([step.skill_id for step in plan.steps], list(plan.skipped), plan.weeks)


def _as_plan(row: LearningPlan, goal: Goal) -> Plan:
    """A kept plan, as far as comparing needs it."""
    steps = tuple(
        Step(step["skill_id"], tuple(step["item_ids"]), step["minutes"], step["week"], ()) for step in row.steps
    )
    skipped = {key: because("plan.not_now", skill=key) for key in row.goal.get("skipped", ())}
    return Plan(goal, steps, {}, skipped, row.goal.get("minutes", 0), row.goal.get("weeks", 0))
