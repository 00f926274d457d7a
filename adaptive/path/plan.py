"""A plan to a goal: what is still to be learned, in an order that can be walked, with time; planned again as life goes.

Nothing is stored in a plan that could not be worked out again: the same library, state and goal give the same plan.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from statistics import median
from typing import Any, Literal

from adaptive.content.graph import SkillGraph
from adaptive.content.model import Item, Library
from adaptive.errors import Missing
from adaptive.reason import Reason, because

GoalKind = Literal["skill", "course", "skills"]
SLOWEST_PACE, FASTEST_PACE = 3.0, 0.5
PACES = 3  # own items before one's own pace counts
PRACTICE = 1.3  # minutes with practice and coming back, for each minute of an item


@dataclass(frozen=True, slots=True)
class Goal:
    """What a learner is after: a skill, a course with what it is worth, or a set of skills under one id (the remaining
    requirement of a programme)."""

    kind: GoalKind
    id: str
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the learner stands in a skill: ``p`` of a right answer, whether ``mastered``, whether ``begun``."""

    p: float
    mastered: bool = False
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast this person goes: ``factor`` times the stated minutes, ``minutes`` a session, sessions a week."""

    factor: float = 1.0
    minutes: int = 15
    per_week: int = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One skill of a plan: the items that teach it, in order, the minutes still to spend, and why it is there."""

    skill_id: str
    item_ids: tuple[str, ...]
    minutes: int
    week: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The way to a goal. ``done`` and ``skipped`` give a reason for each skill that is not a step (any more)."""

    goal: Goal
    steps: tuple[Step, ...]
    done: Mapping[str, Reason]
    skipped: Mapping[str, Reason]
    minutes: int
    weeks: int
    notes: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "goal": {"kind": self.goal.kind, "id": self.goal.id, "skills": list(self.goal.skills)},
            "steps": [
                {
                    "skill_id": step.skill_id,
                    "item_ids": list(step.item_ids),
                    "minutes": step.minutes,
                    "week": step.week,
                    "reasons": [reason.as_json() for reason in step.reasons],
                }
                for step in self.steps
            ],
            "done": {key: reason.as_json() for key, reason in self.done.items()},
            "skipped": {key: reason.as_json() for key, reason in self.skipped.items()},
            "minutes": self.minutes,
            "weeks": self.weeks,
            "notes": [reason.as_json() for reason in self.notes],
        }


@dataclass(frozen=True, slots=True)
class Change:
    """How a plan differs from the one before, by skill."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    mastered: tuple[str, ...] = ()
    weeks: int = 0
    reasons: tuple[Reason, ...] = field(default=())


def goal_of_skill(library: Library, skill_id: str) -> Goal:
    """To be able to do one thing. Raises Missing ``goal.skill_unknown``."""
    if skill_id not in library.skills:
        raise Missing("goal.skill_unknown", skill=skill_id)
    return Goal("skill", skill_id, (skill_id,))


def goal_of_course(library: Library, course_id: str) -> Goal:
    """To finish a course: the skills of its credential, else all that its items teach. Raises Missing
    ``goal.course_unknown``."""
    course = library.courses.get(course_id)
    if course is None:
        raise Missing("goal.course_unknown", course=course_id)
    if course.credential is not None:
        return Goal("course", course_id, course.credential.skills)
    taught = dict.fromkeys(skill for item in course.items for skill in library.items[item].skills)
    return Goal("course", course_id, tuple(taught))


def goal_of_skills(library: Library, goal_id: str, skills: Iterable[str]) -> Goal:
    """Several skills under one id, such as what is left of a programme. Skills that do not exist are left out. Raises
    Missing ``goal.nothing_known`` when none is left."""
    known = tuple(dict.fromkeys(skill for skill in skills if skill in library.skills))
    if not known:
        raise Missing("goal.nothing_known")
    return Goal("skills", goal_id, known)


def own_pace(spent: Iterable[tuple[float, float]], minutes: int = 15, per_week: int = 3) -> Pace:
    """A person's pace from (minutes spent, minutes stated) of items: the median ratio, once three are known."""
    ratios = [taken / stated for taken, stated in spent if stated > 0 and taken > 0]
    factor = median(ratios) if len(ratios) >= PACES else 1.0
    return Pace(min(SLOWEST_PACE, max(FASTEST_PACE, factor)), minutes, per_week)


