"""What people told for checking fairness, and the policy in force: normal, or neutral until a person corrected it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from adaptive.store.tables import FairnessAttribute, FairnessCheck, PolicyState

Policy = Literal["normal", "neutral"]


def tell(session: Session, learner_id: UUID, row_id: UUID, name: str, value: str, now: datetime) -> None:
    """Keep what a learner told for this purpose; an empty value takes it back."""
    session.execute(
        delete(FairnessAttribute).where(
            col(FairnessAttribute.learner_id) == learner_id, col(FairnessAttribute.name) == name
        )
    )
    if value:
        session.add(FairnessAttribute(learner_id=learner_id, id=row_id, name=name, value=value, given_at=now))
        session.flush()


def told(session: Session, learner_id: UUID) -> dict[str, str]:
    """What a learner told, by name."""
    rows = session.exec(select(FairnessAttribute).where(FairnessAttribute.learner_id == learner_id))
    return {row.name: row.value for row in rows}


def everyone(session: Session, name: str) -> Iterator[tuple[UUID, str]]:
    """(learner, value) of everyone who told that attribute, for the fairness report."""
    yield from session.exec(
        select(FairnessAttribute.learner_id, FairnessAttribute.value).where(FairnessAttribute.name == name)
    )


def forget(session: Session, learner_id: UUID) -> None:
    """Erase what a learner told for this purpose."""
    session.execute(delete(FairnessAttribute).where(col(FairnessAttribute.learner_id) == learner_id))
    session.expire_all()


def set_policy(
    session: Session,
    row_id: UUID,
    policy: Policy,
    now: datetime,
    *,
    decided_by: UUID | None,
    reason: str,
    facts: Mapping[str, Any] | None = None,
) -> PolicyState:
    """Put a policy in force: what said so (None: a report) and why."""
    row = PolicyState(
        id=row_id, policy=policy, since=now, decided_by=decided_by, reason=reason, facts=dict(facts or {})
    )
    session.add(row)
    session.flush()
    return row


def policy_in_force(session: Session) -> PolicyState | None:
    """The newest word on the policy; None means normal from the beginning."""
    return session.exec(
        select(PolicyState).order_by(col(PolicyState.since).desc(), col(PolicyState.id).desc()).limit(1)
    ).first()


def policies(session: Session, limit: int = 50) -> Sequence[PolicyState]:
    """The words on the policy, the newest first."""
    newest = select(PolicyState).order_by(col(PolicyState.since).desc(), col(PolicyState.id).desc())
    return session.exec(newest.limit(limit)).all()


def keep_check(
    session: Session,
    row_id: UUID,
    attribute: str,
    verdict: str,
    body: Mapping[str, Any],
    *,
    since: datetime,
    now: datetime,
) -> FairnessCheck:
    """Keep a report by one attribute."""
    row = FairnessCheck(id=row_id, made_at=now, since=since, attribute=attribute, verdict=verdict, body=dict(body))
    session.add(row)
    session.flush()
    return row


def newest_checks(session: Session) -> dict[str, FairnessCheck]:
    """The newest report by each attribute."""
    found: dict[str, FairnessCheck] = {}
    for row in session.exec(select(FairnessCheck).order_by(col(FairnessCheck.made_at), col(FairnessCheck.id))):
        found[row.attribute] = row
    return found
