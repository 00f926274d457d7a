"""What somebody said instead of writing it: taken in, heard again by them, heard by who helps, deleted."""

import io
from uuid import UUID

from flask import Response, flash, g, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from accessibility.voice.message import LARGEST, Message, media_type, message
from web.accounts.permissions import BANK_ADMIN, SIGNED_IN, actor, now, permit
from web.accounts.roles import Role
from web.banking import bank
from web.database import command, tx
from web.messages import t
from web.operations import help_desk, voice_messages
from web.operations.help_desk import Desk
from web.operations.help_tables import HelpMessage
from web.views.help.blueprint import blueprint


def recorded() -> Message | None:
    """What was sent as a recording; None where nothing was. Raises InvalidInput as ``message`` does."""
    sent = request.files.get("sound")
    data = sent.stream.read(LARGEST + 1) if sent is not None else b""
    return message(data) if data else None


def keep_draft(key: UUID, said: Message) -> None:
    """Keep it for the request that will have this key. Raises as ``voice_messages.draft`` does."""
    who = actor().person_id
    command(lambda session: voice_messages.draft(session, bank().kek, key, who, said, now=now()))


def drop_draft(key: UUID) -> None:
    """Delete what was recorded for a request that is not sent."""
    row = voice_messages.draft_of(tx(), key, actor().person_id)
    if row is not None:
        command(lambda session: voice_messages.erase(session, row))


@blueprint.get("/help/messages/<uuid:message_id>.mp3")
@permit(SIGNED_IN)
def own_message(message_id: UUID) -> Response:
    """What I said, to hear it again."""
    return _sound(voice_messages.one_of_person(tx(), actor().person_id, message_id, now()))


@blueprint.post("/help/messages/<uuid:message_id>/delete")
@permit(SIGNED_IN)
def delete_message(message_id: UUID) -> ResponseReturnValue:
    """Delete what I said; the request stays."""
    row = voice_messages.one_of_person(tx(), actor().person_id, message_id, now())
    command(lambda session: voice_messages.erase(session, row))
    flash(t("help.voice.deleted"), "good")
    address = url_for(".request", request_id=row.request_id) if row.request_id else url_for(".ask")
    return redirect(address, 303)


@blueprint.get("/centre/<handle>/help/<uuid:request_id>/message.mp3")
@permit(Role.CENTRE_STAFF)
def centre_message(handle: str, request_id: UUID) -> Response:
    """What somebody said, for who took it on at this centre."""
    del handle  # whoever is let in by it works there
    return _sound(help_desk.message(tx(), Desk(g.institution.id, actor().person_id), request_id, now()))


@blueprint.get("/admin/help/<uuid:request_id>/message.mp3")
@permit(BANK_ADMIN)
def bank_message(request_id: UUID) -> Response:
    """What somebody said, for who took it on at the bank."""
    return _sound(help_desk.message(tx(), Desk(None, actor().person_id), request_id, now()))


def _sound(row: HelpMessage) -> Response:
    sound = voice_messages.opened(bank().kek, row)
    response = send_file(io.BytesIO(sound), media_type(sound), conditional=True, max_age=None)
    response.headers["Cache-Control"] = "no-store"
    return response
