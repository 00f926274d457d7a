"""Drafts of rules: kept for the person who writes them until they are proposed, thrown away, or long forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from web.operations.draft_tables import RuleDraft

KEPT = timedelta(days=180)
"""How long a draft stays that nobody changes."""
AT_MOST = 20
"""Drafts of one person at one institution; the one that was left alone longest makes room."""


def keep(
    session: Session,
    whose: tuple[UUID, UUID],
    id: UUID,
    *,
    title: str,
    text: str,
    begun_from: UUID | None,
    now: datetime,
) -> None:
    """Keep a draft of a person at an institution (``whose``) as it is now."""
    row = session.get(RuleDraft, (*whose, id))
    if row is None:
        for old in of(session, whose)[AT_MOST - 1 :]:
            session.delete(old)
        person, institution = whose
        row = RuleDraft(
            person_id=person, institution_id=institution, id=id, begun_from=begun_from, title="", text="",
            changed_at=now,
        )  # fmt: skip
    row.title, row.text, row.changed_at = title[:200], text, now
    session.add(row)
    session.flush()


def of(session: Session, whose: tuple[UUID, UUID]) -> Sequence[RuleDraft]:
    """The drafts of a person at an institution, the one changed last first."""
    person, institution = whose
    found = select(RuleDraft).where(RuleDraft.person_id == person, RuleDraft.institution_id == institution)
    return session.exec(found.order_by(col(RuleDraft.changed_at).desc(), col(RuleDraft.id))).all()


def drop(session: Session, whose: tuple[UUID, UUID], id: UUID) -> None:
    """Throw a draft away, if there is one."""
    row = session.get(RuleDraft, (*whose, id))
    if row is not None:
        session.delete(row)
        session.flush()


def forget_old(session: Session, now: datetime) -> int:
    """Forget what nobody changed for so long; how many drafts."""
    old = delete(RuleDraft).where(col(RuleDraft.changed_at) < now - KEPT)
    return session.connection().execute(old).rowcount


def erase_person(session: Session, person_id: UUID) -> None:
    """Delete every draft of a person."""
    session.connection().execute(delete(RuleDraft).where(col(RuleDraft.person_id) == person_id))
