"""Back-off on guessing: after some tries that fail, each further one has to wait, twice as long every time.

Counted apart for the account (five tries) and for the address (twenty: at a centre many people share one). The wait
grows 1, 2, 4 … minutes to an hour at most; nobody is locked out for good. Names that no account has are counted like
the others, so that waiting tells nothing either. Accounts and addresses are kept as keyed digests and forgotten after a
day.

A try is counted *before* the secret is looked at and taken back when it was right: so many guesses sent at once are not
more than as many sent in turn.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from credit_bank.errors import CreditBankError
from web.accounts.tables import SignInAttempt

FREE_TRIES = {"account": 5, "code": 5, "address": 20}
# An address that stayed quiet for so long starts anew; an account does only by signing in, or after FORGET_AFTER.
ADDRESS_QUIET = timedelta(hours=1)
FORGET_AFTER = timedelta(days=1)
LONGEST_WAIT = timedelta(hours=1)


class TooManyTries(CreditBankError):
    """Too many tries failed; ``until`` says when the next is allowed. Nothing was tried."""

    kind = "unavailable"

    def __init__(self, until: datetime, now: datetime) -> None:
        self.until = until
        self.minutes = max(1, -int((now - until).total_seconds() // 60))
        super().__init__("signing_in.too_many_tries", minutes=self.minutes)


@dataclass(frozen=True)
class AttemptCounter:
    """Counts tries under a key of its own, derived from the pepper."""

    key: bytes = field(repr=False)

    @classmethod
    def from_pepper(cls, pepper: bytes) -> "AttemptCounter":
        """A counter whose digests tell nothing to whoever lacks the pepper."""
        return cls(hmac.new(pepper, b"evergreen sign-in attempts", hashlib.sha256).digest())

    def account(self, name: str) -> tuple[str, bytes]:
        """What stands for an account: its name as typed, in its one written form."""
        return "account", self._digest("account", name)

    def address(self, address: str | None) -> tuple[str, bytes]:
        """What stands for a network address; of IPv6 the first 64 bits, which one household or centre has."""
        try:
            parsed = ipaddress.ip_address(address or "")
        except ValueError:
            return "address", self._digest("address", "unknown")
        if isinstance(parsed, ipaddress.IPv6Address):
            parsed = parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False).network_address
        return "address", self._digest("address", str(parsed))

    def code(self, name: str) -> tuple[str, bytes]:
        """What stands for tries at an account's one-time code, which are counted apart from those at its PIN."""
        return "code", self._digest("code", name)

    def code_digest(self, person_id: UUID, code: str) -> bytes:
        """The keyed digest under which a one-time code is kept; it fits one person only."""
        return self._digest("one-time code", f"{person_id}\x1f{code}")

    def _digest(self, kind: str, value: str) -> bytes:
        return hmac.new(self.key, f"{kind}\x1f{value}".encode(), hashlib.sha256).digest()


def wait_after(kind: str, failures: int) -> timedelta:
    """How long the next try has to wait after so many failures in a row."""
    beyond = failures - FREE_TRIES[kind]
    if beyond < 0:
        return timedelta(0)
    return min(timedelta(minutes=2 ** min(beyond, 10)), LONGEST_WAIT)


def reserve(session: Session, subjects: list[tuple[str, bytes]], now: datetime) -> None:
    """Count a try for each subject, as failed until ``succeeded`` says otherwise. Raises TooManyTries, counting none.

    The caller commits before the secret is looked at.
    """
    session.connection().execute(delete(SignInAttempt).where(col(SignInAttempt.last_at) < now - FORGET_AFTER))
    rows = [_locked(session, kind, digest, now) for kind, digest in sorted(subjects)]
    blocked = [row.blocked_until for row in rows if row.blocked_until is not None and row.blocked_until > now]
    if blocked:
        raise TooManyTries(max(blocked), now)
    for row in rows:
        if row.kind == "address" and now - row.last_at > ADDRESS_QUIET:
            row.failures = 0
        row.failures += 1
        row.last_at = now
        wait = wait_after(row.kind, row.failures)
        row.blocked_until = now + wait if wait else None
        session.add(row)
    session.flush()


def succeeded(session: Session, subjects: list[tuple[str, bytes]], now: datetime) -> None:
    """The reserved try was right: the account starts anew; of the address only this try is taken back.

    (Else someone with an account could sign in between guesses at others' and never have to wait.)
    """
    for kind, digest in sorted(subjects):
        row = _locked(session, kind, digest, now)
        row.failures = max(0, row.failures - 1) if kind == "address" else 0
        if not wait_after(kind, row.failures):
            row.blocked_until = None
        session.add(row)
    session.flush()


def forget(session: Session, subjects: list[tuple[str, bytes]]) -> None:
    """Start the count of these subjects anew."""
    for kind, digest in subjects:
        statement = delete(SignInAttempt).where(col(SignInAttempt.kind) == kind, col(SignInAttempt.digest) == digest)
        session.connection().execute(statement)


def _locked(session: Session, kind: str, digest: bytes, now: datetime) -> SignInAttempt:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(SignInAttempt).values(kind=kind, digest=digest, failures=0, last_at=now)
    session.connection().execute(insert.on_conflict_do_nothing())
    statement = select(SignInAttempt).where(col(SignInAttempt.kind) == kind, col(SignInAttempt.digest) == digest)
    return session.exec(statement.with_for_update().execution_options(populate_existing=True)).one()
