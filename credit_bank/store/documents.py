"""Published documents as rows: by hash, by key, in force on a day, and who accepted them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, func, or_, select

from credit_bank.errors import Missing
from credit_bank.store.tables import DocumentAcceptance, DocumentEndorsement, PublishedDocument


def get(session: Session, document_id: UUID, *, to_change: bool = False) -> PublishedDocument:
    """The document of that id, ``to_change`` by one person at a time. Raises Missing ``document.unknown``."""
    query = select(PublishedDocument).where(PublishedDocument.id == document_id)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = session.exec(query).one_or_none()
    if found is None:
        raise Missing("document.unknown")
    return found


def by_sha256(session: Session, sha256: bytes) -> PublishedDocument | None:
    """The document whose text has that digest, the newest where several institutions hold it."""
    query = select(PublishedDocument).where(PublishedDocument.sha256 == sha256)
    return session.exec(query.order_by(col(PublishedDocument.id).desc())).first()


def versions(session: Session, institution_id: UUID, kind: str, key: str) -> Sequence[PublishedDocument]:
    """Every version of a document, the newest first."""
    return session.exec(
        select(PublishedDocument)
        .where(
            PublishedDocument.institution_id == institution_id,
            PublishedDocument.kind == kind,
            PublishedDocument.key == key,
        )
        .order_by(col(PublishedDocument.id).desc())
    ).all()


def in_force(
    session: Session, day: date, *, kind: str | None = None, institution_id: UUID | None = None
) -> Sequence[PublishedDocument]:
    """What is published and holds that day, by title."""
    query = select(PublishedDocument).where(
        PublishedDocument.state == "in-force",
        col(PublishedDocument.valid_from) <= day,
        or_(col(PublishedDocument.valid_until).is_(None), col(PublishedDocument.valid_until) >= day),
    )
    if kind is not None:
        query = query.where(PublishedDocument.kind == kind)
    if institution_id is not None:
        query = query.where(PublishedDocument.institution_id == institution_id)
    return session.exec(query.order_by(col(PublishedDocument.title), col(PublishedDocument.id))).all()


def of_institution(session: Session, institution_id: UUID) -> Sequence[PublishedDocument]:
    """Everything that an institution proposed or published, the newest first."""
    query = select(PublishedDocument).where(PublishedDocument.institution_id == institution_id)
    return session.exec(query.order_by(col(PublishedDocument.id).desc())).all()


def public(session: Session, words: str = "", *, limit: int = 200) -> Sequence[PublishedDocument]:
    """What was ever in force, the newest first, whose title or key has these words."""
    query = select(PublishedDocument).where(col(PublishedDocument.state).in_(("in-force", "superseded")))
    if words:
        query = query.where(
            or_(
                col(PublishedDocument.title).icontains(words, autoescape=True),
                col(PublishedDocument.title_en).icontains(words, autoescape=True),
                col(PublishedDocument.key).icontains(words, autoescape=True),
            )
        )
    return session.exec(query.order_by(col(PublishedDocument.id).desc()).limit(limit)).all()


def acceptances(session: Session, document_id: UUID) -> Sequence[DocumentAcceptance]:
    """What each other party says, in the order of their ids."""
    query = select(DocumentAcceptance).where(DocumentAcceptance.document_id == document_id)
    return session.exec(query.order_by(col(DocumentAcceptance.party_id))).all()


def asked_of(session: Session, party_id: UUID) -> Sequence[PublishedDocument]:
    """The offered documents that wait for this party's word, the oldest first."""
    return session.exec(
        select(PublishedDocument)
        .join(DocumentAcceptance, col(DocumentAcceptance.document_id) == col(PublishedDocument.id))
        .where(
            DocumentAcceptance.party_id == party_id,
            DocumentAcceptance.state == "asked",
            PublishedDocument.state == "offered",
        )
        .order_by(col(PublishedDocument.id))
    ).all()


def endorsements(session: Session, document_id: UUID) -> int:
    """How many people endorsed a document."""
    query = select(func.count()).select_from(DocumentEndorsement).where(DocumentEndorsement.document_id == document_id)
    return session.exec(query).one()
