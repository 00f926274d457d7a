"""What is known of a learner: the model's state, wishes, plans, what is mastered, what they told for fairness."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import PrimaryKeyConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from adaptive.store.types import id_column, instant_column, json_column


class LearnerModel(SQLModel, table=True):
    """The model's overall state of a learner, and how many answers it has met. Locked while an answer is taken."""

    __tablename__ = "learner_model"
    learner_id: UUID = Field(sa_column=id_column())
    answers: int = 0
    overall: Any = Field(default=None, sa_column=json_column(nullable=True))
    __table_args__ = (PrimaryKeyConstraint("learner_id"),)


class LearnerState(SQLModel, table=True):
    """The model's state of a learner in one skill or one question (``kind``: skill or item)."""

    __tablename__ = "learner_state"
    learner_id: UUID = Field(sa_column=id_column())
    kind: str
    name: str
    body: Any = Field(sa_column=json_column())
    __table_args__ = (PrimaryKeyConstraint("learner_id", "kind", "name"),)


class LearningPreference(SQLModel, table=True):
    """What a learner wishes. ``band`` is standard, easier or harder; ``goal`` is ``{"kind": …, "id": …}`` or None."""

    __tablename__ = "learning_preference"
    learner_id: UUID = Field(sa_column=id_column())
    personalised: bool = True
    band: str = "standard"
    goal: Any = Field(default=None, sa_column=json_column(nullable=True))
    sessions_per_week: int = 3
    minutes_per_session: int = 20
    form: str | None = None
    changed_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (PrimaryKeyConstraint("learner_id"),)


class LearningMark(SQLModel, table=True):
    """What a learner said of a question, item or course: easier, harder, not_now or not_for_me; of a skill: can.

    Placement, too, marks the skills that it found to be held with ``can``.
    """

    __tablename__ = "learning_mark"
    learner_id: UUID = Field(sa_column=id_column())
    id: UUID = Field(sa_column=id_column())
    subject: str
    mark: str
    made_at: datetime = Field(sa_column=instant_column())
    until: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (PrimaryKeyConstraint("learner_id", "id"),)


class LearningPlan(SQLModel, table=True):
    """A plan to a goal: its steps with their minutes, as planned then. The newest that is not replaced counts."""

    __tablename__ = "learning_plan"
    learner_id: UUID = Field(sa_column=id_column())
    id: UUID = Field(sa_column=id_column())
    goal: Any = Field(sa_column=json_column())
    steps: list[Any] = Field(sa_column=json_column())
    made_at: datetime = Field(sa_column=instant_column())
    library_digest: str
    reason: str = Field(default="made", description="made, or why it was planned again")
    replaced_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    __table_args__ = (PrimaryKeyConstraint("learner_id", "id"),)


class MasteredSkill(SQLModel, table=True):
    """A skill that a learner mastered: when first, and by which answers; forgetting it later does not undo that."""

    __tablename__ = "mastered_skill"
    learner_id: UUID = Field(sa_column=id_column())
    id: UUID = Field(sa_column=id_column())
    skill_id: str
    reached_at: datetime = Field(sa_column=instant_column())
    p: float
    low: float
    answer_ids: list[str] = Field(sa_column=json_column())
    weights_version: str
    library_digest: str
    __table_args__ = (PrimaryKeyConstraint("learner_id", "id"), UniqueConstraint("learner_id", "skill_id"))


class FairnessAttribute(SQLModel, table=True):
    """Something a person told so that fairness can be checked; never a feature of the model. Erasable by itself."""

    __tablename__ = "fairness_attribute"
    learner_id: UUID = Field(sa_column=id_column())
    id: UUID = Field(sa_column=id_column())
    name: str
    value: str
    given_at: datetime = Field(sa_column=instant_column())
    __table_args__ = (PrimaryKeyConstraint("learner_id", "id"), UniqueConstraint("learner_id", "name"))
