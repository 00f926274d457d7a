"""Credits in double entry: journals, their postings, and what outcomes are used for. Nothing here names a person."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, text
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id

_KEYED = text("key IS NOT NULL")
_REVERSING = text("reverses IS NOT NULL")
_LASTING = text("expires_on IS NOT NULL")
_LIVE = text("released_by IS NULL")


class CreditJournal(SQLModel, table=True):
    """One movement of a learner's credits. Never changed, never deleted; a correction is a journal that reverses it.

    The journal of a deposit has the outcome's own id, so that no outcome is deposited twice. ``key`` names the command,
    so that sending it again changes nothing; ``command_sha256`` what was asked for by it. ``decision_id`` is opaque.
    """

    __tablename__ = "credit_journal"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    movement: str
    outcome_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    reverses: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    decision_id: UUID = Field(sa_column=Column(Id, nullable=False))
    institution_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    decided_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    rule_set_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    rule_set_sha256: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    reason: str
    use: str = ""
    posted_at: datetime = Field(sa_column=instant_column())
    expires_on: date | None = None
    key: str | None = None
    command_sha256: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
        Index("uq_credit_journal_key", "learner_id", "key", unique=True, sqlite_where=_KEYED, postgresql_where=_KEYED),
        Index(
            "uq_credit_journal_reverses",
            "learner_id",
            "reverses",
            unique=True,
            sqlite_where=_REVERSING,
            postgresql_where=_REVERSING,
        ),
        Index("ix_credit_journal_expires_on", "expires_on", sqlite_where=_LASTING, postgresql_where=_LASTING),
    )


class CreditPosting(SQLModel, table=True):
    """One line of a journal: an amount in the framework's smallest step, on an account, as credits of one kind."""

    __tablename__ = "credit_posting"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    journal_id: UUID = Field(sa_column=Column(Id, nullable=False))
    line: int
    account: str
    amount: int
    framework: str
    level: str = ""
    category: str
    outcome_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    conversion_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    target_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "journal_id", "line"),
        ForeignKeyConstraint(
            ["learner_id", "journal_id"], ["credit_journal.learner_id", "credit_journal.id"], onupdate="CASCADE"
        ),
    )


class CreditUse(SQLModel, table=True):
    """What an outcome is used for; live until the conversion is reversed (``released_by``).

    The index over the live ones refuses a second use of one name (rule R15); only a rule that splits the credit makes
    further parts.
    """

    __tablename__ = "credit_use"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    outcome_id: UUID = Field(sa_column=Column(Id, nullable=False))
    use: str
    part: int = 1
    split: bool = False
    conversion_id: UUID = Field(sa_column=Column(Id, nullable=False))
    amount: int
    released_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(
            ["learner_id", "conversion_id"], ["credit_journal.learner_id", "credit_journal.id"], onupdate="CASCADE"
        ),
        Index(
            "uq_credit_use_live",
            "learner_id",
            "outcome_id",
            "use",
            "part",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )
