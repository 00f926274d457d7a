"""Rows of the assistant: what was noticed, what was proposed, how it may act."""

from collections.abc import Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, delete, select, update
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as select_rows

from accessibility.adjust.signal import Noticed
from accessibility.store.tables import Adjustment, AssistantMode, NoticedRow


def _table(model: type[SQLModel]) -> Table:
    return cast(Table, model.__table__)  # type: ignore[attr-defined]


TABLES = {
    "noticed": _table(NoticedRow),
    "changes_proposed": _table(Adjustment),
    "assistant": _table(AssistantMode),
}
"""Every table that holds something of a person, by its name in their export."""


def noticed(session: Session, person_id: UUID, since: date) -> list[Noticed]:
    """What was noticed from that day on, in the order of the days."""
    table = TABLES["noticed"]
    rows = session.connection().execute(
        select(table.c.day, table.c.kind, table.c.page, table.c.count, table.c.amount)
        .where(table.c.person_id == person_id, table.c.day >= since)
        .order_by(table.c.day, table.c.kind, table.c.page)
    )
    return [Noticed(*row) for row in rows]


def noticed_on(session: Session, person_id: UUID, day: date, kind: str, page: str) -> NoticedRow | None:
    """The row of a day, kind and page, held until the transaction ends."""
    return session.get(NoticedRow, (person_id, day, kind, page), with_for_update=True)


def forget_before(session: Session, day: date) -> int:
    """Forget what was noticed of anybody before that day; how many rows."""
    done = session.connection().execute(delete(TABLES["noticed"]).where(TABLES["noticed"].c.day < day))
    return done.rowcount


def changes(session: Session, person_id: UUID) -> Sequence[Adjustment]:
    """Every change that was proposed to a person, the newest first."""
    own = select_rows(Adjustment).where(Adjustment.person_id == person_id)
    return session.exec(own.order_by(col(Adjustment.proposed_on).desc(), col(Adjustment.id).desc())).all()


def change(session: Session, person_id: UUID, change_id: UUID) -> Adjustment | None:
    """One of a person's own, held until the transaction ends."""
    return session.get(Adjustment, (person_id, change_id), with_for_update=True, populate_existing=True)


def mode(session: Session, person_id: UUID) -> str:
    """off, ask or do."""
    row = session.get(AssistantMode, person_id)
    return "off" if row is None else row.mode


def exported(session: Session, person_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything of a person as JSON values, by the names of ``TABLES``."""
    found = {}
    for name, table in TABLES.items():
        own = select(table).where(table.c.person_id == person_id).order_by(*table.primary_key.columns)
        rows = session.connection().execute(own).mappings()
        found[name] = [{key: _plain(value) for key, value in row.items() if key != "person_id"} for row in rows]
    return found


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID | date) else value


def erase(session: Session, person_id: UUID) -> int:
    """Erase everything of a person; how many rows that were."""
    session.flush()
    rows = sum(
        session.connection().execute(delete(table).where(table.c.person_id == person_id)).rowcount
        for table in TABLES.values()
    )
    session.expire_all()
    return rows


def move(session: Session, from_person: UUID, to_person: UUID) -> None:
    """Put what was proposed to one person to another; what was noticed and the mode stay those of the other."""
    session.flush()
    for name in ("noticed", "assistant"):
        session.connection().execute(delete(TABLES[name]).where(TABLES[name].c.person_id == from_person))
    own = TABLES["changes_proposed"]
    session.connection().execute(update(own).where(own.c.person_id == from_person).values(person_id=to_person))
    session.expire_all()
