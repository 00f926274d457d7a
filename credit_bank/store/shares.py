"""Share links as rows."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank.store.tables import ShareLink


def by_digest(session: Session, token_digest: bytes) -> ShareLink | None:
    """The link whose token has that digest, locked, so that every visit is counted; or None."""
    query = select(ShareLink).where(ShareLink.token_digest == token_digest)
    return session.exec(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def of_credential(session: Session, learner_id: UUID, credential_id: UUID) -> Sequence[ShareLink]:
    """A learner's links to one credential, the newest first."""
    return session.exec(
        select(ShareLink)
        .where(ShareLink.learner_id == learner_id, ShareLink.credential_id == credential_id)
        .order_by(col(ShareLink.created_at).desc())
    ).all()


def of_learner(session: Session, learner_id: UUID) -> Sequence[ShareLink]:
    """All links of a learner, the newest first."""
    return session.exec(
        select(ShareLink).where(ShareLink.learner_id == learner_id).order_by(col(ShareLink.created_at).desc())
    ).all()
