"""Asking a person: a request is kept until somebody answers it, it is taken back, or the account is closed.

A learner's request goes to the centre that opened the account, as long as that has staff; everybody else's, and what is
told about accessibility, goes to the bank. The bank also sees what has waited at a centre for a day, so that nothing is
lost where nobody looks. What was written to reach a person (a telephone number) is forgotten when the request ends.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.store.tables import Institution, Learner
from web.accounts import memberships
from web.accounts.roles import Role
from web.operations import voice_messages
from web.operations.help_tables import HelpRequest

HELP, ACCESSIBILITY = "help", "accessibility"
MATTERS = {
    HELP: ("how", "wrong", "talk"),
    ACCESSIBILITY: ("perceive", "operate", "understand"),
}
SPOKEN_MATTER = "talk"
"""What is the matter where somebody only spoke."""
WAITING, TAKEN, DONE, WITHDRAWN = "waiting", "taken", "done", "withdrawn"
OPEN = (WAITING, TAKEN)
LONGEST_WORDS, LONGEST_PHONE = 500, 20
OPEN_AT_MOST, A_DAY_AT_MOST = 3, 10
# How long an ended request can still be read.
KEPT = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: nobody known (a stranger), or a person, with an account of a learner or without."""

    person_id: UUID | None = None
    learner_id: UUID | None = None


def new_number() -> str:
    """Eight random digits to refer to a request by; they tell nothing of anybody."""
    return f"{secrets.randbelow(100_000_000):08d}"


def shown_number(number: str) -> str:
    """A number as it is read aloud: two groups of four."""
    return f"{number[:4]} {number[4:]}"


def centre_of(session: Session, learner_id: UUID | None, now: datetime) -> Institution | None:
    """The centre that opened a learner's account, when it is open and somebody works at its counter; else None."""
    learner = session.get(Learner, learner_id) if learner_id else None
    if learner is None or learner.opened_at_institution is None:
        return None
    place = session.get(Institution, learner.opened_at_institution)
    if place is None or place.closed_at is not None:
        return None
    staff = memberships.staff_of(session, place.id, now)
    return place if any(member.role == Role.CENTRE_STAFF for member, _ in staff) else None


