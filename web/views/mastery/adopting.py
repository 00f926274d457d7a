"""At the desk: which courses of the library the institution recognises, as which of its own, and by which rule."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adaptive.content.model import Course
from adaptive.mastering import Rule
from credit_bank.errors import CreditBankError
from credit_bank.store import courses
from web import learning
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.database import command, tx
from web.forms.base import refuse
from web.forms.desk import ConfirmForm
from web.forms.mastery import AdoptForm
from web.messages import error_sentence, t
from web.operations import mastery_rows
from web.operations.mastery_tables import CourseAdoption
from web.views.mastery.blueprint import blueprint, course_named, course_title, rule_words, skill_name
from web.workflows import course_adoption

CHOICES = 300
MUCH_MORE = 2
"""How many times the hours of a library course its counterpart may have before the registrar has to say so again."""


@blueprint.get("/desk/<handle>/library")
@permit(Role.REGISTRAR, Role.REVIEWER)
def library(handle: str) -> str:
    """Every course of the library that proposes a credential, and how the institution stands to it."""
    adopted = mastery_rows.adoptions_of(tx(), g.institution.id)
    own = courses.current(tx(), g.institution.id, [row.course_code for row in adopted.values()])
    proposing = [course for course in learning.library().courses.values() if course.credential is not None]
    return render_template(
        "mastery/library.html",
        handle=handle,
        courses=sorted(proposing, key=lambda course: (course.id not in adopted, course.area, course.level)),
        adopted=adopted,
        own=own,
        waiting=mastery_rows.waiting_count(tx(), g.institution.id),
        reviewer=actor().has_role(g.institution.id, Role.REVIEWER),
    )


@blueprint.route("/desk/<handle>/library/<course>", methods=["GET", "POST"])
@permit(Role.REGISTRAR, Role.REVIEWER)
def adopt(handle: str, course: str) -> ResponseReturnValue:
    """Recognise a course, or change the rule by which it counts."""
    found = course_named(course)
    if found is None:
        abort(404)
    registrar = actor().has_role(g.institution.id, Role.REGISTRAR)
    adopted = mastery_rows.adopted(tx(), g.institution.id, course)
    before = Rule.from_json(adopted.rule) if adopted else course_adoption.suggested(found)
    words = request.args.get("q", "").strip()[:100]
    form = AdoptForm(
        course=before.award,
        decides=before.decides,
        right_answers=before.right_answers,
        days=before.days,
        percent=before.percent,
    )
    form.course.choices, many = _choices(words, before.award)
    if request.method == "POST" and not registrar:
        abort(404)
    if form.validate_on_submit() and (_kept(form, adopted) or _is_fair(form, found)):
        wanted = _rule(form, found)
        try:
            command(
                lambda session: course_adoption.adopt(
                    session, learning.library(), g.institution.id, wanted, by=actor().person_id, now=now()
                )
            )
        except CreditBankError as error:
            _say(form, error)
        else:
            flash(t("mastery.adopt.done", course=course_title(course)), "good")
            return redirect(url_for(".library", handle=handle), 303)
    page = render_template(
        "mastery/adopt.html",
        handle=handle,
        course=found,
        form=form,
        adopted=adopted,
        rule_words=rule_words(before) if adopted else [],
        skills=_skills(found),
        words=words,
        many=many,
        shown=CHOICES,
        registrar=registrar,
    )
    return page, 422 if form.errors else 200


def _skills(course: Course) -> list[tuple[str, int]]:
    """The skills that a course names, each with how many questions the library has on it."""
    counts = course_adoption.questions_of(learning.library())
    return [(skill_name(s), counts.get(s, 0)) for s in (course.credential.skills if course.credential else ())]


def _kept(form: AdoptForm, adopted: CourseAdoption | None) -> bool:
    """Whether it goes on standing for the course that it stood for; only the rule may change."""
    return adopted is not None and adopted.course_code == form.course.data


def _is_fair(form: AdoptForm, course: Course) -> bool:
    """Whether the institution's course is about as much as the library's, or the registrar is sure that it counts."""
    own = courses.current(tx(), g.institution.id, [form.course.data]).get(form.course.data)
    hours = own.hours / 10 if own is not None and own.hours else 0
    proposed = course.credential.hours if course.credential else 0
    if hours <= MUCH_MORE * proposed or form.sure.data:
        return True
    refuse(form.sure, t("mastery.adopt.much_more", own=round(hours), proposed=proposed))
    return False


def _rule(form: AdoptForm, course: Course) -> Rule:
    """The rule as the form has it."""
    return Rule(
        course.id,
        form.course.data,
        course.credential.skills if course.credential else (),
        form.right_answers.data,
        form.days.data,
        form.percent.data,
        form.decides.data,
    )


def _choices(words: str, kept: str) -> tuple[list[tuple[str, str]], bool]:
    """The institution's courses of fixed credit, narrowed by words, and whether there are more than are listed.

    The course that is chosen now is always among them.
    """
    rows = list(courses.page(tx(), g.institution.id, words=words, limit=CHOICES + 1))
    chosen = courses.current(tx(), g.institution.id, [kept]) if kept else {}
    posted = request.form.get("course", "")
    chosen |= courses.current(tx(), g.institution.id, [posted]) if posted else {}
    fixed = {row.code: row for row in [*chosen.values(), *rows[:CHOICES]] if row.credits_min == row.credits_max}
    named = [(code, f"{code}  {row.title}") for code, row in sorted(fixed.items())]
    return [("", t("mastery.adopt.course_choose")), *named], len(rows) > CHOICES


_FIELDS = {
    "mastery.course_gone": "course",
    "mastery.credits_open": "course",
    "mastery.not_accredited": "course",
    "mastery.questions_few": "right_answers",
}


def _say(form: AdoptForm, error: CreditBankError) -> None:
    if error.code == "mastery.questions_few":
        skill = skill_name(str(error.parameters["skill"]))
        refuse(form.right_answers, t("refusal.mastery.questions_few", skill=skill, count=error.parameters["count"]))
        return
    refuse(form[_FIELDS.get(error.code, "course")], error_sentence(error))


@blueprint.route("/desk/<handle>/library/<course>/end", methods=["GET", "POST"])
@permit(Role.REGISTRAR)
def end(handle: str, course: str) -> ResponseReturnValue:
    """Stop recognising a course, after asking."""
    if mastery_rows.adopted(tx(), g.institution.id, course) is None:
        abort(404)
    form = ConfirmForm()
    if form.validate_on_submit():
        command(lambda session: course_adoption.end(session, g.institution.id, course, by=actor().person_id, now=now()))
        flash(t("mastery.end.done", course=course_title(course)), "good")
        return redirect(url_for(".library", handle=handle), 303)
    return render_template("mastery/end.html", handle=handle, course=course, title=course_title(course), form=form)
