"""Words that staff say how to say: a history that is added to; the newest row of a word holds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class SpeechWord(SQLModel, table=True):
    """How a word is said from ``at`` on: pinyin for a Chinese word, what English reads for one of Latin letters.

    ``said`` is None where the entry was taken out: the program's own lexicon and the dictionary hold again.
    """

    __tablename__ = "speech_word"
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, primary_key=True))
    word: str
    said: str | None = None
    at: datetime = Field(sa_column=instant_column())
    person_id: UUID = Field(sa_column=Column(Id, nullable=False))
    __table_args__ = (Index("ix_speech_word", "word", "at"),)
