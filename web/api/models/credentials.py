"""Issuing, reading and changing credentials; verifying anybody's; outcomes."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from web.api.models import examples
from web.api.models.base import (
    Answer,
    Category,
    HourKind,
    JsonObject,
    Page,
    Request,
    State,
    Text60,
    Text100,
    Text300,
)

Amount = Annotated[Text60 | int | float, Field(description='a decimal number, as a number or as text: 2.5 or "2.5"')]
MOST_AT_ONCE = 500


class OutcomeRequest(Request):
    """One outcome as the institution awarded it; the same fields and rules as in an imported file.

    The learner is named by `account`, or by `document_type` and `document_number` together with `name`; the course by
    `course_code` of the catalogue, by `course_title`, or both. What the course states need not be repeated.
    """

    account: Text60 | None = Field(default=None, description="the learner's account number, twelve digits")
    document_type: Literal["resident-id", "passport", "permanent-residence"] | None = None
    document_number: Text60 | None = None
    name: Text100 | None = None
    course_code: Text60 | None = None
    course_title: Text300 | None = None
    awarded: date
    credits: Amount | None = Field(default=None, description="in steps of 0.05")
    hours: Amount | None = None
    hour_kind: HourKind | None = None
    level: Text60 | None = Field(default=None, description="1 to 10")
    category: Category | None = None
    grade: Text60 | None = None
    valid_until: date | None = None
    term: Text60 | None = None


class IssueRequest(Request):
    """Either new `outcomes`, which are recorded and issued, or `outcome_ids` of recorded ones; all of them or none."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [examples.ISSUE, {"outcome_ids": [examples.OUTCOME_ID]}],
            "oneOf": [{"required": ["outcomes"]}, {"required": ["outcome_ids"]}],
        }
    )
    outcomes: list[OutcomeRequest] = Field(default_factory=list, min_length=1, max_length=MOST_AT_ONCE)
    outcome_ids: list[UUID] = Field(default_factory=list, min_length=1, max_length=MOST_AT_ONCE)

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if len(self.model_fields_set & {"outcomes", "outcome_ids"}) != 1:
            raise PydanticCustomError("request_outcomes_or_ids", "either outcomes or outcome_ids")
        return self


class IssuedCredential(Answer):
    """A credential as it was issued; `log_index` is its leaf in the institution's log."""

    id: UUID
    outcome_id: UUID
    url: str
    log_index: int
    credential: JsonObject


class IssuedAnswer(Answer):
    """The credentials in the order of the request."""

    credentials: list[IssuedCredential]


class Receipt(Answer):
    """The credential's receipt from the log: pending until a checkpoint covers it, erased once its salt is.

    `salt` opens the leaf; `inclusion_proof` is the audit path (RFC 6962 §2.1.1) to the root in `checkpoint`.
    """

    state: Literal["included", "pending", "erased"]
    index: int
    salt: str | None
    inclusion_proof: list[str]
    checkpoint: str | None


class Standing(Answer):
    """How a credential stands by the institution's own record."""

    state: Literal["issued", "suspended", "revoked"]
    since: datetime | None
    reason: str | None


class CredentialAnswer(Answer):
    """A credential of one's own institution: the signed document, its status and its receipt."""

    id: UUID
    outcome_id: UUID
    issued_at: datetime
    verification_method: str
    status: Standing
    log: Receipt
    credential: JsonObject


class StatusRequest(Request):
    """A change of status, with a reason that is kept and shown to the learner."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STATUS]})
    action: Literal["revoke", "suspend", "reinstate"]
    reason: Annotated[Text300, Field(min_length=1)]


class StatusChangeAnswer(Answer):
    """The change as it was recorded; `log_index` is its own leaf."""

    credential_id: UUID
    state: Literal["issued", "suspended", "revoked"]
    changed_at: datetime
    reason: str
    log_index: int


class OutcomesQuery(Page):
    """Which outcomes: `state` narrows."""

    state: State | None = None


class OutcomeItem(Answer):
    """An outcome of one's own institution. `subject` is the learner's id at this institution, once one was issued."""

    id: UUID
    subject: str | None
    title: str
    code: str | None
    category: Category
    credits: str
    hours: str | None
    hour_kind: HourKind | None
    level: str | None
    grade: str | None
    term: str | None
    awarded: date
    valid_until: date | None
    state: State
    credential_id: UUID | None
    batch_id: UUID | None
    recorded_at: datetime


class OutcomesAnswer(Answer):
    """A page of outcomes, the oldest record first; `next` is the cursor of the page after, null on the last."""

    items: list[OutcomeItem]
    next: str | None


class CheckAnswer(Answer):
    """One numbered check. `finding` and `next` are sentences, present where `Accept-Language` was sent."""

    number: int
    name: str
    outcome: Literal["pass", "fail", "could-not-be-checked", "not-applicable"]
    code: str
    parameters: dict[str, str | int | None]
    required: bool
    finding: str | None = None
    next: str | None = None


class VerificationAnswer(Answer):
    """The report: the verdict, all eight checks, and what the credential says (unchecked facts are facts as stated)."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.REPORT]})
    outcome: Literal["pass", "fail", "could-not-be-checked", "not-applicable"]
    verified_at: datetime
    checks: list[CheckAnswer]
    summary: dict[str, str | None]
