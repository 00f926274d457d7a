"""The audit trail: who did what to whose data. Added to, never changed; codes and ids, no prose and no secrets."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from web.accounts.tables import AuditEvent


def record(
    session: Session,
    action: str,
    *,
    now: datetime,
    person_id: UUID | None,
    institution_id: UUID | None = None,
    subject_id: UUID | None = None,
    **details: str,
) -> None:
    """Add an event in the transaction of what it records; ``action`` is a stable dotted code (``staff.invited``)."""
    session.add(
        AuditEvent(
            at=now,
            person_id=person_id,
            action=action,
            institution_id=institution_id,
            subject_id=subject_id,
            details=details,
        )
    )
    session.flush()
