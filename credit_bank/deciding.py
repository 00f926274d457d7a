"""Deciding: the last word of a second review. A person decides, and gives a reason for every departure (R31).

What commits together: the vote, the decision with the proposal as it was, the postings, the signed credential and its
leaf, and the case's new state. A refusal is a decision too, but no credential: nobody has to carry one.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from credit_bank import casekeeping, certifying, establishing, granting, reviewing
from credit_bank.account.amount import Credit, Denomination, checked
from credit_bank.bank import Bank
from credit_bank.errors import Conflict, Forbidden, InvalidInput, Missing
from credit_bank.granting import Actor
from credit_bank.recognition.casework import departure, flow, snapshot, working_days
from credit_bank.recognition.casework.independence import Interest, Reviewer
from credit_bank.recognition.casework.kind import CaseKind, CaseState, Stage, Vote
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.reviewing import Say
from credit_bank.store import cases
from credit_bank.store.tables import CaseDecision, RecognitionCase
from credit_bank.store.types import new_id

DECIDED = (CaseKind.RECOGNITION, CaseKind.CONVERSION, CaseKind.RPL, CaseKind.EX_ANTE)


@dataclass(frozen=True, slots=True)
class Ruling:
    """What somebody decides.

    ``granted`` are the candidates of a conversion, None for those that were asked for; ``credit`` is the value, level
    and category of a recognition, None for those that were asked for.
    """

    approve: bool
    granted: tuple[str, ...] | None = None
    credit: Credit | None = None
    reason: str = ""
    interest: Interest = "none"


def decide(session: Session, bank: Bank, case_id: UUID, who: Reviewer, ruling: Ruling) -> RecognitionCase:
    """Vote at the second review and decide, when with this vote enough are in and most say the same.

    Raises Missing ``case.unknown``; Forbidden with the obstacle's code; Conflict ``case.not_reviewed_now``,
    ``case.quorum_missing`` or ``case.votes_against``; InvalidInput ``case.reason_missing``,
    ``case.departure_reason_missing`` or as ``snapshot.grantable``; whatever posting and issuing raise.
    """
    case = casekeeping.hold(session, case_id)
    if case.state != CaseState.SECOND_REVIEW or CaseKind(case.kind) not in DECIDED:
        raise Conflict("case.not_reviewed_now")
    body = case.institution_id
    count(
        session, bank, case, who, Say(Vote.AGREE if ruling.approve else Vote.DISAGREE, ruling.reason, ruling.interest)
    )
    actor = Actor(who.person, body)
    if not ruling.approve:
        record(session, bank, case, "refused", actor, reason=ruling.reason)
        casekeeping.move(
            session, bank, case, CaseState.REFUSED, "refused", by=who.person, institution_id=body, reason=ruling.reason
        )
        return case
    days = case.terms.get("notice_days")
    if case.kind == CaseKind.CONVERSION and isinstance(days, int) and days > 0:
        _begin_notice(session, bank, case, actor, ruling, days)
        return case
    approve(session, bank, case, actor, ruling)
    casekeeping.move(
        session, bank, case, CaseState.APPROVED, "approved", by=who.person, institution_id=body, reason=ruling.reason
    )
    return case


def count(session: Session, bank: Bank, case: RecognitionCase, who: Reviewer, say: Say) -> None:
    """Keep the decider's own vote and see that enough agree with it. Raises as ``decide``."""
    reviewing.keep_vote(session, bank, case, who, say)
    votes = [Vote(r.vote) for r in cases.reviews(session, case, round=case.round) if r.stage == Stage.SECOND.value]
    needed = flow.quorum(Stage.SECOND, catalogued=case.catalogued)
    came = flow.result(votes, needed)
    if came is None:
        raise Conflict("case.quorum_missing", given=len(votes), needed=needed)
    if came is not say.vote:
        raise Conflict("case.votes_against")


