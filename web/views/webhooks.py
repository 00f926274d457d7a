"""An institution's webhooks: addresses of its own programs that are told of decisions, by its administrator."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank.errors import CreditBankError
from web.accounts import audit
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.banking import bank, settings
from web.connections import webhooks as hooks
from web.connections.hook_tables import Webhook
from web.database import command, tx
from web.forms.account import ConfirmForm
from web.forms.base import refuse
from web.forms.webhooks import WebhookForm
from web.messages import error_sentence, t

blueprint = Blueprint("webhooks", __name__)


@blueprint.get("/institution/<handle>/webhooks")
@permit(Role.ADMINISTRATOR)
def index(handle: str) -> str:
    """The addresses that are told, how it goes, and those that were."""
    return _index(handle, WebhookForm(formdata=None))


def _index(handle: str, form: WebhookForm) -> str:
    rows = hooks.of_institution(tx(), g.institution.id)
    return render_template(
        "webhooks/index.html",
        handle=handle,
        form=form,
        live=[row for row in rows if row.withdrawn_at is None],
        past=[row for row in rows if row.withdrawn_at is not None],
    )


@blueprint.post("/institution/<handle>/webhooks")
@permit(Role.ADMINISTRATOR)
def make(handle: str) -> ResponseReturnValue:
    """Register an address; its secret is shown on the answer and never again."""
    form = WebhookForm()
    if form.validate_on_submit():
        address = (form.address.data or "").strip()
        try:
            secret, row = command(lambda session: _make(session, address))
            # Not a redirect: the secret exists in this answer only.
            return render_template("webhooks/made.html", handle=handle, secret=secret, row=row)
        except CreditBankError as error:
            refuse(form.address, error_sentence(error))
    return _index(handle, form), 422


def _make(session: Session, address: str) -> tuple[str, Webhook]:
    private = settings().connect_private
    made = hooks.make(session, bank(), g.institution.id, address, private=private, made_by=actor().person_id)
    _record(session, "webhook.made", made[1])
    return made


@blueprint.route("/institution/<handle>/webhooks/<uuid:hook_id>/withdraw", methods=["GET", "POST"])
@permit(Role.ADMINISTRATOR)
def withdraw(handle: str, hook_id: UUID) -> ResponseReturnValue:
    """Tell an address nothing more, after asking."""
    row, form = hooks.get(tx(), g.institution.id, hook_id), ConfirmForm()
    if not form.validate_on_submit():
        return render_template("webhooks/withdraw.html", handle=handle, row=row, form=form), 422 if form.errors else 200

    def run(session: Session) -> None:
        _record(session, "webhook.withdrawn", hooks.withdraw(session, g.institution.id, hook_id, now()))

    try:
        command(run)
        flash(t("webhooks.withdrawn"), "good")
    except CreditBankError as error:
        flash(error_sentence(error), "info")
    return redirect(url_for(".index", handle=handle), 303)


def _record(session: Session, action: str, row: Webhook) -> None:
    audit.record(
        session,
        action,
        now=now(),
        person_id=actor().person_id,
        institution_id=row.institution_id,
        subject_id=row.id,
    )
