"""What centre staff do for a learner at the counter: each act in the ledger, at the way in, and in the audit trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank import opening, taking_in
from credit_bank.bank import Bank
from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.identity.document import DocumentType
from credit_bank.store import learners
from credit_bank.store.tables import Learner
from web.accounts import audit, consents, people, temporary_codes
from web.accounts.attempts import AttemptCounter
from web.accounts.tables import AuditEvent

# How long a learner who was found stays on the officer's screen before the card or document is asked for again.
SERVING = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Officer:
    """Who stands behind the counter: the member of staff, and the centre."""

    person_id: UUID
    institution_id: UUID


def note_found(session: Session, officer: Officer, learner_id: UUID, *, by: str, now: datetime) -> None:
    """Note that the officer looked a learner up, ``by`` account number or document."""
    _record(session, "learner.found", officer, learner_id, now, by=by)


def served(session: Session, officer: Officer, learner_id: UUID, now: datetime) -> Learner:
    """A learner whom this centre opened the account for, or whom this officer looked up within the last half hour.

    Raises Missing ``learner.unknown`` for anybody else.
    """
    learner = learners.get(session, learner_id)
    if learner.opened_at_institution == officer.institution_id:
        return learner
    looked_up = session.exec(
        select(AuditEvent.id).where(
            col(AuditEvent.subject_id) == learner.id,
            col(AuditEvent.at) > now - SERVING,
            col(AuditEvent.person_id) == officer.person_id,
            col(AuditEvent.institution_id) == officer.institution_id,
            col(AuditEvent.action) == "learner.found",
        )
    ).first()
    if looked_up is None:
        raise Missing("learner.unknown")
    return learner


def change_name(
    session: Session, bank: Bank, officer: Officer, learner_id: UUID, *, name: str, reason: str, now: datetime
) -> Learner:
    """Change a learner's name, on the account and on the pages; the former name is kept with the reason.

    Raises InvalidInput ``counter.reason_missing`` or a malformed name; Conflict ``learner.name_same``.
    """
    if not reason.strip():
        raise InvalidInput("counter.reason_missing")
    learner = opening.change_name(session, bank, learner_id, name=name, reason=reason, changed_by=officer.person_id)
    person = people.of_learner(session, learner.id)
    if person is not None:
        person.display_name = learner.name
        session.add(person)
    _record(session, "learner.name_changed", officer, learner.id, now)
    return learner


def change_document(
    session: Session,
    bank: Bank,
    officer: Officer,
    learner_id: UUID,
    *,
    kind: DocumentType,
    number: str,
    now: datetime,
) -> Learner:
    """Record a learner's new document, seen at the counter. Raises as ``opening.change_document`` does."""
    learner = opening.change_document(session, bank, learner_id, document_type=kind, document_number=number)
    _record(session, "learner.document_changed", officer, learner.id, now, document=kind.value)
    return learner


def give_code(session: Session, counter: AttemptCounter, officer: Officer, learner_id: UUID, *, now: datetime) -> str:
    """A one-time code with which the learner chooses a PIN. Raises Missing ``learner.no_sign_in``."""
    person = people.of_learner(session, learner_id)
    if person is None or person.disabled_at is not None:
        raise Missing("learner.no_sign_in")
    code = temporary_codes.issue(session, counter, person_id=person.id, issued_by=officer.person_id, now=now)
    _record(session, "secret.code_issued", officer, learner_id, now)
    return code


def agrees_to_help(session: Session, officer: Officer, learner_id: UUID, *, language: str, now: datetime) -> None:
    """Note that a learner at the counter agrees to show the outcomes. Raises Missing ``learner.no_sign_in``."""
    person = people.of_learner(session, learner_id)
    if person is None:
        raise Missing("learner.no_sign_in")
    consents.give(
        session,
        person_id=person.id,
        learner_id=learner_id,
        purpose="counter_help",
        language=language,
        now=now,
        via="counter",
        assisted_by=officer.person_id,
    )


def bring_in(
    session: Session, bank: Bank, officer: Officer, learner_id: UUID, content: bytes, *, region: str, now: datetime
) -> list[UUID]:
    """Take in a record from another city's bank for a learner who is there; the outcomes' ids.

    ``region`` is that bank's DID. Raises as ``taking_in.take_in``; the officer has compared names that differ.
    """
    made = taking_in.take_in(session, bank, learner_id, content, by=officer.person_id)
    _record(session, "record.brought_in", officer, learner_id, now, region=region, count=str(len(made)))
    return made


def is_closed(session: Session, learner_id: UUID) -> bool:
    """Whether the holder closed the account (by withdrawing a consent that it needs)."""
    person = people.of_learner(session, learner_id)
    return person is not None and person.disabled_at is not None


def reopen(
    session: Session,
    counter: AttemptCounter,
    officer: Officer,
    learner_id: UUID,
    *,
    digests: Mapping[int, bytes],
    agreed: Sequence[str],
    language: str,
    now: datetime,
) -> str:
    """Open an account again that its holder closed; the one-time code with which the learner chooses a PIN.

    ``digests`` are of the document in hand, which has to be the account's. An account that was merged into another one
    stays closed: its number leads to the other. Raises Missing ``learner.unknown`` for another's document; Conflict
    ``account.not_closed``, or ``temporary_code.works_here``; InvalidInput ``consent.required``.
    """
    learner = learners.hold_current(session, [learner_id], to_change=True)[learner_id]
    owner = learners.by_digest(session, digests)
    if owner is None or owner.id != learner.id:
        raise Missing("learner.unknown")
    person = people.of_learner(session, learner.id)
    if person is None or person.disabled_at is None:
        raise Conflict("account.not_closed")
    consents.renew(
        session,
        person_id=person.id,
        learner_id=learner.id,
        agreed=agreed,
        language=language,
        now=now,
        assisted_by=officer.person_id,
    )
    people.enable(session, person)
    _record(session, "account.reopened", officer, learner.id, now)
    return give_code(session, counter, officer, learner.id, now=now)


def _record(session: Session, action: str, officer: Officer, learner_id: UUID, now: datetime, **details: str) -> None:
    audit.record(
        session,
        action,
        now=now,
        person_id=officer.person_id,
        institution_id=officer.institution_id,
        subject_id=learner_id,
        **details,
    )
