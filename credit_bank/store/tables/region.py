"""Other cities' credit banks that this one recognises, and the credentials that learners brought from them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class Region(SQLModel, table=True):
    """A credit bank of another city; ``statement`` is the newest that was taken. Ended, it is trusted no more."""

    __tablename__ = "region"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    did: str = Field(unique=True)
    name: str
    name_en: str
    statement: str = Field(sa_column=Column(Text, nullable=False))
    stated_at: datetime = Field(sa_column=instant_column())
    good_until: datetime = Field(sa_column=instant_column())
    recognised_at: datetime = Field(sa_column=instant_column())
    recognised_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))


class RegionKey(SQLModel, table=True):
    """A key of a recognised bank, as its newest statement has it. A key that was known is never forgotten."""

    __tablename__ = "region_key"
    region_id: UUID = Field(sa_column=Column(Id, nullable=False))
    multikey: str
    valid_from: datetime = Field(sa_column=instant_column())
    valid_to: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    revoked_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("region_id", "multikey"),
        ForeignKeyConstraint(["region_id"], ["region.id"]),
    )


class RegionInstitution(SQLModel, table=True):
    """An institution that a recognised bank accredits; ``statement`` is that bank's, as it came."""

    __tablename__ = "region_institution"
    region_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False, unique=True))
    did: str = Field(unique=True)
    name: str
    statement: str = Field(sa_column=Column(Text, nullable=False))
    signed_by: str
    stated_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (
        PrimaryKeyConstraint("region_id", "id"),
        ForeignKeyConstraint(["region_id"], ["region.id"]),
    )


class LevelMapVersion(SQLModel, table=True):
    """A published map of another framework's levels onto this bank's. A changed map is a new version (rule R2)."""

    __tablename__ = "level_map_version"
    source: str
    target: str
    version: str
    levels: str = Field(sa_column=Column(Text, nullable=False), description="a JSON object of codes")
    published_at: datetime = Field(sa_column=instant_column())
    published_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    superseded_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (PrimaryKeyConstraint("source", "target", "version"),)


class MovedCredential(SQLModel, table=True):
    """A credential that a learner brought from another bank, sealed under the learner's key as it came.

    ``basis`` says how the outcome's credits came about: ``same`` framework, by ``hours``, or ``undecided``;
    ``level_map`` is the version that the level was read by. One credential is brought once.
    """

    __tablename__ = "moved_credential"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    outcome_id: UUID = Field(sa_column=Column(Id, nullable=False))
    region_id: UUID = Field(sa_column=Column(Id, nullable=False))
    transfer: str
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    sealed_bundle: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    framework: str
    credits: str
    level: str = ""
    level_map: str = ""
    basis: str
    moved_at: datetime = Field(sa_column=instant_column())
    checked_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
        UniqueConstraint("learner_id", "outcome_id"),
        Index("ix_moved_credential_region", "region_id"),
    )
