"""What is sent from a question's page: an answer, or a wish; each sheet counts once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from adaptive import answering, helping, practising
from adaptive.answering import Given, Taken
from adaptive.content.grading import grade
from adaptive.content.model import Question
from adaptive.errors import InvalidInput, Missing
from adaptive.store import decisions
from adaptive.store.tables import Decision
from web import judging, learning, sheets
from web.accounts.permissions import PUBLIC, now, permit
from web.database import command, tx
from web.forms.practice import filled_in, response_of
from web.messages import t
from web.sheets import Sheet
from web.views.practice.blueprint import address_of, back_of, blueprint, in_order
from web.views.practice.questions import question_page

QUEUE_HEADER = "X-Evergreen-Queue"
QUEUED_AT_MOST = timedelta(days=14)


@blueprint.post("/practice")
@permit(PUBLIC)
def answer() -> ResponseReturnValue:
    """An answer, or a wish: a hint, the text of what is spoken, something easier, harder or else."""
    sheet = sheets.opened(request.form.get("sheet", ""))
    question = learning.library().questions.get(sheet.question) if sheet else None
    if sheet is None or question is None or not _in_time(sheet):
        return _refused(410, "practice.stale")
    learner_id = learning.stored_learner()
    if sheet.learner and (learner_id is None or learner_id.hex != sheet.learner):
        return _refused(401 if learner_id is None else 409, "practice.not_yours")
    do = request.form.get("do", "answer")
    form = filled_in(question, sheet, request.form)
    if do in ("hint", "transcript"):
        shown = sheet.with_hint() if do == "hint" else replace(sheet, transcript=True)
        return question_page(shown, form, _hinted(shown, learner_id))
    if do in practising.WISHES:
        return _wish(sheet, question, learner_id, do)
    response = None if do == "unknown" else response_of(form)
    if form.problem and do != "unknown":
        return question_page(sheet, form, _chosen(sheet, learner_id), 422)
    if not sheet.learner or learner_id is None:
        return _unkept_feedback(sheet, question, response)
    return _kept(sheet, learner_id, question, response)


def _in_time(sheet: Sheet) -> bool:
    return abs(now() - sheet.shown_at()) < QUEUED_AT_MOST


def _chosen(sheet: Sheet, learner_id: UUID | None) -> Decision | None:
    if learner_id is None or not sheet.decision:
        return None
    try:
        return decisions.get(tx(), learner_id, UUID(sheet.decision))
    except Missing:
        return None


def _hinted(shown: Sheet, learner_id: UUID | None) -> Decision | None:
    """The choice of a sheet, on which the hints that are shown now are kept."""
    chosen = _chosen(shown, learner_id)
    if chosen is not None and learner_id is not None:
        command(lambda session: practising.hinted(session, learner_id, chosen.id, shown.hints))
    return chosen


def _refused(status: int, key: str) -> ResponseReturnValue:
    """A sheet that cannot be taken: a code for the script, for a person the way on."""
    if request.headers.get(QUEUE_HEADER):
        return jsonify({"state": "refused"}), status
    flash(t(key), "warn")
    return redirect(url_for("library.index"), 303)


def _wish(sheet: Sheet, question: Question, learner_id: UUID | None, asked: str) -> ResponseReturnValue:
    decision_id = sheet.decision_id()
    if sheet.learner and learner_id is not None and decision_id is not None:
        command(lambda session: practising.wish(session, learning.learning(), learner_id, decision_id, asked))
        return redirect(address_of(sheet.scope, **in_order(sheet.order)), 303)
    order = practising.order_of(learning.library(), sheet.scope)
    return redirect(address_of(sheet.scope, n=_instead(order, sheet.number, question, asked)), 303)


def _instead(order: Sequence[str], number: int, question: Question, asked: str) -> int:
    """Where to go on in the authors' order: the next that its author found easier or harder, or simply the next."""
    if asked != "not_now":
        questions = learning.library().questions
        place: int
        for place in (*range(number + 1, len(order)), *range(number)):
            other = questions[order[place]].difficulty
            if (other < question.difficulty) if asked == "easier" else (other > question.difficulty):
                return place
    return number + 1


def _kept(sheet: Sheet, learner_id: UUID, question: Question, response: object) -> ResponseReturnValue:
    chosen = _chosen(sheet, learner_id)
    given = Given(
        question.id,
        response,
        sheet.key,
        presented_at=sheet.shown_at(),
        answered_at=_answered_at(sheet),
        hints=max(sheet.hints, practising.hints_of(chosen) if chosen else 0),
        form=sheet.form or None,
        decision_id=sheet.decision_id(),
    )
    try:
        taken = command(lambda session: _take(session, learner_id, given))
    except InvalidInput:
        return _refused(410, "practice.stale")
    except _NotKept:
        return _refused(401, "practice.not_yours")
    target = url_for(".feedback", answer_id=taken.answer_id, of=sheet.scope or None, **in_order(sheet.order))  # type: ignore[arg-type]
    if request.headers.get(QUEUE_HEADER):
        return jsonify({"state": "stored", "next": target})
    return redirect(target, 303)


class _NotKept(Exception):
    """The consent was withdrawn while an answer was on its way."""


def _take(session: Session, learner_id: UUID, given: Given) -> Taken:
    """Take the answer, and keep what is offered when it shows that something does not get on."""
    taken = answering.take(session, learning.learning(), learner_id, given)
    if not learning.still_kept(learner_id):
        raise _NotKept
    if not taken.repeated:
        helping.offer(session, learning.learning(), learner_id, taken.answer_id)
    return taken


def _answered_at(sheet: Sheet) -> datetime | None:
    """An answer that waited on the device tells how many seconds after the question it was given."""
    seconds = request.form.get("elapsed", type=float)
    if seconds is None or not 0 <= seconds <= QUEUED_AT_MOST.total_seconds():
        return None
    return sheet.shown_at() + timedelta(seconds=seconds)


def _unkept_feedback(sheet: Sheet, question: Question, response: object) -> ResponseReturnValue:
    try:
        graded = grade(question, response)
    except InvalidInput:
        return _refused(410, "practice.stale")
    if request.headers.get(QUEUE_HEADER):
        return jsonify({"state": "not-kept"})
    item = learning.library().items[question.item_id]
    return render_template(
        "practice/feedback.html",
        question=question,
        judged=judging.judged(question, response),
        graded=graded,
        item=item,
        course=learning.course_of(item),
        back=back_of(sheet.scope),
        next=address_of(sheet.scope, n=sheet.number + 1),
        may_ask=learning.may_ask_to_keep(),
        scope=sheet.scope,
    )
