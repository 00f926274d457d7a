"""Adopted courses and learners' requests, as rows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from credit_bank.errors import Missing
from web.operations.mastery_tables import CourseAdoption, EvidenceRelease, MasteryDecision, MasteryRequest


def adopted(session: Session, institution_id: UUID, library_course: str) -> CourseAdoption | None:
    """How an institution stands for a course now; None when it does not."""
    return session.exec(
        select(CourseAdoption).where(
            CourseAdoption.institution_id == institution_id,
            CourseAdoption.library_course == library_course,
            col(CourseAdoption.ended_at).is_(None),
        )
    ).first()


def adoption(session: Session, institution_id: UUID, adoption_id: UUID) -> CourseAdoption:
    """An adoption, in force or ended. Raises Missing ``mastery.not_adopted``."""
    found = session.get(CourseAdoption, (institution_id, adoption_id))
    if found is None:
        raise Missing("mastery.not_adopted")
    return found


def adoptions_of(session: Session, institution_id: UUID) -> dict[str, CourseAdoption]:
    """The courses for which an institution stands now, by the course of the library."""
    rows = session.exec(
        select(CourseAdoption).where(
            CourseAdoption.institution_id == institution_id, col(CourseAdoption.ended_at).is_(None)
        )
    )
    return {row.library_course: row for row in rows}


def adopters(session: Session, library_course: str) -> Sequence[CourseAdoption]:
    """Who stands for a course now, the first to adopt it first."""
    return session.exec(
        select(CourseAdoption)
        .where(CourseAdoption.library_course == library_course, col(CourseAdoption.ended_at).is_(None))
        .order_by(col(CourseAdoption.adopted_at), col(CourseAdoption.id))
    ).all()


def adopted_courses(session: Session) -> frozenset[str]:
    """Every course of the library for which any institution stands now."""
    return frozenset(
        session.exec(select(CourseAdoption.library_course).where(col(CourseAdoption.ended_at).is_(None)).distinct())
    )


def by_rule(session: Session, institution_id: UUID, digest: str) -> CourseAdoption | None:
    """An institution's adoption, in force or ended, by the version of its rule; the first that had it."""
    return session.exec(
        select(CourseAdoption)
        .where(CourseAdoption.institution_id == institution_id, CourseAdoption.rule_sha256 == digest)
        .order_by(col(CourseAdoption.adopted_at))
    ).first()


def request_of(session: Session, institution_id: UUID, request_id: UUID) -> MasteryRequest:
    """A request to an institution, as it stands. Raises Missing ``mastery.request_unknown``."""
    found = session.get(MasteryRequest, (institution_id, request_id), populate_existing=True)
    if found is None:
        raise Missing("mastery.request_unknown")
    return found


def own_request(session: Session, learner_id: UUID, request_id: UUID) -> MasteryRequest:
    """A learner's own request. Raises Missing ``mastery.request_unknown``."""
    found = session.exec(
        select(MasteryRequest).where(MasteryRequest.learner_id == learner_id, MasteryRequest.id == request_id)
    ).first()
    if found is None:
        raise Missing("mastery.request_unknown")
    return found


def request_for(session: Session, learner_id: UUID, institution_id: UUID, course_id: UUID) -> MasteryRequest | None:
    """The one request of a learner for a version of an institution's course."""
    return session.exec(
        select(MasteryRequest)
        .where(
            MasteryRequest.learner_id == learner_id,
            MasteryRequest.institution_id == institution_id,
            MasteryRequest.course_id == course_id,
        )
        .execution_options(populate_existing=True)
    ).first()


def requests_by(session: Session, learner_id: UUID) -> Sequence[MasteryRequest]:
    """Everything that a learner asked for, the newest first."""
    statement = select(MasteryRequest).where(MasteryRequest.learner_id == learner_id)
    return session.exec(statement.order_by(col(MasteryRequest.asked_at).desc())).all()


def waiting_at(session: Session, institution_id: UUID) -> Sequence[MasteryRequest]:
    """The requests that wait for a person's decision, the oldest first."""
    return session.exec(
        select(MasteryRequest)
        .where(MasteryRequest.institution_id == institution_id, MasteryRequest.state == "waiting")
        .order_by(col(MasteryRequest.asked_at), col(MasteryRequest.id))
    ).all()


def waiting_count(session: Session, institution_id: UUID) -> int:
    """How many requests wait for a decision."""
    statement = select(func.count()).select_from(MasteryRequest)
    conditions = MasteryRequest.institution_id == institution_id, MasteryRequest.state == "waiting"
    return session.exec(statement.where(*conditions)).one()


def decided_at(session: Session, institution_id: UUID, limit: int = 30) -> Sequence[MasteryRequest]:
    """The requests that were decided, the newest decision first."""
    return session.exec(
        select(MasteryRequest)
        .where(MasteryRequest.institution_id == institution_id, col(MasteryRequest.state).in_(("issued", "declined")))
        .order_by(col(MasteryRequest.decided_at).desc())
        .limit(limit)
    ).all()


def decisions_on(session: Session, row: MasteryRequest) -> Sequence[MasteryDecision]:
    """Everything that was decided on a request, the oldest first."""
    return session.exec(
        select(MasteryDecision)
        .where(MasteryDecision.institution_id == row.institution_id, MasteryDecision.request_id == row.id)
        .order_by(col(MasteryDecision.decided_at), col(MasteryDecision.id))
    ).all()


def end_releases(session: Session, row: MasteryRequest, now: datetime) -> None:
    """Note that the learner takes back what they agreed to for this request."""
    for release in session.exec(
        select(EvidenceRelease).where(
            EvidenceRelease.institution_id == row.institution_id,
            EvidenceRelease.request_id == row.id,
            col(EvidenceRelease.withdrawn_at).is_(None),
        )
    ):
        release.withdrawn_at = now
        session.add(release)
