"""Checking a PIN or password: count the try, look, take the count back when it was right.

The three steps are three transactions on purpose. The count is committed before the secret is looked at, so that many
guesses at once count as many; and hashing, which is slow by design, never happens while the database is locked.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import current_app, request
from sqlmodel import Session

from web.accounts import attempts, people
from web.accounts.attempts import AttemptCounter
from web.accounts.permissions import now
from web.accounts.secrets import SecretHasher
from web.accounts.tables import Person
from web.database import Database, database, tx
from web.settings import Settings

Subject = tuple[str, bytes]


@dataclass(frozen=True)
class Gate:
    """Where secrets are checked: the hasher and the counter of tries, both keyed by the pepper."""

    hasher: SecretHasher
    counter: AttemptCounter

    @classmethod
    def of(cls, settings: Settings) -> "Gate":
        """The gate of these settings."""
        pepper = settings.pepper.get_secret_value()
        return cls(SecretHasher({1: pepper}), AttemptCounter.from_pepper(pepper))

    def subjects(self, person: Person | None, typed: str, address: str | None) -> list[Subject]:
        """What a try counts against: the account, or the name if there is no such account, and the address."""
        name = str(person.id) if person else people.written(typed)
        return [self.counter.account(name), self.counter.address(address)]

    def check(self, db: Database, *, typed: str, secret: str, address: str | None, now: datetime) -> UUID | None:
        """The id of the person whose name and secret these are, or None.

        An unknown name costs the same time and counts the same. Raises TooManyTries; Unavailable
        ``signing_in.busy``.
        """
        with db.writing() as session:
            person = people.find(session, typed)
            subjects = self.subjects(person, typed, address)
            attempts.reserve(session, subjects, now)
        usable = person is not None and person.disabled_at is None
        stored = person.secret_hash if person is not None and usable else None
        if not self.hasher.verify(stored, secret) or person is None or stored is None:
            return None
        renewed = self.hasher.hash(secret) if self.hasher.needs_rehash(stored) else None
        with db.writing() as session:
            attempts.succeeded(session, subjects, now)
            if renewed is not None:
                self._renew(session, person.id, stored, renewed)
        return person.id

    @staticmethod
    def _renew(session: Session, person_id: UUID, old: str, new: str) -> None:
        person = session.get(Person, person_id, with_for_update=True)
        if person is not None and person.secret_hash == old:
            person.secret_hash = new
            session.add(person)


def gate() -> Gate:
    """The application's gate, one for all its threads (it caps how many hashes run at once)."""
    found: Gate | None = current_app.extensions.get("evergreen_gate")
    if found is None:
        found = current_app.extensions["evergreen_gate"] = Gate.of(current_app.extensions["evergreen_settings"])
    return found


def try_secret(typed: str, secret: str) -> Person | None:
    """Whoever's name or number and secret these are, in this request; for every page that takes a secret, however said.

    The tries count for the account and for the address from which the request came. Raises TooManyTries; Unavailable
    ``signing_in.busy``.
    """
    person_id = gate().check(database(), typed=typed, secret=secret, address=request.remote_addr, now=now())
    return tx().get(Person, person_id) if person_id else None
