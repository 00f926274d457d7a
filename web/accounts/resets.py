"""Links with which a member of staff who forgot the password chooses a new one: shown once, good for a day and once.

An administrator makes one for the institution's own staff. Whoever can do more than work there (at another institution,
or with a learner's account) is the bank's to help: else an administrator could take those other powers over.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, Missing
from web.accounts import attempts, memberships, people, sessions
from web.accounts.attempts import AttemptCounter
from web.accounts.tables import Person, ResetLink

VALID = timedelta(hours=24)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def make(
    session: Session, *, person_id: UUID, institution_id: UUID | None, made_by: UUID, now: datetime
) -> tuple[str, ResetLink]:
    """A link for a member of staff; returns its token, which is kept nowhere. Earlier links stop working.

    ``institution_id`` is where the administrator acts, None for the bank's. Raises Conflict ``reset.oneself``,
    ``reset.not_staff`` or ``reset.more_than_here``.
    """
    if person_id == made_by:
        raise Conflict("reset.oneself")
    person = session.get_one(Person, person_id, with_for_update=True)
    _check(session, person, institution_id, now)
    for row in session.exec(select(ResetLink).where(col(ResetLink.person_id) == person_id)):
        row.expires_at = min(row.expires_at, now)
        session.add(row)
    token = secrets.token_urlsafe(32)
    row = ResetLink(
        person_id=person_id,
        token_digest=_digest(token),
        institution_id=institution_id,
        made_by=made_by,
        made_at=now,
        expires_at=now + VALID,
    )
    session.add(row)
    session.flush()
    return token, row


def find(session: Session, token: str, now: datetime, *, to_use: bool = False) -> tuple[ResetLink, Person]:
    """The open link and whom it is for; ``to_use`` it up, by one browser at a time.

    Raises Missing ``reset.unknown``; Conflict ``reset.used`` (or the password was changed since), ``reset.expired``,
    and as ``make`` does when the person's roles are others by now.
    """
    statement = (
        select(ResetLink, Person)
        .join(Person, col(Person.id) == col(ResetLink.person_id))
        .where(col(ResetLink.token_digest) == _digest(token))
    )
    if to_use:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = session.exec(statement).first()
    if found is None:
        raise Missing("reset.unknown")
    row, person = found
    if row.used_at is not None or person.secret_set_at > row.made_at:
        raise Conflict("reset.used")
    if row.expires_at <= now:
        raise Conflict("reset.expired")
    _check(session, person, row.institution_id, now)
    return row, person


def use(session: Session, counter: AttemptCounter, *, token: str, secret_hash: str, now: datetime) -> ResetLink:
    """Use a link up: the new password counts, and every session of the person ends. Raises as ``find`` does."""
    row, person = find(session, token, now, to_use=True)
    row.used_at = now
    session.add(row)
    replace(session, counter, person, secret_hash, now)
    return row


def replace(session: Session, counter: AttemptCounter, person: Person, secret_hash: str, now: datetime) -> None:
    """Give a person a new secret, already hashed; the sessions end, and the count of wrong tries starts anew."""
    people.set_secret(session, person, secret_hash, now)
    sessions.end_all(session, person.id, now)
    attempts.forget(session, [counter.account(str(person.id))])


def _check(session: Session, person: Person, institution_id: UUID | None, now: datetime) -> None:
    places = {m.institution_id for m in memberships.active_of(session, person.id, now)}
    here = {institution_id} if institution_id is not None else places
    if person.disabled_at is not None or not places & here:
        raise Conflict("reset.not_staff")
    if places != here or (institution_id is not None and person.learner_id is not None):
        raise Conflict("reset.more_than_here")
