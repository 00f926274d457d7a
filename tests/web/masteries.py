"""Learners who mastered the small course, and an institution that recognises it; for tests of mastery and credit."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from adaptive.mastering import Rule
from adaptive.mastery.terms import default_weights
from tests.adaptive.lessons import COURSE, Somebody, learning_of, small_library
from tests.banks import Clock
from web.operations.mastery_tables import CourseAdoption
from web.workflows import course_adoption

SKILLS = ("home.gas", "home.fire")
QUESTIONS = tuple(small_library().questions)


def rule(award: str = "QH-001", **changes: object) -> Rule:
    """The suggested rule of the small course, as that institution's course."""
    values = {"course_id": COURSE, "award": award, "skills": SKILLS, **changes}
    return Rule(**values)  # type: ignore[arg-type] # what a test changes


def recognise(session: Session, institution_id: UUID, **changes: object) -> CourseAdoption:
    """Let an institution recognise the small course."""
    now = datetime.now(UTC)
    return course_adoption.adopt(session, small_library(), institution_id, rule(**changes), by=None, now=now)


def practised(session: Session, learner_id: UUID, *, days: int = 2, until: datetime | None = None) -> Somebody:
    """Answer every question right and unaided on each of so many days, the last of them yesterday (or ``until``)."""
    end = until or datetime.now(UTC) - timedelta(days=1)
    clock = Clock(end)
    somebody = Somebody(learning_of(clock), clock, learner_id)
    assert somebody.learning.weights.version == default_weights().version
    for back in reversed(range(days)):
        clock.now = end - timedelta(days=back)
        for question in QUESTIONS:
            somebody.answers(session, question)
    return somebody
