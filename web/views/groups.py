"""My study groups: which I am in, what their tutors see, joining by a code, asking for a person, leaving."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adaptive import tutoring
from credit_bank.errors import Conflict, Missing
from web import learning
from web.accounts import consents
from web.accounts.permissions import LEARNER, actor, now, permit
from web.database import command, tx
from web.forms.account import ConfirmForm
from web.forms.base import refuse
from web.forms.groups import AskForm, CodeForm, JoinForm
from web.messages import error_sentence, locale, t
from web.operations import groups
from web.operations.groups import Offer

blueprint = Blueprint("groups", __name__)


def _learner() -> UUID:
    found = actor().learner_id
    if found is None:
        abort(404)
    return found


@blueprint.route("/progress/groups", methods=["GET", "POST"])
@permit(LEARNER)
def mine() -> ResponseReturnValue:
    """The groups I am in, what is seen of me there, and a place to type a code."""
    form = CodeForm()
    if form.validate_on_submit():
        try:
            groups.offer(tx(), form.code.data)
        except Missing as error:
            refuse(form.code, error_sentence(error))
        else:
            return redirect(url_for(".join", code=groups.plain_code(form.code.data)), 303)
    learner_id = _learner()
    skills = learning.library().skills
    seen = tutoring.standings(tx(), learning.learning(), [learner_id]) if learning.stored_learner() else ()
    page = render_template(
        "groups/mine.html",
        form=form,
        joined=groups.joined_by(tx(), learner_id),
        seen=sorted(seen, key=lambda one: (one.standing != "stuck", one.standing != "underway", one.skill_id)),
        skills=skills,
        notes=[row for row in groups.notes_of(tx(), learner_id) if row.skill_id in skills],
        text=consents.text(groups.CONSENT, locale()),
    )
    return page, 422 if form.errors else 200


def _offer(code: str) -> Offer:
    try:
        return groups.offer(tx(), code)
    except Missing:
        abort(404)


@blueprint.route("/progress/groups/join/<code>", methods=["GET", "POST"])
@permit(LEARNER)
def join(code: str) -> ResponseReturnValue:
    """Who leads the group, what they will see, and the question whether I agree."""
    found = _offer(code)
    form = JoinForm(code=code)
    problem = None
    if form.validate_on_submit():
        who = actor()
        try:
            command(
                lambda session: groups.join(
                    session,
                    typed=code,
                    person_id=who.person_id,
                    learner_id=_learner(),
                    language=locale(),
                    now=now(),
                )
            )
        except (Conflict, Missing) as error:
            problem = error_sentence(error)
        else:
            flash(t("groups.joined", name=found.group.name), "good")
            return redirect(url_for(".mine"), 303)
    page = render_template(
        "groups/join.html",
        form=form,
        offer=found,
        problem=problem,
        text=consents.text(groups.CONSENT, locale()),
        keeps=learning.stored_learner() is not None,
    )
    return page, 422 if form.errors or problem else 200


def _mine(group_id: UUID) -> Offer:
    found = next((one for one in groups.joined_by(tx(), _learner()) if one.group.id == group_id), None)
    if found is None:
        abort(404)
    return found


@blueprint.route("/progress/groups/<uuid:group_id>/leave", methods=["GET", "POST"])
@permit(LEARNER)
def leave(group_id: UUID) -> ResponseReturnValue:
    """Leave a group, after asking."""
    found = _mine(group_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("groups/leave.html", form=form, offer=found), 422 if form.errors else 200
    who = actor()
    command(
        lambda session: groups.leave(
            session, person_id=who.person_id, learner_id=_learner(), group_id=group_id, now=now()
        )
    )
    flash(t("groups.left", name=found.group.name), "good")
    return redirect(url_for(".mine"), 303)


@blueprint.route("/progress/groups/<uuid:group_id>/ask", methods=["GET", "POST"])
@permit(LEARNER)
def ask(group_id: UUID) -> ResponseReturnValue:
    """Ask the tutors of a group to explain a skill."""
    found = _mine(group_id)
    form = AskForm(group=str(group_id), skill=request.args.get("skill", ""))
    skills = learning.library().skills
    tried = [one.skill_id for one in tutoring.standings(tx(), learning.learning(), [_learner()])]
    wanted = form.skill.data if form.skill.data in skills else None
    offered = dict.fromkeys([*tried, *([wanted] if wanted else []), *sorted(skills)])
    form.skill.choices = [(key, skills[key].name.in_language(locale())) for key in offered]
    if not form.validate_on_submit():
        return render_template("groups/ask.html", form=form, offer=found), 422 if form.errors else 200
    who = actor()
    command(
        lambda session: groups.note(
            session,
            group_id=group_id,
            learner_id=_learner(),
            skill_id=form.skill.data,
            kind=groups.ASKED,
            by=who.person_id,
            now=now(),
            words=form.words.data or "",
        )
    )
    flash(t("groups.ask.done"), "good")
    return redirect(url_for(".mine"), 303)
