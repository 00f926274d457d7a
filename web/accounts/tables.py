"""The tables of people: who they are to the bank's pages, what they may do, how they sign in, what they agreed to.

Learners and institutions belong to the credit bank and are named here by their id alone. Tokens, codes and addresses
are kept only as digests.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, LargeBinary, PrimaryKeyConstraint
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class Person(SQLModel, table=True):
    """Someone who can sign in: a learner (by account number), a member of staff (by ``sign_in_name``), or both.

    ``sign_in_name`` is stored case-folded. ``disabled_at`` stops every way in.
    """

    __tablename__ = "person"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    sign_in_name: str | None = Field(default=None, unique=True)
    display_name: str
    secret_hash: str
    secret_set_at: datetime = Field(sa_column=instant_column())
    must_change_secret: bool = False
    learner_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True, unique=True))
    language: str = "zh-CN"
    turns_18_on: date | None = Field(default=None, description="kept only while it lies ahead, for what minors may use")
    created_at: datetime = Field(sa_column=instant_column())
    disabled_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))


class Membership(SQLModel, table=True):
    """A role of a person at an institution, from one moment until another. Ended, never deleted."""

    __tablename__ = "membership"
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    role: str
    valid_from: datetime = Field(sa_column=instant_column())
    valid_to: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    granted_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("person_id", "id"),
        ForeignKeyConstraint(["person_id"], ["person.id"]),
        Index("ix_membership_institution", "institution_id", "role"),
    )


class WebSession(SQLModel, table=True):
    """A signed-in browser. Only the SHA-256 of its cookie is kept, and of the device a coarse name.

    ``idle_seconds`` is how long it may rest; ``expires_at`` ends it in any case.
    """

    __tablename__ = "web_session"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    token_digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    person_id: UUID = Field(sa_column=Column(Id, nullable=False, index=True))
    created_at: datetime = Field(sa_column=instant_column())
    last_seen_at: datetime = Field(sa_column=instant_column())
    expires_at: datetime = Field(sa_column=instant_column())
    idle_seconds: int
    shared_device: bool = False
    ended_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    device_label: str = ""
    __table_args__ = (ForeignKeyConstraint(["person_id"], ["person.id"]),)


class SignInAttempt(SQLModel, table=True):
    """How many tries in a row failed, for one account or one address, each known only by a keyed digest."""

    __tablename__ = "sign_in_attempt"
    kind: str
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    failures: int = 0
    last_at: datetime = Field(sa_column=instant_column())
    blocked_until: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (PrimaryKeyConstraint("kind", "digest"), Index("ix_sign_in_attempt_last_at", "last_at"))


class Consent(SQLModel, table=True):
    """What a person agreed to: the purpose, the version and digest of the text shown, when and how.

    ``given_via`` is online or counter; ``assisted_by`` names the member of staff who helped. A withdrawal is written
    beside the giving, so that both can be shown.
    """

    __tablename__ = "consent"
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    learner_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True, index=True))
    purpose: str
    version: int
    language: str
    text_sha256: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    given_at: datetime = Field(sa_column=instant_column())
    given_via: str = "online"
    assisted_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    withdrawn_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("person_id", "id"),
        ForeignKeyConstraint(["person_id"], ["person.id"]),
        Index("ix_consent_purpose", "person_id", "purpose"),
    )


class DisplayPreference(SQLModel, table=True):
    """How a person wants the bank shown, wherever they sign in; there only if they asked for it to be kept.

    ``choices`` is what ``accessibility.preference.model.write`` writes; ``foreign`` is what a file of another system
    said and nobody here understands, to go out again with the rest.
    """

    __tablename__ = "display_preference"
    person_id: UUID = Field(sa_column=Column(Id, primary_key=True))
    choices: str = ""
    foreign: dict[str, Any] = Field(default_factory=dict, sa_column=Column("foreign_terms", JSON, nullable=False))
    kept_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (ForeignKeyConstraint(["person_id"], ["person.id"]),)


class Invitation(SQLModel, table=True):
    """A link with which one person may join an institution's staff, once."""

    __tablename__ = "invitation"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    token_digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    role: str
    name: str
    invited_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    invited_at: datetime = Field(sa_column=instant_column())
    expires_at: datetime = Field(sa_column=instant_column())
    accepted_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    accepted_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    withdrawn_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (PrimaryKeyConstraint("institution_id", "id"),)


class TemporaryCode(SQLModel, table=True):
    """A code that centre staff gave to a learner who lost the PIN; it sets a new one, once."""

    __tablename__ = "temporary_code"
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    issued_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    issued_at: datetime = Field(sa_column=instant_column())
    expires_at: datetime = Field(sa_column=instant_column())
    used_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("person_id", "id"),
        ForeignKeyConstraint(["person_id"], ["person.id"]),
    )


class ResetLink(SQLModel, table=True):
    """A link with which one member of staff who forgot the password chooses a new one, once.

    ``institution_id`` is where the administrator who made it acts; none for one that the bank made.
    """

    __tablename__ = "reset_link"
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    token_digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    institution_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    made_by: UUID = Field(sa_column=Column(Id, nullable=False))
    made_at: datetime = Field(sa_column=instant_column())
    expires_at: datetime = Field(sa_column=instant_column())
    used_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("person_id", "id"),
        ForeignKeyConstraint(["person_id"], ["person.id"]),
    )


class AuditEvent(SQLModel, table=True):
    """Who did what to whose data, in codes; rows are added and never changed."""

    __tablename__ = "audit_event"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    at: datetime = Field(sa_column=instant_column())
    person_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    action: str
    institution_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    subject_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    details: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    __table_args__ = (
        Index("ix_audit_event_institution", "institution_id", "at"),
        Index("ix_audit_event_subject", "subject_id", "at"),
    )


class ApiToken(SQLModel, table=True):
    """A bearer token of an institution's own program. Only its SHA-256 is kept; ``hint`` is its last four characters.

    ``scopes`` are separated by spaces (RFC 6749 §3.3).
    """

    __tablename__ = "api_token"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    token_digest: bytes = Field(sa_column=Column(LargeBinary, nullable=False, unique=True))
    label: str
    hint: str
    scopes: str
    made_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    made_at: datetime = Field(sa_column=instant_column())
    expires_at: datetime = Field(sa_column=instant_column())
    withdrawn_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    withdrawn_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (PrimaryKeyConstraint("institution_id", "id"),)


class Release(SQLModel, table=True):
    """A learner's consent to give something to one other handler, apart from every other (个人信息保护法, Art. 23).

    ``what`` names the text that was shown (``record``: the whole record to another city's bank; ``application``: the
    outcomes of one application to the institution that decides on it); ``recipient_name`` is the name in that text.
    """

    __tablename__ = "release"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    person_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    what: str
    recipient_id: UUID = Field(sa_column=Column(Id, nullable=False))
    recipient_name: str
    subject_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    language: str
    text_sha256: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    given_at: datetime = Field(sa_column=instant_column())
    given_via: str = "online"
    assisted_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    withdrawn_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (PrimaryKeyConstraint("learner_id", "id"),)