def make_plan(
    library: Library,
    goal: Goal,
    standings: Mapping[str, Standing],
    pace: Pace | None = None,
    *,
    not_now: Collection[str] = (),
    graph: SkillGraph | None = None,
) -> Plan:
    """The plan from where the learner stands; a skill without a standing was never met.

    Steps hold every skill that the goal needs and that is not mastered, each after its prerequisites. What lies before
    a mastered skill is not asked for again. A skill that was set aside, and what builds on it, is skipped with the
    reason, and so is a skill that no item teaches.
    """
    graph, pace = graph or graph_of(library), pace or Pace()
    mastered = {key for key, standing in standings.items() if standing.mastered}
    wanted = graph.missing(goal.skills, mastered)
    teaching = items_by_skill(library)
    skipped = _skipped(wanted, graph, teaching, set(not_now))
    order = _walk([key for key in wanted if key not in skipped], graph, library)
    needed = {key for skill in goal.skills for key in (skill, *graph.ancestors(skill))}
    done = {key: because("plan.mastered", skill=key) for key in graph.order if key in needed and key in mastered}
    steps: list[Step] = []
    covered: set[str] = set()
    total = 0.0
    for key in order:
        own = [item for item in teaching[key] if item.id not in covered]
        covered.update(item.id for item in own)
        minutes = _minutes(own or teaching[key][:1], standings.get(key), pace, fresh=bool(own))
        week = int(total // (pace.minutes * pace.per_week)) + 1
        total += minutes
        items = tuple(item.id for item in own or teaching[key][:1])
        steps.append(Step(key, items, max(1, round(minutes)), week, _why(key, goal, graph, order, standings.get(key))))
    sessions = pace.minutes * pace.per_week
    notes = () if steps else (because("plan.reached") if not skipped else because("plan.only_skipped"),)
    return Plan(goal, tuple(steps), done, skipped, ceil(total), ceil(total / sessions), notes)


def compare(before: Plan, after: Plan, standings: Mapping[str, Standing]) -> Change:
    """What planning again changed, and why, to be told in one breath."""
    old, new = ([step.skill_id for step in plan.steps] for plan in (before, after))
    gone = tuple(key for key in old if key not in new)
    mastered = tuple(key for key in gone if key in standings and standings[key].mastered)
    added = tuple(key for key in new if key not in old)
    reasons = []
    if mastered:
        reasons.append(because("replan.mastered", count=len(mastered)))
    if added:
        reasons.append(because("replan.added", count=len(added)))
    if set(after.skipped) - set(before.skipped):
        reasons.append(because("replan.set_aside", count=len(set(after.skipped) - set(before.skipped))))
    weeks = after.weeks - before.weeks
    if weeks:
        reasons.append(because("replan.longer" if weeks > 0 else "replan.shorter", weeks=abs(weeks)))
    return Change(added, gone, mastered, weeks, tuple(reasons) or (because("replan.same"),))


def graph_of(library: Library) -> SkillGraph:
    """The graph with what the items of a skill need beyond it: a skill comes after these too."""
    more: dict[str, set[str]] = {}
    for item in library.items.values():
        for skill in item.skills:
            more.setdefault(skill, set()).update(set(item.requires) - set(item.skills))
    skills = {
        key: replace(skill, requires=tuple(dict.fromkeys((*skill.requires, *sorted(more.get(key, ()))))))
        for key, skill in library.skills.items()
    }
    return SkillGraph(skills)


def items_by_skill(library: Library) -> dict[str, list[Item]]:
    """The items that teach each skill: first those for which it is the first skill, then by level and course order."""
    place = {item: number for course in library.courses.values() for number, item in enumerate(course.items)}
    found: dict[str, list[Item]] = {}
    for item in library.items.values():
        for skill in item.skills:
            found.setdefault(skill, []).append(item)
    for skill, items in found.items():
        items.sort(
            key=lambda item: (item.skills[0] != skill, item.level, item.course_id, place.get(item.id, 0), item.id)
        )
    return found


def _skipped(
    wanted: Collection[str], graph: SkillGraph, teaching: Mapping[str, list[Item]], not_now: set[str]
) -> dict[str, Reason]:
    """What cannot be a step now, in the order of the graph: set aside, taught by nothing, or built on such a skill."""
    skipped: dict[str, Reason] = {}
    for key in wanted:
        blocking = [before for before in graph.requires(key) if before in skipped and before in wanted]
        if key in not_now or (teaching.get(key) and all(item.id in not_now for item in teaching[key])):
            skipped[key] = because("plan.not_now", skill=key)
        elif not teaching.get(key):
            skipped[key] = because("plan.no_item", skill=key)
        elif any(skipped[before].code != "plan.no_item" for before in blocking):
            skipped[key] = because("plan.waits", skill=key, before=blocking[0])
    return skipped


def _walk(keys: Collection[str], graph: SkillGraph, library: Library) -> list[str]:
    """The skills, prerequisites first, staying in one area as long as it goes, then the easier one first."""
    waiting = {key: {before for before in graph.requires(key) if before in keys} for key in keys}
    order: list[str] = []
    area = ""
    while waiting:
        ready = [key for key, before in waiting.items() if not before]
        key = min(ready, key=lambda key: (library.skills[key].area != area, library.skills[key].level, key))
        area = library.skills[key].area
        order.append(key)
        del waiting[key]
        for before in waiting.values():
            before.discard(key)
    return order


def _minutes(items: Iterable[Item], standing: Standing | None, pace: Pace, *, fresh: bool) -> float:
    """Minutes still to spend: those of the items with practice, at one's own pace, less for what is known already.

    An item that an earlier step teaches too costs its practice only.
    """
    stated = sum(item.minutes for item in items) * (PRACTICE if fresh else PRACTICE - 1)
    left = 1.0 if standing is None or not standing.begun else min(1.0, max(0.25, 1.6 * (1 - standing.p) + 0.25))
    return stated * left * pace.factor


def _why(
    key: str, goal: Goal, graph: SkillGraph, order: Collection[str], standing: Standing | None
) -> tuple[Reason, ...]:
    if key in goal.skills:
        first = because("plan.goal", skill=key)
    else:
        onward = next((other for other in (*order, *graph.leads_to(key)) if key in graph.requires(other)), key)
        first = because("plan.before", skill=key, after=onward)
    if standing is not None and standing.begun:
        return first, because("plan.begun", percent=round(100 * standing.p))
    return (first,)
