"""What people decide about suggestions, and the institution's precedents: listed, published, withdrawn."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank import recording_precedents
from credit_bank.errors import InvalidInput
from credit_bank.recognition.comparison.course import Equivalence
from credit_bank.store import batches, precedents
from credit_bank.store.precedents import PrecedentFilter
from credit_bank.store.tables import Precedent
from web.accounts import audit
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.comparing import comparisons
from web.database import command, tx
from web.forms.base import refuse
from web.forms.comparing import DecideForm, PrecisionForm, PublishForm, WithdrawForm
from web.messages import error_sentence, t
from web.views.comparing.blueprint import PAGE, blueprint, page_number, today
from web.views.comparing.looking import FIELDS, precision

ORIGINS = ("import", "review", "comparison")


@blueprint.post("/desk/<handle>/comparing/decide")
@permit(Role.REVIEWER)
def decide(handle: str) -> ResponseReturnValue:
    """Take a course as one of ours, or say that it is not: a precedent at once, with who said so and when."""
    form = DecideForm()
    asked: dict[str, Any] = {name: request.form[name] for name in FIELDS if request.form.get(name)}
    back = url_for(".compare", handle=handle, **asked)
    if not form.validate():
        flash(next(iter(form.errors.values()))[0], "bad")
        return redirect(back, 303)
    index = comparisons().of(tx(), g.institution.id, today()).index
    if form.target.data not in index.places:
        abort(400)
    course, target = form.course(), index.courses[index.places[form.target.data]]
    denied = request.form.get("answer") != "accept"
    decision = Equivalence((course,), (target,), denied=denied, conditions=(form.conditions.data or "").strip())

    def run(session: Session) -> None:
        row = recording_precedents.record_precedent(
            session, g.institution.id, decision, now=now(), decided_by=actor().person_id, origin="comparison"
        )
        _audit(session, "precedent.denied" if denied else "precedent.accepted", row.id)

    command(run)
    kind = "denied" if denied else "accepted"
    flash(t(f"comparing.decided.{kind}", title=course.title, code=target.code), "good")
    return redirect(back, 303)


@blueprint.get("/desk/<handle>/comparing/precedents")
@permit(Role.REGISTRAR, Role.REVIEWER)
def precedent_list(handle: str) -> str:
    """What this institution takes as what, the newest first."""
    origin = request.args.get("origin", "")
    wanted = PrecedentFilter(words=request.args.get("q", "").strip()[:100], origin=origin if origin in ORIGINS else "")
    at = page_number()
    count = precedents.count(tx(), g.institution.id, wanted)
    return render_template(
        "comparing/precedents.html",
        handle=handle,
        rows=precedents.page(tx(), g.institution.id, wanted, offset=(at - 1) * PAGE, limit=PAGE),
        count=count,
        wanted=wanted,
        origins=ORIGINS,
        page=at,
        pages=-(-count // PAGE),
        address=lambda page: url_for(".precedent_list", handle=handle, q=wanted.words, origin=wanted.origin, page=page),
        batches=batches.latest(tx(), g.institution.id, kind="equivalences", limit=3),
        percent=precision() / 10,
        today=today(),
        registrar=actor().has_role(g.institution.id, Role.REGISTRAR),
        reviewer=actor().has_role(g.institution.id, Role.REVIEWER),
    )


@blueprint.post("/desk/<handle>/comparing/precedents/<uuid:precedent_id>/publish")
@permit(Role.REVIEWER)
def publish(handle: str, precedent_id: UUID) -> ResponseReturnValue:
    """Let anybody read a decision from today on."""
    if not PublishForm().validate():
        abort(400)

    def run(session: Session) -> None:
        recording_precedents.publish(session, g.institution.id, precedent_id, day=today())
        _audit(session, "precedent.published", precedent_id)

    command(run)
    flash(t("comparing.published"), "good")
    return redirect(url_for(".precedent_list", handle=handle), 303)


@blueprint.route("/desk/<handle>/comparing/precedents/<uuid:precedent_id>/withdraw", methods=["GET", "POST"])
@permit(Role.REVIEWER)
def withdraw(handle: str, precedent_id: UUID) -> ResponseReturnValue:
    """Withdraw a decision, after asking; it stays on record with the reason."""
    found = _standing(precedent_id)
    form = WithdrawForm()
    if form.validate_on_submit():

        def run(session: Session) -> None:
            recording_precedents.withdraw(
                session, g.institution.id, precedent_id, reason=form.reason.data, now=now(), by=actor().person_id
            )
            _audit(session, "precedent.withdrawn", precedent_id)

        command(run)
        flash(t("comparing.withdraw.done"), "good")
        return redirect(url_for(".precedent_list", handle=handle), 303)
    return render_template("comparing/withdraw.html", handle=handle, form=form, row=found), 422 if form.errors else 200


def _standing(precedent_id: UUID) -> Precedent:
    found = precedents.get(tx(), g.institution.id, precedent_id)
    if found.withdrawn_at is not None:
        abort(404)
    return found


@blueprint.route("/desk/<handle>/comparing/precision", methods=["GET", "POST"])
@permit(Role.REVIEWER, Role.ADMINISTRATOR)
def set_precision(handle: str) -> ResponseReturnValue:
    """How sure a suggestion has to be before it is called one."""
    form = PrecisionForm(data={"percent": precision() / 10})
    if form.validate_on_submit():
        thousandths = int(form.percent.data * 10)

        def run(session: Session) -> None:
            recording_precedents.set_precision(session, g.institution.id, thousandths)
            _audit(session, "comparison.precision_set", g.institution.id, thousandths=str(thousandths))

        try:
            command(run)
            flash(t("comparing.precision.done", percent=f"{thousandths / 10:g}"), "good")
            return redirect(url_for(".compare", handle=handle), 303)
        except InvalidInput as error:
            refuse(form.percent, error_sentence(error))
    return render_template("comparing/precision.html", handle=handle, form=form), 422 if form.errors else 200


def _audit(session: Session, action: str, subject_id: UUID, **facts: str) -> None:
    audit.record(
        session,
        action,
        now=now(),
        person_id=actor().person_id,
        institution_id=g.institution.id,
        subject_id=subject_id,
        **facts,
    )
