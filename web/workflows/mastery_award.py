"""Awarding what was granted: the outcome, its credential that names the evidence, the decision, the audit trail."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from adaptive.mastering import Evidence, Rule
from credit_bank import depositing, issuing
from credit_bank.bank import Bank
from credit_bank.credential.model import EvidenceNote
from credit_bank.depositing import SourceFile
from credit_bank.errors import Conflict
from credit_bank.exchange.outcomes import OutcomeRow
from credit_bank.report import ImportRefused
from credit_bank.store.tables import Course, Learner
from web.accounts import audit
from web.messages import CITY, catalogue
from web.operations.mastery_tables import MasteryDecision, MasteryRequest

ORIGIN = "mastery"


def day_of(moment: datetime) -> date:
    """The civil date of a moment in the city."""
    return moment.astimezone(CITY).date()


def award(
    session: Session,
    bank: Bank,
    row: MasteryRequest,
    course: Course,
    learner: Learner,
    rule: Rule,
    decided_by: UUID | None,
) -> None:
    """Record the outcome, issue its credential, and note who decided: all in the caller's transaction.

    ``decided_by`` is None where the rule decides. Raises Conflict ``mastery.held_already`` or ``mastery.not_possible``.
    """
    now = bank.now()
    source = SourceFile("", bytes.fromhex(row.evidence_sha256), {})
    try:
        taken = depositing.record_outcomes(
            session,
            bank,
            row.institution_id,
            [_outcome_row(learner.account_number, course.code, day_of(now))],
            source,
            imported_by=decided_by,
            origin=ORIGIN,
        )
    except ImportRefused as refused:
        known = all(problem.code == "outcome_known" for problem in refused)
        raise Conflict("mastery.held_already" if known else "mastery.not_possible") from refused
    [outcome_id] = taken.outcome_ids
    note = evidence_note(row, course, rule, by_person=decided_by is not None)
    [issued] = issuing.issue(
        session, bank, row.institution_id, [outcome_id], issued_by=decided_by, evidence={outcome_id: note}
    )
    row.state, row.decided_at, row.outcome_id, row.credential_id = "issued", now, outcome_id, issued.credential_id
    session.add(row)
    decided(session, row, decided_by, now)
    audited(session, "credential.issued", row, decided_by, now, subject_id=issued.credential_id)


def _outcome_row(account: str, course_code: str, awarded: date) -> OutcomeRow:
    """The outcome as the row of a file, so that it meets the same checks as every other; the course says the rest."""
    return OutcomeRow(
        row=1,
        account=account,
        document_type=None,
        document_number=None,
        name="",
        course_code=course_code,
        course_title="",
        awarded=awarded,
        credits=None,
        hours=None,
        hour_kind=None,
        level=None,
        category=None,
        grade="",
        valid_until=None,
        term="",
    )


def evidence_note(row: MasteryRequest, course: Course, rule: Rule, *, by_person: bool) -> EvidenceNote:
    """What the credential says of its evidence: how much, over which days, by which version of the rule; no answer."""
    shown = Evidence.from_json(row.evidence)
    words = {key: catalogue()[f"mastery.note.{key}"]["zh"] for key in ("name", "narrative", "by_person", "by_rule")}
    narrative = words["narrative"].format(
        course=course.title,
        skills=len(rule.skills),
        answers=len(shown.answers),
        questions=len({answer.question_id for answer in shown.answers}),
        days=len(shown.days),
        first=shown.days[0].isoformat() if shown.days else "—",
        last=shown.days[-1].isoformat() if shown.days else "—",
        decided=words["by_person" if by_person else "by_rule"],
        rule=row.rule_sha256,
        evidence=row.evidence_sha256,
    )
    return EvidenceNote(words["name"], narrative)


def decided(session: Session, row: MasteryRequest, by: UUID | None, now: datetime) -> None:
    """Keep what was decided; ``by`` None is the rule."""
    session.add(
        MasteryDecision(
            institution_id=row.institution_id,
            request_id=row.id,
            decision=row.state,
            decided_at=now,
            decided_by=by,
            reason=row.answer,
            rule_sha256=row.rule_sha256,
            evidence_sha256=row.evidence_sha256,
        )
    )
    session.flush()


def audited(
    session: Session, action: str, row: MasteryRequest, by: UUID | None, now: datetime, subject_id: UUID | None = None
) -> None:
    """Note an act on a request in the audit trail."""
    audit.record(
        session,
        action,
        now=now,
        person_id=by,
        institution_id=row.institution_id,
        subject_id=subject_id or row.id,
        rule=row.rule_sha256,
    )
