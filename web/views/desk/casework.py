"""The reviewers' desk: the queue by what is due, a case with everything about it, votes, decisions, redemption."""

from typing import Any
from uuid import UUID

from flask import Response, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank import casekeeping, contesting, correcting, deciding, redeeming, reviewing
from credit_bank.account.amount import Credit, Denomination
from credit_bank.deciding import Ruling
from credit_bank.errors import CreditBankError, Forbidden
from credit_bank.recognition.casework import working_days
from credit_bank.recognition.casework.evidence import Criterion
from credit_bank.recognition.casework.independence import Interest, Reviewer
from credit_bank.recognition.casework.kind import AGAIN, OPEN, REVIEWED, CaseKind, CaseState, Vote
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.reviewing import Say
from credit_bank.store import cases
from credit_bank.store.tables import RecognitionCase
from web.accounts import audit
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.banking import bank
from web.database import command, request_writes, tx
from web.forms.cases import JudgeForm, SayForm, StepForm
from web.messages import error_sentence, t
from web.views.cases.blueprint import choices, programme_names, shown
from web.views.desk.blueprint import blueprint, has
from web.views.desk.case_facts import facts, proposal_of

_VOTES = ("agree", "disagree", "return")


def _reviewer() -> Reviewer:
    """Who is acting, with every institution at which they may review."""
    who = actor()
    works_at = {m.institution_id for m in who.memberships if m.role in (Role.REVIEWER, Role.REGISTRAR)}
    return Reviewer(who.person_id, who.learner_id, frozenset(works_at))


def _case(case_id: UUID, *, reviewed: bool = True) -> RecognitionCase:
    """A case in which this institution has a part, or had one when it reviewed it (``reviewed``); 404 for others."""
    case = cases.get(tx(), case_id)
    concerned = {case.institution_id, case.decider_id, case.receiver_id}
    if reviewed:
        concerned |= {review.institution_id for review in cases.reviews(tx(), case)}
    if g.institution.id not in concerned:
        abort(404)
    return case


def _barred(case: RecognitionCase) -> tuple[str, ...]:
    """What keeps whoever looks from having a say now, here; elsewhere they have another desk."""
    if not has(Role.REVIEWER) or case.institution_id != g.institution.id:
        return ("case.not_your_turn",)
    waits = case.kind in AGAIN and case.about and cases.get(tx(), case.about).state == CaseState.IMPAIRED
    return (*casekeeping.obstacles(tx(), case, _reviewer()), *(["case.check_first"] if waits else []))


@blueprint.get("/desk/<handle>/cases")
@permit(Role.REVIEWER, Role.REGISTRAR)
def case_queue(handle: str) -> str:
    """What waits for this institution, what is due first coming first; then what it had to do with lately."""
    waiting = [shown(case) for case in cases.queue(tx(), g.institution.id)]
    ids = {row.case.id for row in waiting}
    others = [shown(c) for c in cases.involving(tx(), g.institution.id, limit=50) if c.id not in ids]
    return render_template(
        "desk/case_queue.html", handle=handle, institution=g.institution, waiting=waiting, others=others,
        named=programme_names, estimated=any(row.case.due_estimated for row in waiting),
        known=max(working_days.arrangements()),
    )  # fmt: skip


def _sayable(case: RecognitionCase, proposal: dict[str, Any] | None) -> list[str]:
    """What can be said to a case now: votes, and at the second review a decision."""
    if case.state not in REVIEWED:
        return []
    kind = CaseKind(case.kind)
    about = cases.get(tx(), case.about) if case.about else None
    if case.state != "second-review":
        return [v for v in _VOTES if kind is not CaseKind.IMPAIRMENT or v != "return"]
    votes = [] if case.catalogued else ["agree", "disagree"]
    if kind in AGAIN and about is not None:
        return [*correcting.verdicts(about), *votes]
    if kind is CaseKind.IMPAIRMENT:
        return ["keep", *(["substitute"] if (proposal or {}).get("candidates") else []), "reverse"]
    return ["approve", "refuse", *votes, "return"]


