"""What a tutor may know of a learner in their group: skill by skill, how it goes and what was tried. No answers.

Stuck is what the struggle signals say (three wrong in a row, wheel-spinning); doing well is mastery as on the learner's
own pages. Whether somebody may look at all is decided by the caller.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlmodel import Session

from adaptive.answering import NOT_COUNTED, Learning
from adaptive.mastery.model import Asked, LearnerState, Shared, mastery, predict
from adaptive.mastery.progress import UNSEEN
from adaptive.store import answers, decisions, states, terms
from adaptive.store.tables import Answer
from adaptive.struggle.ladder import LADDER
from adaptive.struggle.signals import Attempt, spinning, wrong_in_a_row
from adaptive.struggle.wheel_spinning import shipped

Standing = Literal["stuck", "underway", "well"]
NEWEST = 400  # answers and choices looked at


@dataclass(frozen=True, slots=True)
class SkillStanding:
    """A learner in a skill: ``tries``, of them ``right`` and with a ``hinted`` answer; ``forms`` read before answering;
    ``approaches`` that were offered instead of "again" (form, example, prerequisite, person), in order.
    """

    learner_id: UUID
    skill_id: str
    standing: Standing
    signals: tuple[Mapping[str, Any], ...]
    tries: int
    right: int
    hinted: int
    forms: tuple[str, ...]
    approaches: tuple[str, ...]
    last_at: datetime

    @property
    def needs_person(self) -> bool:
        """Whether the last step of the ladder was reached: a person."""
        return "person" in self.approaches


@dataclass(frozen=True, slots=True)
class SkillView:
    """A skill over a whole group: how many are stuck, underway, doing well, and how many were sent to a person."""

    skill_id: str
    stuck: int
    underway: int
    well: int
    person: int


def standings(session: Session, learning: Learning, learner_ids: Collection[UUID]) -> tuple[SkillStanding, ...]:
    """How each learner does in each skill they have tried, learner by learner in the order given."""
    shared = terms.everything(session, learning.weights)
    found: list[SkillStanding] = []
    for learner_id in learner_ids:
        found += _of_learner(session, learning, shared, learner_id)
    return tuple(found)


def _of_learner(session: Session, learning: Learning, shared: Shared, learner_id: UUID) -> Iterable[SkillStanding]:
    rows = [row for row in reversed(answers.recent(session, learner_id, NEWEST)) if row.outcome not in NOT_COUNTED]
    if not rows:
        return
    state = states.whole(session, learner_id)
    offered = _offered(session, learner_id)
    by_skill: dict[str, list[Answer]] = {}
    for row in rows:
        for skill_id in row.skill_ids:
            by_skill.setdefault(skill_id, []).append(row)
    at = learning.clock().timestamp()
    for skill_id, own in by_skill.items():
        if skill_id not in learning.library.skills or skill_id not in state.skills:
            continue
        signals = _signals(state, shared, skill_id, own, at)
        well = mastery(state, shared, skill_id, at)
        good = well.mastered or (well.mastered_at is not None and not signals)
        yield SkillStanding(
            learner_id,
            skill_id,
            "stuck" if signals else "well" if good else "underway",
            tuple(signals),
            tries=len(own),
            right=sum(row.outcome == "right" for row in own),
            hinted=sum(row.hints > 0 for row in own),
            forms=tuple(dict.fromkeys(row.form for row in own if row.form)),
            approaches=tuple(dict.fromkeys(offered.get(skill_id, ()))),
            last_at=own[-1].answered_at,
        )


def _signals(
    state: LearnerState, shared: Shared, skill_id: str, rows: Sequence[Answer], now: float
) -> list[Mapping[str, Any]]:
    attempts = [
        Attempt(row.question_id, tuple(row.skill_ids), row.outcome == "right", row.predicted, hinted=row.hints > 0)
        for row in rows
    ]
    predicted = predict(state, shared, Asked(UNSEEN, (skill_id,), now))
    seen = (
        wrong_in_a_row(attempts, skill_id),
        spinning(state.overall, state.skills[skill_id], skill_id, predicted.logit, predicted.p, shipped()),
    )
    return [signal.reason.as_json() for signal in seen if signal is not None]


def _offered(session: Session, learner_id: UUID) -> dict[str, list[str]]:
    """The steps of the ladder that a learner was offered, by skill, the oldest first."""
    found: dict[str, list[str]] = {}
    for row in reversed(decisions.newest(session, learner_id, NEWEST)):
        for reason in row.reasons:
            topic, _, kind = str(reason.get("code", "")).partition(".")
            if topic == "approach" and kind in LADDER:
                found.setdefault(str(reason.get("parameters", {}).get("skill", "")), []).append(kind)
    return found


def overview(found: Iterable[SkillStanding]) -> tuple[SkillView, ...]:
    """Skill by skill, those where most are stuck first."""
    count: dict[str, Counter[str]] = {}
    for one in found:
        own = count.setdefault(one.skill_id, Counter())
        own[one.standing] += 1
        own["person"] += one.needs_person
    views = [SkillView(key, c["stuck"], c["underway"], c["well"], c["person"]) for key, c in count.items()]
    return tuple(sorted(views, key=lambda v: (-v.stuck, -v.person, -v.underway, v.skill_id)))
