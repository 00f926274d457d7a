"""How a person wants the bank shown, kept with the account when they asked for that; nothing else is told by it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col

from accessibility.preference import model
from accessibility.preference.model import Choices
from web.accounts.tables import DisplayPreference


def written(session: Session, person_id: UUID) -> str | None:
    """The choices kept with the account, as written; None when nothing is kept, which is not the same as no choices."""
    row = session.get(DisplayPreference, person_id)
    return None if row is None else row.choices


def foreign(session: Session, person_id: UUID) -> Mapping[str, Any]:
    """What a file of another system said that is kept without being understood."""
    row = session.get(DisplayPreference, person_id)
    return {} if row is None else row.foreign


def keep(
    session: Session,
    person_id: UUID,
    choices: Choices,
    *,
    now: datetime,
    foreign: Mapping[str, Any] | None = None,
) -> None:
    """Keep the choices with the account, and what is foreign where it is given."""
    row = session.get(DisplayPreference, person_id, with_for_update=True)
    if row is None:
        row = DisplayPreference(person_id=person_id, kept_at=now)
    row.choices, row.kept_at = model.write(choices), now
    if foreign is not None:
        row.foreign = dict(foreign)
    session.add(row)
    session.flush()


def forget(session: Session, person_id: UUID) -> bool:
    """Keep nothing any longer; whether there was anything."""
    own = col(DisplayPreference.person_id) == person_id
    done = session.connection().execute(delete(DisplayPreference).where(own))
    session.expire_all()
    return bool(done.rowcount)


def move(session: Session, from_person: UUID, to_person: UUID) -> None:
    """Put what one person kept to another who kept nothing; else the other's own stays, and this goes."""
    if session.get(DisplayPreference, to_person) is None:
        own = col(DisplayPreference.person_id) == from_person
        session.connection().execute(update(DisplayPreference).where(own).values(person_id=to_person))
        session.expire_all()
    forget(session, from_person)


def exported(session: Session, person_id: UUID) -> list[dict[str, Any]]:
    """What is kept, as JSON values; an empty list for nothing."""
    row = session.get(DisplayPreference, person_id)
    if row is None:
        return []
    return [{"choices": model.read(row.choices), "foreign": row.foreign, "kept_at": row.kept_at.isoformat()}]
