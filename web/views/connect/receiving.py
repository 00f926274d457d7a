"""At the desk: what other systems sent, as which course it counts, recorded by a rule or by hand, or declined."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank.errors import CreditBankError, Missing
from credit_bank.identity import account_number
from credit_bank.store import courses, learners
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.banking import bank
from web.connections import outcome_rows
from web.connections.outcome_tables import ActivityMapping, ReceivedOutcome
from web.database import command, tx
from web.forms.base import refuse
from web.forms.desk import ConfirmForm
from web.forms.received import DeclineForm, RuleForm
from web.masking import masked
from web.messages import catalogue, error_sentence, t
from web.views.connect import blueprint
from web.workflows import activity_mapping, received_outcomes
from web.workflows.activity_mapping import Activity

SHOWN = 200
SETTLED = 50
CHOICES = 300
_FIELDS = {"received.percent": "least_percent"}
_KINDS = {"recorded": "good", "declined": "warn", "withdrawn": "warn", "below": "", "held": "", "replaced": ""}


@blueprint.get("/desk/<handle>/received")
@permit(Role.REGISTRAR)
def received_list(handle: str) -> str:
    """What waits, the oldest first; the rules; what was decided lately."""
    waiting = outcome_rows.waiting(tx(), g.institution.id, SHOWN)
    settled = outcome_rows.settled(tx(), g.institution.id, SETTLED)
    rules = outcome_rows.mappings(tx(), g.institution.id)
    return render_template(
        "received/list.html",
        handle=handle,
        waiting=waiting,
        count=outcome_rows.waiting_count(tx(), g.institution.id),
        settled=settled,
        rules=rules,
        courses=courses.current(tx(), g.institution.id, [rule.course_code for rule in rules]),
        mapped={(rule.source, rule.object_id) for rule in rules},
        people={row.learner_id: _who(row.learner_id) for row in (*waiting, *settled)},
        badge_of=_badge,
    )


def _who(learner_id: UUID) -> tuple[str, str]:
    """A learner's masked name and account number."""
    found = learners.get(tx(), learner_id)
    return masked(found.name), account_number.grouped(found.account_number)


def _badge(row: ReceivedOutcome) -> tuple[str, str]:
    if row.state == "recorded" and row.voided_at is not None:
        return t("received.state.voided"), "bad"
    return t(f"received.state.{row.state}"), _KINDS.get(row.state, "")


def _row(row_id: UUID) -> ReceivedOutcome:
    try:
        return outcome_rows.get(tx(), g.institution.id, row_id)
    except Missing:
        abort(404)


def _rule(mapping_id: UUID) -> ActivityMapping:
    try:
        return outcome_rows.mapping(tx(), g.institution.id, mapping_id)
    except Missing:
        abort(404)


def _said(code: str) -> str:
    """Why nothing was recorded, by its code."""
    key = f"refusal.{code}"
    return t(key if code.startswith("received.") and key in catalogue() else "refusal.received.refused")


@blueprint.get("/desk/<handle>/received/<uuid:row_id>")
@permit(Role.REGISTRAR)
def received_one(handle: str, row_id: UUID) -> str:
    """One event: its source, how it counts, and what to do about it."""
    return _page(handle, _row(row_id), None)


def _page(handle: str, row: ReceivedOutcome, problem: str | None) -> str:
    rule = outcome_rows.mapping_of(tx(), g.institution.id, row.source, row.object_id)
    found = courses.current(tx(), g.institution.id, [rule.course_code]) if rule else {}
    name, number = _who(row.learner_id)
    return render_template(
        "received/one.html",
        handle=handle,
        row=row,
        rule=rule,
        course=found.get(rule.course_code) if rule else None,
        name=name,
        number=number,
        badge=_badge(row),
        form=ConfirmForm(formdata=None),
        open=row.state in outcome_rows.OPEN,
        problem=problem or (_said(row.problem) if row.problem else None),
    )


@blueprint.route("/desk/<handle>/received/<uuid:row_id>/rule", methods=["GET", "POST"])
@permit(Role.REGISTRAR)
def map_activity(handle: str, row_id: UUID) -> ResponseReturnValue:
    """Let the activity of an event count as one of the institution's courses."""
    row = _row(row_id)
    before = outcome_rows.mapping_of(tx(), g.institution.id, row.source, row.object_id)
    back = url_for(".received_one", handle=handle, row_id=row_id)
    return _rule_form(handle, Activity.of(row), before, back)


@blueprint.route("/desk/<handle>/received/rules/<uuid:mapping_id>", methods=["GET", "POST"])
@permit(Role.REGISTRAR)
def change_rule(handle: str, mapping_id: UUID) -> ResponseReturnValue:
    """Change the rule by which an activity counts."""
    before = _rule(mapping_id)
    return _rule_form(handle, Activity.of(before), before, url_for(".received_list", handle=handle))


