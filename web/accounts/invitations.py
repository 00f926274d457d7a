"""Invitations to an institution's staff: a link shown once, good for seven days and for one person."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, InvalidInput, Missing
from web.accounts import memberships
from web.accounts.roles import Role
from web.accounts.tables import Invitation, Membership

VALID = timedelta(days=7)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def invite(
    session: Session, *, institution_id: UUID, role: Role, name: str, invited_by: UUID | None, now: datetime
) -> tuple[str, Invitation]:
    """Invite someone; returns the token of the link, which is kept nowhere.

    Raises InvalidInput ``invitation.name_missing``.
    """
    plain = " ".join(name.split())[:80]
    if not plain:
        raise InvalidInput("invitation.name_missing")
    token = secrets.token_urlsafe(32)
    row = Invitation(
        institution_id=institution_id,
        token_digest=_digest(token),
        role=role.value,
        name=plain,
        invited_by=invited_by,
        invited_at=now,
        expires_at=now + VALID,
    )
    session.add(row)
    session.flush()
    return token, row


def find(session: Session, token: str, now: datetime, *, to_use: bool = False) -> Invitation:
    """The open invitation of a link; ``to_use`` it up, by one person at a time.

    Raises Missing ``invitation.unknown``; Conflict ``invitation.accepted``, ``invitation.withdrawn``,
    ``invitation.expired``.
    """
    statement = select(Invitation).where(col(Invitation.token_digest) == _digest(token))
    if to_use:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    row = session.exec(statement).first()
    if row is None:
        raise Missing("invitation.unknown")
    if row.accepted_at is not None:
        raise Conflict("invitation.accepted")
    if row.withdrawn_at is not None:
        raise Conflict("invitation.withdrawn")
    if row.expires_at <= now:
        raise Conflict("invitation.expired")
    return row


def accept(session: Session, *, token: str, person_id: UUID, now: datetime) -> Membership:
    """Use an invitation up for a person. Raises as ``find`` does, and Conflict ``membership.exists``."""
    row = find(session, token, now, to_use=True)
    membership = memberships.grant(
        session,
        person_id=person_id,
        institution_id=row.institution_id,
        role=Role(row.role),
        granted_by=row.invited_by,
        now=now,
    )
    row.accepted_at, row.accepted_by = now, person_id
    session.add(row)
    session.flush()
    return membership


def open_of(session: Session, institution_id: UUID, now: datetime) -> Sequence[Invitation]:
    """An institution's invitations that can still be accepted, the newest first."""
    statement = (
        select(Invitation)
        .where(
            col(Invitation.institution_id) == institution_id,
            col(Invitation.accepted_at).is_(None),
            col(Invitation.withdrawn_at).is_(None),
            col(Invitation.expires_at) > now,
        )
        .order_by(col(Invitation.invited_at).desc())
    )
    return session.exec(statement).all()


def withdraw(session: Session, *, institution_id: UUID, invitation_id: UUID, now: datetime) -> Invitation:
    """Withdraw an open invitation. Raises Missing ``invitation.unknown``."""
    for row in open_of(session, institution_id, now):
        if row.id == invitation_id:
            row.withdrawn_at = now
            session.add(row)
            session.flush()
            return row
    raise Missing("invitation.unknown")
