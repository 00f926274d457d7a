"""Practice: one question a page, with hints, an honest "I don't know", and the reason why it was chosen."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adaptive import answering, practising
from adaptive.answering import Given
from adaptive.content.grading import grade
from adaptive.content.model import Question
from adaptive.errors import InvalidInput, Missing
from adaptive.practising import Practice
from adaptive.store import answers, decisions, mastered, visits
from adaptive.store.tables import Decision
from credit_bank.store.types import new_id
from web import judging, learning, presentation, sheets
from web.accounts.permissions import LEARNER, PUBLIC, now, permit
from web.database import command, request_writes, tx
from web.forms.practice import AnswerForm, filled_in, form_of, response_of
from web.messages import locale, t
from web.reasons import reason_sentences
from web.sheets import Sheet

blueprint = Blueprint("practice", __name__)

QUEUE_HEADER = "X-Evergreen-Queue"
QUEUED_AT_MOST = timedelta(days=14)


@blueprint.get("/practice")
@permit(PUBLIC)
def everything() -> ResponseReturnValue:
    """Practise what suits, of the whole library; whoever's learning is not kept chooses a course first."""
    if learning.stored_learner() is None:
        return redirect(url_for("library.index"), 303)
    return _practise("")


@blueprint.get("/practice/<course>")
@permit(PUBLIC)
def of_course(course: str) -> ResponseReturnValue:
    """Practise a course."""
    if course not in learning.library().courses:
        abort(404)
    return _practise(course)


@blueprint.get("/library/<course>/<item>/practice")
@permit(PUBLIC)
def of_item(course: str, item: str) -> ResponseReturnValue:
    """Practise one item: its questions in their own order."""
    if f"{course}/{item}" not in learning.library().items:
        abort(404)
    return _practise(f"{course}/{item}")


def address_of(scope: str, **more: object) -> str:
    """The address at which a scope is practised."""
    course, _, item = scope.partition("/")
    if item:
        return url_for("practice.of_item", course=course, item=item, **more)  # type: ignore[arg-type]
    if course:
        return url_for("practice.of_course", course=course, **more)  # type: ignore[arg-type]
    return url_for("practice.everything", **more)  # type: ignore[arg-type]


def _practise(scope: str) -> ResponseReturnValue:
    order = "own" if request.args.get("order") == "own" else "suited"
    learner_id = learning.stored_learner()
    if learner_id is None:
        return _practise_unkept(scope)
    request_writes()
    practice = Practice(scope, order, gentle=presentation.shown().elder)  # type: ignore[arg-type] # one of the two
    found = command(
        lambda session: practising.next_question(session, learning.learning(), learning.choices(), learner_id, practice)
    )
    if found.question_id is None:
        return render_template("practice/nothing.html", scope=scope, back=_back(scope), reasons=reason_sentences(found))
    question = learning.library().questions[found.question_id]
    visit = visits.last_of_item(tx(), learner_id, question.item_id)
    sheet = Sheet(
        question.id,
        scope,
        order,
        new_id().hex,
        time.time(),
        easy=presentation.shown().elder,
        decision=found.id.hex,
        learner=learner_id.hex,
        form=visit.form if visit else "",
    )
    return _question(sheet, form_of(question, sheet), found)


def _practise_unkept(scope: str) -> ResponseReturnValue:
    """The authors' order, the place in it in the address; nothing is kept."""
    order = practising.order_of(learning.library(), scope)
    number = request.args.get("n", 0, int)
    if not 0 <= number < len(order):
        return render_template(
            "practice/nothing.html",
            scope=scope,
            back=_back(scope),
            reasons=[t("practice.through")],
            unkept=True,
            again=address_of(scope),
        )
    question = learning.library().questions[order[number]]
    sheet = Sheet(
        question.id, scope, "own", new_id().hex, time.time(), easy=presentation.shown().elder, number=number
    )  # fmt: skip
    return _question(sheet, form_of(question, sheet))


def _back(scope: str) -> tuple[str, str]:
    """Where a scope's practice leads back to: address and words."""
    course, _, item = scope.partition("/")
    library = learning.library()
    if item:
        return url_for("library.item", course=course, item=item), library.items[scope].title.in_language(locale())
    if course:
        return url_for("library.course", course=course), library.courses[course].title.in_language(locale())
    return url_for("library.index"), t("library.title")


def _question(sheet: Sheet, form: AnswerForm, chosen: Decision | None = None, status: int = 200) -> ResponseReturnValue:
    question = form.question
    item = learning.library().items[question.item_id]
    page = render_template(
        "practice/question.html",
        sheet=sheet,
        form=form,
        question=question,
        prompt=question.easy_prompt if sheet.easy and question.easy_prompt else question.prompt,
        picture=_picture(question),
        hints=question.hints[: sheet.hints],
        more_hints=len(question.hints) > sheet.hints,
        speech=learning.speech_address(question),
        item=item,
        course=learning.course_of(item),
        back=_back(sheet.scope),
        reasons=reason_sentences(chosen)[:2] if chosen else [],
        chosen=chosen,
        own_order=address_of(sheet.scope, order="own"),
        suited_order=address_of(sheet.scope),
        size=len(practising.order_of(learning.library(), sheet.scope)) if not sheet.learner else 0,
        sign_in_hint=not sheet.learner and not learning.may_ask_to_keep(),
        may_ask=learning.may_ask_to_keep(),
    )
    return page, status


