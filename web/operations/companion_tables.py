"""The language model that phrases the companion's answers: which one, whether it runs, and when it was stopped."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, LargeBinary, Text
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class CompanionModel(SQLModel, table=True):
    """The one endpoint that may be asked. Off until an administrator turns it on; ``sealed_key`` is its API key.

    ``filing_number`` is the model's 备案号. ``may_leave`` says that the endpoint may stand outside the house.
    """

    __tablename__ = "companion_model"
    id: int = Field(default=1, primary_key=True)
    base_url: str
    model: str
    filing_number: str
    sealed_key: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    may_leave: bool = False
    enabled: bool = False
    daily_limit: int = 20
    timeout_seconds: int = 20
    changed_at: datetime = Field(sa_column=instant_column())
    changed_by: UUID = Field(sa_column=Column(Id, nullable=False))


class CompanionIncident(SQLModel, table=True):
    """The switch was thrown: the model stopped everywhere, by whom and why; and when it was let run again."""

    __tablename__ = "companion_incident"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    stopped_at: datetime = Field(sa_column=instant_column())
    stopped_by: UUID = Field(sa_column=Column(Id, nullable=False))
    reason: str = Field(sa_column=Column(Text, nullable=False))
    resumed_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    resumed_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    finding: str = Field(default="", sa_column=Column(Text, nullable=False))
