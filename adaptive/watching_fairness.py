"""Watching fairness: a report by each attribute that people told for it, and the neutral policy when one trips.

Only the answers since a person last put the normal policy back are judged: what was corrected must be able to show
itself. While the neutral policy is in force the predictions go on being made and compared, so that a correction can be
seen to work.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from adaptive.errors import Conflict, InvalidInput
from adaptive.evaluation.attributes import ATTRIBUTES
from adaptive.evaluation.fairness import FairnessReport, Judged, fairness
from adaptive.store import answers
from adaptive.store import fairness as store
from adaptive.store.tables import PolicyState

WINDOW = timedelta(days=90)
LONGEST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Watched:
    """The reports, by attribute, on the answers since ``since``; ``tripped`` when they made the policy neutral now."""

    since: datetime
    reports: tuple[FairnessReport, ...]
    neutral: bool
    tripped: bool


def tell(session: Session, learner_id: UUID, row_id: UUID, name: str, value: str, now: datetime) -> None:
    """Keep what a learner told; an empty value takes it back. Raises InvalidInput ``fairness.value_unknown``."""
    if name not in ATTRIBUTES or (value and value not in ATTRIBUTES[name]):
        raise InvalidInput("fairness.value_unknown")
    store.tell(session, learner_id, row_id, name, value, now)


def since_when(session: Session, now: datetime) -> datetime:
    """Where the answers begin that are judged now: 90 days ago, or at the last correction by a person."""
    corrected = [row.since for row in store.policies(session) if row.policy == "normal" and row.decided_by is not None]
    return max([now - WINDOW, *corrected])


def neutral_now(session: Session) -> bool:
    """Whether everybody has the neutral order now."""
    in_force = store.policy_in_force(session)
    return in_force is not None and in_force.policy == "neutral"


def reports(session: Session, now: datetime) -> tuple[datetime, tuple[FairnessReport, ...]]:
    """A report by each attribute that anyone told, on the answers from that moment on. Writes nothing."""
    since = since_when(session, now)
    told = {name: dict(store.everyone(session, name)) for name in ATTRIBUTES}
    if not any(told.values()):
        return since, ()
    judged = list(answers.judged(session, since))
    found = []
    for name, groups in told.items():
        rows = [Judged(key.hex, groups[key], p, right) for key, p, right in judged if key in groups]
        if rows:
            found.append(fairness(rows, name))
    return since, tuple(found)


def watch(session: Session, new_id: Callable[[], UUID], now: datetime) -> Watched:
    """Make the reports, keep them, and put the neutral policy in force for everybody if a threshold is passed."""
    since, found = reports(session, now)
    for report in found:
        store.keep_check(session, new_id(), report.attribute, report.verdict, report.as_json(), since=since, now=now)
    neutral = neutral_now(session)
    passed = [report for report in found if report.verdict == "passed"]
    if neutral or not passed:
        return Watched(since, found, neutral, tripped=False)
    facts = {"reports": [report.as_json() for report in passed]}
    store.set_policy(session, new_id(), "neutral", now, decided_by=None, reason="fairness.passed", facts=facts)
    return Watched(since, found, neutral=True, tripped=True)


def correct(session: Session, row_id: UUID, by: UUID, reason: str, now: datetime) -> PolicyState:
    """A person has corrected what a report found: the normal policy is in force again.

    Raises InvalidInput ``fairness.reason_missing``; Conflict ``fairness.not_neutral``.
    """
    plain = " ".join(reason.split())[:LONGEST_REASON]
    if not plain:
        raise InvalidInput("fairness.reason_missing")
    if not neutral_now(session):
        raise Conflict("fairness.not_neutral")
    return store.set_policy(session, row_id, "normal", now, decided_by=by, reason=plain)


def make_neutral(session: Session, row_id: UUID, by: UUID, reason: str, now: datetime) -> PolicyState:
    """A person puts the neutral policy in force by hand, for whatever a report cannot see.

    Raises InvalidInput ``fairness.reason_missing``; Conflict ``fairness.neutral_already``.
    """
    plain = " ".join(reason.split())[:LONGEST_REASON]
    if not plain:
        raise InvalidInput("fairness.reason_missing")
    if neutral_now(session):
        raise Conflict("fairness.neutral_already")
    return store.set_policy(session, row_id, "neutral", now, decided_by=by, reason=plain)
