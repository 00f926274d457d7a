"""Revoking, suspending and reinstating: each with a reason that the learner reads, each asked before it is done."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank import impairing, revoking
from credit_bank.errors import Conflict
from credit_bank.identity import account_number
from credit_bank.revoking import Action
from credit_bank.store import batches, learners, outcomes
from credit_bank.store.outcomes import PortfolioFilter
from credit_bank.store.tables import Outcome
from web.accounts import audit
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.banking import bank
from web.database import command, tx
from web.forms.base import refuse
from web.forms.desk import BatchReasonForm, ReasonForm
from web.masking import masked
from web.messages import error_sentence, t
from web.views.desk.blueprint import blueprint
from web.views.desk.outcomes import of_institution

_AUDITED: dict[Action, str] = {
    "revoke": "credential.revoked",
    "suspend": "credential.suspended",
    "reinstate": "credential.reinstated",
}


@blueprint.route("/desk/<handle>/outcomes/<uuid:outcome_id>/suspend", methods=["GET", "POST"])
@permit(Role.REGISTRAR, Role.REVIEWER)
def suspend(handle: str, outcome_id: UUID) -> ResponseReturnValue:
    """Stop a credential for the time being, after asking."""
    return _change(handle, outcome_id, "suspend")


@blueprint.route("/desk/<handle>/outcomes/<uuid:outcome_id>/reinstate", methods=["GET", "POST"])
@permit(Role.REVIEWER)
def reinstate(handle: str, outcome_id: UUID) -> ResponseReturnValue:
    """Let a suspended credential count again, after asking."""
    return _change(handle, outcome_id, "reinstate")


@blueprint.route("/desk/<handle>/outcomes/<uuid:outcome_id>/revoke", methods=["GET", "POST"])
@permit(Role.REVIEWER)
def revoke(handle: str, outcome_id: UUID) -> ResponseReturnValue:
    """Revoke a credential for good, after asking."""
    return _change(handle, outcome_id, "revoke")


def _change(handle: str, outcome_id: UUID, action: Action) -> ResponseReturnValue:
    row = of_institution(outcome_id)
    if row.credential_id is None:
        abort(404)
    form, problem = ReasonForm(), None
    if form.validate_on_submit():
        try:
            command(lambda session: change(session, row.credential_id, action, form.reason.data))
            flash(t(f"desk.status.{action}.done"), "good")
            return redirect(url_for(".outcome", handle=handle, outcome_id=outcome_id), 303)
        except Conflict as error:
            problem = error_sentence(error)
    learner = learners.get(tx(), row.learner_id)
    page = render_template(
        "desk/status.html",
        handle=handle,
        form=form,
        action=action,
        outcome=row,
        problem=problem,
        reached=impairing.reach(tx(), [row.id]) if action != "reinstate" else [],
        name=masked(learner.name),
        number=account_number.grouped(learner.account_number),
    )
    return page, 409 if problem else 422 if form.errors else 200


def change(session: Session, credential_id: UUID | None, action: Action, reason: str) -> None:
    """Change the status of one credential of this institution, and note who did it."""
    if credential_id is None:
        abort(404)
    revoking.change_status(
        session, bank(), g.institution.id, credential_id, action, reason=reason, changed_by=actor().person_id
    )
    _record(session, action, credential_id)


def _record(session: Session, action: Action, credential_id: UUID) -> None:
    audit.record(
        session,
        _AUDITED[action],
        now=now(),
        person_id=actor().person_id,
        institution_id=g.institution.id,
        subject_id=credential_id,
    )


def _standing(batch_id: UUID) -> list[Outcome]:
    """The outcomes of a file whose credentials still count or are suspended."""
    found: list[Outcome] = []
    for state in ("issued", "suspended"):
        found += outcomes.awarded_by(
            tx(), g.institution.id, wanted=PortfolioFilter(state=state), batch_id=batch_id, limit=200_000
        )
    return found


@blueprint.route("/desk/<handle>/batches/<uuid:batch_id>/revoke", methods=["GET", "POST"])
@permit(Role.REVIEWER)
def revoke_batch(handle: str, batch_id: UUID) -> ResponseReturnValue:
    """Revoke every credential of a file: all of them or, when one fails, none. The number is typed to confirm."""
    found = batches.get(tx(), g.institution.id, batch_id)
    rows = _standing(batch_id)
    form = BatchReasonForm()
    if form.validate_on_submit():
        if form.count.data.strip() != str(len(rows)) or not rows:
            refuse(form.count, t("desk.batch.count_differs", count=len(rows)))
        else:
            command(lambda session: _revoke_all(session, rows, form.reason.data))
            flash(t("desk.batch.revoked", count=len(rows)), "good")
            return redirect(url_for(".batch", handle=handle, batch_id=batch_id), 303)
    page = render_template(
        "desk/batch_revoke.html", handle=handle, form=form, batch=found, count=len(rows),
        reached=impairing.reach(tx(), [row.id for row in rows]),
    )  # fmt: skip
    return page, 422 if form.errors else 200


def _revoke_all(session: Session, rows: list[Outcome], reason: str) -> None:
    ids = [row.credential_id for row in rows if row.credential_id is not None]
    revoking.change_statuses(
        session, bank(), g.institution.id, ids, "revoke", reason=reason, changed_by=actor().person_id
    )
    for credential_id in ids:
        _record(session, "revoke", credential_id)