@blueprint.route("/desk/<handle>/cases/<uuid:case_id>", methods=["GET", "POST"])
@permit(Role.REVIEWER, Role.REGISTRAR)
def case_page(handle: str, case_id: UUID) -> ResponseReturnValue:
    """A case with its evidence, proposal, reasons, votes and history; one's own say, where one may have one."""
    case, form, problem = _case(case_id), SayForm(), None
    about = cases.get(tx(), case.about) if case.about else None
    basis = about if case.kind in AGAIN and about is not None else case
    proposal = proposal_of(case)
    form.say.choices = [(v, t(f"cases.vote.{v}")) for v in _sayable(case, proposal)]
    form.granted.choices = [(c.id, c.rule) for c in choices(basis, proposal, case.learner_id) if c.eligible]
    asked = basis.terms.get("wanted") or (proposal or {}).get("chosen", [])
    if not form.is_submitted():
        form.granted.data = list(asked) if isinstance(asked, list) else []
    barred = _barred(case)
    if "case.interest_undeclared" in barred and not form.is_submitted():
        form.interest.data = "institution"  # the ledger knows that it is so
    # Saying that one's own institution awarded it is what the form is for.
    stopped = [code for code in barred if code != "case.interest_undeclared"]
    if form.validate_on_submit():
        try:
            if stopped:
                raise Forbidden(stopped[0])
            command(lambda session: _say(session, case_id, form))
        except CreditBankError as error:
            problem = error_sentence(error)
        else:
            flash(_what_now(case_id), "good")
            return redirect(url_for(".case_page", handle=handle, case_id=case_id), 303)
    page = render_template(
        "desk/case.html",
        form=form,
        problem=problem,
        always_reasoned=case.kind in (CaseKind.IMPAIRMENT, *AGAIN),
        **facts(handle, case, proposal, stopped),
    )
    return page, 409 if problem else 422 if form.errors else 200


def _what_now(case_id: UUID) -> str:
    """That it was kept, and where the case stands since: with whom, or how it ended."""
    row = shown(cases.get(tx(), case_id))
    key = "cases.desk.done_on" if row.case.state in OPEN else "cases.desk.done_end"
    return t(key, state=row.state[0], body=row.body)


def _say(session: Session, case_id: UUID, form: SayForm) -> None:
    """Carry out what a reviewer said."""
    case = cases.get(session, case_id)
    said, who, reason = form.say.data, _reviewer(), form.reason.data or ""
    interest: Interest = form.interest.data if form.interest.data in ("institution", "relation") else "none"
    picked = tuple(form.granted.data or ()) if case.kind in (CaseKind.CONVERSION, *AGAIN) else None
    ruling = Ruling(said != "refuse", picked, _credit(case, form), reason, interest)
    if said in _VOTES:
        reviewing.vote(session, bank(), case_id, who, Say(Vote(said), reason, interest))
    elif said in ("uphold", "vary", "annul"):
        correcting.decide_again(session, bank(), case_id, who, said, ruling)
    elif said in ("keep", "substitute", "reverse"):
        chosen = tuple(form.granted.data or ())
        correcting.decide_impairment(
            session, bank(), case_id, who, said, granted=chosen, reason=reason, interest=interest
        )
    else:
        deciding.decide(session, bank(), case_id, who, ruling)
    _audit(session, case, f"case.{said}")


def _credit(case: RecognitionCase, form: SayForm) -> Credit | None:
    """Another value than the one that was asked for, where the reviewer wrote one."""
    if not form.credits.data or "level" not in case.terms:
        return None
    amount = EVERGREEN.amount(form.credits.data)
    of = Denomination(EVERGREEN.id, str(case.terms["level"]), str(case.terms["category"]))
    return None if amount == case.terms["credits"] else Credit(amount, of)


