"""Agreeing: programmes, rule sets and agreements proposed, signed, accepted, in force and superseded (R19, R21, R24).

A version is never edited. Its own institution signs it when a second person there publishes it; every other party
accepts with its own key. Each signature is a leaf in the signer's log, whose opening is public as the document is.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from credit_bank import admitting
from credit_bank.bank import Bank
from credit_bank.errors import Conflict, Forbidden, InvalidInput, Missing
from credit_bank.key import publication
from credit_bank.key.publication import Act, Publication
from credit_bank.log import leaf
from credit_bank.recognition.casework.flow import STANDARDS_QUORUM
from credit_bank.store import documents, institutions, log
from credit_bank.store.tables import DocumentAcceptance, DocumentEndorsement, PublishedDocument

Kind = Literal["programme", "ruleset", "agreement"]
MAX_TEXT = 2_000_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A version to propose: its text as it will stand, and what the text says of itself.

    ``sha256`` is the hexadecimal hash that decisions name: of the text's canonical form where its format has one; of
    the text itself where it is empty. ``basis`` of a rule set is that of ``rules.ruleset.Basis`` in lower case, or
    empty; ``programme`` the programme that it is for, or empty for all; ``receiver`` the handle of the institution that
    rules bind, "*" for every party, empty for what binds none.
    """

    kind: Kind
    key: str
    version: str
    title: str
    text: str
    valid_from: date
    valid_until: date | None = None
    title_en: str = ""
    basis: str = ""
    programme: str = ""
    sha256: str = ""
    receiver: str = ""


