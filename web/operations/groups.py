"""Study groups: made by tutors, joined by learners who agree to what a tutor sees, left whenever they wish.

A tutor sees a group's members from joining until leaving, and only while the learner agrees (purpose ``study_group``).
What belongs to another group is answered as if it did not exist.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.store.tables import Institution, Learner
from web.accounts import audit, consents
from web.accounts.tables import Person
from web.operations import neighbour_endings
from web.operations.group_tables import GroupMember, GroupNote, GroupTutor, StudyGroup

CONSENT = "study_group"
# No letters or digits that are taken for one another when a code is read aloud or copied from a board.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
LONGEST_NAME, LONGEST_WORDS = 60, 300
ASKED, TALKED = "asked", "talked"


def plain_code(typed: str) -> str:
    """A code as it is kept: capitals without spaces and hyphens."""
    return "".join(c for c in typed.upper() if c.isalnum())[:40]


def shown_code(code: str) -> str:
    """A code as it is written on a board: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def make(session: Session, *, institution_id: UUID, name: str, by: UUID, now: datetime) -> StudyGroup:
    """Make a group and lead it. Raises InvalidInput ``group.name_missing``."""
    plain = " ".join(name.split())[:LONGEST_NAME]
    if not plain:
        raise InvalidInput("group.name_missing")
    row = StudyGroup(institution_id=institution_id, name=plain, code=_new_code(), made_by=by, made_at=now)
    session.add(row)
    session.flush()
    session.add(GroupTutor(group_id=row.id, person_id=by, since=now))
    session.flush()
    _record(session, "group.made", row, by, now)
    return row


def _record(session: Session, action: str, group: StudyGroup, by: UUID, now: datetime, **details: str) -> None:
    audit.record(
        session, action, now=now, person_id=by, institution_id=group.institution_id, subject_id=group.id, **details
    )


def led_by(session: Session, institution_id: UUID, person_id: UUID) -> Sequence[StudyGroup]:
    """The open groups that a person leads at an institution, by name."""
    statement = (
        select(StudyGroup)
        .join(GroupTutor, col(GroupTutor.group_id) == col(StudyGroup.id))
        .where(
            col(StudyGroup.institution_id) == institution_id,
            col(StudyGroup.closed_at).is_(None),
            col(GroupTutor.person_id) == person_id,
            col(GroupTutor.until).is_(None),
        )
        .order_by(col(StudyGroup.name), col(StudyGroup.id))
    )
    return session.exec(statement).all()


def led(session: Session, institution_id: UUID, person_id: UUID, group_id: UUID) -> StudyGroup:
    """One of the groups that a person leads. Raises Missing ``group.unknown`` for any other."""
    for row in led_by(session, institution_id, person_id):
        if row.id == group_id:
            return row
    raise Missing("group.unknown")


def tutors_of(session: Session, group_id: UUID) -> Sequence[Person]:
    """Who leads a group now."""
    statement = (
        select(Person)
        .join(GroupTutor, col(GroupTutor.person_id) == col(Person.id))
        .where(col(GroupTutor.group_id) == group_id, col(GroupTutor.until).is_(None))
        .order_by(col(Person.display_name), col(Person.id))
    )
    return session.exec(statement).all()


def add_tutor(session: Session, group: StudyGroup, person_id: UUID, by: UUID, now: datetime) -> None:
    """Let another tutor of the institution lead the group too; one who does already changes nothing."""
    if any(person.id == person_id for person in tutors_of(session, group.id)):
        return
    session.add(GroupTutor(group_id=group.id, person_id=person_id, since=now))
    session.flush()
    _record(session, "group.tutor_added", group, by, now, tutor=str(person_id))


def new_code(session: Session, group: StudyGroup, by: UUID, now: datetime) -> str:
    """Give the group another code; nobody joins with the old one any more."""
    group.code = _new_code()
    session.add(group)
    session.flush()
    _record(session, "group.code_changed", group, by, now)
    return group.code


