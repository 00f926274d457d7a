"""Institutions: who they are, what they may issue, with which keys, and their catalogues."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class Deployment(SQLModel, table=True):
    """What was decided at the first issue and is signed into every credential since."""

    __tablename__ = "deployment"
    id: int = Field(default=1, primary_key=True)
    public_origin: str
    fixed_at: datetime = Field(sa_column=instant_column())


class BankKey(SQLModel, table=True):
    """A signing key of the bank itself, with which it states whom it accredits."""

    __tablename__ = "bank_key"
    multikey: str = Field(primary_key=True)
    sealed_private: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    valid_from: datetime = Field(sa_column=instant_column())
    valid_to: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))


class Institution(SQLModel, table=True):
    """A member of the bank. ``handle`` is part of its DID and never changes.

    ``tier`` is centre, subcentre or member.
    """

    __tablename__ = "institution"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    handle: str = Field(unique=True)
    did: str = Field(unique=True)
    name: str
    name_en: str | None = None
    social_credit_code: str | None = Field(default=None, unique=True)
    tier: str = "member"
    kind: str = "university"
    parent_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    district: str | None = None
    website: str | None = None
    cryptosuite: str = "eddsa-rdfc-2022"
    admitted_at: datetime = Field(sa_column=instant_column())
    closed_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))


class Accreditation(SQLModel, table=True):
    """Which category of outcome an institution may issue, since when and until when."""

    __tablename__ = "accreditation"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    category: str
    valid_from: datetime = Field(sa_column=instant_column())
    valid_to: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        ForeignKeyConstraint(["institution_id"], ["institution.id"]),
    )


class InstitutionKey(SQLModel, table=True):
    """A key of an institution; ``purpose`` is assertion (credentials) or checkpoint (its log). Never deleted."""

    __tablename__ = "institution_key"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    multikey: str
    purpose: str
    sealed_private: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    valid_from: datetime = Field(sa_column=instant_column())
    valid_to: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "multikey"),
        ForeignKeyConstraint(["institution_id"], ["institution.id"]),
    )


class AdmissionApplication(SQLModel, table=True):
    """An institution's request to be admitted; ``state`` is submitted, approved or refused.

    An institution has one open request at most, also when it sends two at once.
    """

    __tablename__ = "admission_application"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    name: str
    name_en: str | None = None
    social_credit_code: str
    kind: str
    district: str
    handle: str
    website: str | None = None
    categories: str = Field(description="comma separated")
    contact_name: str
    contact: str
    statement: str = Field(default="", sa_column=Column(Text, nullable=False))
    state: str = "submitted"
    submitted_at: datetime = Field(sa_column=instant_column())
    decided_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    decided_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    reason: str = ""
    institution_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (
        Index(
            "uq_admission_application_open",
            "social_credit_code",
            unique=True,
            sqlite_where=text("state = 'submitted'"),
            postgresql_where=text("state = 'submitted'"),
        ),
    )


class Course(SQLModel, table=True):
    """A course, certificate or activity of an institution's catalogue: what a credential of it says was achieved.

    Credits are integers in the smallest step of ``framework``; a course of variable credit has ``credits_max`` above
    ``credits_min``. A changed course is a new version; the old one stays for the credentials that name it.
    """

    __tablename__ = "course"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    code: str
    version: int = 1
    superseded_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    title: str
    description: str = Field(default="", sa_column=Column(Text, nullable=False))
    criteria: str = Field(default="", sa_column=Column(Text, nullable=False))
    subject: str | None = None
    prerequisites: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    language: str = "zh-CN"
    category: str
    framework: str
    credits_min: int | None = None
    credits_max: int | None = None
    hours: int | None = Field(default=None, description="tenths of an hour")
    hour_kind: str | None = None
    level: str | None = None
    created_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        UniqueConstraint("institution_id", "code", "version"),
    )


class ImportBatch(SQLModel, table=True):
    """One file that an institution imported, whole; ``kind`` is catalogue, outcomes or equivalences."""

    __tablename__ = "import_batch"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    kind: str
    file_name: str
    file_sha256: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    rows: int
    imported_at: datetime = Field(sa_column=instant_column())
    imported_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        ForeignKeyConstraint(["institution_id"], ["institution.id"]),
    )
