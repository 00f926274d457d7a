"""From mastery to credit, where the libraries meet: adopted courses, learners' requests, decisions, released evidence.

Institutions, learners, people, courses and credentials are named by their id or code alone.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Column, Index, PrimaryKeyConstraint, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class CourseAdoption(SQLModel, table=True):
    """An institution stands for a course of the library: which of its own courses that is, and by which rule.

    A changed rule is a new row; the old one has ``ended_at`` and stays for the decisions that name it. ``rule`` is
    ``adaptive.mastering.Rule`` as JSON, ``rule_sha256`` (hex) names its version.
    """

    __tablename__ = "course_adoption"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    library_course: str
    course_code: str
    rule: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    rule_sha256: str
    adopted_at: datetime = Field(sa_column=instant_column())
    adopted_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    ended_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        Index(
            "uq_course_adoption_open",
            "institution_id",
            "library_course",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_course_adoption_library_course", "library_course"),
    )


class MasteryRequest(SQLModel, table=True):
    """A learner asked an institution for the credit of a course: one row for learner × course × version.

    ``course_id`` is the version of the institution's course (``credit_bank``). ``state``: waiting, declined, withdrawn
    or issued; whoever was declined may ask again, in the same row. ``evidence`` is what was released, None after that
    was taken back; ``evidence_sha256`` goes on naming it. ``reasons`` are the proposal's. The unique key refuses a
    second credential for the same.
    """

    __tablename__ = "mastery_request"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    adoption_id: UUID = Field(sa_column=Column(Id, nullable=False))
    library_course: str
    course_id: UUID = Field(sa_column=Column(Id, nullable=False))
    state: str
    asked_at: datetime = Field(sa_column=instant_column())
    times_asked: int = 1
    rule_sha256: str
    reasons: list[Any] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    evidence: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    evidence_sha256: str
    decided_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    answer: str = Field(default="", sa_column=Column(Text, nullable=False))
    outcome_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    credential_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        UniqueConstraint("learner_id", "institution_id", "course_id"),
        Index("ix_mastery_request_state", "institution_id", "state", "asked_at"),
    )


class MasteryDecision(SQLModel, table=True):
    """What was decided on a request, by whom, under which version of the rule, on which evidence. Never changed.

    ``decision``: issued, declined or withdrawn. ``decided_by`` is None where the rule itself decided.
    """

    __tablename__ = "mastery_decision"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    request_id: UUID = Field(sa_column=Column(Id, nullable=False))
    decision: str
    decided_at: datetime = Field(sa_column=instant_column())
    decided_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    rule_sha256: str
    evidence_sha256: str
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        Index("ix_mastery_decision_request", "institution_id", "request_id"),
    )


class EvidenceRelease(SQLModel, table=True):
    """A learner agreed that this evidence goes to this institution: a consent of its own, for each time asked.

    ``text_sha256`` (hex) names the text that was shown, in ``language``.
    """

    __tablename__ = "evidence_release"
    learner_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    request_id: UUID = Field(sa_column=Column(Id, nullable=False))
    version: int
    language: str
    text_sha256: str
    evidence_sha256: str
    given_at: datetime = Field(sa_column=instant_column())
    withdrawn_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        Index("ix_evidence_release_request", "institution_id", "request_id"),
    )
