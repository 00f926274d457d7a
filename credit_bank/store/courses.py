"""An institution's catalogue, as rows; a changed course is a new version."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select

from credit_bank.errors import Missing
from credit_bank.store.tables import Course


def get(session: Session, institution_id: UUID, course_id: UUID) -> Course:
    """The course of that id, of whatever version. Raises Missing ``course.unknown``."""
    found = session.get(Course, (institution_id, course_id))
    if found is None:
        raise Missing("course.unknown", course=str(course_id))
    return found


def current(session: Session, institution_id: UUID, codes: Iterable[str] | None = None) -> dict[str, Course]:
    """The current version of each course (or of those codes), by code."""
    query = select(Course).where(Course.institution_id == institution_id, col(Course.superseded_at).is_(None))
    if codes is None:
        return {c.code: c for c in session.exec(query)}
    wanted = list(set(codes))
    found: dict[str, Course] = {}
    for start in range(0, len(wanted), 500):
        for course in session.exec(query.where(col(Course.code).in_(wanted[start : start + 500]))):
            found[course.code] = course
    return found


def count(session: Session, institution_id: UUID, words: str = "") -> int:
    """How many courses the catalogue holds now; ``words`` as for ``page``."""
    query = (
        select(func.count())
        .select_from(Course)
        .where(Course.institution_id == institution_id, col(Course.superseded_at).is_(None))
    )
    return session.exec(query.where(_holds(words)) if words else query).one()


def _holds(words: str) -> ColumnElement[bool]:
    return or_(col(Course.code).icontains(words, autoescape=True), col(Course.title).icontains(words, autoescape=True))


def versions(session: Session, institution_id: UUID, code: str) -> Sequence[Course]:
    """Every version of a course, the newest first."""
    query = select(Course).where(Course.institution_id == institution_id, Course.code == code)
    return session.exec(query.order_by(col(Course.version).desc())).all()


def page(
    session: Session, institution_id: UUID, *, words: str = "", offset: int = 0, limit: int = 50
) -> Sequence[Course]:
    """A page of the catalogue by code; ``words`` narrows it to codes and titles that contain them."""
    query = (
        select(Course)
        .where(Course.institution_id == institution_id, col(Course.superseded_at).is_(None))
        .order_by(col(Course.code))
        .offset(offset)
        .limit(limit)
    )
    if words:
        query = query.where(_holds(words))
    return session.exec(query).all()