def close(session: Session, group: StudyGroup, by: UUID, now: datetime) -> None:
    """Close a group: its tutors see nothing of it any more."""
    group.closed_at = now
    session.add(group)
    for row in session.exec(select(GroupMember).where(GroupMember.group_id == group.id)).all():
        row.left_at = row.left_at or now
        session.add(row)
    session.flush()
    neighbour_endings.step_out(session, now, group_id=group.id)
    _record(session, "group.closed", group, by, now)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a learner is asked to join: the group, where it is, who leads it."""

    group: StudyGroup
    institution: Institution
    tutors: Sequence[Person]


def offer(session: Session, typed: str) -> Offer:
    """The open group of a code. Raises Missing ``group.code_unknown``."""
    statement = (
        select(StudyGroup, Institution)
        .join(Institution, col(Institution.id) == col(StudyGroup.institution_id))
        .where(
            col(StudyGroup.code) == plain_code(typed),
            col(StudyGroup.closed_at).is_(None),
            col(Institution.closed_at).is_(None),
        )
    )
    found = session.exec(statement).first()
    if found is None:
        raise Missing("group.code_unknown")
    return Offer(found[0], found[1], tutors_of(session, found[0].id))


def join(
    session: Session, *, typed: str, person_id: UUID, learner_id: UUID, language: str, now: datetime
) -> GroupMember:
    """Join a group, agreeing to what its tutors see.

    Raises Missing ``group.code_unknown``; Conflict ``group.own`` for a group that one leads, ``group.joined_already``.
    """
    found = offer(session, typed)
    # One at a time, so that two presses of the button are one membership.
    group = session.get_one(StudyGroup, (found.group.institution_id, found.group.id), with_for_update=True)
    if any(tutor.id == person_id for tutor in found.tutors):
        raise Conflict("group.own")
    if any(row.group_id == group.id for row in _memberships(session, learner_id)):
        raise Conflict("group.joined_already")
    consents.give(
        session, person_id=person_id, learner_id=learner_id, purpose=CONSENT, language=language, now=now
    )  # fmt: skip
    row = GroupMember(learner_id=learner_id, group_id=group.id, joined_at=now)
    session.add(row)
    session.flush()
    _record(session, "group.joined", group, person_id, now)
    return row


def _memberships(session: Session, learner_id: UUID) -> Sequence[GroupMember]:
    statement = select(GroupMember).where(GroupMember.learner_id == learner_id, col(GroupMember.left_at).is_(None))
    return session.exec(statement).all()


def joined_by(session: Session, learner_id: UUID) -> list[Offer]:
    """The groups that a learner is in, with who leads them."""
    statement = (
        select(StudyGroup, Institution)
        .join(Institution, col(Institution.id) == col(StudyGroup.institution_id))
        .join(GroupMember, col(GroupMember.group_id) == col(StudyGroup.id))
        .where(col(GroupMember.learner_id) == learner_id, col(GroupMember.left_at).is_(None))
        .order_by(col(StudyGroup.name), col(StudyGroup.id))
    )
    return [Offer(group, place, tutors_of(session, group.id)) for group, place in session.exec(statement)]


def leave(session: Session, *, person_id: UUID, learner_id: UUID, group_id: UUID, now: datetime) -> None:
    """Leave a group; with the last one the consent ends too. Raises Missing ``group.unknown``."""
    rows = _memberships(session, learner_id)
    row = next((row for row in rows if row.group_id == group_id), None)
    if row is None:
        raise Missing("group.unknown")
    _end(session, row, person_id, now)
    agreed = any(given.purpose == CONSENT for given in consents.current(session, person_id))
    if len(rows) == 1 and agreed:
        consents.withdraw(session, person_id=person_id, purpose=CONSENT, now=now)


def leave_all(session: Session, *, person_id: UUID, learner_id: UUID, now: datetime) -> None:
    """Leave every group (the consent was withdrawn, or the account closed)."""
    for row in _memberships(session, learner_id):
        _end(session, row, person_id, now)


def _end(session: Session, row: GroupMember, person_id: UUID, now: datetime) -> None:
    """What was noted between learner and tutors goes with the membership."""
    session.execute(
        delete(GroupNote).where(col(GroupNote.learner_id) == row.learner_id, col(GroupNote.group_id) == row.group_id)
    )
    row.left_at = now
    session.add(row)
    session.flush()
    neighbour_endings.step_out(session, now, learner_id=row.learner_id, group_id=row.group_id)
    audit.record(session, "group.left", now=now, person_id=person_id, subject_id=row.group_id)


def move(session: Session, absorbed: UUID, kept: UUID, now: datetime) -> None:
    """Let memberships follow an account that was merged into another; nobody is in a group twice."""
    already = {row.group_id for row in _memberships(session, kept)}
    for row in _memberships(session, absorbed):
        row.left_at = now
        session.add(row)
        if row.group_id not in already:
            session.add(GroupMember(learner_id=kept, group_id=row.group_id, joined_at=now))
    session.flush()
    session.execute(update(GroupNote).where(col(GroupNote.learner_id) == absorbed).values(learner_id=kept))


def members(session: Session, group_id: UUID) -> Mapping[UUID, str]:
    """The members of a group who agree to being seen: learner and name, by name."""
    statement = (
        select(Learner.id, Learner.name)
        .join(GroupMember, col(GroupMember.learner_id) == col(Learner.id))
        .where(col(GroupMember.group_id) == group_id, col(GroupMember.left_at).is_(None))
        .order_by(col(Learner.name), col(Learner.id))
    )
    return {key: name for key, name in session.exec(statement) if consents.learner_agrees(session, key, CONSENT)}


def note(
    session: Session,
    *,
    group_id: UUID,
    learner_id: UUID,
    skill_id: str,
    kind: str,
    by: UUID,
    now: datetime,
    words: str = "",
) -> GroupNote:
    """Note that a learner asked for a person, or that somebody talked to them.

    Raises Missing ``group.unknown`` when the learner is not in that group.
    """
    if all(row.group_id != group_id for row in _memberships(session, learner_id)):
        raise Missing("group.unknown")
    row = GroupNote(
        learner_id=learner_id,
        group_id=group_id,
        skill_id=skill_id,
        kind=kind,
        person_id=by,
        at=now,
        words=" ".join(words.split())[:LONGEST_WORDS],
    )
    session.add(row)
    session.flush()
    return row


def notes(session: Session, group_id: UUID, skill_id: str | None = None) -> Sequence[GroupNote]:
    """What was noted in a group, the newest first."""
    statement = select(GroupNote).where(GroupNote.group_id == group_id)
    if skill_id is not None:
        statement = statement.where(GroupNote.skill_id == skill_id)
    return session.exec(statement.order_by(col(GroupNote.at).desc(), col(GroupNote.id).desc())).all()


def notes_of(session: Session, learner_id: UUID) -> Sequence[GroupNote]:
    """What was noted about a learner, for the learner, the newest first."""
    statement = select(GroupNote).where(GroupNote.learner_id == learner_id)
    return session.exec(statement.order_by(col(GroupNote.at).desc(), col(GroupNote.id).desc())).all()


def waiting(rows: Sequence[GroupNote]) -> set[tuple[UUID, str]]:
    """(learner, skill) where the learner asked and nobody has talked to them since; rows the newest first."""
    newest: dict[tuple[UUID, str], str] = {}
    for row in rows:
        newest.setdefault((row.learner_id, row.skill_id), row.kind)
    return {key for key, kind in newest.items() if kind == ASKED}
