"""What all models share: strict requests, answers, problems, and the small values they are made of."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from web.api.reading import PlainText

Category = Literal["academic", "vocational", "other"]
HourKind = Literal["contact", "notional"]
State = Literal["recorded", "issued", "suspended", "revoked"]
Text60 = Annotated[PlainText, Field(max_length=60)]
Text100 = Annotated[PlainText, Field(max_length=100)]
Text300 = Annotated[PlainText, Field(max_length=300)]


class Request(BaseModel):
    """A JSON body: strict, and without unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Query(BaseModel):
    """The parameters of a query."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """A JSON answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldError(Answer):
    """One thing wrong: with a field (`pointer`, RFC 6901, or `parameter`) or with a file's row (`row`, `column`)."""

    pointer: str | None = None
    parameter: str | None = None
    row: int | None = None
    column: str | None = None
    code: str
    parameters: dict[str, str | int | None] = {}
    detail: str | None = None
    next: str | None = None


class Problem(Answer):
    """A problem (RFC 9457). `code` is stable; `title` and `detail` are in the language of `Accept-Language`."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    parameters: dict[str, str | int | None]
    errors: list[FieldError] = []


class Notice(Answer):
    """Something unusual in a file that was taken as it stands."""

    code: str
    column: str | None
    count: int
    rows: list[int]
    parameters: dict[str, str | int | None]
    notice: str | None


class Page(Query):
    """A page of a list: `cursor` is what the page before gave as `next`."""

    cursor: str | None = Field(default=None, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")
    limit: int = Field(default=50, ge=1, le=200)


JsonObject = dict[str, Any]
