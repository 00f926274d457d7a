"""A registrar lets an activity elsewhere count as one of the institution's courses, and ends that again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from credit_bank.bank import Bank
from credit_bank.errors import Conflict, Forbidden, InvalidInput, Missing
from credit_bank.store import courses, institutions
from web.accounts import audit
from web.connections import outcome_rows
from web.connections.outcome_tables import ActivityMapping, ReceivedOutcome
from web.workflows import received_outcomes


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that a connection reports on: ``source`` is the tool's or the token's id."""

    source_kind: str
    source: UUID
    source_name: str
    object_id: str
    name: str | None

    @classmethod
    def of(cls, row: ReceivedOutcome | ActivityMapping) -> "Activity":
        """The activity of an event or of a rule."""
        return cls(row.source_kind, row.source, row.source_name, row.object_id, row.name)


def let_count(
    session: Session,
    bank: Bank,
    institution_id: UUID,
    activity: Activity,
    *,
    course_code: str,
    least_percent: int | None,
    automatic: bool,
    by: UUID,
) -> ActivityMapping:
    """Make the rule, in the place of the one before, and hold all open events of the activity against it.

    Raises Missing ``received.course_gone``; InvalidInput ``received.credits_open`` or ``received.percent``; Forbidden
    ``received.not_accredited``; Conflict ``received.mapped_meanwhile``.
    """
    if least_percent is not None and not 0 <= least_percent <= 100:
        raise InvalidInput("received.percent")
    _check_course(session, institution_id, course_code)
    now = bank.now()
    before = outcome_rows.mapping_of(session, institution_id, activity.source, activity.object_id)
    if before is not None:
        before.ended_at, before.ended_by = now, by
        session.add(before)
        session.flush()
    rule = ActivityMapping(
        institution_id=institution_id,
        source_kind=activity.source_kind,
        source=activity.source,
        source_name=activity.source_name,
        object_id=activity.object_id,
        name=activity.name,
        course_code=course_code,
        least_percent=least_percent,
        automatic=automatic,
        mapped_at=now,
        mapped_by=by,
    )
    session.add(rule)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("received.mapped_meanwhile") from error
    _audit(session, "activity.mapped", rule, by, now)
    for row in outcome_rows.open_of_activity(session, institution_id, activity.source, activity.object_id):
        received_outcomes.consider(session, bank, row, rule)
    return rule


def _check_course(session: Session, institution_id: UUID, code: str) -> None:
    found = courses.current(session, institution_id, [code]).get(code)
    if found is None:
        raise Missing("received.course_gone")
    if found.credits_min is None or found.credits_min != found.credits_max:
        raise InvalidInput("received.credits_open")
    allowed = {a.category for a in institutions.accreditations(session, institution_id) if a.valid_to is None}
    if found.category not in allowed:
        raise Forbidden("received.not_accredited")


def end(session: Session, rule: ActivityMapping, *, by: UUID, now: datetime) -> None:
    """Let the activity count no longer; new events of it wait. Raises Conflict ``received.mapping_ended``."""
    if rule.ended_at is not None:
        raise Conflict("received.mapping_ended")
    rule.ended_at, rule.ended_by = now, by
    session.add(rule)
    session.flush()
    _audit(session, "activity.mapping_ended", rule, by, now)


def _audit(session: Session, action: str, rule: ActivityMapping, by: UUID, now: datetime) -> None:
    audit.record(
        session,
        action,
        now=now,
        person_id=by,
        institution_id=rule.institution_id,
        subject_id=rule.id,
        source=rule.source_name[:100],
        course=rule.course_code,
    )
