"""Comparing courses, and published equivalences."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from credit_bank.recognition.comparison.course import Described
from web.api.models.base import Answer, FieldError, Notice, Page, Request, Text100, Text300
from web.api.reading import PlainText

MOST_ASKED = 300
Title = Annotated[PlainText, Field(min_length=1, max_length=300, pattern=r"\S")]
Text5000 = Annotated[PlainText, Field(max_length=5000)]
Amount = Annotated[float, Field(ge=0, le=10_000)]


class AskedCourse(Request):
    """A course of another institution. `ref` comes back with the answer."""

    ref: Text100 = ""
    institution: Text300 = ""
    code: Text100 = ""
    title: Title
    description: Text5000 = ""
    credits: Amount | None = None
    hours: Amount | None = None
    level: Annotated[PlainText, Field(max_length=20)] = ""
    units: list[Text100] = Field(default=[], max_length=50)

    def described(self) -> Described:
        """As a comparison takes it."""
        credits, hours = (None if n is None else Fraction(Decimal(str(n))) for n in (self.credits, self.hours))
        return Described(
            self.institution.strip(),
            self.code.strip(),
            self.title.strip(),
            self.description,
            credits,
            self.level.strip(),
            frozenset(self.units),
            hours,
        )


class ComparisonRequest(Request):
    """Which of the institution's own courses each of these is. `limit` candidates are listed for each."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"courses": [{"institution": "某职业学院", "title": "高等数学（一）"}]}]}
    )
    courses: list[AskedCourse] = Field(min_length=1, max_length=MOST_ASKED)
    limit: int = Field(default=5, ge=1, le=20)


class PrecedentItem(Answer):
    """Whose course of what title was decided about."""

    institution: str
    title: str


class CandidateItem(Answer):
    """A course of the institution that it may be: how sure, what precedents say, and the evidence in words."""

    code: str
    title: str
    confidence: float
    precedents_for: list[PrecedentItem]
    precedents_against: list[PrecedentItem]
    evidence: list[str]


class ComparedItem(Answer):
    """What one course may be. `suggested` is the code of the first candidate where that is sure enough, else null."""

    ref: str
    suggested: str | None
    confidence: float
    candidates: list[CandidateItem]


class ComparisonAnswer(Answer):
    """Proposals of a machine, in the order asked: a person decides (`generated_by` says so in each answer).

    `precision` is how sure a suggestion has to be, as the institution chose.
    """

    generated_by: Literal["machine"]
    precision: float
    items: list[ComparedItem]


class EquivalencesQuery(Page):
    """Which of them: `words` narrows to codes and titles that contain them, `source` to one institution's name."""

    words: Text100 = ""
    source: Text300 = ""


class EquivalentCourse(Answer):
    """A course as the decision names it; credits and hours as text."""

    code: str
    title: str
    description: str = ""
    credits: str | None = None
    hours: str | None = None
    level: str | None = None
    units: list[str] = Field(default=[])


class EquivalenceItem(Answer):
    """A published decision: `sources` together were taken as `targets`, or with `denied` were not."""

    id: UUID
    source_institution: str
    sources: list[EquivalentCourse]
    targets: list[EquivalentCourse]
    denied: bool
    conditions: str
    published_on: date
    valid_until: date | None


class EquivalencesAnswer(Answer):
    """A page of what an institution published, the newest first; `next` is the cursor of the page after."""

    items: list[EquivalenceItem]
    total: int
    next: str | None


class EquivalenceImportAnswer(Answer):
    """What came of a table of equivalences. With `dry_run` nothing was written."""

    dry_run: bool
    batch_id: UUID | None
    rows: int
    new: int | None
    changed: int | None
    unchanged: int | None
    problems: list[FieldError]
    notices: list[Notice]
    columns: dict[str, str]
