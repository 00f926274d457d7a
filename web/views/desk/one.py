"""One outcome, recorded and issued by hand in four steps: the learner, the course, the details, a last look.

What was filled in travels in the form itself and is checked anew at every step.
"""

import hashlib
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank import composing, depositing, issuing
from credit_bank.credential.model import AchievementSpec
from credit_bank.depositing import SourceFile
from credit_bank.errors import CreditBankError, InvalidInput, Missing
from credit_bank.exchange.outcomes import OutcomeRow
from credit_bank.identity import account_number
from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.report import ImportRefused
from credit_bank.store import courses, learners, outcomes
from credit_bank.store.tables import Course, Learner
from web.accounts import audit
from web.accounts.permissions import actor, now, permit
from web.accounts.roles import Role
from web.banking import bank
from web.database import command, tx
from web.forms.base import refuse
from web.forms.desk import CourseStep, DetailsStep, LearnerStep
from web.masking import masked
from web.messages import CITY, error_sentence, t
from web.views.desk.blueprint import blueprint
from web.views.desk.sentences import problem_sentence

FREE = "free"
CHOICES = 20


class _LookedAt(Exception):
    """Ends the savepoint of a preview."""


def _learner(typed: str) -> Learner:
    found = learners.by_account_number(tx(), account_number.parse(typed))
    if found is None:
        raise Missing("learner.unknown")
    return found


def _course(course_id: str) -> Course | None:
    if course_id in ("", FREE):
        return None
    try:
        return courses.get(tx(), g.institution.id, UUID(course_id))
    except (ValueError, Missing):
        abort(404)


@blueprint.get("/desk/<handle>/issue")
@permit(Role.REGISTRAR)
def issue(handle: str) -> ResponseReturnValue:
    """Step 1: whose outcome it is."""
    course = request.args.get("course", "")
    return render_template("desk/one_learner.html", handle=handle, form=LearnerStep(words=course[:60]))


@blueprint.post("/desk/<handle>/issue/course")
@permit(Role.REGISTRAR)
def choose_course(handle: str) -> ResponseReturnValue:
    """Step 2: which course of the catalogue, or none."""
    form = LearnerStep()
    if not form.validate():
        return render_template("desk/one_learner.html", handle=handle, form=form), 422
    try:
        learner = _learner(form.account.data)
    except (InvalidInput, Missing) as error:
        refuse(form.account, error_sentence(error))
        return render_template("desk/one_learner.html", handle=handle, form=form), 422
    return _course_page(handle, CourseStep(formdata=None), learner, form.words.data or "")


def _course_page(handle: str, form: CourseStep, learner: Learner, words: str) -> ResponseReturnValue:
    found = courses.page(tx(), g.institution.id, words=words.strip(), limit=CHOICES)
    count = courses.count(tx(), g.institution.id, words.strip())
    form.course.choices = [(str(c.id), f"{c.code}  {c.title}") for c in found] + [(FREE, t("desk.one.free"))]
    form.account.data, form.words.data = learner.account_number, words
    status = 422 if form.errors else 200
    page = render_template(
        "desk/one_course.html",
        handle=handle,
        form=form,
        name=masked(learner.name),
        number=account_number.grouped(learner.account_number),
        found=found,
        count=count,
        words=words,
    )
    return page, status


@blueprint.post("/desk/<handle>/issue/details")
@permit(Role.REGISTRAR)
def details(handle: str) -> ResponseReturnValue:
    """Step 3: what the course leaves open. Also where step 4 leads back to."""
    if "back" in request.form:
        form = DetailsStep()
        return _details_page(handle, form, _learner(form.account.data), _course(form.course.data))
    chosen = request.form.get("course", "")
    learner = _learner(request.form.get("account", ""))
    if not chosen:
        step = CourseStep()
        step.course.choices = []
        step.course.errors = [t("desk.one.course_choose")]
        return _course_page(handle, step, learner, request.form.get("words", ""))
    course = _course(chosen)
    form = DetailsStep(formdata=None, **_from_course(course))
    form.account.data, form.course.data = learner.account_number, chosen
    return _details_page(handle, form, learner, course)


def _from_course(course: Course | None) -> dict[str, object]:
    if course is None:
        return {"category": None}
    fixed = course.credits_min is not None and course.credits_min == course.credits_max
    return {
        "title": course.title,
        "category": course.category,
        "credits": EVERGREEN.credits(course.credits_min) if fixed and course.credits_min is not None else "",
        "hours": Decimal(course.hours) / 10 if course.hours is not None else None,
        "hour_kind": course.hour_kind or "contact",
        "level": course.level or "",
    }


def _details_page(handle: str, form: DetailsStep, learner: Learner, course: Course | None) -> ResponseReturnValue:
    page = render_template(
        "desk/one_details.html",
        handle=handle,
        form=form,
        name=masked(learner.name),
        number=account_number.grouped(learner.account_number),
        course=course,
        framework=EVERGREEN,
    )
    return page, 422 if form.errors else 200


