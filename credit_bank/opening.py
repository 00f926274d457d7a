"""Opening and keeping learners' accounts: one account a person, its number opaque, documents known by digest only."""

from datetime import date
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from credit_bank import casekeeping, settling
from credit_bank.account.journal import Decision
from credit_bank.bank import Bank
from credit_bank.errors import Conflict, InvalidInput
from credit_bank.identity import account_number, document
from credit_bank.identity.document import DocumentType
from credit_bank.key import keyring
from credit_bank.store import credentials, learners, regions
from credit_bank.store.tables import (
    FormerName,
    IdentityDigest,
    LeafOpening,
    Learner,
    Outcome,
    ShareLink,
    Subject,
)
from credit_bank.store.types import new_id

GUARDIAN_AGE = 14  # 个人信息保护法, Art. 31: under 14, a guardian consents


def clean_name(name: str) -> str:
    """A person's name without stray spaces.

    Raises InvalidInput ``learner.name_missing`` or ``learner.name_malformed``.
    """
    plain = " ".join(name.split())
    if not plain:
        raise InvalidInput("learner.name_missing")
    if len(plain) > 80 or any(not c.isprintable() for c in plain):
        raise InvalidInput("learner.name_malformed")
    return plain


def age_on(kind: DocumentType, number: str, today: date) -> int | None:
    """The age that a resident ID tells, in whole years; None for documents that tell none. Not stored."""
    born = _born_on(kind, number)
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def comes_of_age_on(kind: DocumentType, number: str, today: date) -> date | None:
    """The day on which a minor turns 18, as a resident ID tells; None for grown people and other documents."""
    born = _born_on(kind, number)
    if born is None:
        return None
    year = born.year + 18
    of_age = date(year, 3, 1) if (born.month, born.day) == (2, 29) and year % 4 else born.replace(year=year)
    return of_age if of_age > today else None


def _born_on(kind: DocumentType, number: str) -> date | None:
    plain = document.normalise(kind, number)
    return date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14])) if len(plain) == 18 else None


def open_account(
    session: Session,
    bank: Bank,
    *,
    name: str,
    document_type: DocumentType,
    document_number: str,
    document_seen: bool = False,
    opened_by: UUID | None = None,
    institution_id: UUID | None = None,
) -> Learner:
    """Open a learner's account. The caller records the consents in the same transaction.

    ``document_seen`` says that an officer held the document in hand. Raises InvalidInput for a bad name or document;
    Conflict ``account.document_known`` when the document has opened an account before.
    """
    plain_name = clean_name(name)
    digests = bank.identity_digests(document_type, document_number)
    if learners.by_digest(session, digests) is not None:
        raise Conflict("account.document_known")
    learner_id = new_id()
    learner = Learner(
        id=learner_id,
        account_number=_free_number(session, bank),
        name=plain_name,
        opened_at=bank.clock(),
        opened_by=opened_by,
        opened_at_institution=institution_id,
        identity_level="document-seen" if document_seen else "self-declared",
        sealed_key=keyring.seal(
            bank.random_bytes(32), bank.kek, credentials.key_place(learner_id), nonce=bank.random_bytes(12)
        ),
    )
    session.add(learner)
    session.flush()
    _record_document(session, bank, learner.id, document_type, digests)
    return learner


def _free_number(session: Session, bank: Bank) -> str:
    while True:
        number = account_number.generate(bank.randbelow)
        if learners.by_account_number(session, number) is None:
            return number


def _record_document(
    session: Session, bank: Bank, learner_id: UUID, kind: DocumentType, digests: dict[int, bytes]
) -> None:
    version = bank.identity_key_version
    session.add(
        IdentityDigest(
            learner_id=learner_id,
            document_type=kind.value,
            digest=digests[version],
            key_version=version,
            recorded_at=bank.clock(),
        )
    )
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("account.document_known") from error


def change_name(
    session: Session, bank: Bank, learner_id: UUID, *, name: str, reason: str, changed_by: UUID | None
) -> Learner:
    """Change a learner's name, keeping the former one. Raises Conflict ``learner.name_same``."""
    learner = learners.hold_current(session, [learner_id], to_change=True)[learner_id]
    plain = clean_name(name)
    if plain == learner.name:
        raise Conflict("learner.name_same")
    session.add(
        FormerName(
            learner_id=learner.id,
            name=learner.name,
            replaced_at=bank.clock(),
            reason=reason.strip()[:200],
            changed_by=changed_by,
        )
    )
    learner.name = plain
    session.add(learner)
    session.flush()
    return learner


