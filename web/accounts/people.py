"""People: found by what they type to sign in, created, given a new secret."""

import re
import unicodedata
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, CreditBankError, InvalidInput
from credit_bank.identity import account_number
from credit_bank.store import learners
from credit_bank.store.tables import Learner
from web.accounts.tables import Person


def fold(name: str) -> str:
    """A sign-in name in its one written form."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def written(typed: str) -> str:
    """What was typed to sign in, in its one written form, whether anybody has such a name or number or not.

    (Else the same number with other spaces would count as another name only where there is no such account.)
    """
    try:
        return account_number.parse(typed)
    except CreditBankError:
        return fold(typed)


def check_sign_in_name(name: str) -> str:
    """The folded name, fit to be chosen: 3 to 64 letters, digits and ``. _ - @ +``, with a letter among them.

    (So that it cannot be taken for an account number.) Raises InvalidInput ``person.sign_in_name_malformed``.
    """
    folded = fold(name)
    if not re.fullmatch(r"[\w.@+-]{3,64}", folded) or not any(c.isalpha() for c in folded):
        raise InvalidInput("person.sign_in_name_malformed")
    return folded


def find(session: Session, typed: str) -> Person | None:
    """Whoever signs in with what was typed: an account number (a merged one too) or a sign-in name."""
    try:
        number = account_number.parse(typed)
    except CreditBankError:
        return session.exec(select(Person).where(col(Person.sign_in_name) == fold(typed))).first()
    learner = learners.by_account_number(session, number)
    return of_learner(session, learner.id) if learner else None


def of_learner(session: Session, learner_id: UUID) -> Person | None:
    """The person whose account that is; None for one that nobody has signed in to yet."""
    return session.exec(select(Person).where(col(Person.learner_id) == learner_id)).first()


def learner_of(session: Session, person: Person) -> Learner | None:
    """The learner's account of a person, if there is one."""
    return learners.get(session, person.learner_id) if person.learner_id else None


def create(
    session: Session,
    *,
    display_name: str,
    secret_hash: str,
    now: datetime,
    sign_in_name: str | None = None,
    learner_id: UUID | None = None,
    language: str = "zh-CN",
    must_change_secret: bool = False,
    turns_18_on: date | None = None,
) -> Person:
    """A new person, who signs in by name, by account number, or by either.

    Raises Conflict ``person.sign_in_name_taken``; InvalidInput for a malformed name; ValueError without any way in.
    """
    if sign_in_name is None and learner_id is None:
        raise ValueError("a person needs a sign-in name or a learner's account")
    person = Person(
        display_name=display_name,
        secret_hash=secret_hash,
        secret_set_at=now,
        created_at=now,
        sign_in_name=check_sign_in_name(sign_in_name) if sign_in_name is not None else None,
        learner_id=learner_id,
        language=language,
        must_change_secret=must_change_secret,
        turns_18_on=turns_18_on,
    )
    try:
        with session.begin_nested():
            session.add(person)
    except IntegrityError as error:
        raise Conflict("person.sign_in_name_taken" if sign_in_name is not None else "person.learner_taken") from error
    return person


def require_new_secret(session: Session, person: Person) -> None:
    """Let a person choose a new secret before anything else."""
    person.must_change_secret = True
    session.add(person)
    session.flush()


def set_secret(session: Session, person: Person, secret_hash: str, now: datetime) -> None:
    """Give a person a new secret, already hashed."""
    person.secret_hash, person.secret_set_at, person.must_change_secret = secret_hash, now, False
    session.add(person)
    session.flush()


def known_words(session: Session, person: Person) -> tuple[str, ...]:
    """What others know of a person, which a secret should not repeat."""
    learner = learner_of(session, person)
    found = (person.sign_in_name, person.display_name, learner.account_number if learner else None)
    return tuple(word for word in found if word)


def disable(session: Session, person_id: UUID, now: datetime) -> None:
    """Let a person sign in no more; the caller ends the sessions."""
    person = session.get_one(Person, person_id)
    person.disabled_at = now
    session.add(person)
    session.flush()


def enable(session: Session, person: Person) -> None:
    """Let a person sign in again."""
    person.disabled_at = None
    session.add(person)
    session.flush()
