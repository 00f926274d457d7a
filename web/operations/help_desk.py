"""Where requests for a person are answered: a centre's counter, or the bank."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, InvalidInput, Missing
from web.accounts import audit
from web.accounts.tables import Person
from web.operations import voice_messages
from web.operations.help_requests import DONE, LONGEST_WORDS, OPEN, TAKEN, WAITING, WITHDRAWN, end
from web.operations.help_tables import HelpMessage, HelpRequest

# What has waited at a centre for so long is shown to the bank too.
OVERDUE = timedelta(days=1)
SHOWN = 200
Row = tuple[HelpRequest, str | None, str | None]
"""A request with the names of who asked and who took it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where requests are answered, and by whom; ``institution_id`` None is the bank."""

    institution_id: UUID | None
    person_id: UUID


def _in_sight(desk: Desk, now: datetime) -> ColumnElement[bool]:
    """What a desk sees; the bank also what nobody at a centre took for a day."""
    if desk.institution_id is not None:
        return col(HelpRequest.institution_id) == desk.institution_id
    overdue = (col(HelpRequest.state) == WAITING) & (col(HelpRequest.asked_at) < now - OVERDUE)
    return or_(col(HelpRequest.institution_id).is_(None), overdue)


def waiting(session: Session, desk: Desk, now: datetime) -> list[Row]:
    """Open requests of a desk with the names of who asked and who took it; the longest waiting first."""
    return _named(session, _in_sight(desk, now) & col(HelpRequest.state).in_(OPEN), col(HelpRequest.asked_at).asc())


def ended(session: Session, desk: Desk, now: datetime, limit: int = 20) -> list[Row]:
    """What a desk answered lately, the newest first."""
    conditions = _in_sight(desk, now) & (col(HelpRequest.state) == DONE)
    return _named(session, conditions, col(HelpRequest.ended_at).desc())[:limit]


def _named(session: Session, condition: ColumnElement[bool], order: Any) -> list[Row]:
    statement = select(HelpRequest).where(condition).order_by(order, col(HelpRequest.id)).limit(SHOWN)
    rows = session.exec(statement).all()
    ids = {i for row in rows for i in (row.person_id, row.taken_by) if i is not None}
    people = select(Person.id, Person.display_name).where(col(Person.id).in_(ids))
    names = dict(session.exec(people).all()) if ids else {}
    return [
        (row, names.get(row.person_id) if row.person_id else None, names.get(row.taken_by) if row.taken_by else None)
        for row in rows
    ]


def count_waiting(session: Session, desk: Desk, now: datetime) -> int:
    """How many at a desk wait for somebody to take them."""
    statement = select(func.count()).select_from(HelpRequest).where(_in_sight(desk, now))
    return session.exec(statement.where(col(HelpRequest.state) == WAITING)).one()


def name_of(session: Session, person_id: UUID) -> str:
    """The name by which a person is shown; empty for one who is not known any more."""
    return session.exec(select(Person.display_name).where(Person.id == person_id)).first() or ""


def at_desk(session: Session, desk: Desk, request_id: UUID, now: datetime, *, to_change: bool = False) -> HelpRequest:
    """One request that a desk may see. Raises Missing ``help.unknown``."""
    statement = select(HelpRequest).where(HelpRequest.id == request_id, _in_sight(desk, now))
    row = session.exec(statement.with_for_update() if to_change else statement).first()
    if row is None or row.state == WITHDRAWN:
        raise Missing("help.unknown")
    return row


def message(session: Session, desk: Desk, request_id: UUID, now: datetime) -> HelpMessage:
    """What was said for a request, for whoever took it on. Raises Missing ``help.unknown`` for everybody else."""
    row = at_desk(session, desk, request_id, now)
    found = voice_messages.of_request(session, row.id, now) if row.taken_by == desk.person_id else None
    if found is None:
        raise Missing("help.unknown")
    return found


def take(session: Session, desk: Desk, request_id: UUID, now: datetime) -> HelpRequest:
    """Take a request on; the asker sees by whom. Raises Conflict ``help.taken_already``, ``help.ended``."""
    row = at_desk(session, desk, request_id, now, to_change=True)
    if row.state == DONE:
        raise Conflict("help.ended")
    if row.taken_by is not None and row.taken_by != desk.person_id:
        raise Conflict("help.taken_already")
    if row.taken_by is None:
        row.state, row.taken_by, row.taken_at = TAKEN, desk.person_id, now
        row.institution_id = desk.institution_id  # the bank takes over what nobody took
        session.add(row)
        session.flush()
        _record(session, "help.taken", desk, row, now)
    return row


def give_back(session: Session, desk: Desk, request_id: UUID, now: datetime) -> HelpRequest:
    """Put a request back among those that wait, with its place in the queue. Raises Conflict ``help.ended``."""
    row = at_desk(session, desk, request_id, now, to_change=True)
    if row.state == DONE:
        raise Conflict("help.ended")
    row.state, row.taken_by, row.taken_at = WAITING, None, None
    session.add(row)
    session.flush()
    _record(session, "help.given_back", desk, row, now)
    return row


def answer(session: Session, desk: Desk, request_id: UUID, words: str, now: datetime, *, done: bool) -> HelpRequest:
    """Answer in words, or only note that it is done; whoever answers has taken it.

    Raises InvalidInput ``help.answer_missing`` when there are neither words nor an end; Conflict as ``take``.
    """
    plain = words.strip()[:LONGEST_WORDS]
    if not plain and not done:
        raise InvalidInput("help.answer_missing")
    row = take(session, desk, request_id, now)
    if plain:
        row.answer = plain
    if plain or done:
        row.answered_at = now
    if done:
        end(session, row, DONE, now)
    session.add(row)
    session.flush()
    _record(session, "help.done" if done else "help.answered", desk, row, now)
    return row


def _record(session: Session, action: str, desk: Desk, row: HelpRequest, now: datetime) -> None:
    audit.record(
        session, action, now=now, person_id=desk.person_id, institution_id=desk.institution_id, subject_id=row.id
    )
