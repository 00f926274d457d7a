"""Events that other systems sent, with their source: kept once, taken back by a voiding statement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from adaptive.errors import Conflict
from adaptive.exchange.xapi import Received
from credit_bank.store.tables import Subject
from web.accounts import consents
from web.connections.tables import LtiLink, LtiPlatform, ReceivedEvent

CONSENT = "learning"


def learner_of(session: Session, institution_id: UUID, home_page: str, account: str, origin: str) -> UUID | None:
    """Whose account it is: a pseudonym of ours at this institution, or an account of one of its platforms that a
    learner said is theirs. None for anybody else, and for who does not agree to keeping what they learn.
    """
    found: UUID | None
    if home_page == origin:
        try:
            subject = UUID(account.removeprefix("urn:uuid:"))
        except ValueError:
            return None
        found = session.exec(
            select(Subject.learner_id).where(col(Subject.id) == subject, col(Subject.institution_id) == institution_id)
        ).first()
    else:
        found = session.exec(
            select(LtiLink.learner_id)
            .join(LtiPlatform, col(LtiPlatform.id) == col(LtiLink.platform_id))
            .where(
                col(LtiPlatform.institution_id) == institution_id,
                col(LtiPlatform.withdrawn_at).is_(None),
                col(LtiPlatform.issuer) == home_page,
                col(LtiLink.subject) == account,
            )
        ).first()
    return found if found is not None and consents.learner_agrees(session, found, CONSENT) else None


def keep(
    session: Session,
    received: Received,
    *,
    institution_id: UUID,
    learner_id: UUID,
    source_kind: str,
    source: UUID,
    source_name: str,
    now: datetime,
) -> ReceivedEvent | None:
    """Keep a statement; None where it is there already. A voiding statement takes back one of the same source.

    Raises Conflict ``exchange.xapi_conflict`` where the id is there with another content.
    """
    known = by_id(session, institution_id, str(received.id))
    if known is not None:
        if known.digest != received.digest:
            raise Conflict("exchange.xapi_conflict", id=str(received.id))
        return None
    if received.voids is not None:
        target = by_id(session, institution_id, str(received.voids))
        if target is not None and target.source == source and not is_voiding(target):
            target.voided_at = now
            session.add(target)
    row = ReceivedEvent(
        institution_id=institution_id,
        learner_id=learner_id,
        source_kind=source_kind,
        source=source,
        source_name=source_name,
        statement_id=str(received.id),
        verb=received.verb,
        meaning=received.meaning,
        object_id=received.object_id,
        name=received.name,
        success=received.success,
        score=received.score,
        happened_at=received.at,
        received_at=now,
        digest=received.digest,
        statement=dict(received.statement),
    )
    session.add(row)
    session.flush()
    return row


def is_voiding(row: ReceivedEvent) -> bool:
    """Whether an event takes another back."""
    return row.verb.endswith("/voided")


def by_id(session: Session, institution_id: UUID, statement_id: str) -> ReceivedEvent | None:
    """A kept statement of an institution by its id."""
    return session.exec(
        select(ReceivedEvent).where(
            col(ReceivedEvent.institution_id) == institution_id, col(ReceivedEvent.statement_id) == statement_id
        )
    ).first()


def of_learner(session: Session, learner_id: UUID) -> Sequence[ReceivedEvent]:
    """What was received about a learner and stands, the newest first."""
    rows = select(ReceivedEvent).where(
        col(ReceivedEvent.learner_id) == learner_id, col(ReceivedEvent.voided_at).is_(None)
    )
    found = session.exec(rows.order_by(col(ReceivedEvent.received_at).desc())).all()
    return [row for row in found if not is_voiding(row)]


def of_source(session: Session, institution_id: UUID, source: UUID, limit: int) -> Sequence[ReceivedEvent]:
    """What a source sent and stands, the newest first."""
    rows = select(ReceivedEvent).where(
        col(ReceivedEvent.institution_id) == institution_id,
        col(ReceivedEvent.source) == source,
        col(ReceivedEvent.voided_at).is_(None),
    )
    return session.exec(rows.order_by(col(ReceivedEvent.received_at).desc()).limit(limit)).all()
