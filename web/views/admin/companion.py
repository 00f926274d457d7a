"""The companion's language model: which one may be asked, the switch that stops it, and what happened."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import col, func, select

from adaptive.store.tables import CompanionQuestion
from credit_bank.errors import Conflict, InvalidInput
from web.accounts.permissions import BANK_ADMIN, actor, now, permit
from web.banking import bank
from web.database import command, tx
from web.forms.companion import CloseIncidentForm, ModelForm, StopForm
from web.messages import error_sentence, t
from web.views.admin.blueprint import blueprint
from web.workflows import companion


@blueprint.route("/admin/companion", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def companion_model() -> ResponseReturnValue:
    """Which model may be asked, and whether it runs."""
    row = companion.settings(tx())
    form = ModelForm(obj=row)
    problem = None
    if form.validate_on_submit():
        try:
            command(
                lambda session: companion.register(
                    session,
                    bank(),
                    base_url=form.base_url.data or "",
                    model=form.model.data or "",
                    filing_number=form.filing_number.data or "",
                    key=form.key.data or None,
                    may_leave=bool(form.may_leave.data),
                    enabled=bool(form.enabled.data),
                    daily_limit=form.daily_limit.data or 20,
                    changed_by=actor().person_id,
                    now=now(),
                )
            )
        except (Conflict, InvalidInput) as error:
            problem = error_sentence(error)
        else:
            flash(t("companion.model.saved"), "good")
            return redirect(url_for(".companion_model"), 303)
    return _page(form, problem), 422 if form.is_submitted() else 200


def _page(form: ModelForm, problem: str | None) -> str:
    count = select(func.count()).select_from(CompanionQuestion).where(col(CompanionQuestion.model).is_not(None))
    return render_template(
        "admin/companion.html",
        form=form,
        problem=problem,
        stop_form=StopForm(formdata=None),
        close_form=CloseIncidentForm(formdata=None),
        running=companion.running(tx()),
        open_incident=companion.open_incident(tx()),
        incidents=companion.incidents(tx()),
        asked=tx().exec(count).one(),
        faults=tx().exec(count.where(col(CompanionQuestion.fault).is_not(None))).one(),
    )


@blueprint.post("/admin/companion/stop")
@permit(BANK_ADMIN)
def companion_stop() -> ResponseReturnValue:
    """Stop it everywhere, now."""
    form = StopForm()
    if form.validate():
        command(lambda session: companion.stop(session, reason=form.reason.data or "", by=actor().person_id, now=now()))
        flash(t("companion.stop.done"), "good")
        return redirect(url_for(".companion_model"), 303)
    return render_template("admin/companion_act.html", form=form, act="stop"), 422


@blueprint.post("/admin/companion/close")
@permit(BANK_ADMIN)
def companion_close() -> ResponseReturnValue:
    """Close the incident with what was found."""
    form = CloseIncidentForm()
    if form.validate():
        command(
            lambda session: companion.resume(session, finding=form.finding.data or "", by=actor().person_id, now=now())
        )
        flash(t("companion.incident.closed"), "good")
        return redirect(url_for(".companion_model"), 303)
    return render_template("admin/companion_act.html", form=form, act="incident"), 422
