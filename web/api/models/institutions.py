"""Institutions, their catalogues and logs; imports; the service itself."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from web.api.models import examples
from web.api.models.base import Answer, Category, FieldError, HourKind, Notice, Page, Query, Text100, Text300


class InstitutionItem(Answer):
    """A member of the bank."""

    handle: str
    did: str
    name: str
    name_en: str | None
    kind: str
    tier: Literal["centre", "subcentre", "member"]
    district: str | None
    website: str | None
    admitted_at: datetime
    closed_at: datetime | None
    url: str


class InstitutionsAnswer(Answer):
    """Every institution, the centre first."""

    items: list[InstitutionItem]


class AccreditationItem(Answer):
    """What an institution may issue, since when and until when."""

    category: Category
    valid_from: datetime
    valid_to: datetime | None


class InstitutionAnswer(InstitutionItem):
    """An institution with its accreditations.

    `accreditation_statement` is the bank's signed statement of them (a JWT of the type
    `accreditation-statement+jwt`), made when it was asked for.
    """

    social_credit_code: str | None
    accreditations: list[AccreditationItem]
    accreditation_statement: str
    did_document: str
    log_checkpoint: str
    courses: str


class CoursesQuery(Page):
    """Which courses: `words` narrows to codes and titles that contain them."""

    words: Annotated[Text100, Field()] = ""


class CourseItem(Answer):
    """A course of the catalogue as it stands; credits in the framework's credits, as text."""

    id: UUID
    code: str
    version: int
    title: str
    description: str
    subject: str | None
    language: str
    category: Category
    credits_min: str | None
    credits_max: str | None
    hours: str | None
    hour_kind: HourKind | None
    level: str | None


class CoursesAnswer(Answer):
    """A page of the catalogue by code; `next` is the cursor of the page after, null on the last."""

    items: list[CourseItem]
    total: int
    next: str | None


class CheckpointAnswer(Answer):
    """The newest checkpoint of the log: its size and root (base64), and the signed note (C2SP tlog-checkpoint)."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CHECKPOINT]})
    origin: str
    size: int
    root: str
    note: str
    signed_at: datetime


class ProofQuery(Query):
    """In which tree: of the first `size` leaves; the newest checkpoint's, unless given."""

    size: int | None = Field(default=None, ge=1, le=2**53)


class ProofAnswer(Answer):
    """That a leaf is in the tree: its entry and the audit path (RFC 6962 §2.1.1), in base64."""

    index: int
    size: int
    entry: str
    leaf_hash: str
    inclusion_proof: list[str]


class ImportQuery(Query):
    """How to read the file. `column` says which header a field has, as `field:Header`, and may be repeated."""

    filename: Text300 | None = None
    dry_run: bool = False
    column: list[Text300] = Field(default=[], max_length=40)
    sheet: Text100 | None = None
    category: Category | None = Field(default=None, description="stands in where a row names none")


class CatalogueImportAnswer(Answer):
    """What came of a catalogue. With `dry_run` nothing was written and `problems` says what stands in the way."""

    dry_run: bool
    batch_id: UUID | None
    rows: int
    new: int | None
    changed: int | None
    unchanged: int | None
    problems: list[FieldError]
    notices: list[Notice]
    columns: dict[str, str]


class OutcomeImportAnswer(Answer):
    """What came of a file of outcomes: recorded, in the order of the file, to be issued by `outcome_ids`."""

    dry_run: bool
    batch_id: UUID | None
    rows: int
    outcome_ids: list[UUID]
    problems: list[FieldError]
    notices: list[Notice]
    columns: dict[str, str]


class IndexAnswer(Answer):
    """Where things are."""

    bank: str
    did: str
    openapi: str
    institutions: str
    verify: str
    status: str


class HealthAnswer(Answer):
    """The service's health; `pending_logs` counts the logs whose newest leaves no checkpoint covers yet."""

    status: Literal["ok"]
    database: Literal["reachable"]
    schema_: Literal["current"] = Field(alias="schema")
    pending_logs: int
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
