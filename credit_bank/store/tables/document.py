"""Published programmes, rule sets and agreements: versioned, signed, accepted by their parties, never edited."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class PublishedDocument(SQLModel, table=True):
    """One version of a document of an institution; ``kind`` is programme, ruleset or agreement.

    ``state``: proposed, in-force, refused, withdrawn, superseded. ``signature`` is the institution's own over the
    SHA-256 of ``text``; ``salt`` opens its leaf, and is public as the document is.
    """

    __tablename__ = "published_document"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    kind: str
    key: str
    version: str
    title: str
    title_en: str = ""
    basis: str = ""
    programme: str = ""
    text: str = Field(sa_column=Column(Text, nullable=False))
    sha256: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str = "proposed"
    valid_from: date
    valid_until: date | None = None
    proposed_at: datetime = Field(sa_column=instant_column())
    proposed_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    decided_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    decided_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    superseded_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    superseded_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    signature: str = Field(default="", sa_column=Column(Text, nullable=False))
    log_sequence: int | None = None
    salt: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        UniqueConstraint("institution_id", "kind", "key", "version"),
        Index("ix_published_document_state", "kind", "state"),
        Index("ix_published_document_sha256", "sha256"),
    )


class DocumentAcceptance(SQLModel, table=True):
    """What another party says to a document: asked, accepted (with its own signature and leaf) or refused."""

    __tablename__ = "document_acceptance"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    document_id: UUID = Field(sa_column=Column(Id, nullable=False))
    party_id: UUID = Field(sa_column=Column(Id, nullable=False))
    state: str = "asked"
    reason: str = ""
    signature: str = Field(default="", sa_column=Column(Text, nullable=False))
    log_sequence: int | None = None
    salt: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    answered_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    answered_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "document_id", "party_id"),
        ForeignKeyConstraint(
            ["institution_id", "document_id"], ["published_document.institution_id", "published_document.id"]
        ),
        Index("ix_document_acceptance_party", "party_id", "state"),
    )


class DocumentEndorsement(SQLModel, table=True):
    """One person's endorsement of a document before it is published; a standard takes five."""

    __tablename__ = "document_endorsement"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    document_id: UUID = Field(sa_column=Column(Id, nullable=False))
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    endorsed_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "document_id", "person_id"),
        ForeignKeyConstraint(
            ["institution_id", "document_id"], ["published_document.institution_id", "published_document.id"]
        ),
    )
