"""After an answer: how it was and why, the way on, why it was chosen, and stopping."""

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adaptive import answering, helping, practising
from adaptive.errors import Missing
from adaptive.store import answers, mastered
from web import judging, learning
from web.accounts.permissions import LEARNER, permit
from web.database import command, tx
from web.views.practice.blueprint import address_of, asked_order, back_of, blueprint, in_order
from web.views.practice.offers import offer_of
from web.ways import ways_of


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
    graded = answering.grade_of(learning.library(), row)
    offered = helping.offered(tx(), learner_id, row.id)
    to_person = offered is not None and offered.facts["kind"] == "person"
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
        judged=judging.judged(question, row.response) if graded.feedback else judging.Judged(),
        graded=graded,
        item=item,
        course=learning.course_of(item),
        back=back_of(scope),
        next=address_of(scope, **order),
        reached=reached,
        offer=offer_of(offered),
        ways=ways_of(learner_id, "") if to_person else [],
        scope=scope,
        kept=True,
    )


def _asked_scope() -> tuple[str, dict[str, object]]:
    scope = request.args.get("of", "")
    try:
        practising.check_scope(learning.library(), scope)
    except Missing:
        scope = ""
    return scope, in_order(asked_order())


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
        back=back_of(scope),
        answers=max(0, min(count, 9999)),
        right=max(0, min(right, count, 9999)),
        minutes=max(1, min(request.args.get("minutes", 1, int), 999)),
    )
