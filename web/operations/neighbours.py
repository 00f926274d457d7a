"""Neighbours help one another: a learner asks the others of a study group, one of them helps, either ends it.

Only those who agreed (purpose ``neighbours``) ask, and see who asks. The two reach each other through the bank alone;
telephone numbers and the like are refused. The group's tutors see who helped whom, and when.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from adaptive.companion.masking import mask
from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.store import learners
from credit_bank.store.tables import Learner
from web.accounts import audit, consents, people
from web.operations.group_tables import GroupMember, StudyGroup
from web.operations.neighbour_endings import DONE, OPEN, TAKEN, WAITING, WITHDRAWN, conclude, forget_old, put_back
from web.operations.neighbour_tables import NeighbourRequest, NeighbourWord

CONSENT = "neighbours"
MATTERS = ("phone", "together", "read", "talk")
LONGEST_WORDS = 300
OPEN_AT_MOST, WORDS_AT_MOST = 2, 40
REFUSED = frozenset({"email", "link", "identity", "phone", "number", "account"})
"""What the words may not hold: by it the two would reach each other, or others them, past the bank."""


@dataclass(frozen=True, slots=True)
class Row:
    """A request with its group and the names of the two."""

    request: NeighbourRequest
    group: str
    asker: str
    helper: str


def _plain(words: str) -> str:
    """Words as they are kept. Raises InvalidInput ``neighbours.no_numbers``."""
    plain = words.strip()[:LONGEST_WORDS]
    if REFUSED & mask(plain).kinds.keys():
        raise InvalidInput("neighbours.no_numbers")
    return plain


def agrees(session: Session, learner_id: UUID) -> bool:
    """Whether a learner takes part in helping and being helped."""
    return consents.learner_agrees(session, learner_id, CONSENT)


def _group_ids(session: Session, learner_id: UUID) -> Sequence[UUID]:
    """The groups of a learner that are open, unless the learner does not take part."""
    if not agrees(session, learner_id):
        return []
    statement = (
        select(GroupMember.group_id)
        .join(StudyGroup, col(StudyGroup.id) == col(GroupMember.group_id))
        .where(
            GroupMember.learner_id == learner_id,
            col(GroupMember.left_at).is_(None),
            col(StudyGroup.closed_at).is_(None),
        )
    )
    return session.exec(statement).all()


def ask(
    session: Session, *, key: UUID, group_id: UUID, learner_id: UUID, matter: str, words: str, now: datetime
) -> NeighbourRequest:
    """Ask the others of a group once: the same ``key`` again is the same request.

    Raises InvalidInput ``neighbours.matter_missing`` or ``neighbours.no_numbers``; Missing ``group.unknown`` for a
    group that the learner is not in, or who does not take part, ``neighbours.unknown`` for another's key; Conflict
    ``neighbours.too_many``.
    """
    if matter not in MATTERS:
        raise InvalidInput("neighbours.matter_missing")
    plain = _plain(words)
    learner_id = learners.hold_current(session, [learner_id], to_change=True)[learner_id].id  # the limit counts all
    if (there := _by_key(session, key)) is not None:
        return _own(there, learner_id)
    if group_id not in _group_ids(session, learner_id):
        raise Missing("group.unknown")
    mine = select(NeighbourRequest.id).where(
        NeighbourRequest.learner_id == learner_id, col(NeighbourRequest.state).in_(OPEN)
    )
    if len(session.exec(mine).all()) >= OPEN_AT_MOST:
        raise Conflict("neighbours.too_many", limit=OPEN_AT_MOST)
    forget_old(session, now)
    row = NeighbourRequest(
        key=key, group_id=group_id, learner_id=learner_id, matter=matter, words=plain, asked_at=now
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        again = _by_key(session, key)  # the same form, sent twice at the same moment
        if again is None:
            raise
        return _own(again, learner_id)
    _record(session, "neighbours.asked", row, learner_id, now)
    return row


def _by_key(session: Session, key: UUID) -> NeighbourRequest | None:
    return session.exec(select(NeighbourRequest).where(NeighbourRequest.key == key)).first()


def _own(row: NeighbourRequest, learner_id: UUID) -> NeighbourRequest:
    if row.learner_id != learner_id:
        raise Missing("neighbours.unknown")
    return row


def _record(session: Session, action: str, row: NeighbourRequest, by: UUID, now: datetime) -> None:
    place = session.exec(select(StudyGroup.institution_id).where(StudyGroup.id == row.group_id)).first()
    person = people.of_learner(session, by)
    who = person.id if person else None
    audit.record(session, action, now=now, person_id=who, institution_id=place, subject_id=row.id)


def named(session: Session, rows: Sequence[NeighbourRequest]) -> list[Row]:
    """The rows with the names of group, asker and helper."""
    people = {i for row in rows for i in (row.learner_id, row.helper_id) if i is not None}
    names = dict(session.exec(select(Learner.id, Learner.name).where(col(Learner.id).in_(people))).all())
    ids = {row.group_id for row in rows}
    groups = dict(session.exec(select(StudyGroup.id, StudyGroup.name).where(col(StudyGroup.id).in_(ids))).all())
    return [
        Row(
            row,
            groups.get(row.group_id, ""),
            names.get(row.learner_id, ""),
            names.get(row.helper_id, "") if row.helper_id else "",
        )
        for row in rows
    ]


def of_learner(session: Session, learner_id: UUID) -> list[Row]:
    """What a learner asked and helps with, the newest first."""
    statement = select(NeighbourRequest).where(
        or_(col(NeighbourRequest.learner_id) == learner_id, col(NeighbourRequest.helper_id) == learner_id)
    )
    return named(session, session.exec(statement.order_by(col(NeighbourRequest.asked_at).desc())).all())


def waiting(session: Session, learner_id: UUID) -> list[Row]:
    """What others of a learner's groups ask and nobody has taken; the longest waiting first."""
    statement = select(NeighbourRequest).where(
        col(NeighbourRequest.group_id).in_(_group_ids(session, learner_id)),
        NeighbourRequest.state == WAITING,
        NeighbourRequest.learner_id != learner_id,
    )
    return named(session, session.exec(statement.order_by(col(NeighbourRequest.asked_at))).all())


