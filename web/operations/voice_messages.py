"""What somebody said instead of writing it: kept sealed, heard by who helps them, gone a week after it is done.

A recording is a draft until its request is sent: it can be heard and dropped, one for each person, and goes after a
day. With the request it is heard by who took that on. It goes when the person says so, when the request is taken back
or deleted, with the account, and ``KEPT`` after the request ended; from then on it is given to nobody, whether or not
it has been tidied away.
"""

import base64
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from accessibility.voice.message import Message, media_type
from credit_bank.errors import Conflict, Missing
from web.operations import personal_sealing
from web.operations.help_tables import HelpMessage, HelpRequest

KEPT = timedelta(days=7)
"""How long after its request ended a recording is kept."""
DRAFT_KEPT = timedelta(days=1)
_USE = "voice messages"


def draft(session: Session, kek: bytes, key: UUID, person_id: UUID, said: Message, *, now: datetime) -> HelpMessage:
    """Keep what was recorded for the request that will have this ``key``, in the place of what was there before.

    The same recording once more, sent with its request already, changes nothing. Raises Missing ``help.unknown`` for
    another's key; Conflict ``help.sent_already`` for another recording when the request was sent.
    """
    session.execute(
        delete(HelpMessage).where(
            col(HelpMessage.person_id) == person_id,
            col(HelpMessage.request_id).is_(None),
            col(HelpMessage.key) != key,
        )
    )
    row = _locked(session, key)
    if row is None:
        row = HelpMessage(key=key, person_id=person_id, sealed=b"", seconds=0, recorded_at=now)
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # the same form, sent twice at the same moment
            row = _locked(session, key)
            if row is None:
                raise
    if row.person_id != person_id:
        raise Missing("help.unknown")
    if row.request_id is not None:
        if opened(kek, row) == said.file:
            return row
        raise Conflict("help.sent_already")
    row.sealed = personal_sealing.seal(kek, _USE, person_id, said.file, row.id.bytes)
    row.seconds, row.recorded_at = max(1, round(said.seconds)), now
    session.add(row)
    session.flush()
    return row


def _locked(session: Session, key: UUID) -> HelpMessage | None:
    return session.exec(
        select(HelpMessage).where(HelpMessage.key == key).with_for_update().execution_options(populate_existing=True)
    ).first()


def draft_of(session: Session, key: UUID, person_id: UUID) -> HelpMessage | None:
    """What was recorded for a request that is not sent yet."""
    row = session.exec(select(HelpMessage).where(HelpMessage.key == key)).first()
    return row if row is not None and row.person_id == person_id and row.request_id is None else None


def send(session: Session, request: HelpRequest) -> None:
    """Put what was recorded for a request to it."""
    row = _locked(session, request.key)
    if row is not None and row.person_id == request.person_id and row.request_id is None:
        row.request_id = request.id
        session.add(row)
        session.flush()


def _past(now: datetime) -> ColumnElement[bool]:
    """What is past its time."""
    ended = select(HelpRequest.id).where(col(HelpRequest.ended_at) < now - KEPT)
    old_draft = and_(col(HelpMessage.request_id).is_(None), col(HelpMessage.recorded_at) < now - DRAFT_KEPT)
    return or_(col(HelpMessage.request_id).in_(ended), old_draft)


def of_request(session: Session, request_id: UUID, now: datetime) -> HelpMessage | None:
    """The recording of a request, while it is kept."""
    return session.exec(select(HelpMessage).where(HelpMessage.request_id == request_id, ~_past(now))).first()


def of_requests(session: Session, request_ids: Sequence[UUID], now: datetime) -> dict[UUID, int]:
    """Which of these requests have a recording, and its seconds."""
    columns = select(HelpMessage.request_id, HelpMessage.seconds)
    found = session.exec(columns.where(col(HelpMessage.request_id).in_(request_ids), ~_past(now))).all()
    return {request_id: seconds for request_id, seconds in found if request_id is not None}


def one_of_person(session: Session, person_id: UUID, message_id: UUID, now: datetime) -> HelpMessage:
    """One of a person's own recordings, while it is kept. Raises Missing ``help.unknown``."""
    found = select(HelpMessage).where(HelpMessage.id == message_id, HelpMessage.person_id == person_id, ~_past(now))
    row = session.exec(found).first()
    if row is None:
        raise Missing("help.unknown")
    return row


def opened(kek: bytes, row: HelpMessage) -> bytes:
    """The recording as a file. Raises Missing ``help.message_lost`` where it no longer opens."""
    sound = personal_sealing.unseal(kek, _USE, row.person_id, row.sealed, row.id.bytes)
    if sound is None:
        raise Missing("help.message_lost")
    return sound


def erase(session: Session, row: HelpMessage) -> None:
    """Delete one recording."""
    session.delete(row)
    session.flush()


def erase_of(session: Session, request_id: UUID) -> None:
    """Delete the recording of a request."""
    session.execute(delete(HelpMessage).where(col(HelpMessage.request_id) == request_id))


def erase_person(session: Session, person_id: UUID) -> None:
    """Delete every recording of a person."""
    session.execute(delete(HelpMessage).where(col(HelpMessage.person_id) == person_id))


def forget_old(session: Session, now: datetime) -> int:
    """Delete what is past its time; how many recordings."""
    return session.connection().execute(delete(HelpMessage).where(_past(now))).rowcount


def move(session: Session, kek: bytes, *, absorbed: UUID, from_person: UUID, to_person: UUID) -> None:
    """Put the recordings of one learner's requests under the key of the person who has them from now on."""
    requests = select(HelpRequest.id).where(HelpRequest.learner_id == absorbed)
    rows = select(HelpMessage).where(HelpMessage.person_id == from_person, col(HelpMessage.request_id).in_(requests))
    for row in session.exec(rows.with_for_update()).all():
        sound = personal_sealing.unseal(kek, _USE, from_person, row.sealed, row.id.bytes)
        if sound is None:
            session.delete(row)
            continue
        row.person_id = to_person
        row.sealed = personal_sealing.seal(kek, _USE, to_person, sound, row.id.bytes)
        session.add(row)
    session.flush()


def exported(session: Session, kek: bytes, person_id: UUID) -> list[dict[str, Any]]:
    """A person's recordings as JSON values: the sound itself in Base64 (RFC 4648 §4)."""
    rows = session.exec(
        select(HelpMessage).where(HelpMessage.person_id == person_id).order_by(col(HelpMessage.recorded_at))
    )
    return [
        {
            "request_id": str(row.request_id) if row.request_id else None,
            "recorded_at": row.recorded_at.isoformat(),
            "seconds": row.seconds,
            "media_type": media_type(sound),
            "sound": base64.b64encode(sound).decode(),
        }
        for row in rows
        if (sound := personal_sealing.unseal(kek, _USE, person_id, row.sealed, row.id.bytes)) is not None
    ]