def _picture(question: Question) -> str | None:
    from web.views.library import picture_address

    item = learning.library().items[question.item_id]
    return picture_address(item, question.picture) if question.picture else None


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
        return _question(shown, form, _chosen(sheet, learner_id))
    if do in practising.WISHES:
        return _wish(sheet, question, learner_id, do)
    response = None if do == "unknown" else response_of(form)
    if form.problem and do != "unknown":
        return _question(sheet, form, _chosen(sheet, learner_id), 422)
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
        return redirect(address_of(sheet.scope, **_same_order(sheet)), 303)
    order = practising.order_of(learning.library(), sheet.scope)
    return redirect(address_of(sheet.scope, n=_instead(order, sheet.number, question, asked)), 303)


def _same_order(sheet: Sheet) -> dict[str, object]:
    return {"order": "own"} if sheet.order == "own" else {}


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
    given = Given(
        question.id,
        response,
        sheet.key,
        presented_at=sheet.shown_at(),
        answered_at=_answered_at(sheet),
        hints=sheet.hints,
        form=sheet.form or None,
        decision_id=sheet.decision_id(),
    )
    try:
        taken = command(lambda session: answering.take(session, learning.learning(), learner_id, given))
    except InvalidInput:
        return _refused(410, "practice.stale")
    target = url_for(".feedback", answer_id=taken.answer_id, of=sheet.scope or None, **_same_order(sheet))  # type: ignore[arg-type]
    if request.headers.get(QUEUE_HEADER):
        return jsonify({"state": "stored", "next": target})
    return redirect(target, 303)


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
        back=_back(sheet.scope),
        next=address_of(sheet.scope, n=sheet.number + 1),
        may_ask=learning.may_ask_to_keep(),
        scope=sheet.scope,
    )


@blueprint.get("/practice/answers/<uuid:answer_id>")
@permit(LEARNER)
def feedback(answer_id: UUID) -> ResponseReturnValue:
    """How an answer was, and why; the way on."""
    learner_id = learning.stored_learner()
    row = answers.get(tx(), learner_id, answer_id) if learner_id else None
    question = learning.library().questions.get(row.question_id) if row else None
    if row is None or learner_id is None or question is None:
        abort(404)
    scope, order = _asked_scope()
    graded = grade(question, row.response)
    item = learning.library().items[question.item_id]
    library = learning.library()
    reached = [
        library.skills[m.skill_id]
        for m in mastered.of_learner(tx(), learner_id).values()
        if m.answer_ids[-1:] == [str(row.id)] and m.skill_id in library.skills
    ]
    return render_template(
        "practice/feedback.html",
        question=question,
        judged=judging.judged(question, row.response),
        graded=graded,
        item=item,
        course=learning.course_of(item),
        back=_back(scope),
        next=address_of(scope, **order),
        reached=reached,
        answer=row,
        scope=scope,
        kept=True,
    )


def _asked_scope() -> tuple[str, dict[str, object]]:
    scope = request.args.get("of", "")
    try:
        practising.check_scope(learning.library(), scope)
    except Missing:
        scope = ""
    return scope, {"order": "own"} if request.args.get("order") == "own" else {}


@blueprint.post("/practice/stop")
@permit(LEARNER)
def stop() -> ResponseReturnValue:
    """Enough for today: end the sitting."""
    learner_id = learning.stored_learner()
    if learner_id is None:
        abort(404)
    scope = request.form.get("scope", "")
    try:
        practising.check_scope(learning.library(), scope)
    except Missing:
        scope = ""
    sitting = command(lambda session: practising.stop(session, learning.learning(), learner_id, scope))
    return redirect(
        url_for(
            ".stopped",
            of=scope or None,
            answers=sitting.answers,
            right=sitting.outcomes.get("right", 0),
            minutes=sitting.minutes,
        ),
        303,
    )


@blueprint.get("/practice/stopped")
@permit(LEARNER)
def stopped() -> str:
    """What was done today, and how to come back."""
    scope, _order = _asked_scope()
    count, right = request.args.get("answers", 0, int), request.args.get("right", 0, int)
    return render_template(
        "practice/stopped.html",
        scope=scope,
        again=address_of(scope),
        back=_back(scope),
        answers=max(0, min(count, 9999)),
        right=max(0, min(right, count, 9999)),
        minutes=max(1, min(request.args.get("minutes", 1, int), 999)),
    )


@blueprint.get("/why/<uuid:decision_id>")
@permit(LEARNER)
def why(decision_id: UUID) -> ResponseReturnValue:
    """Why something was chosen: its reasons, the estimate behind it and the parts that it is made of."""
    learner_id = learning.stored_learner()
    if learner_id is None:
        abort(404)
    try:
        chosen = decisions.get(tx(), learner_id, decision_id)
    except Missing:
        abort(404)
    question = learning.library().questions.get(chosen.question_id or "")
    item = learning.library().items.get(chosen.item_id or "")
    return render_template(
        "practice/why.html",
        chosen=chosen,
        question=question,
        item=item,
        reasons=reason_sentences(chosen),
        terms=[(group, effect) for group, _logits, effect in chosen.facts.get("terms", []) if abs(effect) >= 0.01],
        rejected=chosen.rejected,
        back=_back(chosen.scope if chosen.place == practising.PLACE else ""),
        again=address_of(chosen.scope),
        own_order=address_of(chosen.scope, order="own"),
    )
