"""Learners: their accounts, identity digests and outcomes. Everything a learner holds is keyed (learner, id)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class Learner(SQLModel, table=True):
    """A learner's account. ``merged_into`` names the account that took this one over."""

    __tablename__ = "learner"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    account_number: str = Field(unique=True)
    name: str
    opened_at: datetime = Field(sa_column=instant_column())
    opened_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    opened_at_institution: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    identity_level: str = Field(default="self-declared", description="self-declared or document-seen")
    sealed_key: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    merged_into: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True, index=True))
    closed_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))


class IdentityDigest(SQLModel, table=True):
    """The keyed digest of an identity document; the number itself is never stored. One document opens one account."""

    __tablename__ = "identity_digest"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    document_type: str
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    key_version: int
    recorded_at: datetime = Field(sa_column=instant_column())
    replaced_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
        UniqueConstraint("key_version", "digest"),
    )


class FormerName(SQLModel, table=True):
    """A name that a learner had before, so that an older paper can still be matched by a person."""

    __tablename__ = "former_name"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    name: str
    replaced_at: datetime = Field(sa_column=instant_column())
    reason: str
    changed_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
    )


class Subject(SQLModel, table=True):
    """The pairwise id by which one institution's credentials name one learner."""

    __tablename__ = "subject"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(sa_column=Column(Id, nullable=False, unique=True))
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
        Index("ix_subject_learner_institution", "learner_id", "institution_id"),
    )


class Outcome(SQLModel, table=True):
    """A learning outcome in a learner's portfolio.

    ``state``: recorded (imported, unsigned), issued, suspended, revoked. Credits in the framework's smallest step.
    ``fingerprint`` refuses the same outcome twice for one learner.
    """

    __tablename__ = "outcome"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    course_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    title: str
    code: str | None = None
    category: str
    framework: str
    credits: int
    hours: int | None = Field(default=None, description="tenths of an hour")
    hour_kind: str | None = None
    level: str | None = None
    grade: str | None = None
    term: str | None = None
    awarded_on: date
    valid_until: date | None = None
    state: str = "recorded"
    duplicate_of: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    fingerprint: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    batch_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    source: str = "desk"
    recorded_at: datetime = Field(sa_column=instant_column())
    recorded_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    credential_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
        UniqueConstraint("learner_id", "fingerprint"),
        Index("ix_outcome_institution_recorded", "institution_id", "recorded_at"),
        Index("ix_outcome_batch", "batch_id"),
    )


class ShareLink(SQLModel, table=True):
    """A learner's link to one credential for whoever follows it.

    Only the token's digest is kept, and its sealed form to show it to the learner again. ``show_name``: the learner
    chose that the page names them; a credential itself holds no name.
    """

    __tablename__ = "share_link"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    credential_id: UUID = Field(sa_column=Column(Id, nullable=False))
    token_digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    sealed_token: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    label: str = ""
    show_name: bool = False
    created_at: datetime = Field(sa_column=instant_column())
    expires_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    withdrawn_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    opened_count: int = 0
    last_opened_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
        Index("ix_share_link_credential", "learner_id", "credential_id"),
    )