def ask(
    session: Session,
    *,
    key: UUID,
    kind: str,
    matter: str,
    by: Asker,
    language: str,
    now: datetime,
    page: str = "",
    words: str = "",
    phone: str = "",
) -> HelpRequest:
    """Ask once: the same ``key`` again is the same request.

    Raises InvalidInput ``help.matter_missing``; Conflict ``help.too_many`` for a person who has three open ones, or
    asked ten times today; Missing ``help.unknown`` for another's key.
    """
    if matter not in MATTERS[kind]:
        raise InvalidInput("help.matter_missing")
    if (there := _by_key(session, key)) is not None:
        return _own(there, by)
    forget_old(session, now)
    if by.person_id is not None:
        _brake(session, by.person_id, now)
    place = centre_of(session, by.learner_id, now) if kind == HELP else None
    row = HelpRequest(
        key=key,
        number=_free_number(session),
        kind=kind,
        matter=matter,
        institution_id=place.id if place else None,
        person_id=by.person_id,
        learner_id=by.learner_id,
        page=page,
        words=words.strip()[:LONGEST_WORDS],
        phone=phone.strip()[:LONGEST_PHONE],
        language=language,
        asked_at=now,
        seen_at=now,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        again = _by_key(session, key)  # the same form, sent twice at the same moment
        if again is None:
            raise
        return _own(again, by)
    voice_messages.send(session, row)
    return row


def _own(row: HelpRequest, by: Asker) -> HelpRequest:
    if row.person_id != by.person_id:
        raise Missing("help.unknown")
    return row


def _by_key(session: Session, key: UUID) -> HelpRequest | None:
    return session.exec(select(HelpRequest).where(HelpRequest.key == key)).first()


def _free_number(session: Session) -> str:
    while True:
        number = new_number()
        if session.exec(select(HelpRequest.id).where(HelpRequest.number == number)).first() is None:
            return number


def _brake(session: Session, person_id: UUID, now: datetime) -> None:
    rows = session.exec(
        select(HelpRequest.state, HelpRequest.asked_at).where(
            HelpRequest.person_id == person_id,
            or_(col(HelpRequest.state).in_(OPEN), col(HelpRequest.asked_at) > now - timedelta(days=1)),
        )
    ).all()
    unanswered = sum(state in OPEN for state, _ in rows)
    today = sum(at > now - timedelta(days=1) for _, at in rows)
    if unanswered >= OPEN_AT_MOST or today >= A_DAY_AT_MOST:
        raise Conflict("help.too_many")


def forget_old(session: Session, now: datetime) -> int:
    """Forget what ended longer ago than it is kept, recordings first; how many requests."""
    voice_messages.forget_old(session, now)
    old = delete(HelpRequest).where(col(HelpRequest.ended_at) < now - KEPT)
    return session.connection().execute(old).rowcount


def by_key(session: Session, key: UUID) -> HelpRequest:
    """A stranger's request by the key that only its page names. Raises Missing ``help.unknown``."""
    found = _by_key(session, key)
    if found is None or found.person_id is not None:
        raise Missing("help.unknown")
    return found


def of_person(session: Session, person_id: UUID) -> Sequence[HelpRequest]:
    """What a person asked, the newest first."""
    statement = select(HelpRequest).where(HelpRequest.person_id == person_id)
    return session.exec(statement.order_by(col(HelpRequest.asked_at).desc(), col(HelpRequest.id).desc())).all()


def one_of_person(session: Session, person_id: UUID, request_id: UUID, *, to_change: bool = False) -> HelpRequest:
    """One of a person's own requests. Raises Missing ``help.unknown``."""
    row = session.get(HelpRequest, request_id, with_for_update=to_change)
    if row is None or row.person_id != person_id:
        raise Missing("help.unknown")
    return row


def news_for(session: Session, person_id: UUID) -> HelpRequest | None:
    """What to tell a person on every page: the newest request that is open, or was answered since they last looked."""
    unseen = col(HelpRequest.answered_at) > col(HelpRequest.seen_at)
    statement = (
        select(HelpRequest)
        .where(HelpRequest.person_id == person_id, or_(col(HelpRequest.state).in_(OPEN), unseen))
        .order_by(col(HelpRequest.asked_at).desc(), col(HelpRequest.id).desc())
        .limit(1)
    )
    return session.exec(statement).first()


def is_news(row: HelpRequest) -> bool:
    """Whether there is an answer that the asker has not read."""
    return row.answered_at is not None and (row.seen_at is None or row.answered_at > row.seen_at)


def look(session: Session, row: HelpRequest, now: datetime) -> None:
    """Note that the asker has read what there is."""
    row.seen_at = now
    session.add(row)
    session.flush()


def take_back(session: Session, person_id: UUID, request_id: UUID, now: datetime) -> HelpRequest:
    """Take a request back: what was written and said in it goes at once. One that has ended stays as it is."""
    row = one_of_person(session, person_id, request_id, to_change=True)
    if row.state in OPEN:
        row.words = row.page = ""
        voice_messages.erase_of(session, row.id)
        end(session, row, WITHDRAWN, now)
    return row


def delete_own(session: Session, person_id: UUID, request_id: UUID) -> None:
    """Delete an ended request. Raises Conflict ``help.still_open``."""
    row = one_of_person(session, person_id, request_id, to_change=True)
    if row.state in OPEN:
        raise Conflict("help.still_open")
    voice_messages.erase_of(session, row.id)
    session.delete(row)
    session.flush()


def end(session: Session, row: HelpRequest, state: str, now: datetime) -> None:
    """End a request; how its asker is reached is forgotten."""
    row.state, row.ended_at, row.phone = state, now, ""
    session.add(row)
    session.flush()


def erase_person(session: Session, person_id: UUID) -> None:
    """Erase everything that a person asked (the account is closed)."""
    voice_messages.erase_person(session, person_id)
    session.execute(delete(HelpRequest).where(col(HelpRequest.person_id) == person_id))


def move(session: Session, *, absorbed: UUID, kept: UUID, kept_person: UUID | None) -> None:
    """Put one learner's requests to another's, whose account took theirs over."""
    values: dict[str, UUID] = {"learner_id": kept}
    if kept_person is not None:
        values["person_id"] = kept_person
    session.execute(update(HelpRequest).where(col(HelpRequest.learner_id) == absorbed).values(**values))
