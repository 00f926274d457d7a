"""Policies side by side on simulated learners: the authors' order, chance, mastery one by one, and ours.

``python -m adaptive simulate`` prints it. Every policy meets the same learners with the same luck at the start.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from random import Random
from statistics import median
from typing import NamedTuple

import numpy as np

from adaptive.evaluation.simulated import DAY, HELD, KINDS, Kind, Simulated, World, make_world
from adaptive.evaluation.simulated_ladder import Ladder
from adaptive.mastery.model import Asked, Event, LearnerState, Shared, default_weights, mastery, observe, predict
from adaptive.selection.choosing import Moment, choose
from adaptive.selection.policy import policy_for
from adaptive.selection.pool import SharedColumns
from adaptive.selection.prospects import Learner, Prospects, prospects
from adaptive.struggle.signals import WRONG_IN_A_ROW

POLICIES = ("neutral", "random", "mastery_greedy", "ours")
SESSIONS, QUESTIONS = 24, 10
APART = (2 * DAY, 2 * DAY, 3 * DAY)  # three sessions a week
LATER = 14 * DAY  # after the last session, when it is looked at what is left
BEGUN = 1_700_000_000.0
RESAMPLES = 2000


class Course(NamedTuple):
    """How it went for one learner under one policy."""

    held: float
    knowledge: float
    success: float
    in_band: float
    answers: int
    broken_off: float
    wrong_rows: float
    person_after: float
    """Wrong answers until the ladder first offered a person; infinite if it never did."""


class Measure(NamedTuple):
    """A mean over learners with a 95 % interval (drawing learners anew)."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """A policy for a kind of learner: its measures by name, and of each learner the wrong answers until a person was
    offered (infinite: never)."""

    kind: str
    policy: str
    measures: dict[str, Measure]
    person_after: tuple[float, ...]


@dataclass
class Desk:
    """What a policy knows while it teaches a learner: only what was answered, never the truth."""

    world: World
    shared: Shared
    columns: SharedColumns
    rng: Random
    state: LearnerState
    now: float
    answered: list[int]
    today: list[bool]
    today_rows: list[int]
    ladder: Ladder = field(default_factory=Ladder)

    def known(self) -> Prospects:
        """The model's view."""
        return prospects(self.world.pool, self.columns, self.shared, Learner(self.state, self.now))


Choose = Callable[[Desk], int | None]


def neutral(desk: Desk) -> int | None:
    """The next question of the authors' order, from the beginning again when all were asked."""
    return len(desk.answered) % len(desk.world.pool.question_ids)


def at_random(desk: Desk) -> int | None:
    """Any question."""
    return desk.rng.randrange(len(desk.world.pool.question_ids))


def mastery_greedy(desk: Desk) -> int | None:
    """The first skill of the order that is not mastered, its likeliest question first, until it is mastered."""
    known, pool = desk.known(), desk.world.pool
    open_rows = np.flatnonzero(~known.mastered[pool.teaches[:, 0]])
    if not len(open_rows):
        return neutral(desk)
    skill = desk.world.skill_of(int(open_rows[0]))
    rows = np.flatnonzero(pool.teaches[:, 0] == skill)
    fresh = rows[~np.isin(rows, desk.today_rows)]
    rows = fresh if len(fresh) else rows
    return int(rows[int(np.argmax(known.p(rows)))])


def ours(desk: Desk) -> int | None:
    """``adaptive.selection``; and three wrong in a row on a skill rest it for the session (``adaptive.struggle``)."""
    pool, world = desk.world.pool, desk.world
    skills = [pool.skill_ids[world.skill_of(row)] for row in desk.answered[-5:]]
    last = desk.today[-1] if desk.today else True
    policy = policy_for(first_session=len(desk.answered) < QUESTIONS, after_failure=not last)
    aside = _stuck(desk)
    kinds = tuple(pool.kinds[row] for row in desk.answered[-2:])
    moment = Moment(desk.now, not_now=aside, recent_skills=tuple(skills), recent_kinds=kinds)
    known = desk.known()
    for attempt in (policy, replace(policy, rest_right=0.0, rest_wrong=0.0)):
        decision = choose(pool, known, attempt, moment)
        if decision.question_id is not None:
            return pool.row[decision.question_id]
    return None


def _stuck(desk: Desk) -> frozenset[str]:
    """The items of skills with three wrong answers in a row today."""
    wrong: dict[int, int] = {}
    stuck = set()
    for row, right in zip(desk.today_rows, desk.today, strict=True):
        skill = desk.world.skill_of(row)
        wrong[skill] = 0 if right else wrong.get(skill, 0) + 1
        if wrong[skill] >= WRONG_IN_A_ROW:
            stuck.add(desk.world.pool.question_ids[row].partition("#")[0])
    return frozenset(stuck)


CHOOSERS: dict[str, Choose] = {
    "neutral": neutral,
    "random": at_random,
    "mastery_greedy": mastery_greedy,
    "ours": ours,
}


