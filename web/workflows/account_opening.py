"""Opening an account: the learner's account, the person who signs in to it, and what that person agreed to, at once."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from credit_bank import opening
from credit_bank.bank import Bank
from credit_bank.errors import Conflict
from credit_bank.identity.document import DocumentType
from credit_bank.store.tables import Learner
from web.accounts import audit, consents, people
from web.accounts.consents import Via
from web.accounts.tables import Person
from web.messages import CITY


class GuardianNeeded(Conflict):
    """A child under fourteen cannot agree alone (个人信息保护法, Art. 31): ``account.guardian_needed``."""

    def __init__(self) -> None:
        super().__init__("account.guardian_needed", age=opening.GUARDIAN_AGE)


def check_age(kind: DocumentType, number: str, now: datetime) -> None:
    """Raise GuardianNeeded when the document tells an age under fourteen; InvalidInput for a bad number."""
    age = opening.age_on(kind, number, now.astimezone(CITY).date())
    if age is not None and age < opening.GUARDIAN_AGE:
        raise GuardianNeeded


def open_account(
    session: Session,
    bank: Bank,
    *,
    name: str,
    document_type: DocumentType,
    document_number: str,
    secret_hash: str,
    agreed: Sequence[str],
    language: str,
    now: datetime,
    via: Via = "online",
    assisted_by: UUID | None = None,
    institution_id: UUID | None = None,
    must_change_secret: bool = False,
) -> tuple[Learner, Person]:
    """Open an account online or, with ``assisted_by`` and ``institution_id``, at a centre's counter.

    At the counter the officer has the document in hand, and a guardian may agree for a child. The secret comes hashed,
    since hashing is slow and this holds a transaction. Raises GuardianNeeded (online only); Conflict
    ``account.document_known``; InvalidInput for a bad name, a bad document or a required consent that is missing.
    """
    consents.check_required(agreed)
    if via == "online":
        check_age(document_type, document_number, now)
    learner = opening.open_account(
        session,
        bank,
        name=name,
        document_type=document_type,
        document_number=document_number,
        document_seen=via == "counter",
        opened_by=assisted_by,
        institution_id=institution_id,
    )
    person = people.create(
        session,
        display_name=learner.name,
        secret_hash=secret_hash,
        now=now,
        learner_id=learner.id,
        language=language,
        must_change_secret=must_change_secret,
        turns_18_on=opening.comes_of_age_on(document_type, document_number, now.astimezone(CITY).date()),
    )
    _give_consents(session, learner, person, agreed, language=language, now=now, via=via, assisted_by=assisted_by)
    audit.record(
        session,
        "account.opened",
        now=now,
        person_id=assisted_by or person.id,
        institution_id=institution_id,
        subject_id=learner.id,
        via=via,
    )
    return learner, person


def _give_consents(
    session: Session,
    learner: Learner,
    person: Person,
    agreed: Sequence[str],
    *,
    language: str,
    now: datetime,
    via: Via,
    assisted_by: UUID | None,
) -> None:
    for purpose in agreed:
        consents.give(
            session,
            person_id=person.id,
            learner_id=learner.id,
            purpose=purpose,
            language=language,
            now=now,
            via=via,
            assisted_by=assisted_by,
        )
