"""The tutor's view: one's own study groups, who is stuck on what by skill, and what was tried. No one else's."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from adaptive import tutoring
from adaptive.tutoring import SkillStanding
from credit_bank.errors import InvalidInput, Missing
from web import learning
from web.accounts import audit, consents, memberships
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.database import command, request_writes, tx
from web.forms.account import ConfirmForm
from web.forms.base import refuse
from web.forms.groups import MakeForm, TalkedForm, TutorForm
from web.messages import error_sentence, t
from web.operations import groups, neighbours
from web.operations.group_tables import StudyGroup
from web.reasons import reason_sentence

blueprint = Blueprint("tutor", __name__)
ORDER = {"stuck": 0, "underway": 1, "well": 2}


@blueprint.route("/tutor/<handle>/", methods=["GET", "POST"])
@permit(Role.TUTOR)
def overview(handle: str) -> ResponseReturnValue:
    """The groups that I lead, and a form for a new one."""
    form = MakeForm()
    if form.validate_on_submit():
        try:
            made = command(
                lambda session: groups.make(
                    session,
                    institution_id=g.institution.id,
                    name=form.name.data or "",
                    by=actor().person_id,
                    now=now(),
                )
            )
        except InvalidInput as error:
            refuse(form.name, error_sentence(error))
        else:
            flash(t("tutor.made", name=made.name), "good")
            return redirect(url_for(".group", handle=handle, group_id=made.id), 303)
    rows = [
        (row, len(groups.members(tx(), row.id)), len(groups.waiting(groups.notes(tx(), row.id))))
        for row in groups.led_by(tx(), g.institution.id, actor().person_id)
    ]
    return render_template("tutor/overview.html", handle=handle, form=form, rows=rows), 422 if form.errors else 200


def _led(group_id: UUID) -> StudyGroup:
    """A group that I lead here; any other is answered as if it did not exist."""
    try:
        return groups.led(tx(), g.institution.id, actor().person_id, group_id)
    except Missing:
        abort(404)


def _seen(group_id: UUID) -> tuple[dict[UUID, str], tuple[SkillStanding, ...]]:
    """The members by name, and how they do: of those whose learning is kept."""
    members = dict(groups.members(tx(), group_id))
    kept = [key for key in members if consents.learner_agrees(tx(), key, learning.CONSENT)]
    return members, tutoring.standings(tx(), learning.learning(), kept)


@blueprint.get("/tutor/<handle>/groups/<uuid:group_id>")
@permit(Role.TUTOR)
def group(handle: str, group_id: UUID) -> str:
    """A group skill by skill: how many are stuck, on the way, doing well; who asked for a person."""
    request_writes()  # looking at somebody's learning is recorded
    row = _led(group_id)
    members, seen = _seen(group_id)
    waiting = {key for key in groups.waiting(groups.notes(tx(), group_id)) if key[0] in members}
    _record(row)
    skills = learning.library().skills
    return render_template(
        "tutor/group.html",
        handle=handle,
        group=row,
        code=groups.shown_code(row.code),
        members=members,
        unkept=sum(not consents.learner_agrees(tx(), key, learning.CONSENT) for key in members),
        views=[view for view in tutoring.overview(seen) if view.skill_id in skills],
        asked={skill: sum(1 for _who, other in waiting if other == skill) for _learner, skill in waiting},
        only_asked=sorted({skill for _who, skill in waiting} - {one.skill_id for one in seen}),
        skills=skills,
        tutors=groups.tutors_of(tx(), group_id),
        tutor_form=_tutor_form(row),
        neighbours=neighbours.of_group(tx(), group_id),
    )


def _record(row: StudyGroup) -> None:
    audit.record(
        tx(),
        "group.looked",
        now=now(),
        person_id=actor().person_id,
        institution_id=row.institution_id,
        subject_id=row.id,
    )


def _tutor_form(row: StudyGroup) -> TutorForm | None:
    """The other tutors of the institution who do not lead this group yet; None when there are none."""
    leading = {person.id for person in groups.tutors_of(tx(), row.id)}
    here = memberships.staff_of(tx(), row.institution_id, now())
    others = {
        str(person.id): person.display_name
        for membership, person in here
        if membership.role == Role.TUTOR.value and person.id not in leading
    }
    form = TutorForm()
    form.person.choices = list(others.items())
    return form if others else None


@blueprint.get("/tutor/<handle>/groups/<uuid:group_id>/skills/<skill>")
@permit(Role.TUTOR)
def skill(handle: str, group_id: UUID, skill: str) -> ResponseReturnValue:
    """Who is stuck on a skill and what was tried, the stuck first."""
    request_writes()
    return _skill_page(handle, group_id, skill, TalkedForm(formdata=None))


def _skill_page(handle: str, group_id: UUID, skill: str, form: TalkedForm, status: int = 200) -> ResponseReturnValue:
    row = _led(group_id)
    found = learning.library().skills.get(skill)
    if found is None:
        abort(404)
    members, seen = _seen(group_id)
    notes = groups.notes(tx(), group_id, skill)
    asking = {learner for learner, _skill in groups.waiting(notes) if learner in members}
    here = {one.learner_id: one for one in seen if one.skill_id == skill}
    people = sorted(
        (key for key in members if key in here or key in asking),
        key=lambda key: (key not in asking, ORDER[here[key].standing] if key in here else 1, members[key]),
    )
    if not people and not notes:
        abort(404)
    _record(row)
    page = render_template(
        "tutor/skill.html",
        handle=handle,
        group=row,
        skill=found,
        people=people,
        names=members,
        here=here,
        asking=asking,
        notes={key: [n for n in notes if n.learner_id == key][:3] for key in people},
        form=form,
        said=reason_sentence,
        forms=_forms,
        approaches=_approaches,
    )
    return page, status


def _forms(values: Sequence[str]) -> str:
    """The forms that were read, in a row."""
    return t("groups.and").join(t(f"library.form.{value}") for value in values)


def _approaches(values: Sequence[str]) -> str:
    """What was offered instead of "again", in a row."""
    return t("groups.and").join(t(f"tutor.approach.{value}") for value in values)


@blueprint.post("/tutor/<handle>/groups/<uuid:group_id>/skills/<skill>/talked")
@permit(Role.TUTOR)
def talked(handle: str, group_id: UUID, skill: str) -> ResponseReturnValue:
    """Note that I talked to somebody about this skill; they read it too."""
    _led(group_id)
    form = TalkedForm()
    members = groups.members(tx(), group_id)
    chosen = next((key for key in members if str(key) == form.learner.data), None)
    if chosen is None or skill not in learning.library().skills:
        abort(404)
    if not form.validate():
        return _skill_page(handle, group_id, skill, form, 422)
    command(
        lambda session: groups.note(
            session,
            group_id=group_id,
            learner_id=chosen,
            skill_id=skill,
            kind=groups.TALKED,
            by=actor().person_id,
            now=now(),
            words=form.words.data or "",
        )
    )
    flash(t("tutor.talked.done", name=members[chosen]), "good")
    return redirect(url_for(".skill", handle=handle, group_id=group_id, skill=skill), 303)


@blueprint.post("/tutor/<handle>/groups/<uuid:group_id>/code")
@permit(Role.TUTOR)
def new_code(handle: str, group_id: UUID) -> ResponseReturnValue:
    """Another code; nobody joins with the old one any more."""
    row = _led(group_id)
    command(lambda session: groups.new_code(session, row, actor().person_id, now()))
    flash(t("tutor.code.changed"), "good")
    return redirect(url_for(".group", handle=handle, group_id=group_id), 303)


@blueprint.post("/tutor/<handle>/groups/<uuid:group_id>/tutors")
@permit(Role.TUTOR)
def add_tutor(handle: str, group_id: UUID) -> ResponseReturnValue:
    """Let another tutor of this institution lead the group too."""
    row = _led(group_id)
    form = _tutor_form(row)
    if form is None or not form.validate():
        abort(404)
    command(lambda session: groups.add_tutor(session, row, UUID(form.person.data), actor().person_id, now()))
    flash(t("tutor.add.done"), "good")
    return redirect(url_for(".group", handle=handle, group_id=group_id), 303)


@blueprint.route("/tutor/<handle>/groups/<uuid:group_id>/close", methods=["GET", "POST"])
@permit(Role.TUTOR)
def close(handle: str, group_id: UUID) -> ResponseReturnValue:
    """Close a group, after asking."""
    row = _led(group_id)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("tutor/close.html", handle=handle, group=row, form=form), 422 if form.errors else 200
    command(lambda session: groups.close(session, row, actor().person_id, now()))
    flash(t("tutor.close.done", name=row.name), "good")
    return redirect(url_for(".overview", handle=handle), 303)
