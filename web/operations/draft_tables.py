"""Drafts of rules that nobody has proposed yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, PrimaryKeyConstraint, Text
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column


class RuleDraft(SQLModel, table=True):
    """The text of a draft of one person at one institution, and the document that it was begun from, if any."""

    __tablename__ = "rule_draft"
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(sa_column=Column(Id, nullable=False))
    begun_from: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    title: str
    text: str = Field(sa_column=Column(Text, nullable=False))
    changed_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (PrimaryKeyConstraint("person_id", "institution_id", "id"),)
