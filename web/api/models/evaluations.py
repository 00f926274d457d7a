"""Evaluating outcomes for a programme, and the decisions that an institution took."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from web.api.models.base import Answer, Category, HourKind, JsonObject, Page, Request, Text60, Text100, Text300
from web.api.reading import PlainText

MOST_CASES = 100
MOST_OUTCOMES = 300
CreditText = Annotated[PlainText, Field(pattern=r"^\d{1,4}(\.\d{1,4})?$", examples=["2", "1.5"])]
SourceName = Literal[
    "own", "partner", "other-institution", "self-taught-exam", "certificate", "training", "online", "community",
    "experience",
]  # fmt: skip


class AskedOutcome(Request):
    """An outcome as the rules look at it; `ref` is how the answer speaks of it. `institution` is a member's handle."""

    ref: Annotated[PlainText, Field(min_length=1, max_length=100, pattern=r"\S")]
    institution: Text100
    code: Text100 = ""
    title: Annotated[PlainText, Field(min_length=1, max_length=300, pattern=r"\S")]
    category: Category
    credits: CreditText
    awarded: Annotated[date, Field(strict=False)]
    level: Text60 = ""
    hours: Annotated[float, Field(ge=0, le=10_000)] | None = None
    hour_kind: HourKind | None = None
    grade: Text60 = ""
    scale: Text60 = ""
    attendance: Annotated[float, Field(ge=0, le=1)] | None = None
    valid_until: Annotated[date, Field(strict=False)] | None = None
    units: list[Text100] = Field(default=[], max_length=50)
    source: SourceName = "other-institution"
    term: Text60 = ""


class AskedCase(Request):
    """One person's outcomes, without a name: nothing of it is kept."""

    ref: Text100 = ""
    identity: Literal["document-seen", "self-declared"] = "document-seen"
    outcomes: list[AskedOutcome] = Field(min_length=1, max_length=MOST_OUTCOMES)


class EvaluationRequest(Request):
    """What the published rules make of each case for a programme of the institution, as of a day (today)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "programme": "art-2026",
                    "cases": [
                        {
                            "outcomes": [
                                {
                                    "ref": "1",
                                    "institution": "some-college",
                                    "code": "INTRO",
                                    "title": "书法入门",
                                    "category": "other",
                                    "credits": "2",
                                    "awarded": "2026-06-30",
                                    "level": "3",
                                }
                            ]
                        }
                    ],
                }
            ]
        }
    )
    programme: Text100
    on: Annotated[date, Field(strict=False)] | None = None
    cases: list[AskedCase] = Field(min_length=1, max_length=MOST_CASES)


class ReasonItem(Answer):
    """One thing that was looked at: the rule of recognition that asks for it, what was found, and that in words."""

    rule: str
    finding: Literal["pass", "fail", "could-not-be-checked", "not-applicable"]
    code: str
    outcome: str
    parameters: dict[str, str | int | None]
    sentence: str


class GivenItem(Answer):
    """Credit that would be given: for a course, or elective in a component."""

    course: str
    component: str
    credits: str
    bridged: str
    grade: str
    counts_in_gpa: bool


class CandidateRuleItem(Answer):
    """What one published rule would make of these outcomes; `sha256` is of the rule set that it stands in."""

    id: str
    ruleset: str
    sha256: str
    rule: str
    outcomes: list[str]
    given: list[GivenItem]
    result: str
    eligible: bool
    proposed: bool
    reasons: list[ReasonItem]


class EvaluatedCase(Answer):
    """The best use of one person's outcomes under all limits, and why each is or is not used."""

    ref: str
    credits: str
    missing: str
    candidates: list[CandidateRuleItem]
    reasons: dict[str, list[ReasonItem]]


class EvaluationAnswer(Answer):
    """Proposals by published rules: people decide. `rulesets` are the SHA-256 of those that were in force."""

    generated_by: Literal["rules"]
    programme: str
    programme_version: str
    on: date
    rulesets: list[str]
    cases: list[EvaluatedCase]


class DecisionsQuery(Page):
    """Which decisions: of one kind of case, or all."""

    kind: Literal["recognition", "conversion", "rpl", "ex-ante", "appeal", "impairment", "correction"] | None = None


class DecisionItem(Answer):
    """A decision: what was granted as it was posted, under which rule sets, and the credential that states it.

    `subject` is the learner's pairwise id at the institution, null where it never issued anything to them.
    """

    id: UUID
    case_id: UUID
    kind: str
    state: str
    title: Text300
    subject: str | None
    verdict: str
    reason: str
    granted: list[JsonObject]
    rulesets: list[str]
    decided_at: datetime
    credential_id: UUID | None
    superseded_by: UUID | None


class DecisionsAnswer(Answer):
    """A page of decisions, the oldest first; `next` is the cursor of the page after."""

    items: list[DecisionItem]
    next: str | None
