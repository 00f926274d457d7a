"""What a learner did: answers, the choices that led to them, visits, sessions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from adaptive.store.types import id_column, instant_column, json_column


class Answer(SQLModel, table=True):
    """One answer, as it was given; never changed. One row per answer, with all its skills.

    ``number`` counts the learner's answers in the order in which the model met them. ``client_key`` names the sending:
    the same one twice is one answer. ``outcome``: right, wrong, unsure (not fed to the model) or unknown. ``predicted``
    is the probability before it; ``seen`` the shared terms that it was predicted with, so that the learner's state can
    be computed again from the log alone. Times are of the learner's device as far as they are plausible.
    """

    __tablename__ = "learning_answer"
    learner_id: UUID = Field(sa_column=id_column())
    id: UUID = Field(sa_column=id_column())
    number: int
    client_key: str
    question_id: str
    item_id: str
    skill_ids: list[str] = Field(sa_column=json_column())
    form: str | None = None
    presented_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    answered_at: datetime = Field(sa_column=instant_column())
    outcome: str
    score: float
    response: Any = Field(default=None, sa_column=json_column(nullable=True))
    hints: int = 0
    difficulty: int | None = None
    predicted: float | None = None
    weights_version: str
    reasons: list[Any] = Field(default_factory=list, sa_column=json_column())
    seen: Any = Field(default=None, sa_column=json_column(nullable=True))
    source: str = Field(default="practice", description="practice, placement, or the platform that it came from")
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        UniqueConstraint("learner_id", "client_key"),
        UniqueConstraint("learner_id", "number"),
        Index("ix_learning_answer_item", "item_id", "answered_at"),
        Index("ix_learning_answer_answered", "answered_at"),
    )


class Decision(SQLModel, table=True):
    """What was chosen for a learner, and why, in codes and numbers; kept so that "why this?" can be answered later.

    ``scope`` is what was practised (a course's id, or empty for the whole library), ``place`` the kind of choice
    (practice, plan, recommendation, form). ``policy`` is adaptive, neutral or own (the learner's own order).
    ``answer_id`` is set by the answer that it led to; ``set_aside`` says why there will be none.
    """

    __tablename__ = "learning_decision"
    learner_id: UUID = Field(sa_column=id_column())
    id: UUID = Field(sa_column=id_column())
    chosen_at: datetime = Field(sa_column=instant_column())
    place: str
    scope: str = ""
    item_id: str | None = None
    question_id: str | None = None
    policy: str
    predicted: float | None = None
    low: float | None = None
    high: float | None = None
    reasons: list[Any] = Field(default_factory=list, sa_column=json_column())
    rejected: list[Any] = Field(default_factory=list, sa_column=json_column())
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    weights_version: str
    library_digest: str
    answer_id: UUID | None = Field(default=None, sa_column=id_column(nullable=True))
    set_aside: str | None = None
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        Index("ix_learning_decision_scope", "learner_id", "place", "scope", "chosen_at"),
    )


class ItemVisit(SQLModel, table=True):
    """A learner looked at an item in one form. Kept only with consent.

    ``signals`` are what the page could tell (seconds in sight, going back, listening again), compared with the person's
    own median only.
    """

    __tablename__ = "learning_visit"
    learner_id: UUID = Field(sa_column=id_column())
    id: UUID = Field(sa_column=id_column())
    item_id: str
    form: str
    opened_at: datetime = Field(sa_column=instant_column())
    seconds: float | None = None
    signals: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        Index("ix_learning_visit_item", "learner_id", "item_id", "opened_at"),
    )


class StudySession(SQLModel, table=True):
    """A sitting: when it began, what was practised, when the learner stopped."""

    __tablename__ = "learning_session"
    learner_id: UUID = Field(sa_column=id_column())
    id: UUID = Field(sa_column=id_column())
    scope: str = ""
    started_at: datetime = Field(sa_column=instant_column())
    last_at: datetime = Field(sa_column=instant_column())
    ended_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    answers: int = 0
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        Index("ix_learning_session_started", "learner_id", "started_at"),
    )
