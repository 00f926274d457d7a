"""Neighbours help one another: asking the others of a study group, helping, saying something, ending it."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank.errors import Conflict, InvalidInput, Missing
from web.accounts import consents
from web.accounts.permissions import LEARNER, actor, now, permit
from web.database import command, request_writes, tx
from web.forms.base import refuse
from web.forms.neighbours import AskForm, SayForm
from web.messages import error_sentence, locale, t
from web.operations import groups, neighbour_endings, neighbours

blueprint = Blueprint("neighbours", __name__)


def _learner() -> UUID:
    learner_id = actor().learner_id
    if learner_id is None:
        abort(403)
    return learner_id


@blueprint.get("/neighbours")
@permit(LEARNER)
def mine() -> str:
    """What I asked and help with, and what others of my groups ask."""
    learner_id = _learner()
    rows = neighbours.of_learner(tx(), learner_id)
    return render_template(
        "neighbours/mine.html",
        ready=_not_ready() is None,
        rows=[row for row in rows if row.request.state in neighbour_endings.OPEN],
        ended=[row for row in rows if row.request.state not in neighbour_endings.OPEN],
        waiting=neighbours.waiting(tx(), learner_id),
        learner_id=learner_id,
    )


def _not_ready() -> ResponseReturnValue | None:
    """What stands between the learner and asking: a group to be in, then agreeing to who sees what."""
    learner_id = _learner()
    joined, agreed = groups.joined_by(tx(), learner_id), neighbours.agrees(tx(), learner_id)
    if joined and agreed:
        return None
    return render_template(
        "neighbours/before.html", joined=joined, text=consents.text(neighbours.CONSENT, locale()),
        purpose=neighbours.CONSENT,
    )  # fmt: skip


@blueprint.route("/neighbours/ask", methods=["GET", "POST"])
@permit(LEARNER)
def ask() -> ResponseReturnValue:
    """Ask the others of a group; before that, what is needed for it."""
    if (before := _not_ready()) is not None:
        return before
    form, problem = AskForm(), None
    form.group.choices = [(str(one.group.id), one.group.name) for one in groups.joined_by(tx(), _learner())]
    if len(form.group.choices) == 1:
        form.group.data = form.group.choices[0][0]  # there is nothing to choose
    if form.validate_on_submit():
        try:
            made = _send(form)
        except InvalidInput as error:
            refuse(form.words, error_sentence(error))
        except (Conflict, Missing) as error:
            problem = error_sentence(error)
        else:
            flash(t("neighbours.sent"), "good")
            return redirect(url_for(".request", request_id=made), 303)
    page = render_template("neighbours/ask.html", form=form, problem=problem)
    return page, 409 if problem else 422 if form.errors else 200


def _send(form: AskForm) -> UUID:
    learner_id, at = _learner(), now()
    return command(
        lambda session: (
            neighbours.ask(
                session,
                key=UUID(form.key.data),
                group_id=UUID(form.group.data),
                learner_id=learner_id,
                matter=form.matter.data,
                words=form.words.data or "",
                now=at,
            ).id
        )
    )


@blueprint.route("/neighbours/<uuid:request_id>", methods=["GET", "POST"], endpoint="request")
@permit(LEARNER)
def one_request(request_id: UUID) -> ResponseReturnValue:
    """One request: where it stands, what was said, and what can be done about it."""
    learner_id, form, problem = _learner(), SayForm(), None
    row = neighbours.one(tx(), learner_id, request_id)
    if form.validate_on_submit():
        act = request.form.get("act", "")
        try:
            command(lambda session: _act(session, learner_id, request_id, act, form.words.data or ""))
        except InvalidInput as error:
            refuse(form.words, error_sentence(error))
        except Conflict as error:
            problem = error_sentence(error)
        else:
            flash(t(f"neighbours.did.{act}"), "good")
            return redirect(url_for(".mine") if act == "give_back" else url_for(".request", request_id=row.id), 303)
    elif (row.asker_news and learner_id == row.learner_id) or (row.helper_news and learner_id == row.helper_id):
        request_writes()
        row = neighbours.one(tx(), learner_id, request_id, to_change=True)
        neighbours.look(tx(), row, learner_id)
    [seen] = neighbours.named(tx(), [row])
    page = render_template(
        "neighbours/request.html",
        seen=seen,
        row=row,
        form=form,
        problem=problem,
        learner_id=learner_id,
        words=neighbours.words_of(tx(), row.id) if learner_id in (row.learner_id, row.helper_id) else [],
        kept=neighbour_endings.WORDS_KEPT.days,
    )
    return page, 409 if problem else 422 if form.errors else 200


def _act(session: Session, learner_id: UUID, request_id: UUID, act: str, words: str) -> None:
    match act:
        case "take":
            neighbours.take(session, learner_id, request_id, words, now())
        case "say":
            neighbours.say(session, learner_id, request_id, words, now())
        case "give_back":
            neighbours.give_back(session, learner_id, request_id, now())
        case "end":
            neighbours.end(session, learner_id, request_id, now())
        case _:
            raise InvalidInput("neighbours.words_missing")
