"""An institution's tokens for its own programs: made, shown once, withdrawn, by its administrator."""

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank.errors import Conflict
from web.accounts import api_tokens, audit
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.accounts.tables import ApiToken
from web.banking import settings
from web.database import command, tx
from web.forms.account import ConfirmForm
from web.forms.tokens import TokenForm
from web.messages import t

blueprint = Blueprint("tokens", __name__)


@blueprint.get("/institution/<handle>/tokens")
@permit(Role.ADMINISTRATOR)
def tokens(handle: str) -> ResponseReturnValue:
    """The institution's tokens: those that are good, and those that were."""
    rows = api_tokens.of_institution(tx(), g.institution.id)
    return render_template(
        "tokens/tokens.html",
        handle=handle,
        good=[row for row in rows if api_tokens.is_good(row, now())],
        past=[row for row in rows if not api_tokens.is_good(row, now())],
        scopes_of=api_tokens.scopes_of,
    )


@blueprint.route("/institution/<handle>/tokens/new", methods=["GET", "POST"])
@permit(Role.ADMINISTRATOR)
def new(handle: str) -> ResponseReturnValue:
    """Make a token; it is shown on the answer and never again."""
    form = TokenForm(days="90")
    if not form.validate_on_submit():
        return render_template("tokens/new.html", form=form, handle=handle), 422 if form.errors else 200

    def run(session: Session) -> tuple[str, ApiToken]:
        token, row = api_tokens.make(
            session,
            institution_id=g.institution.id,
            label=form.name.data,
            scopes=form.scopes,
            lifetime=form.lifetime,
            made_by=actor().person_id,
            now=now(),
        )
        _record(session, "token.made", row, scopes=row.scopes)
        return token, row

    token, row = command(run)
    # Not a redirect: the token exists in this answer only.
    return render_template(
        "tokens/made.html",
        handle=handle,
        token=token,
        row=row,
        address=f"{settings().site}/api/v1/institutions/{handle}",
    )


@blueprint.route("/institution/<handle>/tokens/<uuid:token_id>/withdraw", methods=["GET", "POST"])
@permit(Role.ADMINISTRATOR)
def withdraw(handle: str, token_id: UUID) -> ResponseReturnValue:
    """Withdraw a token, after asking."""
    row = api_tokens.get(tx(), g.institution.id, token_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return render_template("tokens/withdraw.html", form=form, handle=handle, row=row), status

    def run(session: Session) -> None:
        withdrawn = api_tokens.withdraw(
            session, institution_id=g.institution.id, token_id=token_id, withdrawn_by=actor().person_id, now=now()
        )
        _record(session, "token.withdrawn", withdrawn)

    try:
        command(run)
        flash(t("tokens.withdrawn", name=row.label), "good")
    except Conflict:
        flash(t("tokens.withdrawn_before", name=row.label), "info")
    return redirect(url_for("tokens.tokens", handle=handle), 303)


def _record(session: Session, action: str, row: ApiToken, **details: str) -> None:
    audit.record(
        session,
        action,
        now=now(),
        person_id=actor().person_id,
        institution_id=row.institution_id,
        subject_id=row.id,
        **details,
    )
