"""Where people reach an institution: telephone, hours, address; kept up by its own staff, read by everybody."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank.store.tables import Institution
from web.operations.help_tables import ContactPlace

LONGEST = 120


def of_institution(session: Session, institution_id: UUID) -> ContactPlace | None:
    """What an institution says of itself, or None."""
    return session.get(ContactPlace, institution_id)


def put(session: Session, institution_id: UUID, said: dict[str, str], *, by: UUID, now: datetime) -> ContactPlace:
    """Say it anew; ``said`` has the names of the table's columns."""
    row = session.get(ContactPlace, institution_id) or ContactPlace(institution_id=institution_id, changed_at=now)
    for name in ("phone", "hours", "hours_en", "address", "address_en"):
        setattr(row, name, " ".join(said.get(name, "").split())[:LONGEST])
    row.changed_at, row.changed_by = now, by
    session.add(row)
    session.flush()
    return row


def every(session: Session) -> Sequence[tuple[Institution, ContactPlace]]:
    """Every open institution that says how it is reached: the bank itself first, then by district and name."""
    statement = (
        select(Institution, ContactPlace)
        .join(ContactPlace, col(ContactPlace.institution_id) == col(Institution.id))
        .where(col(Institution.closed_at).is_(None))
        .order_by(col(Institution.tier) != "centre", col(Institution.district), col(Institution.name))
    )
    return session.exec(statement).all()
