"""What may be recommended: the library's courses, and what members of the bank offer beside degrees."""

from sqlmodel import Session, col, select

from adaptive.content.model import Library
from adaptive.recommend.activity import Activity
from adaptive.recommending import courses_as_activities
from credit_bank.recognition.framework import Category
from credit_bank.store.tables import Course, Institution

OFFERED = "offer:"
MOST = 200
"""Offers that are looked at, the newest first."""


def activities(session: Session, library: Library, locale: str) -> tuple[Activity, ...]:
    """Everything that may be recommended, as plain values; an offer's id names its institution and course."""
    return courses_as_activities(library, locale) + offers(session)


def offers(session: Session) -> tuple[Activity, ...]:
    """Courses of other kinds in the catalogues of institutions that are open."""
    rows = session.exec(
        select(Course, Institution)
        .join(Institution, col(Institution.id) == col(Course.institution_id))
        .where(
            Course.category == Category.OTHER.value,
            col(Course.superseded_at).is_(None),
            col(Institution.closed_at).is_(None),
        )
        .order_by(col(Course.created_at).desc(), col(Course.id))
        .limit(MOST)
    )
    return tuple(
        Activity(
            f"{OFFERED}{institution.handle}/{course.id}",
            "class",
            course.title,
            (),
            district=institution.district,
            source=institution.name,
        )
        for course, institution in rows
    )