def change_document(
    session: Session, bank: Bank, learner_id: UUID, *, document_type: DocumentType, document_number: str
) -> Learner:
    """Record a learner's new identity document, seen by an officer; the old ones of its type count as replaced.

    Raises Conflict ``account.document_known`` when it belongs to another account (merge the two instead), or
    ``learner.document_same``.
    """
    learner = learners.hold_current(session, [learner_id], to_change=True)[learner_id]
    digests = bank.identity_digests(document_type, document_number)
    owner = learners.by_digest(session, digests)
    if owner is not None:
        raise Conflict("learner.document_same" if owner.id == learner.id else "account.document_known")
    now = bank.clock()
    for row in learners.documents(session, learner.id):
        if row.document_type == document_type.value and row.replaced_at is None:
            row.replaced_at = now
            session.add(row)
    learner.identity_level = "document-seen"
    session.add(learner)
    _record_document(session, bank, learner.id, document_type, digests)
    return learner


def merge_accounts(session: Session, bank: Bank, *, keep: UUID, absorb: UUID, merged_by: UUID | None) -> Learner:
    """Merge two accounts of one person: everything of ``absorb`` moves to ``keep``; its number goes on finding it.

    Documents are encrypted anew under the kept account's key. An outcome that both accounts hold is kept and marked
    as a duplicate, so that it counts once (rule R16). Raises Conflict ``learner.merge_same`` or ``learner.erased``.
    """
    held = learners.hold_current(session, [keep, absorb], to_change=True)
    survivor, other = held[keep], held[absorb]
    if survivor.id == other.id:
        raise Conflict("learner.merge_same")
    if survivor.sealed_key is None:
        raise Conflict("learner.erased")
    now = bank.clock()
    _move_outcomes(session, survivor, other)
    decision = Decision(new_id(), "accounts_merged", by=merged_by)
    settling.merged(session, bank, keep=survivor.id, absorb=other.id, decision=decision)
    credentials.move(session, bank.kek, other, survivor, bank.random_bytes)
    casekeeping.merge(session, bank, other, survivor)
    regions.move(session, bank.kek, other, survivor, bank.random_bytes)
    owned: tuple[type[Subject | IdentityDigest | FormerName | ShareLink | LeafOpening], ...]
    owned = (Subject, IdentityDigest, FormerName, ShareLink, LeafOpening)
    for table in owned:
        owner = col(table.learner_id)
        session.execute(update(table).where(owner == other.id).values(learner_id=survivor.id))
    session.execute(update(Learner).where(col(Learner.merged_into) == other.id).values(merged_into=survivor.id))
    if other.name != survivor.name:
        session.add(
            FormerName(learner_id=survivor.id, name=other.name, replaced_at=now, reason="merged", changed_by=merged_by)
        )
    if "document-seen" in (survivor.identity_level, other.identity_level):
        survivor.identity_level = "document-seen"
    other.merged_into, other.closed_at, other.sealed_key, other.name = survivor.id, now, None, ""
    session.add_all([survivor, other])
    session.flush()
    session.expire_all()
    return learners.get(session, survivor.id)


def _move_outcomes(session: Session, survivor: Learner, other: Learner) -> None:
    """Give outcomes to the surviving account; what it holds already becomes a duplicate of what it holds."""
    held = {o.fingerprint: o.id for o in session.exec(select(Outcome).where(Outcome.learner_id == survivor.id))}
    moving = session.exec(select(Outcome).where(Outcome.learner_id == other.id)).all()
    originals = {o.id: held[o.fingerprint] for o in moving if o.fingerprint in held}
    for outcome in moving:
        values: dict[str, object] = {"learner_id": survivor.id}
        if outcome.id in originals:
            values["duplicate_of"] = originals[outcome.id]
            values["fingerprint"] = outcome.fingerprint + outcome.id.bytes
        elif outcome.duplicate_of in originals:
            values["duplicate_of"] = originals[outcome.duplicate_of]
        session.execute(
            update(Outcome).where(col(Outcome.learner_id) == other.id, col(Outcome.id) == outcome.id).values(values)
        )