def _begin_notice(session: Session, bank: Bank, case: RecognitionCase, actor: Actor, ruling: Ruling, days: int) -> None:
    """公示: the decision is kept with its departures checked, and posted when the notice has ended."""
    granted = _granted(case, ruling)
    _departures(case, ruling, granted)
    case.terms = {
        **case.terms,
        "ruled": {"granted": granted, "reason": ruling.reason, "by": str(actor.person) if actor.person else ""},
    }
    case.notice_until = working_days.after(bank.today(), days).on
    casekeeping.move(
        session, bank, case, CaseState.NOTICE, "noticed", by=actor.person, institution_id=actor.institution,
        reason=ruling.reason,
    )  # fmt: skip


def object_to_notice(session: Session, bank: Bank, case_id: UUID, who: Reviewer, objection: str) -> RecognitionCase:
    """Somebody objected while a notice ran, or before it was posted: back to the second review.

    Raises Conflict ``case.move_not_allowed``; Forbidden ``case.not_your_turn``; InvalidInput ``case.reason_missing``.
    """
    case = casekeeping.hold(session, case_id)
    if case.state != CaseState.NOTICE:
        raise Conflict("case.move_not_allowed", kind=case.kind, state=case.state, to=CaseState.SECOND_REVIEW.value)
    if case.institution_id not in who.works_at:
        raise Forbidden("case.not_your_turn")
    if len(objection.split()) == 0:
        raise InvalidInput("case.reason_missing")
    return _review_again(session, bank, case, "objected", reason=objection, by=who.person)


def _review_again(
    session: Session, bank: Bank, case: RecognitionCase, action: str, *, reason: str, by: UUID | None
) -> RecognitionCase:
    case.round += 1
    case.notice_until = None
    body = case.institution_id
    casekeeping.move(session, bank, case, CaseState.SECOND_REVIEW, action, by=by, institution_id=body, reason=reason)
    return case


def end_notice(session: Session, bank: Bank, case_id: UUID) -> RecognitionCase | None:
    """Post what was decided once the last day of its notice has passed; None where there is nothing to end (any more).

    What cannot be posted as it was decided, since something changed meanwhile, goes back to the second review with the
    error's code and parameters in ``terms``. Raises Unavailable as the database does.
    """
    case = casekeeping.hold(session, case_id)
    last = case.notice_until
    if case.state != CaseState.NOTICE or last is None or bank.today() <= last:
        return None
    ruled = case.terms["ruled"]
    assert isinstance(ruled, dict)
    actor = Actor(UUID(ruled["by"]) if ruled["by"] else None, case.institution_id)
    ruling = Ruling(True, granted=tuple(ruled["granted"]), reason=str(ruled["reason"]))
    try:
        with session.begin_nested():
            approve(session, bank, case, actor, ruling)
            casekeeping.move(
                session, bank, case, CaseState.APPROVED, "approved", by=None, institution_id=actor.institution
            )
    except (Conflict, Forbidden, InvalidInput, Missing) as error:
        session.refresh(case)
        case.terms = {**case.terms, "not_posted": {"code": error.code, "parameters": error.parameters}}
        return _review_again(session, bank, case, "not-posted", reason="", by=None)
    return case


