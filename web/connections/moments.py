"""What is short-lived: states, tickets, tokens. Each is known by the digest of a secret, and expires."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col

from credit_bank.errors import InvalidInput
from web.connections.messages import digest, fresh
from web.connections.tables import LtiMoment


def begin(
    session: Session,
    kind: str,
    registration_id: UUID,
    *,
    lifetime: timedelta,
    now: datetime,
    learner_id: UUID | None = None,
    facts: dict[str, Any] | None = None,
) -> str:
    """Keep a new moment, and forget those that are over; returns its secret, which is kept nowhere."""
    forget(session, now)
    secret = fresh()
    session.add(
        LtiMoment(
            digest=digest(secret),
            kind=kind,
            registration_id=registration_id,
            learner_id=learner_id,
            facts=facts or {},
            expires_at=now + lifetime,
        )
    )
    session.flush()
    return secret


def find(session: Session, kind: str, secret: str, now: datetime) -> LtiMoment:
    """A moment that is neither over nor used. Raises InvalidInput ``lti.moment_<kind>``."""
    row = session.get(LtiMoment, digest(secret)) if 0 < len(secret) <= 200 else None
    if row is None or row.kind != kind or row.used_at is not None or row.expires_at <= now:
        raise InvalidInput("lti.moment", kind=kind)
    return row


def use(session: Session, row: LtiMoment, now: datetime) -> None:
    """Use a moment up. Two at once: one gets it. Raises InvalidInput ``lti.moment``."""
    statement = update(LtiMoment).where(col(LtiMoment.digest) == row.digest, col(LtiMoment.used_at).is_(None))
    done = session.connection().execute(statement.values(used_at=now))
    if done.rowcount != 1:
        raise InvalidInput("lti.moment", kind=row.kind)


def forget(session: Session, now: datetime) -> None:
    """Forget what is over for an hour or more."""
    session.connection().execute(delete(LtiMoment).where(col(LtiMoment.expires_at) < now - timedelta(hours=1)))
