"""One question a page: chosen for whoever agreed to it, in the authors' order for everybody else."""

import time

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adaptive import practising
from adaptive.content.model import Question
from adaptive.store import visits
from adaptive.store.tables import Decision
from adaptive.suiting import Practice
from credit_bank.store.types import new_id
from web import learning, presentation
from web.accounts.permissions import PUBLIC, permit
from web.database import command, request_writes, tx
from web.forms.practice import AnswerForm, form_of
from web.messages import t
from web.reasons import reason_sentences
from web.sheets import Sheet
from web.views.library import picture_address
from web.views.practice.blueprint import address_of, asked_order, back_of, blueprint
from web.ways import ways_of


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


def _practise(scope: str) -> ResponseReturnValue:
    order = asked_order()
    learner_id = learning.stored_learner()
    if learner_id is None:
        return _practise_unkept(scope)
    request_writes()
    practice = Practice(scope, order, gentle=presentation.shown().easy)
    found = command(
        lambda session: practising.next_question(session, learning.learning(), learning.choices(), learner_id, practice)
    )
    if found.question_id is None:
        return render_template(
            "practice/nothing.html",
            back=back_of(scope),
            reasons=reason_sentences(found),
            ways=ways_of(learner_id, scope),
            again=address_of(scope, order="again"),
            own_order=address_of(scope, order="own") if found.policy == "adaptive" else None,
        )
    question = learning.library().questions[found.question_id]
    visit = visits.last_of_item(tx(), learner_id, question.item_id)
    sheet = Sheet(
        question.id,
        scope,
        order,
        found.id.hex,  # a choice counts once, on whichever of its pages it is answered
        time.time(),
        hints=practising.hints_of(found),
        easy=presentation.shown().easy,
        decision=found.id.hex,
        learner=learner_id.hex,
        form=visit.form if visit else "",
    )
    return question_page(sheet, form_of(question, sheet), found)


def _practise_unkept(scope: str) -> ResponseReturnValue:
    """The authors' order, the place in it in the address; nothing is kept."""
    order = practising.order_of(learning.library(), scope)
    number = request.args.get("n", 0, int)
    if not 0 <= number < len(order):
        return render_template(
            "practice/nothing.html", back=back_of(scope), reasons=[t("practice.through")], again=address_of(scope)
        )
    question = learning.library().questions[order[number]]
    sheet = Sheet(
        question.id, scope, "own", new_id().hex, time.time(), easy=presentation.shown().easy, number=number
    )  # fmt: skip
    return question_page(sheet, form_of(question, sheet))


def question_page(
    sheet: Sheet, form: AnswerForm, chosen: Decision | None = None, status: int = 200
) -> ResponseReturnValue:
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
        back=back_of(sheet.scope),
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
    item = learning.library().items[question.item_id]
    return picture_address(item, question.picture) if question.picture else None
