"""The tables of the assistant of presentation. Days are civil days of the city; nothing here needs the hour."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import PrimaryKeyConstraint
from sqlmodel import Field, SQLModel

from accessibility.store.types import id_column, json_column


class NoticedRow(SQLModel, table=True):
    """Sums of what was noticed (``accessibility.adjust.signal.Noticed``), for a person, day, kind and page."""

    __tablename__ = "presentation_noticed"
    person_id: UUID = Field(sa_column=id_column())
    day: date
    kind: str
    page: str
    count: int
    amount: float = 0.0
    __table_args__ = (PrimaryKeyConstraint("person_id", "day", "kind", "page"),)


class Adjustment(SQLModel, table=True):
    """A change that was proposed, or done where the person wished that, with what spoke for it and what became of it.

    ``outcome``: proposed, accepted, declined, done (without asking) or undone; ``answered_on`` is the day of the last.
    """

    __tablename__ = "presentation_adjustment"
    person_id: UUID = Field(sa_column=id_column())
    id: UUID = Field(sa_column=id_column())
    rule: str
    preference: str
    before: str
    after: str
    evidence: dict[str, Any] = Field(sa_column=json_column())
    proposed_on: date
    outcome: str = "proposed"
    answered_on: date | None = None
    __table_args__ = (PrimaryKeyConstraint("person_id", "id"),)


class AssistantMode(SQLModel, table=True):
    """How the assistant may act for a person: ask, or do it and say so. Without a row it is off."""

    __tablename__ = "presentation_assistant"
    person_id: UUID = Field(sa_column=id_column())
    mode: str
    since: date
    __table_args__ = (PrimaryKeyConstraint("person_id"),)
