"""Neighbours of a study group who help one another: what was asked, who helps, and what the two said."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Text
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class NeighbourRequest(SQLModel, table=True):
    """A learner asks the others of a group for a hand.

    ``key`` comes from the form: sent twice, it is one request. ``state`` is waiting, taken, done or withdrawn.
    ``asker_news`` and ``helper_news`` say that the other side did something since that one last looked.
    """

    __tablename__ = "neighbour_request"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    key: UUID = Field(sa_column=Column(Id, nullable=False, unique=True))
    group_id: UUID = Field(sa_column=Column(Id, nullable=False))
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    matter: str
    words: str = Field(default="", sa_column=Column(Text, nullable=False))
    state: str = "waiting"
    asked_at: datetime = Field(sa_column=instant_column())
    helper_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    taken_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    asker_news: bool = False
    helper_news: bool = False
    __table_args__ = (
        Index("ix_neighbour_request_group", "group_id", "state", "asked_at"),
        Index("ix_neighbour_request_learner", "learner_id"),
        Index("ix_neighbour_request_helper", "helper_id"),
    )


class NeighbourWord(SQLModel, table=True):
    """What one of the two said to the other."""

    __tablename__ = "neighbour_word"
    request_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    at: datetime = Field(sa_column=instant_column())
    words: str = Field(sa_column=Column(Text, nullable=False))
    __table_args__ = (PrimaryKeyConstraint("request_id", "id"), Index("ix_neighbour_word_learner", "learner_id"))
