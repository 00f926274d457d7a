"""The tables of operations. Institutions, learners and people are named by their id alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, Column, Index, LargeBinary, PrimaryKeyConstraint, Text
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class StagedFile(SQLModel, table=True):
    """A file that someone uploaded and has not confirmed yet: sealed, theirs alone, and forgotten after an hour.

    ``kind`` is catalogue, outcomes or equivalences. ``overrides`` is the header by field name where the person
    corrected the guess.
    ``started_at`` is set while the import runs, ``failure`` when it was refused. ``consumed_at`` and ``batch_id`` are
    set in the transaction of the import itself, so that confirming twice imports once; ``sealed`` is then emptied.
    """

    __tablename__ = "staged_file"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    kind: str
    file_name: str
    size: int
    sha256: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    overrides: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    default_category: str | None = None
    created_at: datetime = Field(sa_column=instant_column())
    expires_at: datetime = Field(sa_column=instant_column())
    started_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    failure: str | None = None
    consumed_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    batch_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    result: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        Index("ix_staged_file_expires", "expires_at"),
    )


class MergeProposal(SQLModel, table=True):
    """Centre staff's report that two accounts belong to one person; ``state`` is open, merged or refused."""

    __tablename__ = "merge_proposal"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    keep_learner: UUID = Field(sa_column=Column(Id, nullable=False))
    absorb_learner: UUID = Field(sa_column=Column(Id, nullable=False))
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    proposed_by: UUID = Field(sa_column=Column(Id, nullable=False))
    proposed_at: datetime = Field(sa_column=instant_column())
    state: str = "open"
    decided_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (Index("ix_merge_proposal_state", "state", "proposed_at"),)


class ClockWork(SQLModel, table=True):
    """A piece of work that the clock asks for: when it is next to be done, and when it was done last.

    Whoever does it moves ``next_at`` on first, so that of several processes one does it; one that crashed meanwhile is
    followed by another when that moment has come.
    """

    __tablename__ = "clock_work"
    name: str = Field(primary_key=True)
    next_at: datetime = Field(sa_column=instant_column())
    done_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
