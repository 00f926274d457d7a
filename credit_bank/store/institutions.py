"""Institutions, their keys and accreditations, as rows; and the trust registry that reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank.errors import Missing
from credit_bank.key import trust
from credit_bank.store import regions
from credit_bank.store.tables import (
    Accreditation,
    AdmissionApplication,
    BankKey,
    Deployment,
    Institution,
    InstitutionKey,
    Log,
)


def by_handle(session: Session, handle: str) -> Institution | None:
    """The institution of that handle, or None."""
    return session.exec(select(Institution).where(Institution.handle == handle)).one_or_none()


def by_did(session: Session, did: str) -> Institution | None:
    """The institution of that DID, or None."""
    return session.exec(select(Institution).where(Institution.did == did)).one_or_none()


def get(session: Session, institution_id: UUID) -> Institution:
    """The institution of that id. Raises Missing ``institution.unknown``."""
    found = session.get(Institution, institution_id)
    if found is None:
        raise Missing("institution.unknown", institution=str(institution_id))
    return found


def find(session: Session, reference: str) -> Institution:
    """The institution that a person named by handle, id, DID or social credit code.

    Raises Missing ``institution.unknown``.
    """
    found = by_handle(session, reference) or by_did(session, reference)
    if found is None:
        found = session.exec(
            select(Institution).where(Institution.social_credit_code == reference.strip().upper())
        ).one_or_none()
    if found is None:
        try:
            found = session.get(Institution, UUID(reference))
        except ValueError:
            found = None
    if found is None:
        raise Missing("institution.unknown", institution=reference[:80])
    return found


@dataclass(frozen=True, slots=True)
class Awarder:
    """Who awarded an outcome: a member of this bank, or an institution of a recognised region.

    ``handle`` names it in rules: a member's handle, another bank's institution by its DID. ``tier`` is that of the
    member, or ``region``.
    """

    id: UUID
    handle: str
    name: str
    tier: str
    kind: str
    parent_id: UUID | None


def awarder(session: Session, institution_id: UUID) -> Awarder:
    """The awarder of that id. Raises Missing ``institution.unknown``."""
    found = session.get(Institution, institution_id)
    if found is not None:
        return Awarder(found.id, found.handle, found.name, found.tier, found.kind, found.parent_id)
    elsewhere = regions.institution(session, institution_id)
    if elsewhere is None:
        raise Missing("institution.unknown", institution=str(institution_id))
    return Awarder(elsewhere.id, elsewhere.did, elsewhere.name, "region", "region", None)


def every(session: Session) -> Sequence[Institution]:
    """All institutions, the centre first, then by name."""
    rows = session.exec(select(Institution).order_by(col(Institution.name))).all()
    tiers = {"centre": 0, "subcentre": 1, "member": 2}
    return sorted(rows, key=lambda i: tiers.get(i.tier, 3))


def keys(session: Session, institution_id: UUID, purpose: str = "assertion") -> Sequence[InstitutionKey]:
    """An institution's keys for a purpose, the newest last; retired ones are included."""
    return session.exec(
        select(InstitutionKey)
        .where(InstitutionKey.institution_id == institution_id, InstitutionKey.purpose == purpose)
        .order_by(col(InstitutionKey.valid_from), col(InstitutionKey.multikey))
    ).all()


def current_key(session: Session, institution_id: UUID, purpose: str, now: datetime) -> InstitutionKey:
    """The key that signs now. Raises Missing ``key.none_current``."""
    usable = [
        k
        for k in keys(session, institution_id, purpose)
        if k.revoked_at is None and k.valid_from <= now and (k.valid_to is None or now < k.valid_to)
    ]
    if not usable:
        raise Missing("key.none_current", institution=str(institution_id), purpose=purpose)
    # The one that was not retired, even where two were made within a second.
    return max(usable, key=lambda k: (k.valid_to is None, k.valid_from))


def accreditations(session: Session, institution_id: UUID) -> Sequence[Accreditation]:
    """What an institution may issue, since when and until when."""
    return session.exec(
        select(Accreditation)
        .where(Accreditation.institution_id == institution_id)
        .order_by(col(Accreditation.valid_from), col(Accreditation.category))
    ).all()


def issuer_record(session: Session, institution: Institution) -> trust.IssuerRecord:
    """The institution as the trust list states it."""
    log = session.get(Log, institution.id)
    return trust.IssuerRecord(
        did=institution.did,
        name=institution.name,
        keys=_records(keys(session, institution.id)),
        accreditations=tuple(
            trust.Accreditation(a.category, a.valid_from, a.valid_to) for a in accreditations(session, institution.id)
        ),
        suspended=institution.closed_at is not None,
        log_origin=log.origin if log else None,
        log_keys=_records(keys(session, institution.id, "checkpoint")),
    )


def _records(rows: Sequence[InstitutionKey]) -> tuple[trust.KeyRecord, ...]:
    return tuple(trust.KeyRecord(k.multikey, k.valid_from, k.valid_to, k.revoked_at) for k in rows)


class StoredTrust:
    """The trust registry that the database holds; an issuer is read once per registry."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, trust.IssuerRecord | None] = {}

    def issuer(self, did: str) -> trust.IssuerRecord | None:
        """What the bank knows of that DID, or what a recognised region's bank states of it, or None."""
        if did not in self._known:
            found = by_did(self._session, did)
            self._known[did] = issuer_record(self._session, found) if found else regions.issuer(self._session, did)
        return self._known[did]


def deployment(session: Session) -> Deployment | None:
    """What was fixed at the first issue, or None before it."""
    return session.get(Deployment, 1)


def bank_keys(session: Session) -> Sequence[BankKey]:
    """The bank's own keys, the newest last."""
    return session.exec(select(BankKey).order_by(col(BankKey.valid_from), col(BankKey.multikey))).all()


def application(session: Session, application_id: UUID, *, to_decide: bool = False) -> AdmissionApplication:
    """An application for admission, ``to_decide`` by one person at a time. Raises Missing ``application.unknown``."""
    found = session.get(AdmissionApplication, application_id, with_for_update=to_decide, populate_existing=to_decide)
    if found is None:
        raise Missing("application.unknown")
    return found


def applications(session: Session, state: str | None = None) -> Sequence[AdmissionApplication]:
    """Applications for admission, the oldest first."""
    query = select(AdmissionApplication).order_by(col(AdmissionApplication.submitted_at))
    if state is not None:
        query = query.where(AdmissionApplication.state == state)
    return session.exec(query).all()
