"""What learners see: what they mastered and may ask for, the evidence before it goes anywhere, their requests."""

from dataclasses import dataclass
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from adaptive.content.model import Course
from adaptive.mastering import Evidence, Rule, propose
from adaptive.reason import Reason
from adaptive.store import mastered
from credit_bank.errors import Conflict, CreditBankError, Missing
from credit_bank.store import courses, institutions
from credit_bank.store.tables import Institution
from web import learning
from web.accounts.permissions import LEARNER, PUBLIC, actor, now, permit
from web.banking import bank
from web.database import command, tx
from web.forms.base import refuse
from web.forms.desk import ConfirmForm
from web.forms.mastery import AskForm
from web.messages import error_sentence, locale, t
from web.operations import mastery_rows
from web.operations.mastery_tables import CourseAdoption, MasteryRequest
from web.views.mastery.blueprint import (
    blueprint,
    course_named,
    course_title,
    left_out,
    rule_words,
    said,
    skill_rows,
    state_badge,
)
from web.workflows import mastery_credit
from web.workflows.mastery_credit import Asker, Standing


@dataclass(frozen=True, slots=True)
class Offer:
    """What the course page says about its certificate.

    ``state``: none (nobody recognises it), open, nearly, ready, held (from elsewhere), or that of the newest request.
    """

    state: str
    course: Course
    count: int = 0
    wanted: int = 0
    request: MasteryRequest | None = None


def offer(course: Course) -> Offer | None:
    """What there is to say about a course's certificate to whoever reads; None where it proposes none."""
    if course.credential is None:
        return None
    adopted = mastery_rows.adopters(tx(), course.id)
    learner_id = learning.stored_learner()
    wanted = len(course.credential.skills)
    if learner_id is None:
        return Offer("open" if adopted else "none", course, 0, wanted)
    for row in mastery_rows.requests_by(tx(), learner_id):
        if row.library_course == course.id and row.state != "withdrawn":
            return Offer(row.state, course, request=row)
    if not adopted:
        return Offer("none", course)
    held = mastered.of_learner(tx(), learner_id).keys()
    rules = [Rule.from_json(row.rule) for row in adopted]
    complete = [row for row, rule in zip(adopted, rules, strict=True) if held >= set(rule.skills)]
    if not complete:
        return Offer("open", course, len(held & set(course.credential.skills)), wanted)
    found = [mastery_credit.standing(tx(), learning.learning(), learner_id, row) for row in complete]
    if all(one.held is not None for one in found):
        return Offer("held", course)
    ready = any(one.proposal.verdict != "not_yet" and one.held is None for one in found)
    return Offer("ready" if ready else "nearly", course)


@blueprint.app_template_global("mastery_offer")
def offer_of(course_id: str) -> Offer | None:
    """``offer`` by the course's id, for the pages of the library and of practice."""
    found = course_named(course_id.partition("/")[0])
    return offer(found) if found is not None else None


@blueprint.app_template_global("mastery_offers")
def offers() -> list[Offer]:
    """What there is to say about every course that any institution recognises, for the page of progress."""
    possible = [course_named(course_id) for course_id in sorted(mastery_rows.adopted_courses(tx()))]
    return [found for course in possible if course is not None and (found := offer(course)) is not None]


@blueprint.get("/mastery")
@permit(LEARNER)
def mine() -> str:
    """What a learner may ask for now, and everything that was asked for."""
    learner_id = _learner_id()
    rows = mastery_rows.requests_by(tx(), learner_id)
    asked = {row.library_course for row in rows if row.state in ("waiting", "issued")}
    ready = [found for found in offers() if found.state in ("ready", "nearly") and found.course.id not in asked]
    names = {row.institution_id: institutions.get(tx(), row.institution_id) for row in rows}
    return render_template(
        "mastery/mine.html",
        ready=ready,
        rows=rows,
        names=names,
        title_of=course_title,
        badge_of=state_badge,
        name_of=institution_name,
        may_ask=learning.may_ask_to_keep(),
    )


def institution_name(row: Institution) -> str:
    """An institution's name in the reader's language."""
    return row.name_en if locale() == "en" and row.name_en else row.name


def _learner_id() -> UUID:
    found = actor().learner_id
    if found is None:
        abort(403)
    return found


@blueprint.get("/mastery/<course>")
@permit(LEARNER)
def choose(course: str) -> str:
    """Which institutions recognise a course, what each awards and asks, and how the learner stands with it."""
    found = course_named(course)
    if found is None:
        abort(404)
    adopted = mastery_rows.adopters(tx(), course)
    standings = [mastery_credit.standing(tx(), learning.learning(), _learner_id(), row) for row in adopted]
    return render_template(
        "mastery/choose.html",
        course=found,
        standings=standings,
        institution_of={row.institution_id: institutions.get(tx(), row.institution_id) for row in adopted},
        name_of=institution_name,
        rule_words=rule_words,
        said=_briefly,
        badge_of=state_badge,
        may_ask=learning.may_ask_to_keep(),
    )


def _briefly(reasons: tuple[Reason, ...]) -> list[str]:
    """At most five of the reasons; the evidence page has them all."""
    return said(reasons[:5])


