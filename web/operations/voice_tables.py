"""A person's own spoken commands."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Column, LargeBinary
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column


class VoiceEnrolment(SQLModel, table=True):
    """The templates of a person's spoken commands: features of how they say them, sealed; never the sound itself.

    ``counts`` is how many there are of each command.
    """

    __tablename__ = "voice_enrolment"
    person_id: UUID = Field(sa_column=Column(Id, primary_key=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    counts: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    begun_at: datetime = Field(sa_column=instant_column())
    changed_at: datetime = Field(sa_column=instant_column())
