"""What this bank issues, as values: the achievement, the award of it, the issuer, and where its status is kept."""

from dataclasses import dataclass
from datetime import date, datetime

from credit_bank.recognition.framework import Category, HourKind


@dataclass(frozen=True, slots=True)
class IssuerProfile:
    """Who issues: ``did`` as in the trust list, ``name`` for people, ``url`` of its public page."""

    did: str
    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class AchievementSpec:
    """What can be achieved, such as a course; the same value for everybody who achieves it.

    ``id`` is a ``urn:uuid:``. ``credits`` is a decimal number as text ("2.5"), in credits of the framework; ``hours``
    likewise ("45"), in hours of ``hour_kind`` (contact hours in class, or notional hours of all the learner's work).
    ``framework_url`` is the address under which the framework's levels and categories have theirs
    (``…/levels/5``, ``…/categories/vocational``). ``achievement_type`` is an Open Badges 3.0 AchievementType.
    """

    id: str
    name: str
    description: str
    criteria: str
    category: Category
    framework_id: str
    framework_name: str
    framework_url: str
    achievement_type: str = "Course"
    human_code: str | None = None
    field_of_study: str | None = None
    language: str | None = None
    level_code: str | None = None
    level_name: str | None = None
    credits: str | None = None
    hours: str | None = None
    hour_kind: HourKind = "contact"


@dataclass(frozen=True, slots=True)
class EvidenceNote:
    """On what an award rests, in words: a short name, and the whole as a narrative. Nothing in it names a person."""

    name: str
    narrative: str


@dataclass(frozen=True, slots=True)
class Award:
    """One learner's achieving of it.

    ``subject_id`` is the learner's pairwise ``urn:uuid:`` at this issuer; no name is in a credential.
    ``credits_earned`` defaults to the achievement's credits. The instants have a UTC offset.
    """

    subject_id: str
    awarded: datetime
    valid_from: datetime
    valid_until: datetime | None = None
    credits_earned: str | None = None
    grade: str | None = None
    term: str | None = None
    activity_start: date | None = None
    activity_end: date | None = None
    evidence: EvidenceNote | None = None


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where a credential's status is kept: the revocation list's address and the index in it (and in its companion)."""

    list_url: str
    index: int
