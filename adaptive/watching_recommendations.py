"""What the kept lists of recommendations say of recommending: taken up or not, how varied, and what without chance."""

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from math import exp, log
from typing import Any
from uuid import UUID

import numpy as np
from sqlmodel import Session, col, func, select

from adaptive.content.model import Library
from adaptive.evaluation.logged_choices import Comparison, LoggedChoice, compare
from adaptive.recommending import PLACE
from adaptive.store.tables import Answer, Decision, ItemVisit

SINCE = timedelta(days=90)
TAKEN_WITHIN = timedelta(days=14)
FEWEST_LISTS = 30
TRAPPED = 0.7
"""A rank correlation from which on what was popular is what is shown."""
NARROW = 0.5
"""A share of courses shown below which most of the library is out of sight."""


@dataclass(frozen=True, slots=True)
class CourseShown:
    """A course with how often it was opened or answered before the period, and how often it was shown in it."""

    course_id: str
    used_before: int
    shown: int


@dataclass(frozen=True, slots=True)
class RecommendationReport:
    """``coverage`` is the share of courses shown at all; ``spread`` the number of courses, shown equally often, that
    would be as varied; ``trap`` the rank correlation between how often a course had been opened before the period and
    how often it was shown in it, −1 to 1 (near 1: what was popular is what is shown); None where nothing varies.

    ``each`` are the courses, most shown first. ``without_chance`` estimates the lists with nothing drawn by chance;
    None without a list. ``enough`` says whether there are lists enough to read anything from it, and
    ``without_chance.usable`` whether the estimate is.
    """

    lists: int
    places: int
    learners: int
    courses: int
    coverage: float
    spread: float
    areas_a_list: float
    trap: float | None
    each: tuple[CourseShown, ...]
    without_chance: Comparison | None

    @property
    def enough(self) -> bool:
        """Whether there are lists enough to say anything."""
        return self.lists >= FEWEST_LISTS

    @property
    def trapped(self) -> bool:
        """Whether what had been popular is what is shown."""
        return self.trap is not None and self.trap >= TRAPPED

    @property
    def narrow(self) -> bool:
        """Whether most of the library is shown to nobody."""
        return self.coverage < NARROW

    def as_json(self) -> dict[str, Any]:
        """As JSON values."""
        found = self.without_chance
        estimates: dict[str, Any] | None = None
        if found is not None:
            estimates = {name: list(getattr(found, name)) for name in ("logged", "ips", "snips")}
            estimates |= {"effective": found.effective, "support": found.support, "usable": found.usable}
        own = {
            name: getattr(self, name) for name in self.__dataclass_fields__ if name not in ("each", "without_chance")
        }
        verdicts = {"enough": self.enough, "trapped": self.trapped, "narrow": self.narrow}
        return {**own, **verdicts, "each": [asdict(course) for course in self.each], "taken_up": estimates}


def look(session: Session, library: Library, now: datetime) -> RecommendationReport:
    """The report on the adaptive lists of the last 90 days that are old enough to have been taken up; writes nothing.

    A course counts as taken up when a lesson of it was opened or answered within 14 days after the list; what the
    library does not hold (an institution's own offers) cannot be told, and is left out.
    """
    since, until = now - SINCE, now - TAKEN_WITHIN
    rows = session.exec(
        select(Decision).where(
            Decision.place == PLACE,
            Decision.policy == "adaptive",
            col(Decision.chosen_at) >= since,
            col(Decision.chosen_at) < until,
        )
    ).all()
    uses = _uses(session, since, {row.learner_id for row in rows})
    choices: list[LoggedChoice] = []
    areas: list[int] = []
    shown: Counter[str] = Counter()
    for row in rows:
        entries = [entry for entry in row.facts["shown"] if entry["activity_id"] in library.courses]
        shown.update(entry["activity_id"] for entry in entries)
        areas.append(len({library.courses[entry["activity_id"]].area for entry in entries}))
        choices += [_choice(row, entry, uses) for entry in entries]
    before = _used_before(session, since)
    each = [CourseShown(key, before[key], shown[key]) for key in library.courses]
    held = sum(shown.values())
    shares = [count / held for count in shown.values()]
    return RecommendationReport(
        lists=len(rows),
        places=held,
        learners=len({row.learner_id for row in rows}),
        courses=len(library.courses),
        coverage=len(shown) / len(library.courses) if library.courses else 0.0,
        spread=exp(-sum(share * log(share) for share in shares)) if shares else 0.0,
        areas_a_list=sum(areas) / len(areas) if areas else 0.0,
        trap=_rank_correlation([course.used_before for course in each], [course.shown for course in each]),
        each=tuple(sorted(each, key=lambda course: -course.shown)),
        without_chance=compare(choices, lambda choice: 0.0 if choice.context else 1.0) if choices else None,
    )


Uses = dict[tuple[UUID, str], list[datetime]]
_USED = ((ItemVisit, ItemVisit.opened_at), (Answer, Answer.answered_at))


def _uses(session: Session, since: datetime, learners: Set[UUID]) -> Uses:
    """When each of these learners opened or answered something of each course."""
    found: Uses = {}
    for table, at in _USED:
        for learner_id, item_id, moment in session.exec(
            select(table.learner_id, table.item_id, at).where(col(at) >= since)
        ):
            if learner_id in learners:
                found.setdefault((learner_id, item_id.partition("/")[0]), []).append(moment)
    return found


def _used_before(session: Session, since: datetime) -> Counter[str]:
    """How often something of each course had been opened or answered, counted by the database."""
    found: Counter[str] = Counter()
    for table, at in _USED:
        statement = select(table.item_id, func.count()).where(col(at) < since).group_by(table.item_id)
        for item_id, count in session.exec(statement):
            found[item_id.partition("/")[0]] += count
    return found


def _choice(row: Decision, entry: dict[str, Any], uses: Uses) -> LoggedChoice:
    """A place of a list; its context is whether it was filled by chance."""
    key = entry["activity_id"]
    taken = any(row.chosen_at < at <= row.chosen_at + TAKEN_WITHIN for at in uses.get((row.learner_id, key), ()))
    return LoggedChoice(str(row.learner_id), (key,), key, entry["propensity"], float(taken), bool(entry["explored"]))


def _rank_correlation(one: Sequence[int], other: Sequence[int]) -> float | None:
    """Spearman's, with mean ranks for equals; None where one side does not vary."""
    if len(set(one)) < 2 or len(set(other)) < 2:
        return None
    a, b = (
        np.array([np.mean(np.flatnonzero(np.sort(side) == v)) for v in side]) for side in map(np.array, (one, other))
    )
    return float(np.corrcoef(a, b)[0, 1])