def _standing(course: str, handle: str) -> tuple[Institution, Standing]:
    institution = institutions.by_handle(tx(), handle)
    adoption = mastery_rows.adopted(tx(), institution.id, course) if institution else None
    if institution is None or adoption is None or institution.closed_at is not None or course_named(course) is None:
        abort(404)
    return institution, mastery_credit.standing(tx(), learning.learning(), _learner_id(), adoption)


@blueprint.route("/mastery/<course>/<institution>", methods=["GET", "POST"])
@permit(LEARNER)
def ask(course: str, institution: str) -> ResponseReturnValue:
    """The evidence as it would be handed over, what is agreed to with it, and asking."""
    place, found = _standing(course, institution)
    if found.request is not None and found.request.state in ("waiting", "issued"):
        return redirect(url_for(".request_page", request_id=found.request.id), 303)
    if found.held is not None:  # it says so there, and where the certificate is
        return redirect(url_for(".choose", course=course), 303)
    form = AskForm()
    form.agree.label.text = t("mastery.ask.agree", institution=institution_name(place))
    status = 200
    if form.validate_on_submit():
        try:
            row = command(lambda session: _ask(session, place, course, form.evidence.data or ""))
        except CreditBankError as error:
            changed = isinstance(error, Conflict) and error.code == "mastery.evidence_changed"
            refuse(form.agree, t("mastery.ask.changed") if changed else error_sentence(error))
            place, found = _standing(course, institution)
            form.agree.data = False
            status = 409
        else:
            flash(t("mastery.request.thanks" if row.state == "issued" else "mastery.request.sent"), "good")
            return redirect(url_for(".request_page", request_id=row.id), 303)
    elif form.errors:
        status = 422
    form.evidence.data = found.evidence.digest
    page = render_template(
        "mastery/ask.html",
        course=course_named(course),
        institution=place,
        name=institution_name(place),
        found=found,
        form=form,
        skills=skill_rows(found.evidence, found.proposal),
        left_out=left_out(found.evidence),
        missing=said(found.proposal.missing),
        rule_words=rule_words(found.rule),
    )
    return page, status


def _ask(session: Session, place: Institution, course: str, evidence_sha256: str) -> MasteryRequest:
    me = actor()
    return mastery_credit.ask(
        session,
        bank(),
        learning.learning(),
        Asker(me.person_id, _learner_id(), locale()),
        institution_id=place.id,
        library_course=course,
        evidence_sha256=evidence_sha256,
    )


@blueprint.get("/mastery/requests/<uuid:request_id>")
@permit(LEARNER)
def request_page(request_id: UUID) -> str:
    """One of the learner's requests: where it stands, the answer with its reason, what was handed over."""
    row, adoption = _own(request_id)
    place = institutions.get(tx(), row.institution_id)
    evidence = Evidence.from_json(row.evidence) if row.evidence is not None else None
    rule = Rule.from_json(adoption.rule)
    return render_template(
        "mastery/request.html",
        row=row,
        place=place,
        name=institution_name(place),
        course=courses.get(tx(), row.institution_id, row.course_id),
        title=course_title(row.library_course),
        evidence=evidence,
        skills=skill_rows(evidence, propose(evidence, rule)) if evidence else [],
        left_out=left_out(evidence) if evidence else [],
        rule=rule,
        open_again=mastery_rows.adopted(tx(), row.institution_id, row.library_course) is not None,
    )


def _own(request_id: UUID) -> tuple[MasteryRequest, CourseAdoption]:
    try:
        row = mastery_rows.own_request(tx(), _learner_id(), request_id)
    except Missing:
        abort(404)
    return row, mastery_rows.adoption(tx(), row.institution_id, row.adoption_id)


@blueprint.route("/mastery/requests/<uuid:request_id>/take-back", methods=["GET", "POST"])
@permit(LEARNER)
def take_back(request_id: UUID) -> ResponseReturnValue:
    """Take the evidence back, after asking."""
    row, _adoption = _own(request_id)
    if row.evidence is None:
        return redirect(url_for(".request_page", request_id=request_id), 303)
    form = ConfirmForm()
    if form.validate_on_submit():
        command(
            lambda session: mastery_credit.take_back(
                session, _learner_id(), request_id, by=actor().person_id, now=now()
            )
        )
        flash(t("mastery.take_back.done"), "good")
        return redirect(url_for(".request_page", request_id=request_id), 303)
    place = institutions.get(tx(), row.institution_id)
    return render_template("mastery/take_back.html", row=row, name=institution_name(place), form=form)


@blueprint.get("/institutions/<handle>/rules/<digest>")
@permit(PUBLIC)
def rule(handle: str, digest: str) -> str:
    """A version of a rule, by the number that credentials name: in words, and as the data it is computed from."""
    place = institutions.by_handle(tx(), handle)
    found = mastery_rows.by_rule(tx(), place.id, digest) if place is not None else None
    if place is None or found is None:
        abort(404)
    own = Rule.from_json(found.rule)
    return render_template(
        "mastery/rule.html",
        place=place,
        name=institution_name(place),
        adoption=found,
        title=course_title(found.library_course),
        rule_words=rule_words(own),
        data=own.canonical,
    )
