"""What institutions decided about each other's courses, and how each of them compares."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    text,
)
from sqlmodel import Field, SQLModel

from credit_bank.store.types import Id, instant_column, new_id


class Precedent(SQLModel, table=True):
    """A decision about courses: those of ``source_name`` were taken as those of ``institution_id``, or were not.

    ``decision`` is equivalent or denied; ``origin`` is import, review (of a person's application, ``case_id``) or
    comparison (a suggestion that somebody answered). ``sources`` and ``targets`` list courses as JSON (code, title,
    description, credits, level, hours, units). ``serial`` is the version of the institution's ``comparison_state`` when
    the row was last said. What has ``published_on`` may be read by anybody from that day to ``valid_until``. A row is
    never deleted: a changed one is withdrawn and said anew.
    """

    __tablename__ = "precedent"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    id: UUID = Field(default_factory=new_id, sa_column=Column(Id, nullable=False))
    serial: int
    fingerprint: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    decision: str
    origin: str
    source_institution_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    source_name: str
    family: str = ""
    sources: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    targets: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    source_text: str = Field(sa_column=Column(Text, nullable=False))
    conditions: str = Field(default="", sa_column=Column(Text, nullable=False))
    published_on: date | None = None
    valid_until: date | None = None
    case_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    batch_id: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    recorded_at: datetime = Field(sa_column=instant_column())
    recorded_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    withdrawn_at: datetime | None = Field(default=None, sa_column=instant_column(nullable=True))
    withdrawn_by: UUID | None = Field(default=None, sa_column=Column(Id, nullable=True))
    withdrawn_reason: str = ""
    __table_args__ = (
        PrimaryKeyConstraint("institution_id", "id"),
        ForeignKeyConstraint(["institution_id"], ["institution.id"]),
        Index("ix_precedent_serial", "institution_id", "serial"),
        Index("ix_precedent_source", "institution_id", "source_name"),
        Index("ix_precedent_school", "source_name"),
        Index(
            "uq_precedent_standing",
            "institution_id",
            "fingerprint",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )


class ComparisonState(SQLModel, table=True):
    """How an institution compares, and how far its precedents have come: what an index in memory is held against.

    ``version`` counts changes of its precedents; those up to ``whole`` cannot be added to an older index (something was
    withdrawn), which is then made anew. ``courses`` counts changes of its catalogue. ``precision`` is how sure a
    suggestion has to be, in thousandths.
    """

    __tablename__ = "comparison_state"
    institution_id: UUID = Field(sa_column=Column(Id, nullable=False))
    version: int = 0
    whole: int = 0
    courses: int = 0
    precision: int = 950
    __table_args__ = (
        PrimaryKeyConstraint("institution_id"),
        ForeignKeyConstraint(["institution_id"], ["institution.id"]),
    )
