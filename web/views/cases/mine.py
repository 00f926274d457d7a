"""My applications: where each stands, what was decided and why, withdrawing, handing more in, appealing."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from credit_bank import applying, casekeeping, contesting, redeeming
from credit_bank.errors import CreditBankError
from credit_bank.recognition.casework.kind import APPEALABLE, CaseKind
from credit_bank.store import cases, institutions
from credit_bank.store.tables import RecognitionCase
from web.accounts import releases
from web.accounts.permissions import LEARNER, actor, permit
from web.banking import bank
from web.database import command, request_writes, tx
from web.forms.account import ConfirmForm
from web.forms.cases import AppealForm, MoreForm, RedeemForm
from web.messages import error_sentence, locale, t
from web.views.cases.blueprint import (
    blueprint,
    choices,
    granted,
    history,
    is_open,
    items,
    learner,
    own,
    programme_names,
    promised,
    redeem_form,
    shown,
    target_of,
)


@blueprint.get("/cases")
@permit(LEARNER)
def mine() -> str:
    """Everything that I applied for, the newest first."""
    rows = [shown(case) for case in cases.of_learner(tx(), learner())]
    return render_template("cases/mine.html", rows=rows, named=programme_names)


@blueprint.get("/cases/<uuid:case_id>")
@permit(LEARNER)
def show(case_id: UUID) -> str:
    """One application: its steps, the bodies and dates, the decision with its reasons; what was seen is not news."""
    case = own(case_id)
    if case.news:
        request_writes()
        case = own(case_id)
        cases.mark_seen(tx(), case)
    decision = cases.standing_decision(tx(), case)
    proposal = case.proposal if case.kind in (CaseKind.CONVERSION, CaseKind.IMPAIRMENT) else None
    return render_template(
        "cases/show.html",
        row=shown(case),
        title=programme_names(case),
        case=case,
        statement=casekeeping.statement(tx(), bank(), case),
        evidence=cases.evidence(tx(), case),
        decision=decision,
        granted=granted(decision, case.learner_id, target_of(case)),
        next_step=case.kind if case.state == "approved" else "",
        choices=choices(case, proposal, case.learner_id),
        wanted=case.terms.get("wanted", []),
        history=history(case),
        promised=promised(case),
        redeem=redeem_form(case, RedeemForm(formdata=None)),
        unrecognised=_unrecognised(case),
        consent=_consent(case),
        can_withdraw=is_open(case),
        can_appeal=case.state in APPEALABLE and case.kind != CaseKind.APPEAL,
        about=[shown(one) for one in cases.about(tx(), case.id)],
        target=shown(cases.get(tx(), case.about)) if case.about else None,
        named=programme_names,
    )


def _unrecognised(case: RecognitionCase) -> list[str]:
    """The outcomes that would redeem a promise if somebody recognised them first."""
    if case.kind != CaseKind.EX_ANTE or case.state != "approved":
        return []
    return [o.title for o, is_recognised in redeeming.redeemable(tx(), case) if not is_recognised]


def _consent(case: RecognitionCase) -> dict[str, str]:
    """What a learner agrees to who redeems a promise."""
    if case.kind != CaseKind.EX_ANTE or case.receiver_id is None:
        return {}
    return releases.text("application", institutions.get(tx(), case.receiver_id).name, locale())


@blueprint.route("/cases/<uuid:case_id>/withdraw", methods=["GET", "POST"])
@permit(LEARNER)
def withdraw(case_id: UUID) -> ResponseReturnValue:
    """Withdraw an application, after asking."""
    case, form, problem = own(case_id), ConfirmForm(), None
    if form.validate_on_submit():
        try:
            command(lambda session: applying.withdraw(session, bank(), learner(), case_id, by=actor().person_id))
        except CreditBankError as error:
            problem = error_sentence(error)
        else:
            flash(t("cases.withdraw.done"), "good")
            return redirect(url_for(".show", case_id=case_id), 303)
    page = render_template("cases/withdraw.html", case=case, title=programme_names(case), form=form, problem=problem)
    return page, 409 if problem else 422 if form.errors else 200


@blueprint.route("/cases/<uuid:case_id>/more", methods=["GET", "POST"])
@permit(LEARNER)
def more(case_id: UUID) -> ResponseReturnValue:
    """Hand in what was missing."""
    case, form, problem = own(case_id), MoreForm(), None
    if case.state != "returned":
        abort(404)
    if form.validate_on_submit():
        files = items(form.files.data or [], form.title.data or "")
        try:
            command(
                lambda session: applying.hand_in_again(
                    session, bank(), learner(), case_id, files, note=form.note.data or "", by=actor().person_id
                )
            )
        except CreditBankError as error:
            problem = error_sentence(error)
        else:
            flash(t("cases.more.done"), "good")
            return redirect(url_for(".show", case_id=case_id), 303)
    page = render_template("cases/more.html", case=case, title=programme_names(case), form=form, problem=problem)
    return page, 422 if problem or form.errors else 200


@blueprint.route("/cases/<uuid:case_id>/appeal", methods=["GET", "POST"])
@permit(LEARNER)
def appeal(case_id: UUID) -> ResponseReturnValue:
    """Appeal against what was decided: other people will look at it."""
    case, form, problem = own(case_id), AppealForm(), None
    if form.validate_on_submit():
        files = items(form.files.data or [], form.title.data or "")
        try:
            made = command(
                lambda session: contesting.appeal(
                    session, bank(), learner(), case_id, grounds=form.grounds.data or "", items=files,
                    by=actor().person_id,
                )
            )  # fmt: skip
        except CreditBankError as error:
            problem = error_sentence(error)
        else:
            flash(t("cases.appeal.done"), "good")
            return redirect(url_for(".show", case_id=made.id), 303)
    page = render_template("cases/appeal.html", case=case, title=programme_names(case), form=form, problem=problem)
    return page, 422 if problem or form.errors else 200
