"""Memberships: who works where, in which role, from when until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, Missing
from credit_bank.store.tables import Institution
from web.accounts.roles import Role
from web.accounts.tables import Membership, Person


@dataclass(frozen=True, slots=True)
class ActiveMembership:
    """A role that holds now, with what pages need to name and link the institution."""

    institution_id: UUID
    role: Role
    handle: str
    institution_name: str
    institution_name_en: str | None
    tier: str


def _holds(now: datetime) -> ColumnElement[bool]:
    return (col(Membership.valid_from) <= now) & or_(col(Membership.valid_to).is_(None), col(Membership.valid_to) > now)


def active_of(session: Session, person_id: UUID, now: datetime) -> tuple[ActiveMembership, ...]:
    """What a person may do now, and where; institutions that have closed give nothing."""
    statement = (
        select(Membership, Institution)
        .join(Institution, col(Institution.id) == col(Membership.institution_id))
        .where(col(Membership.person_id) == person_id, _holds(now), col(Institution.closed_at).is_(None))
        .order_by(col(Institution.name), col(Membership.role))
    )
    return tuple(
        ActiveMembership(i.id, Role(m.role), i.handle, i.name, i.name_en, i.tier) for m, i in session.exec(statement)
    )


def staff_of(session: Session, institution_id: UUID, now: datetime) -> Sequence[tuple[Membership, Person]]:
    """The members of an institution's staff now, by name, one row for each role."""
    statement = (
        select(Membership, Person)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(col(Membership.institution_id) == institution_id, _holds(now))
        .order_by(col(Person.display_name), col(Membership.role))
    )
    return list(session.exec(statement))


def grant(
    session: Session, *, person_id: UUID, institution_id: UUID, role: Role, granted_by: UUID | None, now: datetime
) -> Membership:
    """Give a person a role. Raises Conflict ``membership.exists`` when the person has it already."""
    statement = select(Membership).where(
        col(Membership.person_id) == person_id,
        col(Membership.institution_id) == institution_id,
        col(Membership.role) == role.value,
        _holds(now),
    )
    if session.exec(statement).first() is not None:
        raise Conflict("membership.exists")
    row = Membership(
        person_id=person_id, institution_id=institution_id, role=role.value, valid_from=now, granted_by=granted_by
    )
    session.add(row)
    session.flush()
    return row


def end(session: Session, *, institution_id: UUID, membership_id: UUID, now: datetime) -> Membership:
    """End a role now.

    Raises Missing ``membership.unknown``; Conflict ``membership.last_administrator`` when it would leave the
    institution without anyone who can invite others.
    """
    # One at a time: two administrators who end each other's role at once would leave none.
    session.get_one(Institution, institution_id, with_for_update={"key_share": True})
    rows = [m for m, _ in staff_of(session, institution_id, now)]
    row = next((m for m in rows if m.id == membership_id), None)
    if row is None:
        raise Missing("membership.unknown")
    administrators = [m for m in rows if m.role == Role.ADMINISTRATOR.value]
    if row.role == Role.ADMINISTRATOR.value and len(administrators) == 1:
        raise Conflict("membership.last_administrator")
    row.valid_to = now
    session.add(row)
    session.flush()
    return row