def _rule_form(handle: str, activity: Activity, before: ActivityMapping | None, back: str) -> ResponseReturnValue:
    words = request.args.get("q", "").strip()[:100]
    form = RuleForm(
        course=before.course_code if before else "",
        least_percent=before.least_percent if before else 60,
        decides="rule" if before is not None and before.automatic else "person",
    )
    form.course.choices, many = _choices(words, before.course_code if before else "")
    if form.validate_on_submit():

        def run(session: Session) -> None:
            activity_mapping.let_count(
                session,
                bank(),
                g.institution.id,
                activity,
                course_code=form.course.data,
                least_percent=form.least_percent.data,
                automatic=form.decides.data == "rule",
                by=actor().person_id,
            )

        try:
            command(run)
        except CreditBankError as error:
            refuse(form[_FIELDS.get(error.code, "course")], error_sentence(error))
        else:
            flash(t("received.rule.done", activity=activity.name or activity.object_id), "good")
            return redirect(back, 303)
    page = render_template(
        "received/rule.html",
        handle=handle,
        activity=activity,
        form=form,
        before=before,
        back=back,
        words=words,
        many=many,
        shown=CHOICES,
    )
    return page, 422 if form.errors else 200


def _choices(words: str, kept: str) -> tuple[list[tuple[str, str]], bool]:
    """The institution's courses of fixed credit, narrowed by words, and whether there are more than are listed."""
    rows = list(courses.page(tx(), g.institution.id, words=words, limit=CHOICES + 1))
    wanted = [code for code in (kept, request.form.get("course", "")) if code]
    chosen = courses.current(tx(), g.institution.id, wanted) if wanted else {}
    fixed = {
        row.code: row
        for row in [*chosen.values(), *rows[:CHOICES]]
        if row.credits_min is not None and row.credits_min == row.credits_max
    }
    named = [(code, f"{code}  {row.title}") for code, row in sorted(fixed.items())]
    return [("", t("received.rule.course_choose")), *named], len(rows) > CHOICES


@blueprint.route("/desk/<handle>/received/rules/<uuid:mapping_id>/end", methods=["GET", "POST"])
@permit(Role.REGISTRAR)
def end_rule(handle: str, mapping_id: UUID) -> ResponseReturnValue:
    """Let an activity count no longer, after asking."""
    rule = _rule(mapping_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        command(
            lambda session: activity_mapping.end(
                session,
                outcome_rows.mapping(session, g.institution.id, mapping_id),
                by=actor().person_id,
                now=now(),
            )
        )
        flash(t("received.end.done", activity=rule.name or rule.object_id), "good")
        return redirect(url_for(".received_list", handle=handle), 303)
    return render_template("received/end.html", handle=handle, rule=rule, form=form)


@blueprint.post("/desk/<handle>/received/<uuid:row_id>/record")
@permit(Role.REGISTRAR)
def record_received(handle: str, row_id: UUID) -> ResponseReturnValue:
    """Record an event as an outcome. Pressed twice, it is recorded once."""
    row = _row(row_id)
    if not ConfirmForm().validate():
        abort(400)
    here = url_for(".received_one", handle=handle, row_id=row_id)
    if row.state == "recorded":
        return redirect(here, 303)

    def run(session: Session) -> None:
        found = outcome_rows.get(session, g.institution.id, row_id, to_decide=True)
        received_outcomes.record(session, bank(), found, by=actor().person_id, own_learner=actor().learner_id)

    try:
        command(run)
    except CreditBankError as error:
        return _page(handle, _row(row_id), error_sentence(error)), 409
    flash(t("received.recorded"), "good")
    return redirect(here, 303)


@blueprint.route("/desk/<handle>/received/<uuid:row_id>/decline", methods=["GET", "POST"])
@permit(Role.REGISTRAR)
def decline_received(handle: str, row_id: UUID) -> ResponseReturnValue:
    """Leave an event without an outcome, with a reason that the learner reads."""
    row = _row(row_id)
    if row.state not in outcome_rows.OPEN:
        return redirect(url_for(".received_one", handle=handle, row_id=row_id), 303)
    form = DeclineForm()
    if form.validate_on_submit():

        def run(session: Session) -> None:
            found = outcome_rows.get(session, g.institution.id, row_id, to_decide=True)
            received_outcomes.decline(session, found, reason=form.reason.data, by=actor().person_id, now=now())

        try:
            command(run)
        except CreditBankError as error:
            return _page(handle, _row(row_id), error_sentence(error)), 409
        flash(t("received.decline.done"), "good")
        return redirect(url_for(".received_list", handle=handle), 303)
    page = render_template("received/decline.html", handle=handle, row=row, form=form)
    return page, 422 if form.errors else 200


@blueprint.app_template_global("received_from")
def received_from(outcome_ids: list[UUID]) -> dict[UUID, ReceivedOutcome]:
    """Where outcomes came from, by outcome; for the pages that show them."""
    return outcome_rows.of_outcomes(tx(), outcome_ids)
