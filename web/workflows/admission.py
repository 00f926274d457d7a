"""Deciding on an application: the institution is admitted, and its first administrator invited, at once."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from credit_bank import admitting, status_listing
from credit_bank.bank import Bank
from credit_bank.store import institutions
from credit_bank.store.tables import Institution, InstitutionKey
from web.accounts import audit, invitations
from web.accounts.roles import Role


def approve(
    session: Session, bank: Bank, application_id: UUID, *, decided_by: UUID, now: datetime
) -> tuple[Institution, str]:
    """Admit an applicant; the institution, and the token with which its first administrator joins.

    Raises Missing ``application.unknown``; Conflict ``application.decided``, ``institution.handle_taken`` or
    ``institution.known``.
    """
    contact = institutions.application(session, application_id).contact_name
    institution = admitting.decide(session, bank, application_id, approve=True, reason="", decided_by=decided_by)
    if institution is None:
        raise AssertionError("an approved application admits an institution")
    _record(session, "application.approved", application_id, institution.id, decided_by, now)
    return institution, invite_administrator(session, institution, contact, invited_by=decided_by, now=now)


def invite_administrator(
    session: Session, institution: Institution, name: str, *, invited_by: UUID, now: datetime
) -> str:
    """The token of an invitation as an institution's administrator, shown once.

    Raises InvalidInput ``invitation.name_missing``.
    """
    token, row = invitations.invite(
        session, institution_id=institution.id, role=Role.ADMINISTRATOR, name=name, invited_by=invited_by, now=now
    )
    _record(session, "staff.invited", row.id, institution.id, invited_by, now)
    return token


def refuse(session: Session, bank: Bank, application_id: UUID, *, reason: str, decided_by: UUID, now: datetime) -> None:
    """Refuse an application with a reason that the applicant will see.

    Raises InvalidInput ``application.reason_missing``; Conflict ``application.decided``.
    """
    admitting.decide(session, bank, application_id, approve=False, reason=reason, decided_by=decided_by)
    _record(session, "application.refused", application_id, None, decided_by, now)


def rotate_key(
    session: Session, bank: Bank, institution: Institution, *, compromised: bool, decided_by: UUID, now: datetime
) -> InstitutionKey:
    """Give an institution a new key for credentials, and sign its status lists with it.

    Raises Missing ``key.none_current``.
    """
    row = admitting.rotate_key(session, bank, institution, compromised=compromised)
    key = admitting.signing_key(session, bank, institution, "assertion")
    status_listing.sign_all(session, bank, institution, key, bank.now())
    action = "institution.key_revoked" if compromised else "institution.key_rotated"
    record(session, action, institution, decided_by, now)
    return row


def record(
    session: Session, action: str, institution: Institution, person_id: UUID, now: datetime, **details: str
) -> None:
    """Note an act of the bank on an institution in the audit trail."""
    audit.record(
        session,
        action,
        now=now,
        person_id=person_id,
        institution_id=institution.id,
        subject_id=institution.id,
        **details,
    )


def _record(
    session: Session, action: str, subject_id: UUID, institution_id: UUID | None, person_id: UUID, now: datetime
) -> None:
    audit.record(session, action, now=now, person_id=person_id, institution_id=institution_id, subject_id=subject_id)