@blueprint.post("/desk/<handle>/issue/look")
@permit(Role.REGISTRAR)
def look(handle: str) -> ResponseReturnValue:
    """Step 4: what the credential will say; nothing is written yet."""
    form = DetailsStep()
    learner, course = _learner(form.account.data), _course(form.course.data)
    row = _row(form, learner, course)
    if row is None:
        return _details_page(handle, form, learner, course)
    try:
        spec = _composed(row)
    except CreditBankError as error:
        _say(form, error)
        return _details_page(handle, form, learner, course)
    return render_template(
        "desk/one_look.html",
        handle=handle,
        form=form,
        spec=spec,
        row=row,
        name=masked(learner.name),
        number=account_number.grouped(learner.account_number),
        institution=g.institution,
    )


@blueprint.post("/desk/<handle>/issue")
@permit(Role.REGISTRAR)
def issue_now(handle: str) -> ResponseReturnValue:
    """Record the outcome and issue its credential; pressed twice, it is issued once."""
    form = DetailsStep()
    learner, course = _learner(form.account.data), _course(form.course.data)
    row = _row(form, learner, course)
    if row is None:
        return _details_page(handle, form, learner, course)
    try:
        outcome_id = command(lambda session: _issue(session, row))
    except ImportRefused as error:
        known = _known(learner, row)
        if known is not None and all(p.code == "outcome_known" for p in error):
            flash(t("desk.one.known"), "info")
            return redirect(url_for("desk.outcome", handle=handle, outcome_id=known), 303)
        _say(form, error)
        return _details_page(handle, form, learner, course)
    except CreditBankError as error:
        _say(form, error)
        return _details_page(handle, form, learner, course)
    flash(t("desk.one.issued"), "good")
    return redirect(url_for("desk.outcome", handle=handle, outcome_id=outcome_id), 303)


def _row(form: DetailsStep, learner: Learner, course: Course | None) -> OutcomeRow | None:
    """The form as the row of a file, so that both ways meet the same checks; None with the errors noted."""
    valid = form.validate()
    credits = None
    try:
        credits = EVERGREEN.amount((form.credits.data or "").strip())
    except InvalidInput as error:
        if form.credits.data:
            refuse(form.credits, error_sentence(error))
            valid = False
    if course is None and not (form.title.data or "").strip():
        refuse(form.title, t("form.fill_in", label=str(form.title.label.text)))
        valid = False
    awarded, until = form.awarded.data, form.valid_until.data
    today = now().astimezone(CITY).date()
    if awarded is not None and awarded > today:
        refuse(form.awarded, t("desk.one.future"))
        valid = False
    if until is not None and (until < today or (awarded is not None and until < awarded)):
        refuse(form.valid_until, t("desk.one.over"))
        valid = False
    if not valid or credits is None or awarded is None:
        return None
    hours = form.hours.data
    return OutcomeRow(
        row=1,
        account=learner.account_number,
        document_type=None,
        document_number=None,
        name="",
        course_code=course.code if course else "",
        course_title=course.title if course else " ".join((form.title.data or "").split()),
        awarded=awarded,
        credits=credits,
        hours=int(hours * 10) if hours is not None else None,
        hour_kind=form.hour_kind.data if hours is not None else None,
        level=form.level.data or None,
        category=Category(form.category.data),
        grade=(form.grade.data or "").strip(),
        valid_until=until,
        term=(form.term.data or "").strip(),
    )


# The form's fields stand in for the columns of a file, so that a problem finds its field.
_FIELDS = {"account": "account", "course_code": "title", "category": "category", "credits": "credits"}
_HEADERS = {**_FIELDS, "awarded": "awarded"}


def _record(session: Session, row: OutcomeRow) -> UUID:
    digest = hashlib.sha256(repr(replace(row)).encode()).digest()
    taken = depositing.record_outcomes(
        session,
        bank(),
        g.institution.id,
        [row],
        SourceFile("", digest, _HEADERS),
        imported_by=actor().person_id,
        origin="desk",
    )
    return taken.outcome_ids[0]


def _composed(row: OutcomeRow) -> AchievementSpec:
    """What the credential will say, composed as issuing composes it, in a savepoint that is undone."""
    found: list[AchievementSpec] = []

    def run(session: Session) -> None:
        outcome_id = _record(session, row)
        outcome = outcomes.by_id(session, g.institution.id, [outcome_id])[0]
        course = courses.get(session, g.institution.id, outcome.course_id) if outcome.course_id else None
        found.append(composing.achievement(bank(), outcome, course))
        raise _LookedAt

    try:
        command(run)
    except _LookedAt:
        tx().expire_all()
    return found[0]


def _issue(session: Session, row: OutcomeRow) -> UUID:
    outcome_id = _record(session, row)
    issued = issuing.issue(session, bank(), g.institution.id, [outcome_id], issued_by=actor().person_id)
    audit.record(
        session,
        "credential.issued",
        now=now(),
        person_id=actor().person_id,
        institution_id=g.institution.id,
        subject_id=issued[0].credential_id,
    )
    return outcome_id


def _known(learner: Learner, row: OutcomeRow) -> UUID | None:
    print_ = depositing.fingerprint(g.institution.id, row.course_code or row.course_title, row.awarded.isoformat())
    wanted = outcomes.awarded_by(tx(), g.institution.id, learner_id=learner.id, limit=1000)
    return next((o.id for o in wanted if o.fingerprint == print_), None)


def _say(form: DetailsStep, error: CreditBankError) -> None:
    if not isinstance(error, ImportRefused):
        refuse(form.title, error_sentence(error))
        return
    for problem in error:
        refuse(form[problem.column if problem.column in form else "title"], problem_sentence(problem))
