"""Taking part in an activity of an institution: saying so, taking it back, and who takes part, for its staff."""

from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from credit_bank.errors import Conflict
from credit_bank.identity import account_number
from credit_bank.store import courses, institutions
from credit_bank.store.tables import Course, Institution
from web.accounts import audit
from web.accounts.permissions import LEARNER, actor, actor_or_none, now, permit
from web.accounts.roles import Role
from web.database import command, tx
from web.forms.account import ConfirmForm
from web.forms.joining import MeetingForm
from web.messages import error_sentence, t
from web.operations import joining

blueprint = Blueprint("joining", __name__)


def state(institution: Institution, course: Course) -> str:
    """What a course's page offers: ``open``, ``joined`` (by whoever reads), or nothing (empty)."""
    if not joining.is_open(institution, course):
        return ""
    who = actor_or_none()
    joined = who is not None and who.learner_id is not None and joining.has_joined(tx(), who.learner_id, course)
    return "joined" if joined else "open"


blueprint.add_app_template_global(state, "joining_state")


def _named(handle: str, course_id: UUID) -> tuple[Institution, Course]:
    found = institutions.by_handle(tx(), handle)
    if found is None:
        abort(404)
    return found, courses.get(tx(), found.id, course_id)


def _learner() -> UUID:
    learner_id = actor().learner_id
    if learner_id is None:
        abort(403)
    return learner_id


@blueprint.get("/activities")
@permit(LEARNER)
def mine() -> str:
    """What I take part in, and when it meets."""
    return render_template("joining/mine.html", rows=joining.of_learner(tx(), _learner()))


@blueprint.route("/institutions/<handle>/courses/<uuid:course_id>/join", methods=["GET", "POST"])
@permit(LEARNER)
def join(handle: str, course_id: UUID) -> ResponseReturnValue:
    """Take part, after reading who will see it."""
    institution, course = _named(handle, course_id)
    form, problem = ConfirmForm(), None
    if form.validate_on_submit():
        try:
            command(lambda session: joining.join(session, _learner(), institution, course, now()))
        except Conflict as error:
            problem = error_sentence(error)
        else:
            flash(t("joining.done", title=course.title), "good")
            return redirect(url_for(".mine"), 303)
    page = render_template(
        "joining/join.html", institution=institution, course=course, form=form, problem=problem,
        state=state(institution, course),
    )  # fmt: skip
    return page, 409 if problem else 422 if form.errors else 200


@blueprint.post("/institutions/<handle>/activities/<code>/leave")
@permit(LEARNER)
def leave(handle: str, code: str) -> ResponseReturnValue:
    """Take part no longer."""
    institution = institutions.by_handle(tx(), handle)
    if institution is None:
        abort(404)
    command(lambda session: joining.leave(session, _learner(), institution.id, code))
    flash(t("joining.left"), "good")
    return redirect(url_for(".mine"), 303)


@blueprint.get("/desk/<handle>/activities")
@permit(Role.REGISTRAR, Role.CENTRE_STAFF)
def roll(handle: str) -> str:
    """Who takes part in what."""
    return render_template(
        "joining/roll.html",
        handle=handle,
        institution=g.institution,
        rows=joining.rolls(tx(), g.institution.id),
        grouped=account_number.grouped,
    )


@blueprint.route("/desk/<handle>/activities/<uuid:course_id>", methods=["GET", "POST"])
@permit(Role.REGISTRAR, Role.CENTRE_STAFF)
def meeting(handle: str, course_id: UUID) -> ResponseReturnValue:
    """Say when an activity meets next, and where."""
    course = courses.get(tx(), g.institution.id, course_id)
    row = joining.meeting_of(tx(), course)
    form = MeetingForm(data={"day": row.day, "words": row.words} if row else None)
    if not form.validate_on_submit():
        page = render_template("joining/meeting.html", handle=handle, course=course, form=form)
        return page, 422 if form.errors else 200
    who, at = actor().person_id, now()
    command(
        lambda session: joining.meet(session, course, day=form.day.data, words=form.words.data or "", by=who, now=at)
    )
    audit.record(tx(), "activity.meeting_said", now=at, person_id=who, institution_id=g.institution.id)
    flash(t("joining.meeting.done"), "good")
    return redirect(url_for(".roll", handle=handle), 303)
