"""The learning plan: a goal, the way to it with its time, and every step's reason; changed as the learner likes."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adaptive import planning
from adaptive.errors import Missing
from adaptive.path.plan import Goal
from adaptive.planning import AREA, Planned
from adaptive.reason import Reason
from web import learning
from web.accounts.permissions import LEARNER, permit
from web.database import command, request_writes, tx
from web.forms.account import ConfirmForm
from web.forms.plan import MINUTES, PER_WEEK, PaceForm, nearest
from web.languages import named
from web.messages import error_sentence, t
from web.reasons import reason_sentence

blueprint = Blueprint("plan", __name__)


def unkept() -> str:
    """The page of somebody who has not agreed to keeping their learning."""
    return render_template("learning/unkept.html", title=t("plan.title"), door="plan")


@blueprint.get("/plan")
@permit(LEARNER)
def index() -> ResponseReturnValue:
    """The plan, planned again on today's state; without a goal, where to find one."""
    learner_id = learning.stored_learner()
    if learner_id is None:
        return unkept()
    request_writes()
    found = command(lambda session: planning.current(session, learning.learning(), learner_id))
    return redirect(url_for(".goals"), 303) if found is None else _page(found)


def _page(found: Planned, form: PaceForm | None = None) -> ResponseReturnValue:
    library = learning.library()
    pace = PaceForm(
        data={"per_week": nearest(found.pace.per_week, PER_WEEK), "minutes": nearest(found.pace.minutes, MINUTES)}
    )
    page = render_template(
        "plan/plan.html",
        plan=found.plan,
        made_at=found.made_at,
        pace=found.pace,
        goal=goal_title(found.plan.goal),
        change=[reason_sentence(r.as_json()) for r in found.change.reasons] if found.change else [],
        changed_at=found.changed_at,
        notes=[reason_sentence(r.as_json()) for r in found.plan.notes],
        weeks=_by_week(found),
        why=lambda reasons: [_why(found.plan.goal, reason) for reason in reasons],
        skills=library.skills,
        items=library.items,
        form=form or pace,
    )
    return page, 422 if form and form.errors else 200


def _why(goal: Goal, reason: Reason) -> str:
    """A reason in words; of a goal with several skills, each is a part of it."""
    if reason.code == "plan.goal" and goal.kind != "skill":
        return t("plan.part_of_goal")
    return reason_sentence(reason.as_json())


def _by_week(found: Planned) -> list[tuple[int, list[object]]]:
    weeks: dict[int, list[object]] = {}
    for step in found.plan.steps:
        weeks.setdefault(step.week, []).append(step)
    return sorted(weeks.items())


def goal_title(goal: Goal) -> str:
    """What a goal is called."""
    library = learning.library()
    if goal.kind == "skill":
        return t("plan.goal.skill", name=named(library.skills[goal.id].name))
    if goal.kind == "course":
        course = library.courses[goal.id]
        if course.credential:
            credential = named(course.credential.name)
            return t("plan.goal.credential", name=named(course.title), credential=credential)
        return t("plan.goal.course", name=named(course.title))
    area = library.areas.get(goal.id.removeprefix(AREA))
    return t("plan.goal.area", name=named(area) if area else goal.id)


@blueprint.get("/plan/goals")
@permit(LEARNER)
def goals() -> ResponseReturnValue:
    """Choose what to aim at: a course, all that is left of an area, or one skill of the map."""
    learner_id = learning.stored_learner()
    if learner_id is None:
        return unkept()
    library = learning.library()
    courses = [f"course:{course}" for course in library.courses]
    areas = [f"{AREA}{area}" for area in library.areas if any(s.area == area for s in library.skills.values())]
    names = [*courses, *areas]
    plans = planning.previews(tx(), learning.learning(), learner_id, names)
    rows = [(n, goal_title(p.goal), len(p.steps), p.minutes, p.weeks) for n, p in zip(names, plans, strict=True)]
    asked = request.args.get("goal", "")
    return render_template(
        "plan/goals.html",
        courses=rows[: len(courses)],
        areas=rows[len(courses) :],
        present=planning.goal_in_force(tx(), learner_id),
        chosen=asked if asked in names else "",
    )


@blueprint.post("/plan/goal")
@permit(LEARNER)
def choose() -> ResponseReturnValue:
    """Take a goal; the one before is replaced."""
    learner_id = learning.stored_learner()
    if learner_id is None:
        return redirect(url_for(".index"), 303)
    name = request.form.get("goal", "")
    if not name:
        flash(t("plan.goals.choose_one"), "warn")
        return redirect(url_for(".goals"), 303)
    try:
        made = command(lambda session: planning.choose(session, learning.learning(), learner_id, name))
    except Missing as error:
        flash(error_sentence(error), "warn")
        return redirect(url_for(".goals"), 303)
    flash(t("plan.chosen", goal=goal_title(made.plan.goal)), "good")
    return redirect(url_for(".index"), 303)


@blueprint.post("/plan/pace")
@permit(LEARNER)
def pace() -> ResponseReturnValue:
    """Change how often and how long."""
    learner_id = learning.stored_learner()
    form = PaceForm()
    if learner_id is None:
        return redirect(url_for(".index"), 303)
    if not form.validate_on_submit():
        found = command(lambda session: planning.current(session, learning.learning(), learner_id))
        return redirect(url_for(".goals"), 303) if found is None else _page(found, form)
    command(
        lambda session: planning.set_pace(
            session, learning.learning(), learner_id, form.per_week.data, form.minutes.data
        )
    )
    flash(t("plan.pace.changed"), "good")
    return redirect(url_for(".index"), 303)


@blueprint.post("/plan/skip")
@permit(LEARNER)
def skip() -> ResponseReturnValue:
    """Set a step aside."""
    return _step(taken_back=False)


@blueprint.post("/plan/take-back")
@permit(LEARNER)
def take_back() -> ResponseReturnValue:
    """Put a step back."""
    return _step(taken_back=True)


def _step(*, taken_back: bool) -> ResponseReturnValue:
    learner_id = learning.stored_learner()
    skill = request.form.get("skill", "")
    if learner_id is not None:
        act = planning.take_back if taken_back else planning.skip
        try:
            command(lambda session: act(session, learning.learning(), learner_id, skill))
        except Missing as error:
            flash(error_sentence(error), "warn")
        else:
            name = named(learning.library().skills[skill].name)
            flash(t("plan.taken_back" if taken_back else "plan.skipped", skill=name), "good")
    return redirect(url_for(".index"), 303)


@blueprint.route("/plan/give-up", methods=["GET", "POST"])
@permit(LEARNER)
def give_up() -> ResponseReturnValue:
    """Have no goal any more, after asking."""
    learner_id = learning.stored_learner()
    if learner_id is None:
        return redirect(url_for(".index"), 303)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("plan/give_up.html", form=form), 422 if form.errors else 200
    command(lambda session: planning.give_up(session, learning.learning(), learner_id))
    flash(t("plan.given_up"), "good")
    return redirect(url_for(".goals"), 303)
