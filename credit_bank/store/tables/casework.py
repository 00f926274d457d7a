"""Cases: what a learner asked for, what happened to it, who said what, and what was decided. Keyed (learner, id)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class RecognitionCase(SQLModel, table=True):
    """A case; ``kind`` and ``state`` as ``recognition.casework.kind`` has them.

    ``institution_id`` is whose turn it is, ``decider_id`` who takes the last decision, ``receiver_id`` the institution
    that is to give credit. ``round`` counts how often it was handed in. ``about`` is the case that an appeal or an
    impairment is about. ``sealed_statement`` is the learner's own words under the learner's key. ``news`` is the newest
    step that the learner was not shown yet, by its action; empty once they looked at the case.
    """

    __tablename__ = "recognition_case"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    kind: str
    state: str
    round: int = 1
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    decider_id: UUID = Field(sa_column=Column(Id, nullable=False))
    receiver_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    title: str
    programme: str = ""
    programme_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    course: str = ""
    about: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    catalogued: bool = False
    proposal: dict[str, object] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    terms: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    sealed_statement: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    submitted_at: datetime = Field(sa_column=instant_column())
    submitted_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    changed_at: datetime = Field(sa_column=instant_column())
    due_on: date | None = None
    due_estimated: bool = False
    notice_until: date | None = None
    consumed: bool = False
    news: str = ""
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
        Index("ix_recognition_case_queue", "institution_id", "state", "due_on"),
        Index("ix_recognition_case_id", "id"),
        Index("ix_recognition_case_about", "about"),
    )


class CaseSource(SQLModel, table=True):
    """An outcome that a case rests on."""

    __tablename__ = "case_source"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    case_id: UUID = Field(sa_column=Column(Id, nullable=False))
    outcome_id: UUID = Field(sa_column=Column(Id, nullable=False))
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "case_id", "outcome_id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
        Index("ix_case_source_outcome", "outcome_id"),
    )


class CaseEvent(SQLModel, table=True):
    """One step of a case: who, when, from which state to which, why; added to, never changed."""

    __tablename__ = "case_event"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    case_id: UUID = Field(sa_column=Column(Id, nullable=False))
    at: datetime = Field(sa_column=instant_column())
    action: str
    from_state: str = ""
    to_state: str
    person_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    institution_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    reason: str = ""
    evidence_sha256: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
        Index("ix_case_event_case", "learner_id", "case_id"),
    )


class CaseReview(SQLModel, table=True):
    """One vote. The key refuses a second one of the same person in a round: four eyes."""

    __tablename__ = "case_review"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    case_id: UUID = Field(sa_column=Column(Id, nullable=False))
    round: int
    stage: str
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    vote: str
    interest: str = "none"
    reason: str = ""
    at: datetime = Field(sa_column=instant_column())
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
        UniqueConstraint("learner_id", "case_id", "round", "person_id"),
    )


class CaseEvidence(SQLModel, table=True):
    """A file handed in with a case, sealed under the learner's key; ``shows`` names the unit outcomes it is to show."""

    __tablename__ = "case_evidence"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    case_id: UUID = Field(sa_column=Column(Id, nullable=False))
    title: str
    media_type: str
    size: int
    sha256: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    sealed: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    shows: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    added_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
        Index("ix_case_evidence_case", "learner_id", "case_id"),
    )


class EvidenceJudgement(SQLModel, table=True):
    """One assessor's judgement of one item: ``found`` has each criterion with met, not-met or unsure."""

    __tablename__ = "evidence_judgement"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    evidence_id: UUID = Field(sa_column=Column(Id, nullable=False))
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    found: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    reason: str = ""
    at: datetime = Field(sa_column=instant_column())
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
        UniqueConstraint("learner_id", "evidence_id", "person_id"),
    )


class CaseDecision(SQLModel, table=True):
    """A decision as it was taken; a wrong one is superseded by another, never changed but for ``superseded_by``.

    ``proposal`` is what was proposed then, ``granted`` what was given (with the journals that posted it), ``rulesets``
    the SHA-256 of each rule set, hexadecimal. ``outcome_id`` and ``credential_id`` are the decision's own credential.
    """

    __tablename__ = "case_decision"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    case_id: UUID = Field(sa_column=Column(Id, nullable=False))
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    verdict: str
    proposal: dict[str, object] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    granted: list[dict[str, object]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    departures: dict[str, list[str]] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    rulesets: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    decided_at: datetime = Field(sa_column=instant_column())
    decided_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    outcome_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    credential_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    supersedes: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    superseded_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        ForeignKeyConstraint(["learner_id"], ["learner.id"]),
        Index("ix_case_decision_case", "learner_id", "case_id"),
    )