def teach(kind: Kind, world: World, policy: str, shared: Shared, seed: int) -> tuple[Course, Shared]:
    """One learner under one policy, over all sessions; and the shared terms with what was learned from them."""
    learner = Simulated(kind, world, Random(seed))  # noqa: S311 - luck, not secrets
    columns = SharedColumns.of(world.pool, shared.items, shared.skills)
    desk = Desk(world, shared, columns, Random(seed + 1), LearnerState(), BEGUN, [], [], [])  # noqa: S311
    predicted: list[float] = []
    right_answers = broken = wrong_rows = 0
    for session in range(SESSIONS):
        desk.today, desk.today_rows = [], []
        desk.columns = SharedColumns.of(world.pool, desk.shared.items, desk.shared.skills)
        for _ in range(QUESTIONS):
            row = CHOOSERS[policy](desk)
            if row is None:
                break
            right_answers += _ask(desk, learner, row, predicted)
            if learner.loses_patience(desk.today):
                broken += 1
                break
        wrong_rows += len(_stuck(desk))
        desk.now += APART[session % len(APART)]
    after = desk.now + LATER
    truth = [learner.knows(skill, after) for skill in range(len(world.pool.skill_ids))]
    answers = len(desk.answered)
    course = Course(
        held=sum(p >= HELD for p in truth),
        knowledge=sum(truth) / len(truth),
        success=right_answers / answers,
        in_band=sum(0.70 <= p <= 0.92 for p in predicted) / answers,
        answers=answers,
        broken_off=broken / SESSIONS,
        wrong_rows=wrong_rows,
        person_after=inf if desk.ladder.person_after is None else desk.ladder.person_after,
    )
    return course, desk.shared


def _ask(desk: Desk, learner: Simulated, row: int, predicted: list[float]) -> bool:
    pool = desk.world.pool
    skill = pool.skill_ids[desk.world.skill_of(row)]
    asked = Asked(pool.question_ids[row], (skill,), desk.now, int(pool.difficulty[row]))
    predicted.append(predict(desk.state, desk.shared, asked).p)
    right = learner.answer(row, desk.now, len(desk.today))
    learned = observe(desk.state, desk.shared, Event(asked, right, desk.now + 30))
    desk.state, desk.shared = desk.state.updated(learned.state), desk.shared.plus(learned.shared_change)
    before = () if right else desk.world.before[desk.world.skill_of(row)]
    known = {pool.skill_ids[n]: mastery(desk.state, desk.shared, pool.skill_ids[n], desk.now).p for n in before}
    desk.ladder.after(asked.item_id, skill, right, known)
    desk.answered.append(row)
    desk.today.append(right)
    desk.today_rows.append(row)
    desk.now += 60
    return right


def simulate(
    learners: int = 12, seed: int = 1, policies: Sequence[str] = POLICIES, kinds: Sequence[Kind] = KINDS
) -> list[Row]:
    """Every policy for every kind of learner, with intervals over ``learners`` of each kind.

    All learn the same things. The shared terms of questions and skills start at nothing and are learned along the way,
    for each policy and kind by itself.
    """
    rows = []
    world = make_world(Random(seed))  # noqa: S311
    for kind in kinds:
        for policy in policies:
            shared = Shared(default_weights())
            courses = []
            for number in range(learners):
                course, shared = teach(kind, world, policy, shared, seed * 1000 + number)
                courses.append(course)
            measures = {
                name: _mean([float(getattr(course, name)) for course in courses], seed)
                for name in Course._fields
                if name != "person_after"
            }
            rows.append(Row(kind.name, policy, measures, tuple(course.person_after for course in courses)))
    return rows


def _mean(values: Sequence[float], seed: int) -> Measure:
    column = np.array(values)
    draws = np.random.default_rng(seed).integers(0, len(column), (RESAMPLES, len(column)))
    low, high = np.quantile(column[draws].mean(axis=1), (0.025, 0.975))
    return Measure(float(column.mean()), float(low), float(high))


def lines(rows: Sequence[Row]) -> list[str]:
    """The table as text."""
    heads = {
        "held": "skills held",
        "knowledge": "knowledge",
        "success": "success",
        "in_band": "in .70-.92",
        "answers": "answers",
        "broken_off": "broken off",
        "wrong_rows": "3 wrong in a row",
    }
    table = [f"{'learner':<14} {'policy':<15}" + "".join(f"{head:>22}" for head in heads.values())]
    for row in rows:
        cells = ""
        for name in heads:
            mean, low, high = row.measures[name]
            digits = 1 if name in ("held", "answers", "wrong_rows") else 2
            cells += f"{mean:>8.{digits}f} ({low:.{digits}f}-{high:.{digits}f})".rjust(22)
        table.append(f"{row.kind:<14} {row.policy:<15}{cells}")
    table.append(
        f"{SESSIONS} sessions of at most {QUESTIONS} questions, three a week; skills held and knowledge as they truly "
        f"are {round(LATER / DAY)} days later; 95 % intervals over learners. The learners are assumptions "
        "(adaptive/evaluation/simulated.py), not people."
    )
    table.extend(_of_persons(row) for row in rows if row.policy == "ours")
    return table


def _of_persons(row: Row) -> str:
    """When the ladder offers a person under our policy."""
    offered = [number for number in row.person_after if number < inf]
    share = len(offered) / len(row.person_after)
    after = (
        f", the first after {median(offered):g} wrong answers ({min(offered):g}-{max(offered):g})" if offered else ""
    )
    return f"{row.kind:<14} a person is offered to {100 * share:.0f} % in {SESSIONS} sessions{after}"
