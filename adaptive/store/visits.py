"""Which forms of an item a learner has seen and for how long; kept only with the learner's consent."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from adaptive.errors import Missing
from adaptive.store.tables import ItemVisit


def opened(session: Session, learner_id: UUID, row_id: UUID, item_id: str, form: str, now: datetime) -> ItemVisit:
    """Record that an item was opened in a form."""
    row = ItemVisit(learner_id=learner_id, id=row_id, item_id=item_id, form=form, opened_at=now)
    session.add(row)
    session.flush()
    return row


def noticed(session: Session, learner_id: UUID, visit_id: UUID, seconds: float, signals: Mapping[str, Any]) -> None:
    """Add what the page could tell about a visit. Raises Missing ``visit.unknown``."""
    row = session.get(ItemVisit, (learner_id, visit_id))
    if row is None:
        raise Missing("visit.unknown")
    row.seconds = max(row.seconds or 0.0, min(seconds, 86_400.0))
    row.signals = {**row.signals, **signals}
    session.add(row)
    session.flush()


def forms_seen(session: Session, learner_id: UUID) -> dict[str, frozenset[str]]:
    """For each item, the forms in which the learner has seen it."""
    found: dict[str, set[str]] = {}
    for item_id, form in session.exec(
        select(ItemVisit.item_id, ItemVisit.form).where(ItemVisit.learner_id == learner_id).distinct()
    ):
        found.setdefault(item_id, set()).add(form)
    return {item_id: frozenset(forms) for item_id, forms in found.items()}


def last(session: Session, learner_id: UUID) -> ItemVisit | None:
    """The newest visit, for going on where one stopped."""
    return session.exec(
        select(ItemVisit)
        .where(ItemVisit.learner_id == learner_id)
        .order_by(col(ItemVisit.opened_at).desc(), col(ItemVisit.id).desc())
        .limit(1)
    ).first()


def last_of_item(session: Session, learner_id: UUID, item_id: str) -> ItemVisit | None:
    """The newest visit to an item: in which form it was read last."""
    return session.exec(
        select(ItemVisit)
        .where(ItemVisit.learner_id == learner_id, ItemVisit.item_id == item_id)
        .order_by(col(ItemVisit.opened_at).desc(), col(ItemVisit.id).desc())
        .limit(1)
    ).first()