def approve(
    session: Session,
    bank: Bank,
    case: RecognitionCase,
    actor: Actor,
    ruling: Ruling,
    *,
    supersedes: CaseDecision | None = None,
) -> CaseDecision:
    """Post, keep and certify a decision in the learner's favour; the caller moves the case. Raises as ``decide``."""
    granted = _granted(case, ruling)
    departures = _departures(case, ruling, granted)
    decision_id = new_id()
    kind = CaseKind(case.kind)
    if kind is CaseKind.CONVERSION:
        given, said = certifying.conversion(session, bank, case, decision_id, granted, actor)
        offers = snapshot.grantable(case.proposal, granted)
        cases.set_sources(session, case, [UUID(outcome) for offer in offers for outcome in offer.spends])
        establishing.of_conversion(session, bank, case, offers, certifying.programme_of(session, case), actor.person)
    elif kind is CaseKind.RPL:
        given, said = certifying.prior_learning(session, bank, case, decision_id, _credit(case, ruling), actor)
    elif kind is CaseKind.EX_ANTE:
        given, said = certifying.promise(session, bank, case)
    else:
        given, said = certifying.recognition(session, bank, case, decision_id, _credit(case, ruling), actor)
    outcome_id, credential_id = granting.certify(session, bank, case, said, actor.person)
    return record(
        session, bank, case, "approved", actor, reason=ruling.reason, id=decision_id, granted=given,
        departures=departures, carried=(outcome_id, credential_id), supersedes=supersedes,
    )  # fmt: skip


def _granted(case: RecognitionCase, ruling: Ruling) -> list[str]:
    if case.kind != CaseKind.CONVERSION:
        return []
    asked = case.terms.get("wanted")
    wanted = [str(one) for one in asked] if isinstance(asked, list) else []
    granted = wanted if ruling.granted is None else list(ruling.granted)
    if not snapshot.grantable(case.proposal, granted):
        raise InvalidInput("case.nothing_wanted")
    return granted


def _departures(case: RecognitionCase, ruling: Ruling, granted: list[str]) -> dict[str, list[str]]:
    """Where the ruling departs from what was asked for. Raises InvalidInput ``case.departure_reason_missing``."""
    if case.kind == CaseKind.CONVERSION:
        asked = case.terms.get("wanted")
        wanted = [str(one) for one in asked] if isinstance(asked, list) else []
        found = departure.compare(wanted, granted, list(snapshot.offers(case.proposal)))
    elif ruling.credit is not None and "credits" in case.terms:
        credit, of = ruling.credit, ruling.credit.of
        stated = {"credits": credit.amount, "level": of.level, "category": of.category}
        changed = tuple(name for name, value in stated.items() if value != case.terms[name])
        found = departure.Departure(tuple(f"{name}={case.terms[name]}" for name in changed), changed)
    else:
        found = departure.Departure((), ())
    departure.check_reason(found, ruling.reason)
    return {"left_out": list(found.left_out), "added": list(found.added)} if found.is_one else {}


def _credit(case: RecognitionCase, ruling: Ruling) -> Credit:
    if ruling.credit is not None:
        return checked(ruling.credit)
    amount = case.terms["credits"]
    assert isinstance(amount, int)
    of = Denomination(EVERGREEN.id, str(case.terms["level"]), str(case.terms["category"]))
    return checked(Credit(amount, of))


def record(
    session: Session,
    bank: Bank,
    case: RecognitionCase,
    verdict: str,
    actor: Actor,
    *,
    reason: str,
    id: UUID | None = None,
    granted: list[dict[str, object]] | None = None,
    departures: dict[str, list[str]] | None = None,
    carried: tuple[UUID, UUID] | None = None,
    supersedes: CaseDecision | None = None,
) -> CaseDecision:
    """Keep a decision with the proposal and the rule sets' hashes as they are now."""
    given = granted or []
    row = CaseDecision(
        id=id or new_id(),
        learner_id=case.learner_id,
        case_id=case.id,
        institution_id=actor.institution,
        verdict=verdict,
        proposal=case.proposal,
        granted=given,
        departures=departures or {},
        rulesets=sorted({str(g["sha256"]) for g in given if g.get("sha256")}),
        reason=" ".join(reason.split())[:2000],
        decided_at=bank.now(),
        decided_by=actor.person,
        outcome_id=carried[0] if carried else None,
        credential_id=carried[1] if carried else None,
        supersedes=supersedes.id if supersedes else None,
    )
    session.add(row)
    session.flush()
    if supersedes is not None:
        supersedes.superseded_by = row.id
        session.add(supersedes)
        session.flush()
    return row
