"""Correcting: wrong decisions are taken back by reversing entries and superseded; where appeals and impairments end.

Nothing is deleted (rule R28): the old decision names the one that stands in its place, its credential is revoked, its
postings are reversed by journals of their own.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from credit_bank import casekeeping, deciding, establishing, granting, impairing, redeeming, revoking
from credit_bank.bank import Bank
from credit_bank.contesting import reason_of
from credit_bank.deciding import Ruling
from credit_bank.errors import Conflict
from credit_bank.granting import Actor
from credit_bank.recognition.casework.flow import first
from credit_bank.recognition.casework.independence import Interest, Reviewer
from credit_bank.recognition.casework.kind import AGAIN, CaseKind, CaseState, Vote
from credit_bank.reviewing import Say
from credit_bank.store import cases, credentials
from credit_bank.store.tables import CaseDecision, RecognitionCase

Appealed = Literal["uphold", "vary", "annul"]
Impaired = Literal["keep", "substitute", "reverse"]
_ENDS: dict[str, CaseState] = {
    "uphold": CaseState.UPHELD,
    "vary": CaseState.VARIED,
    "annul": CaseState.ANNULLED,
    "keep": CaseState.KEPT,
    "substitute": CaseState.SUBSTITUTED,
    "reverse": CaseState.REVERSED,
}


def decide_again(
    session: Session, bank: Bank, case_id: UUID, who: Reviewer, verdict: Appealed, ruling: Ruling
) -> RecognitionCase:
    """Uphold, vary (``ruling`` says how) or annul what an appeal or a correction is about; always with a reason.

    Annulling a refusal has the case reviewed anew. Raises as ``deciding.decide``; Conflict ``case.check_first`` while
    what was decided is impaired, ``case.move_not_allowed`` for a verdict that is none of ``verdicts``.
    """
    case = _second_review(session, case_id, *AGAIN)
    actor, correction = Actor(who.person, case.institution_id), case.kind == CaseKind.CORRECTION
    vote = Vote.DISAGREE if verdict == "uphold" else Vote.AGREE
    deciding.count(session, bank, case, who, Say(vote, reason_of(ruling.reason), ruling.interest))
    assert case.about is not None
    target = cases.get(session, case.about, to_change=True)
    if target.state == CaseState.IMPAIRED:
        raise Conflict("case.check_first")
    if verdict not in verdicts(target):
        raise Conflict("case.move_not_allowed", kind=target.kind, state=target.state, to=_ENDS[verdict].value)
    standing = cases.standing_decision(session, target)
    if target.kind == CaseKind.IMPAIRMENT:
        _check_again(session, bank, target, verdict, ruling, actor)
    elif verdict == "vary":
        _vary(session, bank, target, standing, ruling, actor, "corrected" if correction else "appeal_varied")
    elif verdict == "annul":
        _annul(session, bank, target, standing, ruling, actor, "correction" if correction else "appeal")
    elif correction:
        casekeeping.note(
            session, bank, target, "correction-upheld", by=who.person, institution_id=actor.institution,
            reason=ruling.reason,
        )  # fmt: skip
    return _end(session, bank, case, verdict, actor, ruling.reason)


def verdicts(about: RecognitionCase) -> tuple[Appealed, ...]:
    """What an appeal or a correction about a case can end in.

    A check after a revocation is made anew where something still stands. What was reversed can only be given again, on
    a substitute or as it was. A promise says one thing, so it stands or falls. What is impaired waits for its check.
    """
    if about.state == CaseState.IMPAIRED:
        return ()
    if about.state == CaseState.REVERSED:
        return ("uphold", "vary")
    standing_promise = about.kind == CaseKind.EX_ANTE and about.state == CaseState.APPROVED
    if about.kind == CaseKind.IMPAIRMENT or standing_promise:
        return ("uphold", "annul")
    return ("uphold", "vary", "annul")


def _check_again(
    session: Session, bank: Bank, check: RecognitionCase, verdict: Appealed, ruling: Ruling, actor: Actor
) -> None:
    """Carry out an appeal about a check, on the case that it was about."""
    assert check.about is not None
    decided = cases.get(session, check.about, to_change=True)
    if verdict == "annul":
        check.round += 1
        _move(session, bank, decided, CaseState.IMPAIRED, "appeal-annulled", actor, ruling.reason)
        _move(session, bank, check, first(CaseKind.IMPAIRMENT), "appeal-annulled", actor, ruling.reason)
    elif verdict == "vary":
        decided.proposal = check.proposal = impairing.proposal_now(session, bank, check)
        decided.terms = {**decided.terms, "wanted": list(ruling.granted or ())}
        _replace(session, bank, decided, cases.standing_decision(session, decided), ruling, actor, "appeal_varied")


def _vary(
    session: Session,
    bank: Bank,
    target: RecognitionCase,
    standing: CaseDecision | None,
    ruling: Ruling,
    actor: Actor,
    why: str,
) -> None:
    """Another decision in its place; what was consumed by it is consumed by the new one."""
    consumed = target.state == CaseState.CONSUMED
    _replace(session, bank, target, standing, ruling, actor, why)
    if consumed:
        redeeming.consume_again(session, bank, target, actor)


def _annul(
    session: Session,
    bank: Bank,
    target: RecognitionCase,
    standing: CaseDecision | None,
    ruling: Ruling,
    actor: Actor,
    by: str,
) -> None:
    if standing is not None and standing.granted:
        void(session, bank, target, standing, f"{by}_annulled", ruling.reason, actor)
    to = first(CaseKind(target.kind)) if target.state == CaseState.REFUSED else CaseState.REVERSED
    target.round += 1
    _move(session, bank, target, to, f"{by}-annulled", actor, ruling.reason)


def decide_impairment(
    session: Session,
    bank: Bank,
    case_id: UUID,
    who: Reviewer,
    verdict: Impaired,
    *,
    granted: Sequence[str] = (),
    reason: str,
    interest: Interest = "none",
) -> RecognitionCase:
    """Keep what is impaired, let it rest on a substitute (``granted`` of what is proposed that day), or reverse it.

    Raises Conflict ``case.grace_runs`` for a reversal before the day until which the learner may bring something else;
    otherwise as ``deciding.decide`` and ``granting.take_back``.
    """
    case = _second_review(session, case_id, CaseKind.IMPAIRMENT)
    grace = date.fromisoformat(str(case.terms["grace_until"]))
    if verdict == "reverse" and bank.today() <= grace:
        raise Conflict("case.grace_runs", until=grace.isoformat())
    actor = Actor(who.person, case.institution_id)
    deciding.count(session, bank, case, who, Say(Vote.AGREE, reason_of(reason), interest))
    assert case.about is not None
    target = cases.get(session, case.about, to_change=True)
    if target.state != CaseState.IMPAIRED:
        raise Conflict("case.move_not_allowed", kind=target.kind, state=target.state, to=_ENDS[verdict].value)
    standing = cases.standing_decision(session, target)
    before = CaseState.CONSUMED if target.consumed else CaseState.APPROVED
    if verdict == "reverse":
        if standing is not None:
            void(session, bank, target, standing, "impairment_reversed", reason, actor)
        _move(session, bank, target, CaseState.REVERSED, "reversed", actor, reason)
    elif verdict == "keep":
        _move(session, bank, target, before, "kept", actor, reason)
    else:
        target.proposal = case.proposal = impairing.proposal_now(session, bank, case)
        target.terms = {**target.terms, "wanted": list(granted)}
        ruling = Ruling(True, granted=tuple(granted), reason=reason)
        _replace(session, bank, target, standing, ruling, actor, "impairment_substituted", moves=False)
        _move(session, bank, target, CaseState.APPROVED, "substituted", actor, reason)
        if before is CaseState.CONSUMED:
            redeeming.consume_again(session, bank, target, actor)
            _move(session, bank, target, CaseState.CONSUMED, "consumed", actor, reason)
    return _end(session, bank, case, verdict, actor, reason)


WRONG = frozenset({"appeal_annulled", "appeal_varied", "correction_annulled", "corrected"})
"""Why a decision fell that was wrong in itself; others fell because what they rested on did."""


def void(
    session: Session, bank: Bank, case: RecognitionCase, decision: CaseDecision, why: str, reason: str, actor: Actor
) -> None:
    """Reverse what a decision posted and revoke the credential that says it."""
    granting.take_back(session, bank, case, decision, why, actor)
    if why in WRONG:
        establishing.take_back(session, case, reason=reason, now=bank.clock(), by=actor.person)
        if case.kind == CaseKind.RPL:
            _take_learning_back(session, bank, case, decision, reason, actor)
    if decision.credential_id is not None:
        revoking.change_status(
            session, bank, decision.institution_id, decision.credential_id, "revoke", reason=reason,
            changed_by=actor.person,
        )  # fmt: skip


def _take_learning_back(
    session: Session, bank: Bank, case: RecognitionCase, decision: CaseDecision, reason: str, actor: Actor
) -> None:
    """Revoke the credential of the learning that a wrong decision made an outcome; the case rests on it no more."""
    cases.set_sources(session, case, [])
    for given in decision.granted:
        held = credentials.of_outcome(session, case.learner_id, UUID(str(given["outcome"])))
        if held is not None and revoking.standing(credentials.changes(session, held)).state != "revoked":
            revoking.change_status(
                session, bank, held.institution_id, held.id, "revoke", reason=reason, changed_by=actor.person
            )


def _replace(
    session: Session,
    bank: Bank,
    case: RecognitionCase,
    standing: CaseDecision | None,
    ruling: Ruling,
    actor: Actor,
    why: str,
    *,
    moves: bool = True,
) -> None:
    if standing is not None and standing.verdict == "approved" and case.state != CaseState.REVERSED:
        void(session, bank, case, standing, why, ruling.reason, actor)
    deciding.approve(session, bank, case, actor, ruling, supersedes=standing)
    if not moves:
        return
    if case.state in (CaseState.APPROVED, CaseState.CONSUMED):
        case.changed_at = bank.now()  # from now on the learner may appeal against what stands now
        casekeeping.note(
            session, bank, case, why.replace("_", "-"), by=actor.person, institution_id=actor.institution,
            reason=ruling.reason,
        )  # fmt: skip
    else:
        _move(session, bank, case, CaseState.APPROVED, why.replace("_", "-"), actor, ruling.reason)


def _second_review(session: Session, case_id: UUID, *kinds: CaseKind) -> RecognitionCase:
    case = casekeeping.hold(session, case_id)
    if case.kind not in kinds or case.state != CaseState.SECOND_REVIEW:
        raise Conflict("case.not_reviewed_now")
    return case


def _move(
    session: Session, bank: Bank, case: RecognitionCase, to: CaseState, action: str, actor: Actor, reason: str
) -> None:
    casekeeping.move(session, bank, case, to, action, by=actor.person, institution_id=actor.institution, reason=reason)


def _end(
    session: Session, bank: Bank, case: RecognitionCase, verdict: str, actor: Actor, reason: str
) -> RecognitionCase:
    end = _ENDS[verdict]
    deciding.record(session, bank, case, end.value, actor, reason=reason)
    _move(session, bank, case, end, end.value, actor, reason)
    return case