def _audit(session: Session, case: RecognitionCase, action: str) -> None:
    audit.record(
        session, action, now=now(), person_id=actor().person_id, institution_id=g.institution.id, subject_id=case.id
    )


@blueprint.post("/desk/<handle>/cases/<uuid:case_id>/consume")
@permit(Role.REGISTRAR)
def case_consume(handle: str, case_id: UUID) -> ResponseReturnValue:
    """兑换: the converted credits count for the programme now."""
    return _step(handle, case_id, "consume")


@blueprint.post("/desk/<handle>/cases/<uuid:case_id>/object")
@permit(Role.REVIEWER)
def case_object(handle: str, case_id: UUID) -> ResponseReturnValue:
    """Somebody objected to what is on public notice: it is looked at again. Otherwise the clock ends the notice."""
    return _step(handle, case_id, "object")


@blueprint.post("/desk/<handle>/cases/<uuid:case_id>/correct")
@permit(Role.REGISTRAR)
def case_correct(handle: str, case_id: UUID) -> ResponseReturnValue:
    """更正: say that the decision is wrong, and why; somebody else decides."""
    return _step(handle, case_id, "correct")


def _step(handle: str, case_id: UUID, step: str) -> ResponseReturnValue:
    case, form = _case(case_id), StepForm()
    if not form.validate_on_submit():
        abort(400)
    words = form.reason.data or ""
    turn = {"consume": case.receiver_id, "correct": case.decider_id, "object": case.institution_id}[step]

    def act(session: Session) -> None:
        if turn != g.institution.id:
            raise Forbidden("case.not_your_turn")
        if step == "consume":
            redeeming.consume(session, bank(), case_id, _reviewer(), note=words)
        elif step == "correct":
            contesting.ask_correction(session, bank(), case_id, _reviewer(), words)
        else:
            deciding.object_to_notice(session, bank(), case_id, _reviewer(), words)
        _audit(session, case, f"case.{step}")

    try:
        command(act)
    except CreditBankError as error:
        flash(error_sentence(error), "bad")
    else:
        flash(_what_now(case_id), "good")
    return redirect(url_for(".case_page", handle=handle, case_id=case_id), 303)


@blueprint.route("/desk/<handle>/cases/<uuid:case_id>/evidence/<uuid:evidence_id>", methods=["GET", "POST"])
@permit(Role.REVIEWER)
def case_evidence(handle: str, case_id: UUID, evidence_id: UUID) -> ResponseReturnValue:
    """One item of evidence: what it is to show, and one's judgement of it by the four criteria."""
    case, form, problem = _case(case_id), JudgeForm(), None
    item = cases.evidence_item(tx(), case, evidence_id)
    if form.validate_on_submit():
        found = {c.value: form[c.value].data for c in Criterion}
        try:
            command(
                lambda session: reviewing.judge(
                    session, bank(), case_id, _reviewer(), evidence_id, found, reason=form.reason.data or ""
                )
            )
        except CreditBankError as error:
            problem = error_sentence(error)
        else:
            flash(t("cases.judge.done"), "good")
            return redirect(url_for(".case_page", handle=handle, case_id=case_id), 303)
    page = render_template(
        "desk/case_evidence.html", handle=handle, case=case, item=item, form=form, problem=problem,
        criteria=[c.value for c in Criterion],
    )  # fmt: skip
    return page, 409 if problem else 422 if form.errors else 200


@blueprint.get("/desk/<handle>/cases/<uuid:case_id>/evidence/<uuid:evidence_id>/file")
@permit(Role.REVIEWER)
def case_file(handle: str, case_id: UUID, evidence_id: UUID) -> Response:
    """The file itself; who opened it is kept."""
    assert handle == g.institution.handle
    request_writes()
    case = _case(case_id, reviewed=False)
    item = cases.evidence_item(tx(), case, evidence_id)
    content = casekeeping.open_evidence(tx(), bank(), case, item)
    _audit(tx(), case, "case.evidence_opened")
    answer = Response(content, mimetype=item.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=f"evidence-{item.id}")
    return answer
