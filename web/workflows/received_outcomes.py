"""From learning elsewhere to an outcome: a received event, the institution's rule or its registrar, one outcome.

An event comes in by a connection of the institution (``web.connections.received``) and is looked at once. Where the
institution said that its activity counts as one of its courses, the event becomes an outcome by the same checks as a
row of a file; everything else waits at the desk. An outcome is recorded, not issued: that remains a person's act.
"""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from adaptive.exchange.xapi_rules import uuid_of
from credit_bank import depositing, revoking
from credit_bank.bank import Bank
from credit_bank.depositing import SourceFile
from credit_bank.errors import Conflict, CreditBankError, Forbidden, InvalidInput
from credit_bank.exchange.outcomes import OutcomeRow
from credit_bank.report import ImportRefused
from credit_bank.store import learners, log, outcomes
from credit_bank.store.tables import Learner
from credit_bank.store.types import new_id
from web.accounts import audit, consents
from web.connections import outcome_rows, received
from web.connections.outcome_tables import ActivityMapping, ReceivedOutcome
from web.connections.tables import ReceivedEvent
from web.messages import CITY

CONSENT_VERSION = 2
"""Of the consent to keeping one's learning: the first whose text says that what comes in may be recorded."""
ORIGIN = "received"
REASON_LENGTH = 300
_DONE = frozenset(
    {
        "http://adlnet.gov/expapi/verbs/completed",
        "http://adlnet.gov/expapi/verbs/passed",
        "http://adlnet.gov/expapi/verbs/mastered",
        "https://w3id.org/xapi/dod-isd/verbs/mastered",
    }
)


def arrived(session: Session, bank: Bank, event: ReceivedEvent | None) -> ReceivedOutcome | None:
    """Look at an event that was just kept: it waits, becomes an outcome, takes one back, or is no outcome at all."""
    if event is None:
        return None
    if received.is_voiding(event):
        _taken_back(session, bank, event)
        return None
    if not says_done(event) or outcome_rows.by_statement(session, event.institution_id, event.statement_id):
        return None
    if not consents.learner_agrees(session, event.learner_id, received.CONSENT, at_least=CONSENT_VERSION):
        return None
    if event.source_kind == "lti":  # a tool's newest score stands for those before it
        for older in outcome_rows.open_of_activity(
            session, event.institution_id, event.source, event.object_id, event.learner_id
        ):
            older.state = "replaced"
            session.add(older)
    row = _row_of(event)
    session.add(row)
    session.flush()
    rule = outcome_rows.mapping_of(session, row.institution_id, row.source, row.object_id)
    if rule is not None:
        consider(session, bank, row, rule)
    return row


def says_done(event: ReceivedEvent) -> bool:
    """Whether an event says that something was completed, with a result; a score counts when it is final."""
    if event.voided_at is not None or not event.object_id:
        return False
    said = event.statement
    if event.source_kind == "lti":
        return said.get("activityProgress") == "Completed" and said.get("gradingProgress") == "FullyGraded"
    result = said.get("result")
    if event.verb not in _DONE or not isinstance(result, dict) or not result:
        return False
    return event.success is not False and result.get("completion") is not False


def _row_of(event: ReceivedEvent) -> ReceivedOutcome:
    return ReceivedOutcome(
        institution_id=event.institution_id,
        id=new_id(),
        learner_id=event.learner_id,
        statement_id=event.statement_id,
        source_kind=event.source_kind,
        source=event.source,
        source_name=event.source_name,
        object_id=event.object_id,
        name=event.name,
        score=event.score,
        happened_at=event.happened_at or event.received_at,
        received_at=event.received_at,
        digest=event.digest,
        state="waiting",
    )


def consider(session: Session, bank: Bank, row: ReceivedOutcome, rule: ActivityMapping) -> None:
    """Hold an open event against a rule: below its score, left to a person, or recorded by the rule itself."""
    row.mapping_id, row.problem = rule.id, ""
    reached = rule.least_percent is None or (row.score is not None and round(row.score * 100, 6) >= rule.least_percent)
    row.state = "waiting" if reached else "below"
    session.add(row)
    session.flush()
    if not reached or not rule.automatic:
        return
    try:
        with session.begin_nested():
            _record(session, bank, row, rule, by=None)
    except CreditBankError as error:
        session.refresh(row)
        row.state = "held" if error.code == "received.held_already" else "waiting"
        row.problem = error.code
        session.add(row)
        session.flush()


def record(session: Session, bank: Bank, row: ReceivedOutcome, *, by: UUID, own_learner: UUID | None) -> None:
    """Record an event as an outcome, by the registrar's hand; its score has been looked at by a person.

    Raises Conflict ``received.decided``, ``received.not_mapped``, ``received.held_already``, ``received.course_gone``
    or ``received.refused``; InvalidInput ``received.future``; Forbidden ``received.own``.
    """
    _check_open(row)
    rule = outcome_rows.mapping_of(session, row.institution_id, row.source, row.object_id)
    if rule is None:
        raise Conflict("received.not_mapped")
    if own_learner is not None and own_learner == row.learner_id:
        raise Forbidden("received.own")
    _record(session, bank, row, rule, by=by)


