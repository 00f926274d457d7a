"""The companion's index of passages, and the log of what it was asked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Text
from sqlmodel import Field, SQLModel

from adaptive.store.types import id_column, instant_column, json_column


class PassageRow(SQLModel, table=True):
    """A passage (``adaptive.companion.passages.Passage``) of the library of a digest."""

    __tablename__ = "passage"
    library: str
    number: int
    name: str
    item_id: str
    form: str
    part: int
    heading: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    __table_args__ = (PrimaryKeyConstraint("library", "number"), Index("ix_passage_item", "library", "item_id"))


class PassageWord(SQLModel, table=True):
    """What a gram (``adaptive.companion.words``) counts in each lesson of a library that has it."""

    __tablename__ = "passage_word"
    library: str
    word: str
    lessons: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    __table_args__ = (PrimaryKeyConstraint("library", "word"),)


class PassageIndex(SQLModel, table=True):
    """The index of a library (``Library.digest``): being made by ``builder`` until ``made_at`` is set, then readable.

    ``used_at`` is when a server last said that it uses it; one that none uses is thrown away.
    """

    __tablename__ = "passage_index"
    library: str = Field(primary_key=True)
    builder: UUID = Field(sa_column=id_column())
    claimed_at: datetime = Field(sa_column=instant_column())
    made_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    used_at: datetime = Field(sa_column=instant_column())
    lessons: int


class CompanionQuestion(SQLModel, table=True):
    """A question that a signed-in learner asked, masked, and what became of it; erased with the learner's data.

    ``outcome`` is passages, unknown, phrased or a refusal's code. ``model`` and ``filing_number`` name the language
    model where one was asked, ``fault`` what went wrong with it.
    """

    __tablename__ = "companion_question"
    learner_id: UUID = Field(sa_column=id_column())
    id: UUID = Field(sa_column=id_column())
    asked_at: datetime = Field(sa_column=instant_column())
    question: str
    masked: dict[str, Any] = Field(default_factory=dict, sa_column=json_column())
    passages: list[str] = Field(default_factory=list, sa_column=json_column())
    outcome: str
    model: str | None = None
    filing_number: str | None = None
    milliseconds: int | None = None
    fault: str | None = None
    __table_args__ = (
        PrimaryKeyConstraint("learner_id", "id"),
        Index("ix_companion_question_asked", "learner_id", "asked_at"),
    )
