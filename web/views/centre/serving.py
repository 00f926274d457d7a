"""Serving a learner: what the account holds, a changed name or document, two accounts of one person."""

from uuid import UUID

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank.errors import Conflict, InvalidInput
from credit_bank.identity import account_number
from credit_bank.identity.document import DocumentType
from credit_bank.store import learners, outcomes
from credit_bank.store.outcomes import PortfolioFilter
from web.accounts import audit, consents
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.banking import bank
from web.database import command, tx
from web.forms.base import refuse
from web.forms.centre import DocumentForm, DuplicateForm, NameForm
from web.masking import masked
from web.messages import error_sentence, t
from web.operations import proposals
from web.views.centre.blueprint import blueprint, officer, served
from web.workflows import counter

SHOWN = 100


@blueprint.get("/centre/<handle>/learners/<uuid:learner_id>")
@permit(Role.CENTRE_STAFF)
def learner(handle: str, learner_id: UUID) -> str:
    """One learner's account; the outcomes only where the learner agrees that the counter sees them."""
    found = served(learner_id)
    closed = counter.is_closed(tx(), found.id)
    agrees = not closed and consents.learner_agrees(tx(), found.id, "counter_help")
    return render_template(
        "centre/learner.html",
        handle=handle,
        learner=found,
        closed=closed,
        number=account_number.grouped(found.account_number),
        documents=learners.documents(tx(), found.id),
        former=learners.former_names(tx(), found.id),
        agrees=agrees,
        outcomes=outcomes.portfolio(tx(), found.id, PortfolioFilter(), limit=SHOWN) if agrees else [],
        count=outcomes.portfolio_size(tx(), found.id, PortfolioFilter()) if agrees else 0,
    )


@blueprint.route("/centre/<handle>/learners/<uuid:learner_id>/name", methods=["GET", "POST"])
@permit(Role.CENTRE_STAFF)
def name(handle: str, learner_id: UUID) -> ResponseReturnValue:
    """A changed name; the former one is kept, so that older papers can still be matched."""
    found = served(learner_id)
    form = NameForm()
    if form.validate_on_submit():
        try:
            command(
                lambda session: counter.change_name(
                    session, bank(), officer(), found.id, name=form.name.data, reason=form.reason.data, now=now()
                )
            )
            flash(t("centre.name_changed"), "good")
            return redirect(url_for(".learner", handle=handle, learner_id=found.id), 303)
        except (InvalidInput, Conflict) as error:
            refuse(form.reason if error.code.startswith("counter.") else form.name, error_sentence(error))
    page = render_template("centre/name.html", handle=handle, form=form, learner=found)
    return page, 422 if form.errors else 200


@blueprint.route("/centre/<handle>/learners/<uuid:learner_id>/document", methods=["GET", "POST"])
@permit(Role.CENTRE_STAFF)
def document(handle: str, learner_id: UUID) -> ResponseReturnValue:
    """A new document, held in hand."""
    found = served(learner_id)
    form = DocumentForm()
    if form.validate_on_submit():
        try:
            command(
                lambda session: counter.change_document(
                    session,
                    bank(),
                    officer(),
                    found.id,
                    kind=DocumentType(form.document_type.data),
                    number=form.document_number.data,
                    now=now(),
                )
            )
            flash(t("centre.document_changed"), "good")
            return redirect(url_for(".learner", handle=handle, learner_id=found.id), 303)
        except Conflict as error:
            known = error.code == "account.document_known"
            refuse(form.document_number, t("centre.document_other") if known else error_sentence(error))
        except InvalidInput as error:
            refuse(form.document_number, error_sentence(error))
    page = render_template("centre/document.html", handle=handle, form=form, learner=found)
    return page, 422 if form.errors else 200


@blueprint.route("/centre/<handle>/learners/<uuid:learner_id>/duplicate", methods=["GET", "POST"])
@permit(Role.CENTRE_STAFF)
def duplicate(handle: str, learner_id: UUID) -> ResponseReturnValue:
    """Report that another account belongs to the same person; the bank's administrator decides."""
    found = served(learner_id)
    form = DuplicateForm()
    if form.validate_on_submit():
        try:
            other = learners.by_account_number(tx(), account_number.parse(form.number.data))
            if other is None:
                refuse(form.number, t("centre.nobody"))
            else:
                command(lambda session: _propose(session, found.id, other.id, form.reason.data))
                flash(t("centre.duplicate_reported", name=masked(other.name)), "good")
                return redirect(url_for(".learner", handle=handle, learner_id=found.id), 303)
        except (InvalidInput, Conflict) as error:
            refuse(form.reason if error.code == "merge.reason" else form.number, error_sentence(error))
    page = render_template(
        "centre/duplicate.html",
        handle=handle,
        form=form,
        learner=found,
        number=account_number.grouped(found.account_number),
    )
    return page, 422 if form.errors else 200


def _propose(session: Session, keep: UUID, absorb: UUID, reason: str) -> None:
    proposals.propose(
        session,
        institution_id=g.institution.id,
        keep=keep,
        absorb=absorb,
        reason=reason,
        proposed_by=actor().person_id,
        now=now(),
    )
    audit.record(
        session,
        "account.merge_proposed",
        now=now(),
        person_id=actor().person_id,
        institution_id=g.institution.id,
        subject_id=keep,
        other=str(absorb),
    )
