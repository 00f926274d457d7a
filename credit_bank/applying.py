"""Applying: a learner asks for recognition, conversion or a promise, shows prior learning, hands more in, withdraws.

What is proposed for a conversion was computed before (``proposal``); the case keeps it whole, so that whoever decides
and whoever asks years later see what the rules said that day (rules R19, R31).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from credit_bank import casekeeping, registering
from credit_bank.bank import Bank
from credit_bank.casekeeping import Item, Opening
from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.recognition.casework import independence, snapshot
from credit_bank.recognition.casework.flow import first
from credit_bank.recognition.casework.independence import Body
from credit_bank.recognition.casework.kind import OPEN, CaseKind, CaseState
from credit_bank.recognition.evaluation.proposal import Proposal
from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.store import account, cases, documents, institutions, learners, outcomes
from credit_bank.store.tables import Learner, Outcome, PublishedDocument, RecognitionCase


@dataclass(frozen=True, slots=True)
class PriorLearning:
    """What a learner says to have learned without a certificate, and wants recognised at ``institution_id``.

    ``credits`` in the framework's smallest step; ``units`` are the unit outcomes that the evidence is to show.
    """

    institution_id: UUID
    title: str
    category: Category
    credits: int
    level: str
    units: tuple[str, ...]
    statement: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Promise:
    """A course that a learner is going to take elsewhere, and the course of the programme that it is to count for."""

    source: UUID
    source_code: str
    source_title: str
    course: str
    latest: date
    statement: str = ""


def recognition(
    session: Session, bank: Bank, learner_id: UUID, outcome_id: UUID, *, statement: str = "", by: UUID | None
) -> RecognitionCase:
    """Ask for an outcome with a credential to be recognised (认定): first review, then the centre.

    Raises Missing ``outcome.unknown``; Conflict ``case.not_issued``, ``case.open_already``,
    ``account.already_recognised`` or ``case.no_centre``.
    """
    learner = learners.hold_current(session, [learner_id], to_change=True)[learner_id]
    outcome = outcomes.get(session, learner.id, outcome_id)
    if outcome.state != "issued" or outcome.source == "decision":
        raise Conflict("case.not_issued", title=outcome.title)
    if account.lots(session, [learner.id], [outcome.id])[outcome.id].recognition is not None:
        raise Conflict("account.already_recognised", title=outcome.title)
    check_none_open(session, learner, [outcome.id], CaseKind.RECOGNITION)
    awarder = institutions.awarder(session, outcome.institution_id)
    centre = casekeeping.centre(session).id
    body = independence.first_body(Body(awarder.id, awarder.tier, awarder.parent_id))
    opening = Opening(
        kind=CaseKind.RECOGNITION,
        body=centre if awarder.tier == "region" else body,
        decider=centre,
        title=outcome.title,
        catalogued=outcome.course_id is not None,
        terms={"credits": outcome.credits, "level": outcome.level or "", "category": outcome.category},
        statement=statement,
        sources=(outcome.id,),
    )
    return casekeeping.open_case(session, bank, learner, opening, by=by)


def check_none_open(session: Session, learner: Learner, outcome_ids: Sequence[UUID], kind: CaseKind) -> None:
    """Raise Conflict ``case.open_already`` where a case of that kind about one of these outcomes is undecided."""
    for outcome_id in outcome_ids:
        if cases.open_about_outcome(session, learner.id, outcome_id, kind.value) is not None:
            raise Conflict("case.open_already", title=outcomes.get(session, learner.id, outcome_id).title)


def conversion(
    session: Session,
    bank: Bank,
    learner_id: UUID,
    programme_id: UUID,
    proposal: Proposal,
    *,
    wanted: Sequence[str] | None = None,
    identity: str = "document-seen",
    notice_days: int = 0,
    statement: str = "",
    by: UUID | None,
) -> RecognitionCase:
    """Apply for credit in a programme (转换): what is proposed, or the candidates that the learner ``wanted`` of it.

    ``identity`` is the level that the rules ask for (rule R30), ``notice_days`` the working days of public notice that
    they ask for. Raises Conflict ``case.identity_too_low``, ``case.programme_closed`` or ``case.open_already``;
    InvalidInput ``case.nothing_wanted`` or as ``snapshot.grantable``.
    """
    learner = learners.hold_current(session, [learner_id], to_change=True)[learner_id]
    if identity == "document-seen" and learner.identity_level != "document-seen":
        raise Conflict("case.identity_too_low")
    programme = _programme(session, bank, programme_id)
    kept = snapshot.of_proposal(proposal)
    asked = list(proposal.chosen if wanted is None else wanted)
    offers = snapshot.grantable(kept, asked)
    if not offers:
        raise InvalidInput("case.nothing_wanted")
    used = sorted({UUID(outcome) for offer in offers for outcome in offer.spends})
    for outcome_id in used:
        outcomes.get(session, learner.id, outcome_id)
    check_none_open(session, learner, used, CaseKind.CONVERSION)
    opening = Opening(
        kind=CaseKind.CONVERSION,
        body=programme.institution_id,
        decider=programme.institution_id,
        receiver=programme.institution_id,
        title=programme.title,
        programme=programme.key,
        programme_id=programme.id,
        catalogued=True,
        proposal=kept,
        terms={"wanted": asked, "notice_days": notice_days},
        statement=statement,
        sources=tuple(used),
    )
    return casekeeping.open_case(session, bank, learner, opening, by=by)


def _programme(session: Session, bank: Bank, programme_id: UUID) -> PublishedDocument:
    found = documents.get(session, programme_id)
    day = bank.today()
    ended = found.valid_until is not None and found.valid_until < day
    if found.kind != "programme" or found.state != "in-force" or day < found.valid_from or ended:
        raise Conflict("case.programme_closed", title=found.title)
    return found


def prior_learning(
    session: Session, bank: Bank, learner_id: UUID, claim: PriorLearning, *, by: UUID | None
) -> RecognitionCase:
    """Ask for learning without a certificate to be recognised (无定式成果, rule R23): a panel, then the centre.

    Raises InvalidInput ``case.title_missing``, ``case.units_missing``, ``case.evidence_missing`` or as
    ``casekeeping.add_evidence`` and ``framework.level``; Conflict ``case.no_centre``.
    """
    learner = learners.hold_current(session, [learner_id], to_change=True)[learner_id]
    if not claim.title.strip():
        raise InvalidInput("case.title_missing")
    if not claim.units:
        raise InvalidInput("case.units_missing")
    if not claim.items:
        raise InvalidInput("case.evidence_missing")
    if claim.credits <= 0:
        raise InvalidInput("framework.credit_malformed", value=EVERGREEN.credits(claim.credits))
    EVERGREEN.level(claim.level)
    opening = Opening(
        kind=CaseKind.RPL,
        body=institutions.get(session, claim.institution_id).id,
        decider=casekeeping.centre(session).id,
        receiver=claim.institution_id,
        title=claim.title.strip(),
        terms={
            "credits": claim.credits,
            "level": claim.level,
            "category": claim.category.value,
            "units": list(claim.units),
        },
        statement=claim.statement,
    )
    case = casekeeping.open_case(session, bank, learner, opening, by=by)
    casekeeping.add_evidence(session, bank, case, claim.items, by=by)
    return case


def promise(
    session: Session, bank: Bank, learner_id: UUID, programme_id: UUID, asked: Promise, *, by: UUID | None
) -> RecognitionCase:
    """Ask for a promise that a future course will count (事先约定, rule R25).

    Raises Conflict ``case.programme_closed`` or ``case.open_already``; InvalidInput ``case.promise_past``,
    ``case.title_missing``, ``programme.course_unknown`` or ``case.course_excluded`` (rule R13).
    """
    learner = learners.hold_current(session, [learner_id], to_change=True)[learner_id]
    programme = _programme(session, bank, programme_id)
    if asked.latest <= bank.today():
        raise InvalidInput("case.promise_past")
    if not asked.source_title.strip() or not asked.course.strip():
        raise InvalidInput("case.title_missing")
    target = registering.programme(programme)
    course = target.course(asked.course.strip())
    if not course.convertible or not target.component(course.component).convertible:
        raise InvalidInput("case.course_excluded", title=course.title)
    for other in cases.of_learner(session, learner.id):
        same = (other.programme_id, other.course, other.title) == (
            programme.id,
            course.code,
            asked.source_title.strip(),
        )
        if other.kind == CaseKind.EX_ANTE and same and other.state in (*OPEN, CaseState.APPROVED):
            raise Conflict("case.open_already", title=other.title)
    opening = Opening(
        kind=CaseKind.EX_ANTE,
        body=programme.institution_id,
        decider=programme.institution_id,
        receiver=programme.institution_id,
        title=asked.source_title.strip(),
        programme=programme.key,
        programme_id=programme.id,
        course=course.code,
        catalogued=True,
        terms={
            "source": str(institutions.get(session, asked.source).id),
            "code": asked.source_code.strip(),
            "latest": asked.latest.isoformat(),
        },
        statement=asked.statement,
    )
    return casekeeping.open_case(session, bank, learner, opening, by=by)


def hand_in_again(
    session: Session, bank: Bank, learner_id: UUID, case_id: UUID, items: Sequence[Item], *, note: str, by: UUID | None
) -> RecognitionCase:
    """Hand a returned case in again, with what was missing: a new round of reviews begins.

    Raises Missing ``case.unknown``; Conflict ``case.move_not_allowed``; InvalidInput ``case.note_missing``.
    """
    case = own(session, learner_id, case_id)
    if not note.strip() and not items:
        raise InvalidInput("case.note_missing")
    if case.state != CaseState.RETURNED:
        raise Conflict("case.move_not_allowed", kind=case.kind, state=case.state, to=first(CaseKind(case.kind)).value)
    casekeeping.add_evidence(session, bank, case, items, by=by)
    case.round += 1
    casekeeping.move(session, bank, case, first(CaseKind(case.kind)), "handed-in-again", by=by, reason=note)
    return case


def withdraw(session: Session, bank: Bank, learner_id: UUID, case_id: UUID, *, by: UUID | None) -> RecognitionCase:
    """Withdraw what is not decided yet. Raises Missing ``case.unknown``; Conflict ``case.move_not_allowed``."""
    case = own(session, learner_id, case_id)
    if case.state not in OPEN:
        raise Conflict("case.move_not_allowed", kind=case.kind, state=case.state, to=CaseState.WITHDRAWN.value)
    casekeeping.move(session, bank, case, CaseState.WITHDRAWN, "withdrawn", by=by)
    return case


def own(session: Session, learner_id: UUID, case_id: UUID) -> RecognitionCase:
    """A learner's own case, held. Raises Missing ``case.unknown`` for another's."""
    case = casekeeping.hold(session, case_id)
    if case.learner_id != learners.get(session, learner_id).id:
        raise Missing("case.unknown")
    return case


def outcomes_of(session: Session, case: RecognitionCase) -> list[Outcome]:
    """The outcomes that a case rests on."""
    return [outcomes.get(session, case.learner_id, outcome_id) for outcome_id in cases.sources(session, case)]
