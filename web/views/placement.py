"""Placement: a short test from easy to hard that finds where to begin in a course; skipped and stopped at will."""

import time
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adaptive import placing
from adaptive.answering import Given
from adaptive.content.model import Course, Question
from adaptive.errors import Conflict, InvalidInput, Missing
from adaptive.selection.placement import MOST
from credit_bank.store.types import new_id
from web import learning, presentation, sheets
from web.accounts.permissions import LEARNER, PUBLIC, actor_or_none, permit
from web.database import command, request_writes, tx
from web.forms.practice import AnswerForm, filled_in, form_of, response_of
from web.languages import named
from web.messages import error_sentence, t
from web.sheets import Sheet
from web.views.library import course_or_404, picture_address

blueprint = Blueprint("placement", __name__)


@blueprint.get("/library/<course>/placement")
@permit(PUBLIC)
def start(course: str) -> str:
    """What it is, that it can be skipped, and the beginning."""
    found = course_or_404(course)
    learner_id = learning.stored_learner()
    earlier = placing.result(tx(), learning.learning(), learner_id, course) if learner_id else None
    return render_template(
        "placement/start.html",
        course=found,
        most=MOST,
        kept=learner_id is not None,
        signed_in=actor_or_none() is not None,
        may_ask=learning.may_ask_to_keep(),
        earlier=earlier is not None and earlier.answers > 0,
    )


@blueprint.post("/library/<course>/placement")
@permit(LEARNER)
def begin(course: str) -> ResponseReturnValue:
    """Begin."""
    found = course_or_404(course)
    learner_id = learning.stored_learner()
    if learner_id is None:
        return redirect(url_for(".start", course=found.id), 303)
    command(lambda session: placing.begin(session, learning.learning(), learner_id, found.id))
    return redirect(url_for(".question", course=found.id), 303)


@blueprint.get("/library/<course>/placement/question")
@permit(LEARNER)
def question(course: str) -> ResponseReturnValue:
    """The next question; when enough was asked, the result."""
    found = course_or_404(course)
    learner_id = learning.stored_learner()
    if learner_id is None:
        return redirect(url_for(".start", course=course), 303)
    request_writes()
    following = command(lambda session: placing.next_question(session, learning.learning(), learner_id, course))
    if following is None:
        command(lambda session: placing.end(session, learning.learning(), learner_id, course))
        return redirect(url_for(".result", course=course), 303)
    asked = learning.library().questions[following.question.id]
    sheet = Sheet(
        asked.id,
        placing.scope_of(course),
        "own",
        new_id().hex,
        time.time(),
        easy=presentation.shown().easy,
        number=following.number,
        learner=learner_id.hex,
    )
    return _asked(found, sheet, form_of(asked, sheet))


def _asked(course: Course, sheet: Sheet, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    asked = form.question
    item = learning.library().items[asked.item_id]
    page = render_template(
        "placement/question.html",
        course=course,
        sheet=sheet,
        form=form,
        question=asked,
        prompt=asked.easy_prompt if sheet.easy and asked.easy_prompt else asked.prompt,
        picture=picture_address(item, asked.picture) if asked.picture else None,
        speech=learning.speech_address(asked),
        most=MOST,
    )
    return page, status


@blueprint.post("/library/<course>/placement/question")
@permit(LEARNER)
def answer(course: str) -> ResponseReturnValue:
    """An answer, "I don't know", the text of what is spoken, or enough of it."""
    found = course_or_404(course)
    learner_id = learning.stored_learner()
    if learner_id is None:
        return redirect(url_for(".start", course=course), 303)
    do = request.form.get("do", "answer")
    if do == "stop":
        command(lambda session: placing.end(session, learning.learning(), learner_id, course))
        return redirect(url_for(".result", course=course), 303)
    sheet = sheets.opened(request.form.get("sheet", ""))
    asked = learning.library().questions.get(sheet.question) if sheet else None
    if sheet is None or asked is None or sheet.scope != placing.scope_of(course) or sheet.learner != learner_id.hex:
        flash(t("practice.stale"), "warn")
        return redirect(url_for(".question", course=course), 303)
    form = filled_in(asked, sheet, request.form)
    if do == "transcript":
        return _asked(found, replace(sheet, transcript=True), form)
    response = None if do == "unknown" else response_of(form)
    if form.problem and do != "unknown":
        return _asked(found, sheet, form, 422)
    return _taken(course, learner_id, asked, sheet, response)


def _taken(course: str, learner_id: UUID, asked: Question, sheet: Sheet, response: object) -> ResponseReturnValue:
    given = Given(asked.id, response, sheet.key, presented_at=sheet.shown_at(), source=placing.SOURCE)
    try:
        command(lambda session: placing.answer(session, learning.learning(), learner_id, course, given))
    except (Conflict, InvalidInput, Missing) as error:
        flash(error_sentence(error) if isinstance(error, Conflict) else t("practice.stale"), "warn")
        return redirect(url_for(".start", course=course), 303)
    return redirect(url_for(".question", course=course), 303)


@blueprint.get("/library/<course>/placement/result")
@permit(LEARNER)
def result(course: str) -> ResponseReturnValue:
    """Where to begin, kindly; no marks."""
    found = course_or_404(course)
    learner_id = learning.stored_learner()
    ended = placing.result(tx(), learning.learning(), learner_id, course) if learner_id else None
    if ended is None:
        return redirect(url_for(".start", course=course), 303)
    library = learning.library()
    return render_template(
        "placement/result.html",
        course=found,
        ended=ended,
        begin=ended.begin,
        first=library.items[found.items[0]],
        held=[named(library.skills[key].can) for key in ended.held if key in library.skills],
    )
