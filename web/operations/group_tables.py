"""Study groups at an institution: who leads them, who learns in them, and what a tutor noted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Text
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class StudyGroup(SQLModel, table=True):
    """A group that learns together. ``code`` is what a learner types to be asked; a new one makes the old one void."""

    __tablename__ = "study_group"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False, unique=True))
    name: str
    code: str = Field(unique=True)
    made_by: UUID = Field(sa_column=Column(Id, nullable=False))
    made_at: datetime = Field(sa_column=instant_column())
    closed_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (PrimaryKeyConstraint("institution_id", "id"),)


class GroupTutor(SQLModel, table=True):
    """A person who leads a group, from one moment until another; the role at the institution is needed besides."""

    __tablename__ = "group_tutor"
    group_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    since: datetime = Field(sa_column=instant_column())
    until: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (PrimaryKeyConstraint("group_id", "id"), Index("ix_group_tutor_person", "person_id"))


class GroupMember(SQLModel, table=True):
    """A learner in a group, from agreeing until leaving."""

    __tablename__ = "group_member"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    group_id: UUID = Field(sa_column=Column(Id, nullable=False))
    joined_at: datetime = Field(sa_column=instant_column())
    left_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (PrimaryKeyConstraint("learner_id", "id"), Index("ix_group_member_group", "group_id"))


class GroupNote(SQLModel, table=True):
    """Between a learner and a tutor about a skill: ``asked`` (the learner asks for a person) or ``talked``.

    ``person_id`` is whoever wrote it; the learner reads both.
    """

    __tablename__ = "group_note"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    group_id: UUID = Field(sa_column=Column(Id, nullable=False))
    skill_id: str
    kind: str
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    at: datetime = Field(sa_column=instant_column())
    words: str = Field(default="", sa_column=Column(Text, nullable=False))
    __table_args__ = (PrimaryKeyConstraint("learner_id", "id"), Index("ix_group_note_group", "group_id", "skill_id"))
