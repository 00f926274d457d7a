"""The tables of connections. Tokens, states and tickets are kept only as digests, keys only sealed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, LargeBinary, PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class LtiPlatform(SQLModel, table=True):
    """A learning platform that opens our library (we are its tool), registered by an institution's administrator.

    The addresses come from that registration alone. ``deployments`` are the deployment ids that it may launch from.
    """

    __tablename__ = "lti_platform"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False, unique=True))
    name: str
    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    jwks_url: str
    deployments: list[str] = Field(sa_column=Column(JSON, nullable=False))
    made_by: UUID = Field(sa_column=Column(Id, nullable=False))
    made_at: datetime = Field(sa_column=instant_column())
    withdrawn_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (PrimaryKeyConstraint("institution_id", "id"), UniqueConstraint("issuer", "client_id"))


class LtiTool(SQLModel, table=True):
    """A tool that our learners open from here (we are its platform). Its client id is the row's id.

    ``launch_urls`` are the only addresses that a launch is sent to.
    """

    __tablename__ = "lti_tool"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False, unique=True))
    name: str
    purpose: str
    login_url: str
    launch_urls: list[str] = Field(sa_column=Column(JSON, nullable=False))
    jwks_url: str
    made_by: UUID = Field(sa_column=Column(Id, nullable=False))
    made_at: datetime = Field(sa_column=instant_column())
    withdrawn_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (PrimaryKeyConstraint("institution_id", "id"),)


class LtiKey(SQLModel, table=True):
    """A signing key of our own (RSA, as LTI 1.3 asks), sealed under the settings' key."""

    __tablename__ = "lti_key"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    made_at: datetime = Field(sa_column=instant_column())


class LtiMoment(SQLModel, table=True):
    """Something short-lived that is used once or expires, known by the SHA-256 of a secret.

    ``kind``: login (a state that we sent out), launch (one that came back and was good), ticket (a learner on the way
    to a tool), access (a tool's bearer token), assertion (a client assertion that was seen). ``registration_id`` is
    the platform or tool.
    """

    __tablename__ = "lti_moment"
    digest: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    kind: str
    registration_id: UUID = Field(sa_column=Column(Id, nullable=False))
    learner_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True, index=True))
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    expires_at: datetime = Field(sa_column=instant_column())
    used_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (Index("ix_lti_moment_expires", "expires_at"),)


class LtiLink(SQLModel, table=True):
    """A learner said that an account of a platform is theirs; events of that account are then theirs."""

    __tablename__ = "lti_link"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    platform_id: UUID = Field(sa_column=Column(Id, nullable=False))
    subject: str
    linked_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (PrimaryKeyConstraint("learner_id", "id"), UniqueConstraint("platform_id", "subject"))


class ToolConsent(SQLModel, table=True):
    """A learner agreed to open a tool, under a pseudonym that this tool alone sees. Withdrawn, never deleted."""

    __tablename__ = "lti_tool_consent"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False, unique=True))
    tool_id: UUID = Field(sa_column=Column(Id, nullable=False))
    given_at: datetime = Field(sa_column=instant_column())
    withdrawn_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        Index("ix_lti_tool_consent_tool", "learner_id", "tool_id"),
    )


class ReceivedEvent(SQLModel, table=True):
    """What a learner did elsewhere, as another system said it: an xAPI statement, or a score by LTI.

    ``source_kind`` is xapi or lti, ``source`` the token's or tool's id and ``source_name`` what it was called then.
    ``meaning`` is answered, experienced, mastered, completed or outcome; none where the verb has no meaning here.
    """

    __tablename__ = "received_event"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    source_kind: str
    source: UUID = Field(sa_column=Column(Id, nullable=False))
    source_name: str
    statement_id: str
    verb: str
    meaning: str | None = None
    object_id: str
    name: str | None = None
    success: bool | None = None
    score: float | None = None
    happened_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    received_at: datetime = Field(sa_column=instant_column())
    digest: str
    statement: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    voided_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        UniqueConstraint("institution_id", "statement_id"),
        Index("ix_received_event_learner", "learner_id", "received_at"),
    )
