"""Admitting institutions: applications, keys and their rotation, accreditation, and statements of it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from credit_bank import founding, status_listing
from credit_bank.bank import Bank
from credit_bank.errors import Conflict, InvalidInput
from credit_bank.identity import social_credit_code
from credit_bank.key import keyring, multikey, trust
from credit_bank.key.did import did_web
from credit_bank.key.keyring import SigningKey
from credit_bank.recognition.framework import Category
from credit_bank.store import institutions, log, status
from credit_bank.store.tables import Accreditation, AdmissionApplication, Institution, InstitutionKey, Log

# Proofs are dated in whole seconds: what was signed within the second in which a right ended stays good.
SECOND = timedelta(seconds=1)
TIERS = ("centre", "subcentre", "member")
KINDS = ("university", "vocational-college", "community-centre", "training-company", "library", "other")


@dataclass(frozen=True, slots=True)
class Applicant:
    """What an institution says of itself when it asks to be admitted."""

    name: str
    social_credit_code: str
    kind: str
    handle: str
    categories: tuple[Category, ...]
    contact_name: str
    contact: str
    name_en: str | None = None
    district: str = ""
    website: str | None = None
    statement: str = ""


def check_handle(handle: str) -> str:
    """The handle itself. Raises InvalidInput ``institution.handle_malformed``."""
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])", handle):
        raise InvalidInput("institution.handle_malformed", handle=handle[:60])
    return handle


def apply(session: Session, bank: Bank, applicant: Applicant) -> AdmissionApplication:
    """Take an institution's application.

    Raises InvalidInput for a malformed code, handle, kind or website, or no category; Conflict ``application.known``
    when the institution is a member already or its application is open.
    """
    code = social_credit_code.parse(applicant.social_credit_code)
    check_handle(applicant.handle)
    if applicant.kind not in KINDS:
        raise InvalidInput("institution.kind_unknown", kind=applicant.kind)
    if not applicant.categories:
        raise InvalidInput("application.no_category")
    if applicant.website and not re.fullmatch(r"https?://[^\s]{3,200}", applicant.website):
        raise InvalidInput("institution.website_malformed")
    open_ones = institutions.applications(session, "submitted")
    if any(a.social_credit_code == code for a in open_ones) or _member(session, code):
        raise Conflict("application.known", code=code)
    if institutions.by_handle(session, applicant.handle) or any(a.handle == applicant.handle for a in open_ones):
        raise Conflict("institution.handle_taken", handle=applicant.handle)
    row = AdmissionApplication(
        name=applicant.name,
        name_en=applicant.name_en,
        social_credit_code=code,
        kind=applicant.kind,
        district=applicant.district,
        handle=applicant.handle,
        website=applicant.website,
        categories=",".join(applicant.categories),
        contact_name=applicant.contact_name,
        contact=applicant.contact,
        statement=applicant.statement,
        submitted_at=bank.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:  # the same institution applied a moment ago
        raise Conflict("application.known", code=code) from error
    return row


def _member(session: Session, code: str) -> bool:
    return any(i.social_credit_code == code for i in institutions.every(session))


def decide(
    session: Session, bank: Bank, application_id: UUID, *, approve: bool, reason: str, decided_by: UUID | None
) -> Institution | None:
    """Approve an application (the institution is admitted and returned) or refuse it with a reason (None).

    Raises Missing ``application.unknown``; Conflict ``application.decided``; InvalidInput
    ``application.reason_missing`` for a refusal without a reason.
    """
    row = institutions.application(session, application_id, to_decide=True)
    if row.state != "submitted":
        raise Conflict("application.decided", state=row.state)
    if not approve and not reason.strip():
        raise InvalidInput("application.reason_missing")
    row.state = "approved" if approve else "refused"
    row.reason = reason.strip()
    row.decided_at = bank.now()
    row.decided_by = decided_by
    session.add(row)
    if not approve:
        session.flush()
        return None
    admitted = admit(
        session,
        bank,
        handle=row.handle,
        name=row.name,
        name_en=row.name_en,
        code=row.social_credit_code,
        kind=row.kind,
        district=row.district,
        website=row.website,
        categories=[Category(c) for c in row.categories.split(",")],
    )
    row.institution_id = admitted.id
    session.flush()
    return admitted


def admit(
    session: Session,
    bank: Bank,
    *,
    handle: str,
    name: str,
    categories: Iterable[Category],
    name_en: str | None = None,
    code: str | None = None,
    kind: str = "university",
    tier: str = "member",
    parent_id: UUID | None = None,
    district: str | None = None,
    website: str | None = None,
    since: datetime | None = None,
) -> Institution:
    """Admit an institution: its identity, its keys (for credentials and for its log), its log and accreditations.

    ``since`` is when its accreditations begin (now, unless given). Raises Conflict ``institution.handle_taken`` or
    ``institution.known``.
    """
    now = bank.now()
    check_handle(handle)
    if institutions.by_handle(session, handle):
        raise Conflict("institution.handle_taken", handle=handle)
    row = Institution(
        handle=handle,
        did=did_web(bank.origin, handle),
        name=name,
        name_en=name_en,
        social_credit_code=social_credit_code.parse(code) if code else None,
        tier=tier,
        kind=kind,
        parent_id=parent_id,
        district=district,
        website=website,
        admitted_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("institution.known", code=code) from error
    session.add(Log(institution_id=row.id, origin=log_origin(bank, handle)))
    for purpose in ("assertion", "checkpoint"):
        add_key(session, bank, row, purpose)
    for category in categories:
        session.add(Accreditation(institution_id=row.id, category=category.value, valid_from=since or now))
    session.flush()
    return row


def log_origin(bank: Bank, handle: str) -> str:
    """The origin line of an institution's log: a schema-less address (C2SP checkpoint, "origin")."""
    return f"{bank.origin.partition('://')[2]}/institutions/{handle}/log"


