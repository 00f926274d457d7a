"""Contesting: a learner appeals against a decision, or the deciding body itself says that it is wrong (R26, R28).

Each is a case of its own about the decision, which others then take in ``correcting``.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from credit_bank import applying, casekeeping, deciding
from credit_bank.bank import CITY, Bank
from credit_bank.casekeeping import Item, Opening
from credit_bank.errors import Conflict, Forbidden, InvalidInput
from credit_bank.recognition.casework import working_days
from credit_bank.recognition.casework.independence import Reviewer
from credit_bank.recognition.casework.kind import AGAIN, APPEALABLE, OPEN, CaseKind, CaseState
from credit_bank.store import cases, learners
from credit_bank.store.tables import RecognitionCase

APPEAL_DAYS = 30
"""Working days after a decision in which a learner may appeal."""
CORRECTABLE = (CaseState.APPROVED, CaseState.CONSUMED, CaseState.REFUSED)
"""The states whose decision somebody of the deciding body may say to be wrong."""


def appeal(
    session: Session,
    bank: Bank,
    learner_id: UUID,
    case_id: UUID,
    *,
    grounds: str,
    items: Sequence[Item] = (),
    by: UUID | None,
) -> RecognitionCase:
    """申诉: ask for other people of the deciding body to look again (rule R26).

    Raises Missing ``case.unknown``; InvalidInput ``appeal.grounds_missing`` or as ``casekeeping.add_evidence``;
    Conflict ``appeal.not_decided``, ``appeal.late``, ``appeal.open_already`` or ``correction.open_already``.
    """
    case = applying.own(session, learner_id, case_id)
    if len(grounds.split()) == 0:
        raise InvalidInput("appeal.grounds_missing")
    if case.state not in APPEALABLE or case.kind == CaseKind.APPEAL:
        raise Conflict("appeal.not_decided")
    last = working_days.after(case.changed_at.astimezone(CITY).date(), APPEAL_DAYS).on
    if bank.today() > last:
        raise Conflict("appeal.late", until=last.isoformat())
    require_settled(session, case, appeal="appeal.open_already")
    opening = Opening.against(case, CaseKind.APPEAL, _asked_for(case), statement=grounds)
    row = casekeeping.open_case(session, bank, learners.get(session, case.learner_id), opening, by=by)
    casekeeping.add_evidence(session, bank, row, items, by=by)
    casekeeping.note(session, bank, case, "appealed", by=by)
    return row


def ask_correction(session: Session, bank: Bank, case_id: UUID, who: Reviewer, reason: str) -> RecognitionCase:
    """更正: somebody of the deciding body says that a decision is wrong; somebody else decides (rule R28).

    Raises Conflict ``correction.not_decided`` or ``correction.open_already``; Forbidden ``case.not_your_turn`` or
    ``case.own_case``; InvalidInput ``case.reason_missing``.
    """
    case = casekeeping.hold(session, case_id)
    if case.decider_id not in who.works_at:
        raise Forbidden("case.not_your_turn")
    if who.learner == case.learner_id:
        raise Forbidden("case.own_case")
    if not is_correctable(case):
        raise Conflict("correction.not_decided")
    require_settled(session, case)
    terms = {**_asked_for(case), "why": " ".join(reason_of(reason).split())[:1000]}
    opening = Opening.against(case, CaseKind.CORRECTION, terms)
    row = casekeeping.open_case(session, bank, learners.get(session, case.learner_id), opening, by=who.person)
    casekeeping.note(
        session, bank, case, "correction-asked", by=who.person, institution_id=case.decider_id, reason=reason
    )
    return row


def require_settled(session: Session, case: RecognitionCase, *, appeal: str = "correction.open_already") -> None:
    """Raise Conflict ``correction.open_already``, or ``appeal``, while others look at the decision again."""
    for one in cases.about(session, case.id):
        if one.kind in AGAIN and one.state in OPEN:
            raise Conflict(appeal if one.kind == CaseKind.APPEAL else "correction.open_already")


def is_correctable(case: RecognitionCase) -> bool:
    """Whether a decision can be put right; a promise that was redeemed has become an application of its own."""
    redeemed = case.kind == CaseKind.EX_ANTE and case.state == CaseState.CONSUMED
    return CaseKind(case.kind) in deciding.DECIDED and case.state in CORRECTABLE and not redeemed


def _asked_for(case: RecognitionCase) -> dict[str, object]:
    """The value, level and category that were asked for, where the case has them, so that others can be decided."""
    return {name: case.terms[name] for name in ("credits", "level", "category") if name in case.terms}


def reason_of(reason: str) -> str:
    """A reason that says something. Raises InvalidInput ``case.reason_missing``."""
    if len(" ".join(reason.split())) < 2:
        raise InvalidInput("case.reason_missing")
    return reason
