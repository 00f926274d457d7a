"""A person's own spoken commands: kept sealed under a key of that person, counted in what they are given, erased.

The templates are made of a voice, and are sensitive personal information (个人信息保护法, Art. 28): they are kept only
with a consent of their own, as features and never as sound, under a key of the person (``personal_sealing``). Nothing
but recognising that person reads them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete
from sqlmodel import Session, col, select

from accessibility.errors import InvalidInput
from accessibility.voice.enrolment import Enrolment, Take
from web.accounts.tables import Person
from web.operations import personal_sealing
from web.operations.voice_tables import VoiceEnrolment

CONSENT = "voice"
FIRST = ("next", "back", "play", "pause", "credits", "help")
"""What serves most on most pages; asked for first."""
MORE = (
    *("previous", "repeat", "slower", "faster", "bigger", "smaller"),
    *("today", "lesson", "companion", "activities", "neighbour", "home"),
)
NUMBERS = (*(f"number.{digit}" for digit in range(10)), "confirm", "cancel", "list", "undo")
"""For numbers in exercises, figures of a PIN, hearing what is on a page, and answers to what the voice asks."""
COMMANDS = (*FIRST, *MORE, *NUMBERS)
_USE = "spoken commands"
_log = structlog.get_logger()


def seal(kek: bytes, person_id: UUID, enrolment: Enrolment) -> bytes:
    """The templates as they are kept."""
    return personal_sealing.seal(kek, _USE, person_id, enrolment.to_bytes())


def unseal(kek: bytes, person_id: UUID, sealed: bytes) -> Enrolment | None:
    """The templates again; None for another person's, for what is broken, and for what is of another version."""
    body = personal_sealing.unseal(kek, _USE, person_id, sealed)
    try:
        return Enrolment.from_bytes(body) if body is not None else None
    except (ValueError, InvalidInput):
        return None


def hold(session: Session, person_id: UUID) -> None:
    """Keep every other change of a person's templates waiting until this transaction ends.

    The person is held, since there may be no templates yet; what is read after this is what is changed.
    """
    held = select(Person.id).where(col(Person.id) == person_id)
    session.execute(held.with_for_update(key_share=True))


def enrolment(session: Session, kek: bytes, person_id: UUID) -> Enrolment | None:
    """What that person has recorded; None where they recorded nothing, or what is kept cannot be read any more."""
    row = session.get(VoiceEnrolment, person_id, populate_existing=True)
    if row is None:
        return None
    enrolled = unseal(kek, person_id, row.sealed)
    if enrolled is None:  # they record anew
        _log.warning("voice.enrolment_unusable", bytes=len(row.sealed))
    return enrolled


def keep(session: Session, kek: bytes, person_id: UUID, changed: Enrolment, *, now: datetime) -> None:
    """Keep the templates as they are now; where none is left, nothing is kept. To change them, ``hold`` first."""
    row = session.get(VoiceEnrolment, person_id)
    if not changed.takes:
        erase(session, person_id)
        return
    if row is None:
        row = VoiceEnrolment(person_id=person_id, sealed=b"", begun_at=now, changed_at=now)
    row.sealed, row.changed_at = seal(kek, person_id, changed), now
    row.counts = {command: len(changed.takes[command]) for command in sorted(changed.takes)}
    session.add(row)
    session.flush()


def change(
    session: Session, kek: bytes, person_id: UUID, how: Callable[[Enrolment], Enrolment], *, now: datetime
) -> Enrolment:
    """Change what a person has recorded, one change after the other; what there is then."""
    hold(session, person_id)
    changed = how(enrolment(session, kek, person_id) or Enrolment())
    keep(session, kek, person_id, changed, now=now)
    return changed


def without_last(enrolled: Enrolment, command: str) -> Enrolment:
    """Without the last take of a command."""
    kept: tuple[Take, ...] = enrolled.takes.get(command, ())[:-1]
    rest = enrolled.without(command)
    return Enrolment({**rest.takes, command: kept}) if kept else rest


def erase(session: Session, person_id: UUID) -> bool:
    """Delete every template of a person; whether there was any."""
    hold(session, person_id)
    done = session.connection().execute(delete(VoiceEnrolment).where(col(VoiceEnrolment.person_id) == person_id))
    session.expire_all()
    return bool(done.rowcount)


def move(session: Session, kek: bytes, from_person: UUID, to_person: UUID) -> None:
    """Put one person's templates to their other way in, which recorded none; else the other's own stay."""
    row = session.get(VoiceEnrolment, from_person)
    enrolled = enrolment(session, kek, from_person)
    if row is not None and enrolled is not None and session.get(VoiceEnrolment, to_person) is None:
        keep(session, kek, to_person, enrolled, now=row.changed_at)
    erase(session, from_person)


def exported(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    """How many templates of which commands there are, as JSON values; they themselves are of use to nobody."""
    row = session.get(VoiceEnrolment, person_id)
    if row is None:
        return []
    moments = {"begun_at": row.begun_at.isoformat(), "changed_at": row.changed_at.isoformat()}
    return [{"templates": dict(row.counts), **moments}]
