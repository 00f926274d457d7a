"""Asking a person for help, telling what cannot be used, and where a person can be reached."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class HelpRequest(SQLModel, table=True):
    """Somebody asks for a person (``kind`` help) or tells what they cannot use (``kind`` accessibility).

    ``institution_id`` is the centre that answers, None the bank. ``person_id`` and ``learner_id`` are None for a
    stranger. ``key`` comes from the form: sent twice, it is one request. ``number`` is what people refer to.
    ``page`` is the endpoint of the page that they came from: its name, nothing that stood on it. ``state`` is waiting,
    taken, done or withdrawn. ``seen_at`` is when the asker last looked; a newer answer is announced on their pages.
    """

    __tablename__ = "help_request"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    key: UUID = Field(sa_column=Column(Id, nullable=False, unique=True))
    number: str = Field(unique=True)
    kind: str
    matter: str
    institution_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    person_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    learner_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    page: str = ""
    words: str = Field(default="", sa_column=Column(Text, nullable=False))
    phone: str = ""
    language: str
    state: str = "waiting"
    asked_at: datetime = Field(sa_column=instant_column())
    taken_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    taken_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    answered_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    seen_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        Index("ix_help_request_desk", "institution_id", "state", "asked_at"),
        Index("ix_help_request_person", "person_id", "asked_at"),
        Index("ix_help_request_learner", "learner_id"),
    )


class HelpMessage(SQLModel, table=True):
    """What somebody said for a request, as an MP3, or as the M4A that it was, sealed under a key of that person.

    ``key`` is the form's, as the request's: ``request_id`` is None until that is sent.
    """

    __tablename__ = "help_message"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    key: UUID = Field(sa_column=Column(Id, nullable=False, unique=True))
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    request_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    seconds: int
    recorded_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (Index("ix_help_message_person", "person_id"), Index("ix_help_message_request", "request_id"))


class ContactPlace(SQLModel, table=True):
    """Where and when people reach an institution: its telephone, its hours and its address, in both languages."""

    __tablename__ = "contact_place"
    institution_id: UUID = Field(sa_column=Column(Id, primary_key=True))
    phone: str = ""
    hours: str = ""
    hours_en: str = ""
    address: str = ""
    address_en: str = ""
    changed_at: datetime = Field(sa_column=instant_column())
    changed_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
