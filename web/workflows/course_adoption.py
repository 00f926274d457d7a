"""An institution stands for a course of the library: with one of its own courses, by a rule of its own."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from adaptive.content.model import Course as LibraryCourse
from adaptive.content.model import Library
from adaptive.mastering import Rule
from credit_bank.errors import Conflict, Forbidden, InvalidInput, Missing
from credit_bank.store import courses, institutions
from credit_bank.store.tables import Course
from web.accounts import audit
from web.operations import mastery_rows
from web.operations.mastery_tables import CourseAdoption

RANGES = {"right_answers": (1, 5), "days": (1, 10), "percent": (60, 95)}
"""Within which a rule's numbers lie."""


def suggested(course: LibraryCourse, award: str = "") -> Rule:
    """The rule that is proposed to an institution: its defaults, and the skills that the course names.

    Raises Missing ``mastery.no_credential`` for a course that proposes none.
    """
    if course.credential is None:
        raise Missing("mastery.no_credential")
    return Rule(course.id, award, course.credential.skills)


def questions_of(library: Library) -> Mapping[str, int]:
    """How many questions the library has on each skill."""
    return Counter(skill for question in library.questions.values() for skill in question.skills)


def adopt(
    session: Session, library: Library, institution_id: UUID, rule: Rule, *, by: UUID | None, now: datetime
) -> CourseAdoption:
    """Stand for a course from now on, in place of what was said before; the same rule again changes nothing.

    Raises Missing ``mastery.no_credential`` or ``mastery.course_gone``; InvalidInput ``mastery.rule_out_of_range``,
    ``mastery.credits_open`` or ``mastery.questions_few``; Forbidden ``mastery.not_accredited``; Conflict
    ``mastery.course_used`` where it stands for another course already, or ``mastery.adopted_meanwhile``.
    """
    course = library.courses.get(rule.course_id)
    if course is None or course.credential is None or not rule.skills:
        raise Missing("mastery.no_credential")
    _check_rule(library, rule)
    _check_course(session, institution_id, rule.award)
    for other in mastery_rows.adoptions_of(session, institution_id).values():
        if other.course_code == rule.award and other.library_course != rule.course_id:
            raise Conflict("mastery.course_used")
    before = mastery_rows.adopted(session, institution_id, rule.course_id)
    if before is not None and before.rule_sha256 == rule.digest:
        return before
    if before is not None:
        before.ended_at, before.ended_by = now, by
        session.add(before)
        session.flush()
    row = CourseAdoption(
        institution_id=institution_id,
        library_course=rule.course_id,
        course_code=rule.award,
        rule=rule.as_json(),
        rule_sha256=rule.digest,
        adopted_at=now,
        adopted_by=by,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("mastery.adopted_meanwhile") from error
    _audit(session, "library.adopted", row, by, now)
    return row


def _check_rule(library: Library, rule: Rule) -> None:
    for name, (least, most) in RANGES.items():
        if not least <= getattr(rule, name) <= most:
            raise InvalidInput("mastery.rule_out_of_range", least=least, most=most)
    counts = questions_of(library)
    for skill in rule.skills:
        if counts.get(skill, 0) < rule.right_answers:
            raise InvalidInput("mastery.questions_few", skill=skill, count=counts.get(skill, 0))


def _check_course(session: Session, institution_id: UUID, code: str) -> Course:
    found = courses.current(session, institution_id, [code]).get(code)
    if found is None:
        raise Missing("mastery.course_gone")
    if found.credits_min is None or found.credits_min != found.credits_max:
        raise InvalidInput("mastery.credits_open")
    allowed = {a.category for a in institutions.accreditations(session, institution_id) if a.valid_to is None}
    if found.category not in allowed:
        raise Forbidden("mastery.not_accredited")
    return found


def end(session: Session, institution_id: UUID, library_course: str, *, by: UUID, now: datetime) -> None:
    """Stand for a course no longer; requests that wait go on waiting. Raises Missing ``mastery.not_adopted``."""
    row = mastery_rows.adopted(session, institution_id, library_course)
    if row is None:
        raise Missing("mastery.not_adopted")
    row.ended_at, row.ended_by = now, by
    session.add(row)
    _audit(session, "library.adoption_ended", row, by, now)


def _audit(session: Session, action: str, row: CourseAdoption, by: UUID | None, now: datetime) -> None:
    audit.record(
        session,
        action,
        now=now,
        person_id=by,
        institution_id=row.institution_id,
        subject_id=row.id,
        course=row.library_course,
        rule=row.rule_sha256,
    )
