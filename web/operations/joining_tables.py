"""Who wants to take part in an activity of an institution, and when and where it meets."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, PrimaryKeyConstraint
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column


class ActivityJoining(SQLModel, table=True):
    """A learner wants to take part; the row goes when the wish is taken back.

    An activity is named by its course's code, which stays when the catalogue brings a new version of it.
    """

    __tablename__ = "activity_joining"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    course_code: str
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    joined_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "course_code", "learner_id"),
        Index("ix_activity_joining_learner", "learner_id"),
    )


class ActivityMeeting(SQLModel, table=True):
    """When an activity meets next (a civil date, none while it is open) and, in words, at what time and where."""

    __tablename__ = "activity_meeting"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    course_code: str
    day: date | None = None
    words: str = ""
    said_at: datetime = Field(sa_column=instant_column())
    said_by: UUID = Field(sa_column=Column(Id, nullable=False))
    __table_args__ = (PrimaryKeyConstraint("institution_id", "course_code"),)
