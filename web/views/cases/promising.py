"""Promises: asking before a course whether it will count, and using the promise once the course was taken (R25)."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank import applying, redeeming
from credit_bank.applying import Promise
from credit_bank.errors import CreditBankError
from credit_bank.store import institutions
from credit_bank.store.tables import RecognitionCase
from web.accounts.permissions import LEARNER, actor, permit
from web.banking import bank
from web.database import command
from web.forms.cases import PromiseForm, RedeemForm
from web.messages import error_sentence, t
from web.views.cases.applying import Target
from web.views.cases.blueprint import blueprint, learner, own, redeem_form, release


@blueprint.post("/cases/convert/<uuid:programme_id>/promise")
@permit(LEARNER)
def promise(programme_id: UUID) -> ResponseReturnValue:
    """Ask whether a course that I am going to take will count."""
    target = Target.of(programme_id, promise=True)
    if not target.promise.validate_on_submit():
        return target.page(), 422
    try:
        made = command(lambda session: _ask(session, target, target.promise))
    except CreditBankError as error:
        return target.page(problem=error_sentence(error)), 422
    flash(t("cases.promise.done"), "good")
    return redirect(url_for(".show", case_id=made.id), 303)


def _ask(session: Session, target: Target, form: PromiseForm) -> RecognitionCase:
    assert form.latest.data is not None
    asked = Promise(
        institutions.find(session, form.source.data).id, form.code.data or "", form.title.data or "", form.course.data,
        form.latest.data, form.statement.data or "",
    )  # fmt: skip
    by = actor().person_id
    case = applying.promise(session, bank(), learner(), target.document.id, asked, by=by)
    release(session, case, target.receiver, "promise")
    return case


@blueprint.post("/cases/<uuid:case_id>/redeem")
@permit(LEARNER)
def redeem(case_id: UUID) -> ResponseReturnValue:
    """The promised course was taken: apply for its conversion as agreed."""
    form = redeem_form(own(case_id), RedeemForm())
    if not form.validate_on_submit():
        for words in form.errors.values():
            flash(words[0], "bad")
        return redirect(url_for(".show", case_id=case_id), 303)
    try:
        made = command(lambda session: _redeem(session, case_id, UUID(form.outcome.data)))
    except CreditBankError as error:
        flash(error_sentence(error), "bad")
        return redirect(url_for(".show", case_id=case_id), 303)
    flash(t("cases.convert.done"), "good")
    return redirect(url_for(".show", case_id=made.id), 303)


def _redeem(session: Session, case_id: UUID, outcome_id: UUID) -> RecognitionCase:
    case = redeeming.redeem_promise(session, bank(), learner(), case_id, outcome_id, by=actor().person_id)
    assert case.receiver_id is not None
    release(session, case, institutions.get(session, case.receiver_id), "application")
    return case
