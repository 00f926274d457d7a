"""People for tests of pages: a centre, a member institution, staff in every role, learners, and browsers of theirs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from uuid import UUID, uuid4

from flask import Flask
from sqlmodel import Session

from credit_bank.bank import Bank
from credit_bank.identity.document import DocumentType
from credit_bank.key.did import did_web
from credit_bank.store.tables import Institution
from tests.banks import resident_id
from tests.web.client import ClientRequest
from web.accounts import memberships, people, sessions
from web.accounts.permissions import cookie_name
from web.accounts.roles import Role
from web.accounts.signing_in import Gate
from web.accounts.tables import Person
from web.database import Database
from web.settings import Settings
from web.workflows import account_opening

PIN = "407193"
PASSWORD = "three unrelated words"


@dataclass(frozen=True)
class Holder:
    """A learner: the person, the account, and what opens it."""

    person_id: UUID
    learner_id: UUID
    number: str
    document: str


class Town:
    """Makes institutions, people and signed-in browsers in a test's application."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.settings: Settings = app.extensions["evergreen_settings"]
        self.bank: Bank = app.extensions["evergreen_bank"]
        self.database: Database = app.extensions["evergreen_database"]
        self._serials: Iterator[int] = app.extensions.setdefault("serials_of_test_people", count(1))
        self._hashes: dict[str, str] = {}

    def new_serial(self) -> int:
        """A number that no other person of this application's tests has, whoever made them."""
        return next(self._serials)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction of the test's own."""
        with self.database.writing() as session:
            yield session

    def hashed(self, secret: str) -> str:
        """The hash of a secret, made once per test."""
        if secret not in self._hashes:
            self._hashes[secret] = Gate.of(self.settings).hasher.hash(secret)
        return self._hashes[secret]

    def institution(self, handle: str, *, name: str = "示例学院", tier: str = "member") -> UUID:
        """An admitted institution (its row only)."""
        with self.writing() as session:
            row = Institution(
                handle=handle,
                did=did_web(self.settings.public_origin, handle),
                name=name,
                tier=tier,
                admitted_at=datetime.now(UTC),
            )
            session.add(row)
            session.flush()
            return row.id

    def staff(self, name: str, institution_id: UUID | None = None, *roles: Role) -> UUID:
        """Someone who signs in by name with ``PASSWORD``, with roles at an institution."""
        now = datetime.now(UTC)
        with self.writing() as session:
            person = people.create(
                session, display_name=name, secret_hash=self.hashed(PASSWORD), now=now, sign_in_name=name
            )
            for role in roles:
                assert institution_id is not None
                memberships.grant(
                    session,
                    person_id=person.id,
                    institution_id=institution_id,
                    role=role,
                    granted_by=None,
                    now=now,
                )
            return person.id

    def learner(self, name: str = "示例学员") -> Holder:
        """Someone with a learner's account, who signs in with its number and ``PIN``."""
        number = resident_id(self.new_serial())
        with self.writing() as session:
            learner, person = account_opening.open_account(
                session,
                self.bank,
                name=name,
                document_type=DocumentType.RESIDENT_ID,
                document_number=number,
                secret_hash=self.hashed(PIN),
                agreed=["account", "identity"],
                language="zh-CN",
                now=datetime.now(UTC),
            )
            return Holder(person.id, learner.id, learner.account_number, number)

    def token(self, person_id: UUID, *, shared_device: bool = False) -> str:
        """The cookie of a new session of that person."""
        now = datetime.now(UTC)
        with self.writing() as session:
            person = session.get_one(Person, person_id)
            staff = bool(memberships.active_of(session, person_id, now))
            token, _ = sessions.start(
                session,
                person,
                sessions.lifetime(is_staff=staff, shared_device=shared_device),
                shared_device=shared_device,
                user_agent="Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0",
                now=now,
            )
        return token

    def browser(self, person_id: UUID | None = None, *, language: str = "zh-CN") -> ClientRequest:
        """A browser, signed in as that person."""
        browser = ClientRequest(self.app, language)
        if person_id is not None:
            with self.app.app_context():
                name = cookie_name()
            browser.client.set_cookie(name, self.token(person_id))
        return browser

    def somebody(self) -> str:
        """A name that nobody has yet."""
        return f"person-{uuid4().hex[:8]}"
