"""Addresses that are told of an institution's decisions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, LargeBinary, PrimaryKeyConstraint
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class Webhook(SQLModel, table=True):
    """An address of an institution's own program, told of each decision in order.

    ``told_until`` and ``told_id`` are the last decision that it answered for; ``next_at`` is when it is tried next, and
    the lease of whoever is telling it now. ``failures`` counts tries in a row that came to nothing.
    """

    __tablename__ = "webhook"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    address: str
    sealed_secret: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    made_at: datetime = Field(sa_column=instant_column())
    made_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    told_until: datetime = Field(sa_column=instant_column())
    told_id: UUID = Field(sa_column=Column(Id, nullable=False))
    next_at: datetime = Field(sa_column=instant_column())
    failures: int = 0
    last_status: int | None = None
    last_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    withdrawn_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        ForeignKeyConstraint(["institution_id"], ["institution.id"]),
    )
