"""Redeeming: converted credits are consumed (兑换) for a programme; a promise becomes an application for conversion."""

from datetime import date
from uuid import UUID, uuid5

from sqlmodel import Session

from credit_bank import applying, casekeeping, contesting, crediting, registering
from credit_bank.account.journal import Decision
from credit_bank.bank import Bank
from credit_bank.casekeeping import Opening
from credit_bank.errors import Conflict, Forbidden, InvalidInput
from credit_bank.granting import SOURCE, Actor
from credit_bank.recognition.casework.independence import Reviewer
from credit_bank.recognition.casework.kind import CaseKind, CaseState
from credit_bank.store import account, cases, documents, learners, outcomes
from credit_bank.store.outcomes import PortfolioFilter
from credit_bank.store.tables import Outcome, RecognitionCase


def consume(session: Session, bank: Bank, case_id: UUID, who: Reviewer, *, note: str = "") -> RecognitionCase:
    """兑换: the receiving institution consumes what a conversion holds; not the person who decided it.

    Raises Conflict ``case.move_not_allowed``; Forbidden ``case.not_your_turn`` or ``case.reviewed_already``.
    """
    case = casekeeping.hold(session, case_id)
    decision = cases.standing_decision(session, case)
    if case.kind != CaseKind.CONVERSION or case.state != CaseState.APPROVED or decision is None:
        raise Conflict("case.move_not_allowed", kind=case.kind, state=case.state, to=CaseState.CONSUMED.value)
    if case.receiver_id not in who.works_at:
        raise Forbidden("case.not_your_turn")
    if who.learner == case.learner_id:
        raise Forbidden("case.own_case")
    if decision.decided_by == who.person:
        raise Forbidden("case.reviewed_already")
    assert case.receiver_id is not None
    consume_again(session, bank, case, Actor(who.person, case.receiver_id))
    casekeeping.move(
        session, bank, case, CaseState.CONSUMED, "consumed", by=who.person, institution_id=case.receiver_id, reason=note
    )
    return case


def consume_again(session: Session, bank: Bank, case: RecognitionCase, actor: Actor) -> None:
    """Consume everything that the standing decision holds, and keep which journal consumed what."""
    decision = cases.standing_decision(session, case)
    held = [UUID(str(one["journal"])) for one in decision.granted if one.get("journal")] if decision else []
    consumed = {str(journal): str(_consume(session, bank, case, journal, actor)) for journal in held}
    case.terms = {**case.terms, "consumptions": consumed}
    case.consumed = True
    session.add(case)


def _consume(session: Session, bank: Bank, case: RecognitionCase, conversion: UUID, actor: Actor) -> UUID:
    decided = Decision(uuid5(conversion, "consumed"), "conversion_redeemed", actor.institution, actor.person)
    return crediting.consume(session, bank, case.learner_id, conversion, decided).id


def redeem_promise(
    session: Session, bank: Bank, learner_id: UUID, case_id: UUID, outcome_id: UUID, *, by: UUID | None
) -> RecognitionCase:
    """The promised course was taken: apply for its conversion as agreed before (rule R25); the new case.

    Raises Conflict ``case.move_not_allowed``, ``case.not_issued``, ``account.not_recognised``, ``case.open_already``,
    ``appeal.open_already`` or ``correction.open_already``; InvalidInput ``case.promise_other`` (another course) or
    ``case.promise_late``.
    """
    promised = applying.own(session, learner_id, case_id)
    if promised.kind != CaseKind.EX_ANTE or promised.state != CaseState.APPROVED:
        raise Conflict("case.move_not_allowed", kind=promised.kind, state=promised.state, to="consumed")
    contesting.require_settled(session, promised, appeal="appeal.open_already")
    outcome = outcomes.get(session, promised.learner_id, outcome_id)
    if not _is_promised(promised, outcome):
        raise InvalidInput("case.promise_other", title=outcome.title)
    if outcome.state != "issued":
        raise Conflict("case.not_issued", title=outcome.title)
    if outcome.awarded_on > date.fromisoformat(str(promised.terms["latest"])):
        raise InvalidInput("case.promise_late")
    credit = account.lots(session, [promised.learner_id], [outcome_id])[outcome_id].recognised
    if credit is None:
        raise Conflict("account.not_recognised", title=outcome.title)
    learner = learners.get(session, promised.learner_id)
    applying.check_none_open(session, learner, [outcome_id], CaseKind.CONVERSION)
    case = casekeeping.open_case(
        session, bank, learner,
        _as_agreed(session, bank, promised, outcome_id, credit.amount), by=by,
    )  # fmt: skip
    casekeeping.move(session, bank, promised, CaseState.CONSUMED, "promise-redeemed", by=by)
    return case


def _is_promised(promised: RecognitionCase, outcome: Outcome) -> bool:
    """Whether an outcome is of the course that was promised: by its code where one was named, else by its title."""
    code = promised.terms["code"]
    same = outcome.code == code if code else outcome.title == promised.title
    return same and str(outcome.institution_id) == promised.terms["source"] and outcome.source != SOURCE


def redeemable(session: Session, promised: RecognitionCase) -> list[tuple[Outcome, bool]]:
    """The learner's outcomes with which a promise can be redeemed, each with whether it is recognised already."""
    latest = date.fromisoformat(str(promised.terms["latest"]))
    rows = outcomes.portfolio(session, promised.learner_id, PortfolioFilter(state="issued"))
    fitting = [o for o, _ in rows if _is_promised(promised, o) and o.awarded_on <= latest]
    lots = account.lots(session, [promised.learner_id], [o.id for o in fitting])
    return [(o, lots[o.id].recognised is not None) for o in fitting]


def _as_agreed(session: Session, bank: Bank, promised: RecognitionCase, outcome_id: UUID, amount: int) -> Opening:
    """The conversion that the promise says, as a proposal with one candidate; it rests on this learner's decision."""
    assert promised.programme_id is not None and promised.receiver_id is not None
    decision = cases.standing_decision(session, promised)
    target = registering.programme(documents.get(session, promised.programme_id))
    course = target.course(promised.course)
    name = f"promise:{promised.id}"
    candidate: dict[str, object] = {
        "id": name,
        "ruleset": name,
        "sha256": "",
        "rule": str(decision.id) if decision else name,
        "basis": "person",
        "spends": {str(outcome_id): amount},
        "given": [
            {"course": course.code, "component": course.component, "credits": course.credits, "bridged": 0,
             "grade": "", "counts_in_gpa": False}
        ],
        "result": "equivalent",
        "use": crediting.CONVERSION,
        "eligible": True,
        "share": "1",
        "bridge": None,
        "reasons": [],
    }  # fmt: skip
    on = bank.today().isoformat()
    return Opening(
        kind=CaseKind.CONVERSION,
        body=promised.receiver_id,
        decider=promised.receiver_id,
        receiver=promised.receiver_id,
        title=target.title,
        programme=promised.programme,
        programme_id=promised.programme_id,
        about=promised.id,
        catalogued=True,
        proposal={"programme": target.id, "on": on, "candidates": [candidate], "chosen": [name]},
        terms={"wanted": [name], "notice_days": 0},
        sources=(outcome_id,),
    )
