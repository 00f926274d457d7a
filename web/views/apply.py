"""Applying for admission: the form, and a page where the applicant finds the decision."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from credit_bank import admitting
from credit_bank.errors import Conflict, CreditBankError, InvalidInput
from credit_bank.store import institutions
from web.accounts import audit
from web.accounts.permissions import PUBLIC, now, permit
from web.banking import bank
from web.database import command, tx
from web.forms.apply import ApplyForm
from web.forms.base import refuse
from web.messages import error_sentence
from web.security import limiter

blueprint = Blueprint("apply", __name__)


@blueprint.route("/apply", methods=["GET", "POST"])
@permit(PUBLIC)
@limiter.limit("30 per hour", methods=["POST"])
def apply() -> ResponseReturnValue:
    """The form. Anyone may apply; the bank decides."""
    form = ApplyForm()
    if form.validate_on_submit():
        try:
            row = command(lambda session: admitting.apply(session, bank(), form.applicant()))
            audit.record(tx(), "application.submitted", now=now(), person_id=None, subject_id=row.id)
            return redirect(url_for(".application", application_id=row.id, new=1), 303)
        except (InvalidInput, Conflict) as error:
            refuse(_field_of(form, error), error_sentence(error))
    return render_template("apply/apply.html", form=form), 422 if form.errors else 200


_FIELDS = {
    "institution.handle_malformed": "handle",
    "institution.handle_taken": "handle",
    "institution.website_malformed": "website",
    "institution.kind_unknown": "kind",
    "application.no_category": "categories",
}


def _field_of(form: ApplyForm, error: CreditBankError) -> Field:
    return form[_FIELDS.get(error.code, "social_credit_code")]


@blueprint.get("/apply/<uuid:application_id>")
@permit(PUBLIC)
def application(application_id: UUID) -> str:
    """How an application stands. Its address is known to the applicant alone; no contact is shown."""
    return render_template("apply/application.html", application=institutions.application(tx(), application_id))
