"""The ledger: credentials, their status, and the log that both are committed to."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class Credential(SQLModel, table=True):
    """A signed credential, encrypted under its learner's own key. Losing that key (erasure) loses the document."""

    __tablename__ = "credential"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(sa_column=Column(Id, nullable=False))
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    outcome_id: UUID = Field(sa_column=Column(Id, nullable=False))
    sealed_document: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    document_sha256: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    verification_method: str
    issued_at: datetime = Field(sa_column=instant_column())
    issued_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    log_sequence: int
    status_list_id: UUID = Field(sa_column=Column(Id, nullable=False))
    status_index: int
    superseded_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        UniqueConstraint("institution_id", "log_sequence"),
        UniqueConstraint("institution_id", "status_list_id", "status_index"),
        Index("ix_credential_id", "id"),
        Index("ix_credential_learner", "learner_id", "outcome_id"),
    )


class StatusList(SQLModel, table=True):
    """A status list of an institution.

    ``next_position`` counts what is allocated; ``stride`` and ``offset`` scatter it, so that an index tells nothing
    about the order of issue.
    """

    __tablename__ = "status_list"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False, unique=True))
    length: int = 131072
    next_position: int = 0
    stride: int
    offset: int
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        ForeignKeyConstraint(["institution_id"], ["institution.id"]),
    )


class StatusChange(SQLModel, table=True):
    """A change of a credential's status, in order, never deleted.

    ``value`` True: revoked or suspended; False: lifted.
    """

    __tablename__ = "status_change"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    credential_id: UUID = Field(sa_column=Column(Id, nullable=False))
    purpose: str
    value: bool
    reason: str
    changed_at: datetime = Field(sa_column=instant_column())
    changed_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    log_sequence: int
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        Index("ix_status_change_credential", "institution_id", "credential_id"),
    )


class PublishedStatusList(SQLModel, table=True):
    """The newest signed form of a status list for one purpose, as it is served."""

    __tablename__ = "published_status_list"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    list_id: UUID = Field(sa_column=Column(Id, nullable=False))
    purpose: str
    bits: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    document: str = Field(sa_column=Column(Text, nullable=False))
    published_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "list_id", "purpose"),
        ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        Index("ix_published_status_list_list", "list_id", "purpose"),
    )


class Log(SQLModel, table=True):
    """The log of an institution: how many leaves it has. Locked while leaves are sequenced."""

    __tablename__ = "log"
    institution_id: UUID = Field(sa_column=Column(Id, primary_key=True))
    origin: str = Field(unique=True)
    size: int = 0
    __table_args__ = (ForeignKeyConstraint(["institution_id"], ["institution.id"]),)


class LogLeaf(SQLModel, table=True):
    """A leaf: a salted commitment that names no person.

    The primary key refuses a second writer of one sequence number.
    """

    __tablename__ = "log_leaf"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    sequence: int
    entry: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    logged_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "sequence"),
        ForeignKeyConstraint(["institution_id"], ["log.institution_id"]),
    )


class LogNode(SQLModel, table=True):
    """The hash of a complete subtree (level 0: a leaf). Lets a proof be made from O(log n) rows."""

    __tablename__ = "log_node"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    level: int
    position: int
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    __table_args__ = (PrimaryKeyConstraint("institution_id", "level", "position"),)


class LeafOpening(SQLModel, table=True):
    """What opens a leaf's commitment: its salt. Erasing it leaves a leaf that points to nobody."""

    __tablename__ = "leaf_opening"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    sequence: int
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False, index=True))
    salt: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    __table_args__ = (PrimaryKeyConstraint("institution_id", "sequence"),)


class Checkpoint(SQLModel, table=True):
    """A signed statement of a log's size and root. The key refuses two of one size."""

    __tablename__ = "checkpoint"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    size: int
    root: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    note: str = Field(sa_column=Column(Text, nullable=False))
    signed_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "size"),
        ForeignKeyConstraint(["institution_id"], ["log.institution_id"]),
    )


class IdempotencyKey(SQLModel, table=True):
    """A command that an institution's program sent, with what came of it, so that a retry changes nothing."""

    __tablename__ = "idempotency_key"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    key: str
    request_sha256: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    response: str = Field(sa_column=Column(Text, nullable=False))
    recorded_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (PrimaryKeyConstraint("institution_id", "key"),)
