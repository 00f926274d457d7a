"""What I tell so that fairness can be checked: with a consent of its own, shown, changed and deleted on one page."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from adaptive.evaluation.attributes import ATTRIBUTES
from adaptive.store import fairness
from adaptive.watching_fairness import tell
from credit_bank.store.types import new_id
from web.accounts import audit, consents
from web.accounts.permissions import LEARNER, actor, now, permit
from web.database import command, tx
from web.forms.account import ConfirmForm
from web.forms.base import refuse
from web.forms.fairness import TellForm
from web.messages import locale, t

blueprint = Blueprint("fairness", __name__)
CONSENT = "fairness"


@blueprint.route("/progress/fairness", methods=["GET", "POST"])
@permit(LEARNER)
def mine() -> ResponseReturnValue:
    """What I told, and the form to change it."""
    who = actor()
    assert who.learner_id is not None
    agreed = consents.learner_agrees(tx(), who.learner_id, CONSENT)
    form = TellForm(data=fairness.told(tx(), who.learner_id))
    status = 200
    if form.validate_on_submit():
        if agreed or form.agreed.data:
            command(lambda session: _tell(session, form, agreed=agreed))
            flash(t("fairness.kept"), "good")
            return redirect(url_for(".mine"), 303)
        refuse(form.agreed, t("fairness.agree_first"))
    if form.is_submitted():
        status = 422
    page = render_template(
        "fairness/mine.html",
        form=form,
        agreed=agreed,
        told=fairness.told(tx(), who.learner_id),
        names=ATTRIBUTES,
        text=consents.text(CONSENT, locale()),
    )
    return page, status


def _tell(session: Session, form: TellForm, *, agreed: bool) -> None:
    who = actor()
    assert who.learner_id is not None
    if not agreed:
        consents.give(
            session,
            person_id=who.person_id,
            learner_id=who.learner_id,
            purpose=CONSENT,
            language=locale(),
            now=now(),
        )
    for name in ATTRIBUTES:
        tell(session, who.learner_id, new_id(), name, form[name].data or "", now())
    audit.record(session, "fairness.told", now=now(), person_id=who.person_id, subject_id=who.learner_id)


@blueprint.route("/progress/fairness/delete", methods=["GET", "POST"])
@permit(LEARNER)
def delete() -> ResponseReturnValue:
    """Delete all of it, and withdraw the consent."""
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("fairness/delete.html", form=form), 422 if form.errors else 200
    command(_delete)
    flash(t("fairness.deleted"), "good")
    return redirect(url_for(".mine"), 303)


def _delete(session: Session) -> None:
    who = actor()
    assert who.learner_id is not None
    fairness.forget(session, who.learner_id)
    if any(row.purpose == CONSENT for row in consents.current(session, who.person_id)):
        consents.withdraw(session, person_id=who.person_id, purpose=CONSENT, now=now())
    audit.record(
        session,
        "consent.withdrawn",
        now=now(),
        person_id=who.person_id,
        subject_id=who.learner_id,
        purpose=CONSENT,
    )