def propose(
    session: Session,
    bank: Bank,
    institution_id: UUID,
    draft: Draft,
    *,
    parties: Sequence[UUID] = (),
    proposed_by: UUID | None = None,
) -> PublishedDocument:
    """Propose a version; ``parties`` are the others who must accept it.

    Raises InvalidInput ``document.malformed`` or ``document.dates_reversed``; Conflict ``document.version_known`` or
    ``institution.closed``; InvalidInput ``document.no_party`` for an agreement without another party; Forbidden
    ``document.receiver`` for rules that bind an institution which neither proposes nor has to accept them.
    """
    institution = institutions.get(session, institution_id)
    if institution.closed_at is not None:
        raise Conflict("institution.closed", institution=institution.name)
    others = [p for p in dict.fromkeys(parties) if p != institution_id]
    _check(draft, others)
    bound = {"", institution.handle, *(institutions.get(session, party).handle for party in others)}
    if draft.receiver not in bound and not (draft.receiver == "*" and others):
        raise Forbidden("document.receiver", receiver=draft.receiver)
    row = PublishedDocument(
        institution_id=institution_id,
        kind=draft.kind,
        key=draft.key,
        version=draft.version,
        title=draft.title.strip()[:200],
        title_en=draft.title_en.strip()[:200],
        basis=draft.basis,
        programme=draft.programme,
        text=draft.text,
        sha256=bytes.fromhex(draft.sha256) if draft.sha256 else hashlib.sha256(draft.text.encode()).digest(),
        valid_from=draft.valid_from,
        valid_until=draft.valid_until,
        proposed_at=bank.now(),
        proposed_by=proposed_by,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise Conflict("document.version_known", key=draft.key, version=draft.version) from error
    asked = (DocumentAcceptance(institution_id=institution_id, document_id=row.id, party_id=p) for p in others)
    session.add_all(asked)
    session.flush()
    return row


def _check(draft: Draft, others: Sequence[UUID]) -> None:
    named = draft.key.strip() and draft.version.strip() and draft.title.strip() and draft.text.strip()
    if not named or len(draft.text) > MAX_TEXT or len(draft.key) > 100 or len(draft.version) > 40:
        raise InvalidInput("document.malformed")
    if draft.valid_until is not None and draft.valid_until < draft.valid_from:
        raise InvalidInput("document.dates_reversed")
    if draft.kind == "agreement" and not others:
        raise InvalidInput("document.no_party")


def endorse(session: Session, bank: Bank, document_id: UUID, person_id: UUID) -> int:
    """One person's endorsement of a proposal; how many there are now. Raises Conflict ``document.not_proposed``."""
    row = _of_state(session, document_id, "proposed")
    if session.get(DocumentEndorsement, (row.institution_id, row.id, person_id)) is None:
        session.add(
            DocumentEndorsement(
                institution_id=row.institution_id, document_id=row.id, person_id=person_id, endorsed_at=bank.now()
            )
        )
        session.flush()
    return documents.endorsements(session, document_id)


def publish(session: Session, bank: Bank, document_id: UUID, *, published_by: UUID | None) -> PublishedDocument:
    """Sign a proposed version: in force, or offered to its parties until all have accepted.

    Raises Conflict ``document.not_proposed``; Forbidden ``document.own_proposal`` for the person who proposed it;
    Conflict ``document.endorsements_missing`` for a standard (``basis`` unit) that fewer than five endorsed.
    """
    row = _of_state(session, document_id, "proposed")
    if published_by is not None and published_by == row.proposed_by:
        raise Forbidden("document.own_proposal")
    given = documents.endorsements(session, row.id)
    if row.basis == "unit" and given < STANDARDS_QUORUM:
        raise Conflict("document.endorsements_missing", given=given, needed=STANDARDS_QUORUM)
    row.signature, row.log_sequence, row.salt = _signed(session, bank, row, row.institution_id, "publish")
    row.state = "offered"
    row.decided_at, row.decided_by = bank.now(), published_by
    session.add(row)
    session.flush()
    _bring_in_force(session, bank, row)
    return row


def answer(
    session: Session,
    bank: Bank,
    document_id: UUID,
    party_id: UUID,
    *,
    accept: bool,
    reason: str = "",
    answered_by: UUID | None = None,
) -> PublishedDocument:
    """A party accepts, with its signature, or refuses, with a reason; the last acceptance brings it in force.

    Raises Conflict ``document.not_offered``; Missing ``document.unknown`` for who is no party; InvalidInput
    ``document.reason_missing``.
    """
    row = _of_state(session, document_id, "offered")
    said = session.get(DocumentAcceptance, (row.institution_id, row.id, party_id))
    if said is None:
        raise Missing("document.unknown")
    if said.state != "asked":
        raise Conflict("document.not_offered")
    plain = " ".join(reason.split())[:500]
    if not accept and not plain:
        raise InvalidInput("document.reason_missing")
    said.state, said.reason = ("accepted" if accept else "refused"), plain
    said.answered_at, said.answered_by = bank.now(), answered_by
    if accept:
        said.signature, said.log_sequence, said.salt = _signed(session, bank, row, party_id, "accept")
    else:
        row.state = "refused"
    session.add_all([said, row])
    session.flush()
    _bring_in_force(session, bank, row)
    return row


def withdraw(session: Session, document_id: UUID, institution_id: UUID) -> PublishedDocument:
    """Take back what is not in force yet. Raises Missing ``document.unknown``; Conflict ``document.in_force``."""
    row = documents.get(session, document_id, to_change=True)
    if row.institution_id != institution_id:
        raise Missing("document.unknown")
    if row.state not in ("proposed", "offered"):
        raise Conflict("document.in_force")
    row.state = "withdrawn"
    session.add(row)
    session.flush()
    return row


def _of_state(session: Session, document_id: UUID, state: str) -> PublishedDocument:
    row = documents.get(session, document_id, to_change=True)
    if row.state != state:
        raise Conflict("document.not_proposed" if state == "proposed" else "document.not_offered")
    return row


def _bring_in_force(session: Session, bank: Bank, row: PublishedDocument) -> None:
    """Once everybody has accepted; the version before is superseded."""
    if row.state != "offered" or any(a.state != "accepted" for a in documents.acceptances(session, row.id)):
        return
    for before in documents.versions(session, row.institution_id, row.kind, row.key):
        if before.state == "in-force":
            before.state, before.superseded_by, before.superseded_at = "superseded", row.id, bank.now()
            session.add(before)
    row.state = "in-force"
    session.add(row)
    session.flush()


def _signed(session: Session, bank: Bank, row: PublishedDocument, signer_id: UUID, act: Act) -> tuple[str, int, bytes]:
    """The signer's token, the sequence number of its leaf, and the salt that opens the leaf."""
    signer, owner = institutions.get(session, signer_id), institutions.get(session, row.institution_id)
    log.locked(session, signer_id)
    said = Publication(
        act=act,
        signer=signer.did,
        owner=owner.did,
        kind=row.kind,
        key=row.key,
        version=row.version,
        sha256=row.sha256.hex(),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        at=bank.now(),
    )
    token = publication.sign(said, admitting.signing_key(session, bank, signer, "assertion"))
    salt = bank.random_bytes(leaf.SALT_LENGTH)
    entry = leaf.commit("document", hashlib.sha256(token.encode()).digest(), salt)
    return token, log.append(session, signer_id, [entry], bank.now()), salt
