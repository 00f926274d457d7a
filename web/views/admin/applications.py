"""Applications for admission: approving makes the institution and invites its first administrator."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from credit_bank.errors import Conflict
from credit_bank.store import institutions
from web.accounts.permissions import BANK_ADMIN, actor, now, permit
from web.banking import bank, settings
from web.database import command, tx
from web.forms.admin import ConfirmForm, RefuseForm
from web.messages import error_sentence, t
from web.views.admin.blueprint import blueprint
from web.workflows import admission

STATES = ("submitted", "approved", "refused")


def invitation_link(token: str) -> str:
    """The address with which someone joins an institution's staff."""
    return settings().site + url_for("staff.accept", token=token)


@blueprint.get("/admin/applications")
@permit(BANK_ADMIN)
def applications() -> str:
    """Applications, those that wait first."""
    state = request.args.get("state", "submitted")
    state = state if state in STATES else "submitted"
    return render_template(
        "admin/applications.html", rows=institutions.applications(tx(), state), state=state, states=STATES
    )


@blueprint.get("/admin/applications/<uuid:application_id>")
@permit(BANK_ADMIN)
def application(application_id: UUID) -> str:
    """One application, with everything that the institution said."""
    return render_template(
        "admin/application.html",
        application=institutions.application(tx(), application_id),
        form=ConfirmForm(formdata=None),
    )


@blueprint.route("/admin/applications/<uuid:application_id>/approve", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def approve(application_id: UUID) -> ResponseReturnValue:
    """Admit the institution, after asking; the administrator's link stands on the answer and nowhere else."""
    row = institutions.application(tx(), application_id)
    form, problem = ConfirmForm(), None
    if form.validate_on_submit():
        try:
            institution, token = command(
                lambda session: admission.approve(
                    session, bank(), application_id, decided_by=actor().person_id, now=now()
                )
            )
            return render_template(
                "admin/invited.html", institution=institution, name=row.contact_name, link=invitation_link(token)
            )
        except Conflict as error:
            problem = error_sentence(error)
    page = render_template("admin/approve.html", application=row, form=form, problem=problem)
    return page, 409 if problem else 200


@blueprint.route("/admin/applications/<uuid:application_id>/refuse", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def refuse(application_id: UUID) -> ResponseReturnValue:
    """Refuse an application, with a reason that the applicant reads."""
    row = institutions.application(tx(), application_id)
    form, problem = RefuseForm(), None
    if form.validate_on_submit():
        try:
            command(
                lambda session: admission.refuse(
                    session,
                    bank(),
                    application_id,
                    reason=form.reason.data,
                    decided_by=actor().person_id,
                    now=now(),
                )
            )
            flash(t("admin.refuse.done"), "good")
            return redirect(url_for(".applications"), 303)
        except Conflict as error:
            problem = error_sentence(error)
    page = render_template("admin/refuse.html", application=row, form=form, problem=problem)
    return page, 409 if problem else 422 if form.errors else 200
