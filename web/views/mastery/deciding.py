"""At the desk: requests that wait for a person, the evidence beside the rule, granting or declining with a reason."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from adaptive.mastering import Evidence, Rule, propose
from adaptive.reason import Reason
from credit_bank.errors import CreditBankError, Missing
from credit_bank.identity import account_number
from credit_bank.store import courses, learners
from web.accounts.permissions import actor, permit
from web.accounts.roles import Role
from web.banking import bank
from web.database import command, tx
from web.forms.mastery import DecideForm, DeclineForm
from web.masking import masked
from web.messages import error_sentence, t
from web.operations import mastery_rows
from web.operations.mastery_tables import MasteryRequest
from web.views.mastery.blueprint import (
    blueprint,
    course_title,
    left_out,
    rule_words,
    said,
    skill_rows,
    state_badge,
)
from web.workflows import mastery_credit
from web.workflows.mastery_credit import Decider


@blueprint.get("/desk/<handle>/mastery")
@permit(Role.REVIEWER)
def queue(handle: str) -> str:
    """What waits, the oldest first; what was decided lately."""
    waiting = mastery_rows.waiting_at(tx(), g.institution.id)
    decided = mastery_rows.decided_at(tx(), g.institution.id)
    people = {row.learner_id: _who(row.learner_id) for row in (*waiting, *decided)}
    return render_template(
        "mastery/queue.html",
        handle=handle,
        waiting=waiting,
        decided=decided,
        people=people,
        title_of=course_title,
        badge_of=state_badge,
    )


def _who(learner_id: UUID) -> tuple[str, str]:
    """A learner's masked name and account number."""
    found = learners.get(tx(), learner_id)
    return masked(found.name), account_number.grouped(found.account_number)


def _row(request_id: UUID) -> MasteryRequest:
    try:
        return mastery_rows.request_of(tx(), g.institution.id, request_id)
    except Missing:
        abort(404)


def _me() -> Decider:
    return Decider(actor().person_id, actor().learner_id)


@blueprint.get("/desk/<handle>/mastery/<uuid:request_id>")
@permit(Role.REVIEWER)
def review(handle: str, request_id: UUID) -> str:
    """A request: the evidence, how it stands against the rule, what was decided."""
    return _page(handle, _row(request_id), None)


def _page(handle: str, row: MasteryRequest, problem: str | None) -> str:
    evidence = Evidence.from_json(row.evidence) if row.evidence is not None else None
    rule = Rule.from_json(mastery_rows.adoption(tx(), row.institution_id, row.adoption_id).rule)
    proposal = propose(evidence, rule) if evidence else None
    name, number = _who(row.learner_id)
    return render_template(
        "mastery/review.html",
        handle=handle,
        row=row,
        name=name,
        number=number,
        title=course_title(row.library_course),
        course=courses.get(tx(), row.institution_id, row.course_id),
        evidence=evidence,
        skills=skill_rows(evidence, proposal) if evidence and proposal else [],
        left_out=left_out(evidence) if evidence else [],
        reasons=said([Reason.from_json(reason) for reason in row.reasons]),
        rule=rule,
        rule_words=rule_words(rule),
        decisions=mastery_rows.decisions_on(tx(), row),
        form=DecideForm(formdata=None, evidence=row.evidence_sha256),
        problem=problem,
    )


@blueprint.post("/desk/<handle>/mastery/<uuid:request_id>/accept")
@permit(Role.REVIEWER)
def accept(handle: str, request_id: UUID) -> ResponseReturnValue:
    """Grant a request: the credential is issued now. Pressed twice, it is issued once."""
    row = _row(request_id)
    form = DecideForm()
    if not form.validate():
        abort(400)
    if row.state == "issued":
        return redirect(url_for(".review", handle=handle, request_id=request_id), 303)
    try:
        command(
            lambda session: mastery_credit.accept(
                session, bank(), g.institution.id, request_id, evidence_sha256=form.evidence.data or "", by=_me()
            )
        )
    except CreditBankError as error:
        return _page(handle, _row(request_id), error_sentence(error)), 409
    flash(t("mastery.review.accepted"), "good")
    return redirect(url_for(".review", handle=handle, request_id=request_id), 303)


@blueprint.route("/desk/<handle>/mastery/<uuid:request_id>/decline", methods=["GET", "POST"])
@permit(Role.REVIEWER)
def decline(handle: str, request_id: UUID) -> ResponseReturnValue:
    """Decline a request with a reason that the learner reads."""
    row = _row(request_id)
    if row.state != "waiting":
        return redirect(url_for(".review", handle=handle, request_id=request_id), 303)
    form = DeclineForm()
    if form.validate_on_submit():
        try:
            command(
                lambda session: mastery_credit.decline(
                    session, bank(), g.institution.id, request_id, reason=form.reason.data, by=_me()
                )
            )
        except CreditBankError as error:
            return _page(handle, _row(request_id), error_sentence(error)), 409
        flash(t("mastery.decline.done"), "good")
        return redirect(url_for(".queue", handle=handle), 303)
    name, _number = _who(row.learner_id)
    page = render_template(
        "mastery/decline.html",
        handle=handle,
        row=row,
        name=name,
        title=course_title(row.library_course),
        form=form,
    )
    return page, 422 if form.errors else 200
