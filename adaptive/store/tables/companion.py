"""The companion's index of passages, and the log of what it was asked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Text
from sqlmodel import Field, SQLModel

from adaptive.store.types import id_column, instant_column, json_column


class PassageRow(SQLModel, table=True):
    """A passage of the library (``adaptive.companion.passages.Passage``) with its words, cut and folded.

    The full-text index over the three columns of words is made by a migration: FTS5 in SQLite, GIN in PostgreSQL.
    """

    __tablename__ = "passage"
    number: int = Field(primary_key=True)
    name: str = Field(unique=True)
    item_id: str
    form: str
    part: int
    heading: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    words: str = Field(sa_column=Column(Text, nullable=False))
    heading_words: str
    title_words: str


class PassageWord(SQLModel, table=True):
    """In how many passages a word stands."""

    __tablename__ = "passage_word"
    word: str = Field(primary_key=True)
    passages: int


class PassageIndex(SQLModel, table=True):
    """Which library the index was made of (``Library.digest``), and how many passages it has."""

    __tablename__ = "passage_index"
    id: int = Field(default=1, primary_key=True)
    digest: str
    passages: int
    made_at: datetime = Field(sa_column=instant_column())


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