def _record(session: Session, bank: Bank, row: ReceivedOutcome, rule: ActivityMapping, *, by: UUID | None) -> None:
    now = bank.now()
    awarded = row.happened_at.astimezone(CITY).date()
    if awarded > now.astimezone(CITY).date():
        raise InvalidInput("received.future")
    log.locked(session, row.institution_id)
    learner = learners.hold_current(session, [row.learner_id], to_change=True)[row.learner_id]
    if _holds(session, learner.id, row.institution_id, rule.course_code):
        raise Conflict("received.held_already")
    source = SourceFile("", bytes.fromhex(row.digest), {})
    try:
        taken = depositing.record_outcomes(
            session,
            bank,
            row.institution_id,
            [_outcome_row(learner, rule.course_code, row)],
            source,
            imported_by=by,
            origin=ORIGIN,
        )
    except ImportRefused as refused:
        raise Conflict(_code_of(refused)) from refused
    row.learner_id, row.mapping_id, row.outcome_id = learner.id, rule.id, taken.outcome_ids[0]
    _settle(session, row, "recorded", by, now)
    for other in outcome_rows.open_of_activity(session, row.institution_id, row.source, row.object_id, learner.id):
        if other.id != row.id:
            other.state = "held"
            session.add(other)
    session.flush()


def _holds(session: Session, learner_id: UUID, institution_id: UUID, course_code: str) -> bool:
    wanted = outcomes.PortfolioFilter(institution_id=institution_id)
    return any(
        outcome.code == course_code and outcome.state != "revoked"
        for outcome, _name in outcomes.portfolio(session, learner_id, wanted)
    )


def _code_of(refused: ImportRefused) -> str:
    codes = {problem.code for problem in refused}
    if "outcome_known" in codes:
        return "received.held_already"
    if "course_unknown" in codes or "credits_missing" in codes:
        return "received.course_gone"
    return "received.not_accredited" if "category_not_accredited" in codes else "received.refused"


def _outcome_row(learner: Learner, course_code: str, row: ReceivedOutcome) -> OutcomeRow:
    """The event as the row of a file, so that it meets the same checks as every other; the course says the rest."""
    return OutcomeRow(
        row=1,
        account=learner.account_number,
        document_type=None,
        document_number=None,
        name="",
        course_code=course_code,
        course_title="",
        awarded=row.happened_at.astimezone(CITY).date(),
        credits=None,
        hours=None,
        hour_kind=None,
        level=None,
        category=None,
        grade="",
        valid_until=None,
        term="",
    )


def decline(session: Session, row: ReceivedOutcome, *, reason: str, by: UUID, now: datetime) -> None:
    """Leave an event without an outcome, with a reason that the learner reads.

    Raises Conflict ``received.decided``; InvalidInput ``received.reason_missing``.
    """
    plain = " ".join(reason.split())[:REASON_LENGTH]
    if not plain:
        raise InvalidInput("received.reason_missing")
    _check_open(row)
    row.reason = plain
    _settle(session, row, "declined", by, now)


def _check_open(row: ReceivedOutcome) -> None:
    if row.state not in outcome_rows.OPEN:
        raise Conflict("received.decided")


def _taken_back(session: Session, bank: Bank, event: ReceivedEvent) -> None:
    """The sender voids a statement of its own: what was not issued is withdrawn, what was is marked for a person."""
    target = uuid_of(event.object_id)
    row = outcome_rows.by_statement(session, event.institution_id, str(target)) if target is not None else None
    if row is None or row.source != event.source or row.voided_at is not None:
        return
    now = bank.now()
    row.voided_at = now
    gone = row.outcome_id is None or revoking.withdraw_recorded(session, bank, row.institution_id, row.outcome_id)
    if gone and row.state != "declined":
        _settle(session, row, "withdrawn", None, now)
    else:
        session.add(row)
        session.flush()
        _audit(session, "received.voided", row, None, now)


def _settle(session: Session, row: ReceivedOutcome, state: str, by: UUID | None, now: datetime) -> None:
    row.state, row.problem, row.decided_at, row.decided_by = state, "", now, by
    session.add(row)
    session.flush()
    _audit(session, f"received.{state}", row, by, now)


def _audit(session: Session, action: str, row: ReceivedOutcome, by: UUID | None, now: datetime) -> None:
    audit.record(
        session,
        action,
        now=now,
        person_id=by,
        institution_id=row.institution_id,
        subject_id=row.outcome_id or row.id,
        source=row.source_name[:100],
        statement=row.statement_id,
    )


def move(session: Session, absorbed: UUID, kept: UUID) -> None:
    """Two accounts became one, with what came from elsewhere about both."""
    for row in outcome_rows.of_learner(session, absorbed):
        row.learner_id = kept
        session.add(row)
    session.flush()
