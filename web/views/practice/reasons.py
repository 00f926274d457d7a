"""Why something was chosen, with the ways to have something else."""

from datetime import timedelta
from uuid import UUID

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from adaptive import practising, recommending
from adaptive.errors import Missing
from adaptive.store import decisions, preferences
from adaptive.store.tables import Decision
from adaptive.suiting import PLACE
from credit_bank.store.types import new_id
from web import explaining, learning
from web.accounts.permissions import LEARNER, now, permit
from web.database import command, tx
from web.reasons import reason_sentence, reason_sentences
from web.views.practice.blueprint import address_of, back_of, blueprint

ANOTHER = timedelta(hours=1)
"""How long a question rests when another one was wanted."""


@blueprint.get("/why/<uuid:decision_id>")
@permit(LEARNER)
def why(decision_id: UUID) -> ResponseReturnValue:
    """Why something was chosen: its reasons, the estimate behind it, what else was considered."""
    chosen = _own(decision_id)
    if chosen.place == recommending.PLACE:
        return _of_list(chosen)
    library = learning.library()
    estimate = explaining.estimate_of(chosen)
    return render_template(
        "why/question.html",
        chosen=chosen,
        question=library.questions.get(chosen.question_id or ""),
        item=library.items.get(chosen.item_id or ""),
        reasons=reason_sentences(chosen),
        estimate=estimate,
        told=explaining.in_a_sentence(estimate) if estimate else "",
        left_out=explaining.left_out(chosen),
        runners_up=explaining.runners_up(chosen),
        open=chosen.answer_id is None and not chosen.set_aside and chosen.place == PLACE,
        back=back_of(chosen.scope if chosen.place == PLACE else ""),
        again=address_of(chosen.scope),
        own_order=address_of(chosen.scope, order="own"),
    )


def _of_list(chosen: Decision) -> str:
    rows = [
        (entry.get("title", ""), [reason_sentence(reason) for reason in entry["reasons"]])
        for entry in chosen.facts.get("shown", [])
    ]
    return render_template("why/list.html", rows=rows, left_out=explaining.left_out(chosen))


@blueprint.post("/why/<uuid:decision_id>")
@permit(LEARNER)
def instead(decision_id: UUID) -> ResponseReturnValue:
    """Something else, something easier or harder, or not this now; then on with practice."""
    chosen = _own(decision_id)
    wish = request.form.get("do", "")
    if chosen.question_id is None or chosen.place != PLACE or wish not in ("another", *practising.WISHES):
        abort(404)
    if wish == "another":
        command(lambda session: _another(session, chosen))
    else:
        command(
            lambda session: practising.wish(session, learning.learning(), chosen.learner_id, decision_id, wish),
        )
    return redirect(address_of(chosen.scope), 303)


def _another(session: Session, chosen: Decision) -> None:
    """Let the question rest for a while, and set the choice aside."""
    assert chosen.question_id is not None
    preferences.mark(session, chosen.learner_id, new_id(), chosen.question_id, "not_now", now(), now() + ANOTHER)
    decisions.set_aside(session, chosen.learner_id, chosen.id, "not_now")


def _own(decision_id: UUID) -> Decision:
    learner_id = learning.stored_learner()
    if learner_id is None:
        abort(404)
    try:
        return decisions.get(tx(), learner_id, decision_id)
    except Missing:
        abort(404)
