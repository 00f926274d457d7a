"""Reviewing: votes at the first review and in panels, and judgements of evidence; no vote gives credit (R24)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from credit_bank import casekeeping
from credit_bank.bank import Bank
from credit_bank.errors import Forbidden, InvalidInput
from credit_bank.recognition.casework import evidence, flow, independence
from credit_bank.recognition.casework.evidence import Criterion, Item, Judgement
from credit_bank.recognition.casework.independence import Interest, Reviewer
from credit_bank.recognition.casework.kind import CaseKind, CaseState, Stage, Vote
from credit_bank.store import cases
from credit_bank.store.tables import CaseReview, EvidenceJudgement, RecognitionCase


@dataclass(frozen=True, slots=True)
class Say:
    """A vote with what it rests on; a reason is needed for anything but agreement."""

    vote: Vote
    reason: str = ""
    interest: Interest = "none"


def vote(session: Session, bank: Bank, case_id: UUID, who: Reviewer, say: Say) -> RecognitionCase:
    """Give one vote, and move the case where the round is decided by it.

    At the second review a vote is kept and moves nothing, unless it returns the case: whoever decides is
    ``deciding.decide``. Raises Missing ``case.unknown``; Forbidden with the obstacle's code; InvalidInput
    ``case.reason_missing``; Conflict ``case.not_reviewed_now``.
    """
    case = casekeeping.hold(session, case_id)
    keep_vote(session, bank, case, who, say)
    stage = Stage(case.state)
    votes = [Vote(r.vote) for r in cases.reviews(session, case, round=case.round) if r.stage == stage.value]
    outcome = flow.result(votes, flow.quorum(stage, catalogued=case.catalogued))
    to = _next(CaseKind(case.kind), stage, outcome)
    if to is not None:
        body = case.institution_id
        action = {Vote.AGREE: "passed", Vote.DISAGREE: "not-passed", Vote.RETURN: "returned"}[outcome or Vote.RETURN]
        casekeeping.move(session, bank, case, to, action, by=who.person, institution_id=body, reason=say.reason)
    return case


def _next(kind: CaseKind, stage: Stage, outcome: Vote | None) -> CaseState | None:
    """Where a decided round leads; a refusal at the first review is final, but advice on appeals and impairments."""
    if outcome is None:
        return None
    if outcome is Vote.RETURN and CaseState.RETURNED in flow.next_states(kind, CaseState(stage.value)):
        return CaseState.RETURNED
    if stage is Stage.SECOND:
        return None
    if outcome is Vote.AGREE or kind in (CaseKind.APPEAL, CaseKind.IMPAIRMENT):
        return CaseState.SECOND_REVIEW
    return CaseState.REFUSED


def keep_vote(session: Session, bank: Bank, case: RecognitionCase, who: Reviewer, say: Say) -> CaseReview:
    """Check that the person may have a say, and keep it. Raises as ``vote``."""
    situation = casekeeping.situation(session, case)
    independence.require(who, situation, say.interest)
    plain = " ".join(say.reason.split())[:1000]
    if say.vote is not Vote.AGREE and len(plain) < 2:
        raise InvalidInput("case.reason_missing")
    row = CaseReview(
        learner_id=case.learner_id,
        case_id=case.id,
        round=case.round,
        stage=situation.stage.value,
        person_id=who.person,
        institution_id=case.institution_id,
        vote=say.vote.value,
        interest=say.interest,
        reason=plain,
        at=bank.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Forbidden("case.reviewed_already") from error
    body = case.institution_id
    casekeeping.note(session, bank, case, "reviewed", by=who.person, institution_id=body)
    return row


def judge(
    session: Session,
    bank: Bank,
    case_id: UUID,
    who: Reviewer,
    evidence_id: UUID,
    found: Mapping[str, str],
    *,
    reason: str = "",
) -> EvidenceJudgement:
    """Judge one item of evidence by all four criteria; judging it again replaces one's own judgement until the vote.

    Raises Missing ``case.unknown`` or ``evidence.unknown``; Forbidden with the obstacle's code; InvalidInput
    ``evidence.judgement_missing``.
    """
    case = casekeeping.hold(session, case_id)
    independence.require(who, casekeeping.situation(session, case))
    item = cases.evidence_item(session, case, evidence_id)
    judged = {criterion.value: value.value for criterion, value in evidence.check_judged(found).items()}
    mine = [j for j in cases.judgements(session, case.learner_id, [item.id]) if j.person_id == who.person]
    now = bank.now()
    row = (
        mine[0]
        if mine
        else EvidenceJudgement(learner_id=case.learner_id, evidence_id=item.id, person_id=who.person, at=now)
    )
    row.found, row.reason, row.at = judged, " ".join(reason.split())[:1000], now
    session.add(row)
    session.flush()
    return row


def coverage(session: Session, case: RecognitionCase) -> dict[str, bool]:
    """Of each unit outcome that a case of prior learning claims, whether accepted evidence shows it (rule R23)."""
    items = cases.evidence(session, case)
    judged: dict[str, list[dict[Criterion, Judgement]]] = {}
    for row in cases.judgements(session, case.learner_id, [i.id for i in items]):
        found = {Criterion(key): Judgement(value) for key, value in row.found.items()}
        judged.setdefault(str(row.evidence_id), []).append(found)
    units = case.terms.get("units")
    wanted = [str(unit) for unit in units] if isinstance(units, list) else []
    return evidence.coverage(wanted, [Item(str(i.id), frozenset(i.shows)) for i in items], judged)
