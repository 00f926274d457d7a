"""Signed-in browsers: sessions kept on the server, so that any of them can be ended from anywhere.

The cookie holds 256 random bits; the database keeps only their SHA-256, so a copy of the database signs nobody in.
Every sign-in makes a new token and never takes over one that the browser brought (session fixation).

``last_seen_at`` is written at most once a minute, after the request, in a tiny transaction of its own that gives up at
once when the database is busy: a page must not wait, nor fail, for the sake of an idle clock.
"""

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from credit_bank.errors import Unavailable
from web.accounts.tables import Person, WebSession
from web.database import LOCK_WAIT

TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long a session may rest, and how long it may last in all."""

    idle: timedelta
    absolute: timedelta


# At home nobody is hurried: a day and more without a page (WCAG 2.2, 2.2.1 and 2.2.6, ask for more than 20 hours). The
# short limits are for safety; they are told beforehand, and each can be put off more than ten times (session.js).
AT_HOME = Lifetime(idle=timedelta(hours=24), absolute=timedelta(days=7))
UNHURRIED = Lifetime(idle=timedelta(days=30), absolute=timedelta(days=30))
STAFF = Lifetime(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
SHARED_DEVICE = Lifetime(idle=timedelta(minutes=20), absolute=timedelta(hours=4))


WARNED_BELOW = timedelta(hours=20)
"""Whoever is signed in for less than that at rest is warned before it ends."""


def lifetime(*, is_staff: bool, shared_device: bool, unhurried: bool = False) -> Lifetime:
    """The lifetime that fits the person and the device; ``unhurried`` is whoever wishes for no time limits."""
    if shared_device:
        return SHARED_DEVICE
    if is_staff:
        return STAFF
    return UNHURRIED if unhurried else AT_HOME


def set_lifetime(session: Session, row: WebSession, life: Lifetime, now: datetime) -> None:
    """Let a session that runs go on as if it had begun with that lifetime, but not end before its next rest would."""
    row.idle_seconds = int(life.idle.total_seconds())
    row.expires_at = max(row.created_at + life.absolute, now + life.idle)
    session.add(row)
    session.flush()


def digest(token: str) -> bytes:
    """The SHA-256 of a cookie's token. The token is 256 random bits, so it needs neither salt nor key."""
    return hashlib.sha256(token.encode()).digest()


def device_label(user_agent: str) -> str:
    """A coarse code for the kind of device, such as ``phone/wechat``: enough to recognise one's own, and no more."""
    agent = user_agent.lower()
    if "ipad" in agent or ("android" in agent and "mobile" not in agent):
        kind = "tablet"
    elif "mobile" in agent or "iphone" in agent or "harmony" in agent:
        kind = "phone"
    else:
        kind = "computer"
    browsers = (
        ("micromessenger", "wechat"),
        ("edg", "edge"),
        ("firefox", "firefox"),
        ("chrome", "chrome"),
        ("safari", "safari"),
    )
    return f"{kind}/{next((name for mark, name in browsers if mark in agent), 'other')}"


def start(
    session: Session, person: Person, life: Lifetime, *, shared_device: bool, user_agent: str, now: datetime
) -> tuple[str, WebSession]:
    """Begin a session; returns the cookie's token, which is kept nowhere, and the row."""
    token = secrets.token_urlsafe(32)
    row = WebSession(
        token_digest=digest(token),
        person_id=person.id,
        created_at=now,
        last_seen_at=now,
        expires_at=now + life.absolute,
        idle_seconds=int(life.idle.total_seconds()),
        shared_device=shared_device,
        device_label=device_label(user_agent),
    )
    session.add(row)
    session.flush()
    return token, row


def is_live(row: WebSession, now: datetime) -> bool:
    """Whether a session is neither ended, nor expired, nor idle for too long."""
    idle_until = row.last_seen_at + timedelta(seconds=row.idle_seconds)
    return row.ended_at is None and now < row.expires_at and now < idle_until


def find(session: Session, token: str, now: datetime) -> tuple[WebSession, Person] | None:
    """The live session of a cookie and its person, or None."""
    statement = (
        select(WebSession, Person)
        .join(Person, col(Person.id) == col(WebSession.person_id))
        .where(col(WebSession.token_digest) == digest(token), col(Person.disabled_at).is_(None))
    )
    found = session.exec(statement).first()
    if found is None or not is_live(found[0], now):
        return None
    return found[0], found[1]


def live_of(session: Session, person_id: UUID, now: datetime) -> Sequence[WebSession]:
    """The person's live sessions, the one used last first."""
    statement = (
        select(WebSession)
        .where(col(WebSession.person_id) == person_id, col(WebSession.ended_at).is_(None))
        .order_by(col(WebSession.last_seen_at).desc())
    )
    return [row for row in session.exec(statement) if is_live(row, now)]


def end(session: Session, person_id: UUID, session_id: UUID, now: datetime) -> bool:
    """End one session of that person; False when there is none such."""
    statement = (
        update(WebSession)
        .where(
            col(WebSession.id) == session_id, col(WebSession.person_id) == person_id, col(WebSession.ended_at).is_(None)
        )
        .values(ended_at=now)
    )
    return bool(session.connection().execute(statement).rowcount)


def end_all(session: Session, person_id: UUID, now: datetime, *, but: UUID | None = None) -> int:
    """End every session of that person, except ``but``; returns how many."""
    statement = update(WebSession).where(col(WebSession.person_id) == person_id, col(WebSession.ended_at).is_(None))
    if but is not None:
        statement = statement.where(col(WebSession.id) != but)
    return session.connection().execute(statement.values(ended_at=now)).rowcount


def needs_touch(row: WebSession, now: datetime) -> bool:
    """Whether the idle clock is more than a minute behind."""
    return now - row.last_seen_at >= TOUCH_EVERY


def touch(engine: Engine, session_id: UUID, now: datetime) -> None:
    """Set the idle clock in a transaction of its own, or leave it when the database is busy."""
    statement = (
        update(WebSession)
        .where(col(WebSession.id) == session_id, col(WebSession.last_seen_at) <= now - TOUCH_EVERY)
        .values(last_seen_at=now)
    )
    with suppress(Unavailable), engine.connect().execution_options(writes=True) as connection:
        driver = connection.connection.driver_connection
        sqlite = engine.dialect.name == "sqlite"
        if sqlite and driver is not None:
            driver.execute("PRAGMA busy_timeout=50")
        try:
            connection.execute(statement)
            connection.commit()
        finally:
            if sqlite and driver is not None:
                driver.execute(f"PRAGMA busy_timeout={LOCK_WAIT}")