def add_key(session: Session, bank: Bank, institution: Institution, purpose: str) -> InstitutionKey:
    """Make an institution a new key, private half sealed under the bank's key-encryption key."""
    private = Ed25519PrivateKey.generate()
    public = multikey.encode_public(private.public_key())
    place = f"{institution.id}|{purpose}|{public}".encode()
    row = InstitutionKey(
        institution_id=institution.id,
        multikey=public,
        purpose=purpose,
        sealed_private=keyring.seal(private.private_bytes_raw(), bank.kek, place, nonce=bank.random_bytes(12)),
        valid_from=bank.now(),
    )
    session.add(row)
    session.flush()
    return row


def signing_key(session: Session, bank: Bank, institution: Institution, purpose: str) -> SigningKey:
    """The private key that signs now. Raises Missing ``key.none_current``; InvalidInput ``key.unsealing_failed``."""
    row = institutions.current_key(session, institution.id, purpose, bank.now())
    place = f"{institution.id}|{purpose}|{row.multikey}".encode()
    raw = keyring.open_sealed(row.sealed_private, bank.kek, place)
    return SigningKey.of(institution.did, Ed25519PrivateKey.from_private_bytes(raw))


def rotate_key(session: Session, bank: Bank, institution: Institution, *, compromised: bool = False) -> InstitutionKey:
    """Retire the key that signs credentials and make a new one; what the old key signed stays good.

    ``compromised`` revokes the old key instead: what it signed is believed only where the log shows that it was
    sequenced before, and the status lists are signed anew, since nobody would believe the old signatures.
    """
    log.locked(session, institution.id)  # nothing is being signed with the old key while it is retired
    now = bank.now()
    old = institutions.current_key(session, institution.id, "assertion", now)
    old.valid_to = now + SECOND
    if compromised:
        old.revoked_at = now
    session.add(old)
    session.flush()
    fresh = add_key(session, bank, institution, "assertion")
    if compromised:
        key = signing_key(session, bank, institution, "assertion")
        for row in status.of_institution(session, institution.id):
            status_listing.sign(session, bank, institution, key, row.list_id, row.purpose, row.bits, now)
    return fresh


def accredit(session: Session, bank: Bank, institution: Institution, category: Category) -> None:
    """Let an institution issue a category from now on. Raises Conflict ``accreditation.known``."""
    for row in institutions.accreditations(session, institution.id):
        if row.category == category.value and row.valid_to is None:
            raise Conflict("accreditation.known", category=category.value)
    session.add(Accreditation(institution_id=institution.id, category=category.value, valid_from=bank.now()))
    session.flush()


def withdraw_accreditation(session: Session, bank: Bank, institution: Institution, category: Category) -> None:
    """End an institution's right to issue a category; what it issued before stays good.

    Raises Conflict ``accreditation.unknown``.
    """
    for row in institutions.accreditations(session, institution.id):
        if row.category == category.value and row.valid_to is None:
            row.valid_to = bank.now() + SECOND
            session.add(row)
            session.flush()
            return
    raise Conflict("accreditation.unknown", category=category.value)


def close(session: Session, bank: Bank, institution: Institution) -> None:
    """Close an institution: it issues nothing more; what it issued stays good. Raises Conflict ``institution.closed``.

    Its accreditations end now, so that the trust list says until when it could issue.
    """
    if institution.closed_at is not None:
        raise Conflict("institution.closed", institution=institution.name)
    now = bank.now()
    for row in institutions.accreditations(session, institution.id):
        if row.valid_to is None:
            row.valid_to = now + SECOND
            session.add(row)
    institution.closed_at = now
    session.add(institution)
    session.flush()


def statement(session: Session, bank: Bank, institution: Institution) -> str:
    """The bank's signed statement of whom it accredits for what: a JWT (see ``credit_bank.key.trust``)."""
    lists = {
        status_listing.list_url(bank, row.list_id, row.purpose): row.published_at
        for row in status.every(session, institution.id)
    }
    record = replace(institutions.issuer_record(session, institution), status_lists=lists)
    return trust.sign_statement(record, bank.did, founding.bank_key(session, bank).private, bank.now())