def of_group(session: Session, group_id: UUID) -> list[Row]:
    """What was asked in a group, for its tutors: the newest first."""
    statement = select(NeighbourRequest).where(NeighbourRequest.group_id == group_id)
    return named(session, session.exec(statement.order_by(col(NeighbourRequest.asked_at).desc()).limit(100)).all())


def news(session: Session, learner_id: UUID) -> NeighbourRequest | None:
    """The newest request of which the learner has not seen what the other side did."""
    statement = select(NeighbourRequest).where(
        or_(
            (col(NeighbourRequest.learner_id) == learner_id) & col(NeighbourRequest.asker_news),
            (col(NeighbourRequest.helper_id) == learner_id) & col(NeighbourRequest.helper_news),
        )
    )
    return session.exec(statement.order_by(col(NeighbourRequest.asked_at).desc()).limit(1)).first()


def one(session: Session, learner_id: UUID, request_id: UUID, *, to_change: bool = False) -> NeighbourRequest:
    """One that the learner asked, helps with, or could help with. Raises Missing ``neighbours.unknown``."""
    row = session.get(NeighbourRequest, request_id, with_for_update=to_change, populate_existing=to_change)
    if row is not None and learner_id in (row.learner_id, row.helper_id):
        return row
    if row is not None and row.state == WAITING and row.group_id in _group_ids(session, learner_id):
        return row
    raise Missing("neighbours.unknown")


def words_of(session: Session, request_id: UUID) -> Sequence[NeighbourWord]:
    """What the two said, the oldest first."""
    statement = select(NeighbourWord).where(NeighbourWord.request_id == request_id)
    return session.exec(statement.order_by(col(NeighbourWord.at), col(NeighbourWord.id))).all()


def look(session: Session, row: NeighbourRequest, learner_id: UUID) -> None:
    """Note that one of the two has seen what there is."""
    if learner_id == row.learner_id:
        row.asker_news = False
    if learner_id == row.helper_id:
        row.helper_news = False
    session.add(row)
    session.flush()


def take(session: Session, learner_id: UUID, request_id: UUID, words: str, now: datetime) -> NeighbourRequest:
    """Help with what another asked; pressed twice, it is taken once.

    Raises Conflict ``neighbours.own``, or ``neighbours.taken_already`` for what is not waiting; else as ``one`` does.
    """
    plain = _plain(words)
    row = session.get(NeighbourRequest, request_id, with_for_update=True, populate_existing=True)
    if row is not None and row.state != WAITING and row.helper_id != learner_id:
        if row.group_id in _group_ids(session, learner_id):
            raise Conflict("neighbours.taken_already")
        raise Missing("neighbours.unknown")
    row = one(session, learner_id, request_id)
    if row.learner_id == learner_id:
        raise Conflict("neighbours.own")
    if row.state == WAITING:
        row.state, row.helper_id, row.taken_at, row.asker_news = TAKEN, learner_id, now, True
        if plain:
            session.add(NeighbourWord(request_id=row.id, learner_id=learner_id, at=now, words=plain))
        session.add(row)
        session.flush()
        _record(session, "neighbours.taken", row, learner_id, now)
    return row


def say(session: Session, learner_id: UUID, request_id: UUID, words: str, now: datetime) -> None:
    """Say something to the other side.

    Raises InvalidInput ``neighbours.words_missing`` or ``neighbours.no_numbers``; Conflict ``neighbours.not_taken``, or
    ``neighbours.enough_said``; Missing as ``one``.
    """
    plain = _plain(words)
    if not plain:
        raise InvalidInput("neighbours.words_missing")
    row = one(session, learner_id, request_id, to_change=True)
    if row.state != TAKEN:
        raise Conflict("neighbours.not_taken")
    if len(words_of(session, row.id)) >= WORDS_AT_MOST:
        raise Conflict("neighbours.enough_said")
    session.add(NeighbourWord(request_id=row.id, learner_id=learner_id, at=now, words=plain))
    _tell_other(row, learner_id)
    session.add(row)
    session.flush()


def _tell_other(row: NeighbourRequest, learner_id: UUID) -> None:
    if learner_id == row.learner_id:
        row.helper_news = row.helper_id is not None
    else:
        row.asker_news = True


def give_back(session: Session, learner_id: UUID, request_id: UUID, now: datetime) -> None:
    """Whoever helps can do so no longer: it waits again, and what the two said goes. Another's changes nothing."""
    row = one(session, learner_id, request_id, to_change=True)
    if row.state == TAKEN and row.helper_id == learner_id:
        put_back(session, row)
        _record(session, "neighbours.given_back", row, learner_id, now)


def end(session: Session, learner_id: UUID, request_id: UUID, now: datetime) -> NeighbourRequest:
    """Either side ends it; what nobody had taken is withdrawn, by its asker only. What has ended stays as it is."""
    row = one(session, learner_id, request_id, to_change=True)
    if row.state == TAKEN or (row.state == WAITING and row.learner_id == learner_id):
        conclude(session, row, DONE if row.state == TAKEN else WITHDRAWN, now)
        _tell_other(row, learner_id)
        session.add(row)
        session.flush()
        _record(session, "neighbours.ended", row, learner_id, now)
    return row
