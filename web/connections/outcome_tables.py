"""What was learned elsewhere as outcomes here: which activity counts as which course, and what became of each event."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class ActivityMapping(SQLModel, table=True):
    """An institution lets an activity of one connection count as one of its own courses.

    ``source`` is the tool's or the token's id, so that no other connection speaks for the activity. ``least_percent``
    is the least scaled score, in percent; none asks for no score. ``automatic`` records without a person. A changed
    rule is a new row; the old one has ``ended_at`` and stays for the outcomes that name it.
    """

    __tablename__ = "activity_mapping"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    source_kind: str
    source: UUID = Field(sa_column=Column(Id, nullable=False))
    source_name: str
    object_id: str
    name: str | None = None
    course_code: str
    least_percent: int | None = None
    automatic: bool
    mapped_at: datetime = Field(sa_column=instant_column())
    mapped_by: UUID = Field(sa_column=Column(Id, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    ended_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        Index(
            "uq_activity_mapping_open",
            "institution_id",
            "source",
            "object_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


class ReceivedOutcome(SQLModel, table=True):
    """A received event that says that something was completed, and what became of it: one row for each event, ever.

    The source is kept here by itself, because an outcome outlives the event that it came from. ``state``: waiting,
    below (the rule's least score), held (the learner has the course already), replaced (by a newer score), declined,
    withdrawn (taken back by its sender before anything was issued) or recorded. ``problem`` is why nothing was recorded
    by itself, a code. ``voided_at`` of a recorded one: taken back after its credential was issued.
    """

    __tablename__ = "received_outcome"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    statement_id: str
    source_kind: str
    source: UUID = Field(sa_column=Column(Id, nullable=False))
    source_name: str
    object_id: str
    name: str | None = None
    score: float | None = None
    happened_at: datetime = Field(sa_column=instant_column())
    received_at: datetime = Field(sa_column=instant_column())
    digest: str
    state: str
    problem: str = ""
    mapping_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    outcome_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    decided_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    decided_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    voided_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        UniqueConstraint("institution_id", "statement_id"),
        UniqueConstraint("outcome_id"),
        Index("ix_received_outcome_learner", "learner_id"),
        Index("ix_received_outcome_state", "institution_id", "state", "received_at"),
    )
