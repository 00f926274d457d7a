"""Answering: the list of who waits at a centre's counter or at the bank, taking one on, answering, ending."""

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from credit_bank.errors import Conflict, InvalidInput
from web.accounts.permissions import BANK_ADMIN, actor, now, permit
from web.accounts.roles import Role
from web.database import command, tx
from web.forms.base import refuse
from web.forms.help import AnswerForm
from web.messages import error_sentence, t
from web.operations import help_desk, help_requests, voice_messages
from web.operations.help_desk import Desk
from web.operations.help_tables import HelpRequest
from web.views.help.blueprint import blueprint, page_name


def waited(row: HelpRequest) -> str:
    """How long somebody has been waiting: minutes, then hours, then days."""
    minutes = max(0, int((now() - row.asked_at).total_seconds() // 60))
    if minutes < 60:
        return t("help.desk.minutes", count=minutes)
    if minutes < 48 * 60:
        return t("help.desk.hours", count=minutes // 60)
    return t("help.desk.days", count=minutes // (24 * 60))


@blueprint.get("/centre/<handle>/help")
@permit(Role.CENTRE_STAFF)
def centre_desk(handle: str) -> str:
    """Who waits at this centre."""
    return _list(Desk(g.institution.id, actor().person_id), handle)


@blueprint.get("/admin/help")
@permit(BANK_ADMIN)
def bank_desk() -> str:
    """Who waits at the bank, and who has waited for a day at a centre."""
    return _list(Desk(None, actor().person_id), None)


@blueprint.route("/centre/<handle>/help/<uuid:request_id>", methods=["GET", "POST"])
@permit(Role.CENTRE_STAFF)
def centre_request(handle: str, request_id: UUID) -> ResponseReturnValue:
    """One request at this centre."""
    return _one(Desk(g.institution.id, actor().person_id), handle, request_id)


@blueprint.route("/admin/help/<uuid:request_id>", methods=["GET", "POST"])
@permit(BANK_ADMIN)
def bank_request(request_id: UUID) -> ResponseReturnValue:
    """One request at the bank."""
    return _one(Desk(None, actor().person_id), None, request_id)


def _list_address(handle: str | None) -> str:
    return url_for(".centre_desk", handle=handle) if handle else url_for(".bank_desk")


def _address(handle: str | None, row: HelpRequest) -> str:
    if handle:
        return url_for(".centre_request", handle=handle, request_id=row.id)
    return url_for(".bank_request", request_id=row.id)


def _list(desk: Desk, handle: str | None) -> str:
    return render_template(
        "help/desk.html",
        handle=handle,
        rows=help_desk.waiting(tx(), desk, now()),
        ended=help_desk.ended(tx(), desk, now()),
        address=lambda row: _address(handle, row),
        waited=waited,
        number=help_requests.shown_number,
        bank=next((m.handle for m in actor().memberships if m.tier == "centre"), None) if handle is None else None,
    )


def _one(desk: Desk, handle: str | None, request_id: UUID) -> ResponseReturnValue:
    row = help_desk.at_desk(tx(), desk, request_id, now())
    form, problem = AnswerForm(), None
    if form.validate_on_submit():
        act = request.form.get("act", "")
        try:
            command(lambda session: _act(session, desk, request_id, act, form.words.data or ""))
        except InvalidInput as error:
            refuse(form.words, error_sentence(error))
        except Conflict as error:
            problem = error_sentence(error)
        else:
            flash(t(f"help.desk.did.{act}"), "good")
            return redirect(_list_address(handle) if act in ("done", "give_back") else _address(handle, row), 303)
    page = render_template(
        "help/desk_request.html",
        row=row,
        form=form,
        problem=problem,
        back=_list_address(handle),
        asker=help_desk.name_of(tx(), row.person_id) if row.person_id else "",
        taker=help_desk.name_of(tx(), row.taken_by) if row.taken_by else "",
        mine=row.taken_by == desk.person_id,
        waited=waited(row),
        number=help_requests.shown_number(row.number),
        page=page_name(row.page),
        message=voice_messages.of_request(tx(), row.id, now()),
        sound=_address(handle, row) + "/message.mp3",
    )
    return page, 409 if problem else 422 if form.errors else 200


def _act(session: Session, desk: Desk, request_id: UUID, act: str, words: str) -> None:
    match act:
        case "take":
            help_desk.take(session, desk, request_id, now())
        case "give_back":
            help_desk.give_back(session, desk, request_id, now())
        case "answer" | "done":
            help_desk.answer(session, desk, request_id, words, now(), done=act == "done")
        case _:
            raise InvalidInput("help.answer_missing")
