"""Taking part in an activity: a learner says so, the institution's staff see who, and say when and where it meets.

An activity is a course of the catalogue beside degrees and trades (category ``other``), in its present version, of an
institution that is open. Nobody is refused here: whether there is room is what staff say.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from credit_bank.errors import Conflict
from credit_bank.recognition.framework import Category
from credit_bank.store import learners
from credit_bank.store.tables import Course, Institution, Learner
from web.operations.joining_tables import ActivityJoining, ActivityMeeting

MOST = 20
"""Activities that one learner can take part in at once."""
LONGEST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Joined:
    """An activity that a learner takes part in; ``course`` is None once the catalogue has it no more."""

    institution: Institution
    code: str
    course: Course | None
    meeting: ActivityMeeting | None


@dataclass(frozen=True, slots=True)
class Roll:
    """An activity as its staff see it: who takes part, in the order of their saying so."""

    course: Course
    meeting: ActivityMeeting | None
    learners: tuple[tuple[Learner, datetime], ...]


def is_open(institution: Institution, course: Course) -> bool:
    """Whether people can say that they take part."""
    return institution.closed_at is None and course.superseded_at is None and course.category == Category.OTHER.value


def has_joined(session: Session, learner_id: UUID, course: Course) -> bool:
    """Whether a learner takes part."""
    return session.get(ActivityJoining, (course.institution_id, course.code, learner_id)) is not None


def join(session: Session, learner_id: UUID, institution: Institution, course: Course, now: datetime) -> None:
    """Take part; said twice, also at the same moment, it is said once.

    Raises Conflict ``joining.not_open``, or ``joining.too_many``.
    """
    if not is_open(institution, course):
        raise Conflict("joining.not_open")
    # One of a learner's presses after the other: the second sees what the first did, and the limit counts both.
    learner_id = learners.hold_current(session, [learner_id], to_change=True)[learner_id].id
    if has_joined(session, learner_id, course):
        return
    if len(_rows(session, learner_id)) >= MOST:
        raise Conflict("joining.too_many", limit=MOST)
    session.add(
        ActivityJoining(institution_id=institution.id, course_code=course.code, learner_id=learner_id, joined_at=now)
    )
    session.flush()


def leave(session: Session, learner_id: UUID, institution_id: UUID, code: str) -> None:
    """Take part no longer; nothing of it stays."""
    session.execute(
        delete(ActivityJoining).where(
            col(ActivityJoining.institution_id) == institution_id,
            col(ActivityJoining.course_code) == code,
            col(ActivityJoining.learner_id) == learner_id,
        )
    )


def _rows(session: Session, learner_id: UUID) -> list[ActivityJoining]:
    statement = select(ActivityJoining).where(ActivityJoining.learner_id == learner_id)
    return list(session.exec(statement.order_by(col(ActivityJoining.joined_at))))


def of_learner(session: Session, learner_id: UUID) -> list[Joined]:
    """What a learner takes part in: what meets next first, what has no day yet last."""
    found = []
    for row in _rows(session, learner_id):
        institution = session.get_one(Institution, row.institution_id)
        course = session.exec(
            select(Course).where(
                Course.institution_id == row.institution_id,
                Course.code == row.course_code,
                col(Course.superseded_at).is_(None),
            )
        ).first()
        meeting = session.get(ActivityMeeting, (row.institution_id, row.course_code))
        found.append(Joined(institution, row.course_code, course, meeting))
    return sorted(found, key=lambda joined: (joined.meeting and joined.meeting.day) or date.max)


def on(session: Session, learner_id: UUID, day: date) -> list[Joined]:
    """What a learner takes part in that meets on that day."""
    return [j for j in of_learner(session, learner_id) if j.course and j.meeting and j.meeting.day == day]


def rolls(session: Session, institution_id: UUID) -> list[Roll]:
    """Every activity of an institution with who takes part, those that somebody takes part in first."""
    courses = session.exec(
        select(Course)
        .where(
            Course.institution_id == institution_id,
            Course.category == Category.OTHER.value,
            col(Course.superseded_at).is_(None),
        )
        .order_by(col(Course.code))
    ).all()
    meetings = session.exec(select(ActivityMeeting).where(ActivityMeeting.institution_id == institution_id)).all()
    said = {meeting.course_code: meeting for meeting in meetings}
    who: dict[str, list[tuple[Learner, datetime]]] = {}
    for row, learner in session.exec(
        select(ActivityJoining, Learner)
        .join(Learner, col(Learner.id) == col(ActivityJoining.learner_id))
        .where(ActivityJoining.institution_id == institution_id)
        .order_by(col(ActivityJoining.joined_at))
    ):
        who.setdefault(row.course_code, []).append((learner, row.joined_at))
    found = [Roll(c, said.get(c.code), tuple(who.get(c.code, ()))) for c in courses]
    return sorted(found, key=lambda roll: not roll.learners)


def meeting_of(session: Session, course: Course) -> ActivityMeeting | None:
    """When and where an activity meets, if anybody said."""
    return session.get(ActivityMeeting, (course.institution_id, course.code))


def meet(session: Session, course: Course, *, day: date | None, words: str, by: UUID, now: datetime) -> None:
    """Say when an activity meets next and where."""
    session.get_one(
        Course, (course.institution_id, course.id), with_for_update={"key_share": True}
    )  # two may say it for the first time
    row = session.get(ActivityMeeting, (course.institution_id, course.code), populate_existing=True)
    if row is None:
        row = ActivityMeeting(institution_id=course.institution_id, course_code=course.code, said_at=now, said_by=by)
    row.day, row.words, row.said_at, row.said_by = day, words.strip()[:LONGEST_WORDS], now, by
    session.add(row)
    session.flush()


def erase(session: Session, learner_id: UUID) -> None:
    """Erase what a learner takes part in (the account is closed)."""
    session.execute(delete(ActivityJoining).where(col(ActivityJoining.learner_id) == learner_id))


def move(session: Session, *, absorbed: UUID, kept: UUID) -> None:
    """Put to one learner what another took part in, whose account it took over."""
    for row in _rows(session, absorbed):
        if session.get(ActivityJoining, (row.institution_id, row.course_code, kept)) is None:
            session.add(
                ActivityJoining(
                    institution_id=row.institution_id,
                    course_code=row.course_code,
                    learner_id=kept,
                    joined_at=row.joined_at,
                )
            )
    erase(session, absorbed)
