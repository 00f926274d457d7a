"""From rows to what a credential says: the achievement of a course or outcome, and one learner's award of it."""

from datetime import datetime, time
from decimal import Decimal
from uuid import NAMESPACE_URL, UUID, uuid5

from credit_bank.bank import CITY, Bank
from credit_bank.credential.model import AchievementSpec, Award, EvidenceNote
from credit_bank.recognition.framework import FRAMEWORKS, Category
from credit_bank.store.tables import Course, Outcome

_TYPES = {Category.ACADEMIC: "Course", Category.VOCATIONAL: "Certification", Category.OTHER: "CertificateOfCompletion"}


def achievement(bank: Bank, outcome: Outcome, course: Course | None) -> AchievementSpec:
    """What a credential says was achieved: the course of the catalogue, or what the outcome itself states.

    The achievement's id is the course's row id; an outcome without a course gets an id from its own facts, the same
    for everybody to whom the institution awarded the same.
    """
    framework = FRAMEWORKS[outcome.framework]
    category = Category(outcome.category)
    level = framework.level(outcome.level) if outcome.level else None
    hours = format((Decimal(outcome.hours) / 10).normalize(), "f") if outcome.hours is not None else None
    facts = (outcome.institution_id, outcome.title, outcome.code, category, outcome.level, outcome.credits, hours)
    own_id = uuid5(NAMESPACE_URL, "\x1f".join(str(f) for f in facts))
    title = outcome.title
    return AchievementSpec(
        id=(course.id if course and _states_the_same(course, outcome) else own_id).urn,
        name=title,
        description=(course.description if course else "") or title,
        criteria=(course.criteria if course else "") or _criteria(outcome),
        category=category,
        framework_id=framework.id,
        framework_name=framework.name_zh,
        framework_url=bank.url(f"/frameworks/{framework.id}"),
        achievement_type=_TYPES[category],
        human_code=outcome.code,
        field_of_study=course.subject if course else None,
        language=course.language if course else None,
        level_code=level.code if level else None,
        level_name=level.name_zh if level else None,
        credits=framework.credits(outcome.credits),
        hours=hours,
        hour_kind="notional" if outcome.hour_kind == "notional" else "contact",
    )


def _criteria(outcome: Outcome) -> str:
    if outcome.source == "decision":
        return "由审核人员依照公布的规则决定。Decided by reviewers under published rules."
    return f"完成“{outcome.title}”的学习并达到颁发机构的要求。"


def _states_the_same(course: Course, outcome: Outcome) -> bool:
    """Whether the outcome is the course as the catalogue has it, so that one achievement id means one thing."""
    return (
        course.title == outcome.title
        and course.code == outcome.code
        and course.credits_min == course.credits_max == outcome.credits
        and (course.hours, course.hour_kind, course.level) == (outcome.hours, outcome.hour_kind, outcome.level)
        and course.category == outcome.category
    )


def award(outcome: Outcome, subject_id: UUID, now: datetime, evidence: EvidenceNote | None = None) -> Award:
    """The award of an outcome, valid from ``now``; civil dates begin and end in the city's time."""
    end = outcome.valid_until
    return Award(
        subject_id=subject_id.urn,
        awarded=datetime.combine(outcome.awarded_on, time(), CITY),
        valid_from=now,
        valid_until=datetime.combine(end, time(23, 59, 59), CITY) if end else None,
        grade=outcome.grade,
        term=outcome.term,
        evidence=evidence,
    )
