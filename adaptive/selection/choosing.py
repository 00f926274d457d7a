"""Choosing the next question: who may be chosen, what counts for it, and why this one and not the others."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from adaptive.reason import Reason, because
from adaptive.selection.policy import Band, Policy, Wish
from adaptive.selection.pool import Flags, Floats, Pool, together
from adaptive.selection.prospects import Prospects, Rows

# Why a question was not chosen, in the order in which it is looked at; ``rejected.<code>`` is its sentence.
REJECTIONS = (
    "chosen",
    "not_now",
    "prerequisite",
    "recent",
    "mastered",
    "not_easier",
    "not_harder",
    "outscored",
)
STEP = 0.02  # of probability that "easier" and "harder" mean at least
EASIER_BY, HARDER_BY = 0.08, 0.12  # where the band lies for it, from the question in front of the learner
RUNNERS_UP = 3


@dataclass(frozen=True, slots=True)
class Moment:
    """What is known beside the model: what the learner said and did lately.

    ``wish`` with ``reference`` (the prediction for the question it was said of, on today's state); ``not_now`` are
    questions, items or courses set aside; ``goal`` the skills of the plan; ``recent_skills`` and ``recent_kinds``
    those of the last answers, the newest last.
    """

    now: float
    wish: Wish | None = None
    reference: float | None = None
    not_now: Collection[str] = ()
    goal: Collection[str] = ()
    recent_skills: tuple[str, ...] = ()
    recent_kinds: tuple[str, ...] = ()


class Rejected(Mapping[str, Reason]):
    """Every question that was not chosen, with the reason; worked out when it is asked for."""

    def __init__(self, pool: Pool, codes: NDArray[np.int8]) -> None:
        self._pool, self._codes = pool, codes

    def __getitem__(self, question_id: str) -> Reason:
        code = REJECTIONS[self._codes[self._pool.row[question_id]]]
        if code == "chosen":
            raise KeyError(question_id)
        return because(f"rejected.{code}")

    def __iter__(self) -> Iterator[str]:
        return (self._pool.question_ids[row] for row in np.flatnonzero(self._codes))

    def __len__(self) -> int:
        return int(np.count_nonzero(self._codes))

    def counts(self) -> dict[str, int]:
        """How many were left out for each reason."""
        found = np.bincount(self._codes, minlength=len(REJECTIONS))
        return {code: int(n) for code, n in zip(REJECTIONS, found, strict=True) if n and code != "chosen"}


@dataclass(frozen=True, slots=True)
class Decision:
    """What comes next and why; ``question_id`` None if there is nothing, and then the reasons say why.

    ``policy`` is ``adaptive`` or ``neutral``. ``runners_up`` are the next best, the best first.
    """

    question_id: str | None
    p: float | None
    reasons: tuple[Reason, ...]
    rejected: Mapping[str, Reason]
    policy: str = "adaptive"
    band: Band | None = None
    runners_up: tuple[str, ...] = ()

    @property
    def item_id(self) -> str | None:
        """The item that the question belongs to."""
        return None if self.question_id is None else self.question_id.partition("#")[0]

    def as_json(self) -> dict[str, Any]:
        """As JSON values; of the rejected only the runners-up and how many for which reason."""
        counts = self.rejected.counts() if isinstance(self.rejected, Rejected) else {}
        return {
            "question_id": self.question_id,
            "p": self.p,
            "policy": self.policy,
            "band": None if self.band is None else list(self.band),
            "reasons": [reason.as_json() for reason in self.reasons],
            "runners_up": list(self.runners_up),
            "rejected": counts,
        }


def choose(pool: Pool, known: Prospects, policy: Policy, moment: Moment) -> Decision:
    """The next question.

    May be chosen: what is on the outer fringe (all prerequisites held, not mastered) or due for review, was not set
    aside and was not answered just now. Among these the highest of gain - distance from the band + due-ness + goal +
    variety + what was begun + what is of the same area; equals in the neutral order. After "easier" only what is
    predicted easier may be chosen, after "harder" only what is predicted harder, whatever the model would prefer.
    """
    band = _band(policy, moment)
    codes = _eligible(pool, known, policy, moment)
    rows = np.flatnonzero(codes == 0)
    p = known.p(rows)
    rows, p = _wished(codes, rows, p, moment)
    if not len(rows):
        return Decision(None, None, (_nothing(codes),), Rejected(pool, codes), band=band)
    parts = _parts(pool, known, policy, moment, band, rows, p)
    score = sum(parts.values(), np.zeros(len(rows)))
    order = np.lexsort((rows, -np.round(score, 9)))
    best = int(rows[order[0]])
    codes[rows] = REJECTIONS.index("outscored")
    codes[best] = 0
    chosen = float(p[order[0]])
    weight = {name: float(part[order[0]]) for name, part in parts.items()}
    reasons = _reasons(pool, known, policy, moment, band, best, chosen, weight)
    runners = tuple(pool.question_ids[rows[i]] for i in order[1 : RUNNERS_UP + 1])
    return Decision(pool.question_ids[best], chosen, reasons, Rejected(pool, codes), band=band, runners_up=runners)


def _band(policy: Policy, moment: Moment) -> Band:
    if moment.wish is None or moment.reference is None:
        return policy.band
    if moment.wish == "easier":
        middle = min(0.95, max(moment.reference + EASIER_BY, sum(policy.band) / 2))
    else:
        middle = max(0.35, min(moment.reference - HARDER_BY, sum(policy.band) / 2))
    return Band(middle - 0.04, middle + 0.04)


def _eligible(pool: Pool, known: Prospects, policy: Policy, moment: Moment) -> NDArray[np.int8]:
    """0 for what may be chosen, else the number of the first reason against it."""
    codes = np.zeros(len(pool.question_ids), dtype=np.int8)

    def leave_out(which: Flags, code: str) -> None:
        codes[(codes == 0) & which] = REJECTIONS.index(code)

    aside = np.zeros(len(codes), dtype=bool)
    for subject in moment.not_now:
        if subject in pool.of_subject:
            aside[pool.of_subject[subject]] = True
    leave_out(aside, "not_now")
    due = together(np.maximum, known.due, pool.teaches) > 0
    open_ = together(np.logical_and, known.held, pool.needs)
    leave_out(~open_ & ~due, "prerequisite")
    since = moment.now - known.answered_at
    leave_out(since < np.where(known.right, policy.rest_right, policy.rest_wrong), "recent")
    mastered = together(np.logical_and, np.append(known.mastered[:-1], True), pool.teaches)
    without_skills = pool.skilled == 0
    # A question of no skill (from an imported course, say) is done once it was answered right.
    leave_out(np.where(without_skills, known.right, mastered) & ~due, "mastered")
    return codes


def _wished(codes: NDArray[np.int8], rows: Rows, p: Floats, moment: Moment) -> tuple[Rows, Floats]:
    """The rows that are easier, or harder, where the learner asked for it."""
    if moment.wish is None or moment.reference is None:
        return rows, p
    easier = moment.wish == "easier"
    fits = p >= moment.reference + STEP if easier else p <= moment.reference - STEP
    codes[rows[~fits]] = REJECTIONS.index("not_easier" if easier else "not_harder")
    return rows[fits], p[fits]


def _parts(
    pool: Pool, known: Prospects, policy: Policy, moment: Moment, band: Band, rows: Rows, p: Floats
) -> dict[str, Floats]:
    """The parts of the score of each row, already weighted."""
    count = len(pool.skill_ids)
    teaches = pool.teaches[rows]
    share = 1 / np.maximum(1, pool.skilled[rows])
    room = np.append(1 - known.skill_p[:count], 0.0)
    wanted = np.zeros(count + 1)
    wanted[[pool.skill[key] for key in moment.goal if key in pool.skill]] = 1.0
    met = np.zeros(count + 1)
    for back, key in enumerate(reversed(moment.recent_skills[-5:])):
        if key in pool.skill:
            met[pool.skill[key]] = max(met[pool.skill[key]], 1 - back / 5)
    last = moment.recent_skills[-1].partition(".")[0] if moment.recent_skills else ""
    area = pool.areas.get(last, np.zeros(count + 1, dtype=bool))
    kinds = moment.recent_kinds[-2:]
    same_kind = np.array([kind in kinds for kind in pool.kinds_met] or [False])
    variety = (1 - together(np.maximum, met, teaches)) - 0.3 * same_kind[pool.kind_codes[rows]]
    return {
        "gain": policy.gain * (together(np.add, room, teaches) * share),
        "distance": -policy.distance * np.maximum(np.maximum(band.low - p, p - band.high), 0.0),
        "due": policy.due * together(np.maximum, known.due, teaches),
        "goal": policy.goal * together(np.maximum, wanted, teaches),
        "variety": policy.variety * variety,
        "begun": policy.begun * together(np.logical_or, known.begun & ~known.mastered, teaches),
        "thread": policy.thread * together(np.logical_or, area, teaches),
    }


def _reasons(
    pool: Pool,
    known: Prospects,
    policy: Policy,
    moment: Moment,
    band: Band,
    row: int,
    p: float,
    parts: Mapping[str, float],
) -> tuple[Reason, ...]:
    """Why this one, the most telling first: what the learner said, what it is for, how hard it will be."""
    count = len(pool.skill_ids)
    skills = [int(number) for number in pool.teaches[row] if number < count]
    found: list[Reason] = []
    if moment.wish and moment.reference is not None:
        found.append(because(f"choose.{moment.wish}"))
    due = [number for number in skills if known.due[number] > 0]
    if due:
        found.append(because("choose.due", skill=pool.skill_ids[max(due, key=lambda n: known.due[n])]))
    elif skills:
        weakest = min(skills, key=lambda n: known.skill_p[n])
        code = "choose.go_on" if known.begun[weakest] else "choose.ready"
        found.append(because(code, skill=pool.skill_ids[weakest]))
    if parts["goal"] > 0:
        found.append(because("choose.goal"))
    percent = round(100 * p)
    if band.distance(p) == 0:
        found.append(because("choose.in_band", percent=percent))
    else:
        found.append(because("choose.nearest", percent=percent))
    if parts["thread"] > 0 and not any(known.begun[number] for number in skills):
        found.append(because("choose.thread"))
    elif parts["variety"] >= policy.variety and moment.recent_skills:
        found.append(because("choose.variety"))
    return (*found, *policy.reasons)


def _nothing(codes: NDArray[np.int8]) -> Reason:
    """Why there is nothing to choose: the last thing that stood in the way."""
    present = {REJECTIONS[code] for code in np.unique(codes)}
    if not len(codes):
        return because("choose.empty")
    for code in ("not_easier", "not_harder"):
        if code in present:
            return because(f"choose.nothing_{code[4:]}")
    for code, reason in (("recent", "rest"), ("prerequisite", "locked"), ("not_now", "set_aside")):
        if code in present:
            return because(f"choose.{reason}")
    return because("choose.all_mastered")
