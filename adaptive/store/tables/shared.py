"""What all learners share: the terms of questions and skills, the model's weights, the policy in force."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from adaptive.store.types import Id, instant_column, json_column


class SharedTerm(SQLModel, table=True):
    """What everybody's answers taught about a question or a skill (``adaptive.mastery.terms.Term``).

    ``kind`` is item or skill. Numbers are only ever added to it.
    """

    __tablename__ = "shared_term"
    kind: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    answers: int = 0
    difficulty: float = 0.0
    bias: float = 0.0
    information: float = 0.0
    slope_1: float = 0.0
    slope_2: float = 0.0
    slope_3: float = 0.0
    slope_4: float = 0.0
    slope_5: float = 0.0
    slope_information_1: float = 0.0
    slope_information_2: float = 0.0
    slope_information_3: float = 0.0
    slope_information_4: float = 0.0
    slope_information_5: float = 0.0


class ModelWeights(SQLModel, table=True):
    """A version of the model's weights. The newest accepted one counts; a refused one keeps its report."""

    __tablename__ = "model_weights"
    version: str = Field(primary_key=True)
    body: Any = Field(sa_column=json_column())
    made_at: datetime = Field(sa_column=instant_column())
    accepted_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    answers: int = Field(default=0, description="answers that it was fitted on")
    report: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())


class PolicyState(SQLModel, table=True):
    """Which policy chooses for everybody: normal or neutral, since when, who or what said so and why.

    A fairness report that passes its threshold sets neutral (``decided_by`` None); a person sets normal again.
    """

    __tablename__ = "policy_state"
    id: UUID = Field(sa_column=Column(Id, primary_key=True))
    policy: str
    since: datetime = Field(sa_column=instant_column())
    decided_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    reason: str
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())


class FairnessCheck(SQLModel, table=True):
    """A fairness report by one attribute, as it was found (``adaptive.evaluation.fairness.FairnessReport.as_json``).

    It holds sums of groups that are large enough to be shown, and names nobody. ``since`` is where its answers begin.
    """

    __tablename__ = "fairness_check"
    id: UUID = Field(sa_column=Column(Id, primary_key=True))
    made_at: datetime = Field(sa_column=instant_column())
    since: datetime = Field(sa_column=instant_column())
    attribute: str
    verdict: str
    body: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    __table_args__ = (Index("ix_fairness_check_made", "attribute", "made_at"),)
