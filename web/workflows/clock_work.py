"""What the clock does: public notices end, credits expire, other cities' credentials are looked at again, things go.

Each case has a transaction of its own; one that fails is logged and keeps no other up. All of it may be done twice, or
in two places at once: what is done already is found so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypeVar
from uuid import UUID

import structlog
from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from accessibility import adjusting
from credit_bank import deciding, settling
from credit_bank.bank import Bank
from credit_bank.store import account, cases, regions
from web.database import Database
from web.operations import help_requests, neighbour_endings, rule_drafts, voice_messages
from web.operations.tables import ClockWork
from web.workflows import region_checking

logger = structlog.get_logger()
T = TypeVar("T")
LEASE = timedelta(minutes=30)
"""How long others leave a piece of work alone that somebody has begun; after a failure it is tried again then."""
LEARNERS = 200
"""Learners whose credits expire in one transaction."""


@dataclass(frozen=True, slots=True)
class Place:
    """The bank that the work is done for; ``private``: whether other cities may stand at private addresses."""

    db: Database
    bank: Bank
    private: bool


class Tally(NamedTuple):
    """How much was done, and how much failed and is logged."""

    done: int
    failed: int


def end_notices(place: Place) -> Tally:
    """Post what was on public notice until yesterday or earlier; how many cases moved on."""
    with place.db.reading() as session:
        due = cases.notice_over(session, place.bank.today())
    moved = failed = 0
    for case_id in due:
        try:
            with place.db.writing() as session:
                moved += deciding.end_notice(session, place.bank, case_id) is not None
        except Exception:
            failed += 1
            logger.exception("a public notice could not be ended", case=str(case_id))
    return Tally(moved, failed)


def expire_credits(place: Place, on: date | None = None) -> Tally:
    """Set unused credits aside whose last day is before ``on``, today unless given; how many journals were posted."""
    day, journals, failed = on or place.bank.today(), 0, 0
    after: UUID | None = None
    at_once = LEARNERS
    while True:
        try:
            with place.db.writing() as session:
                done = settling.expire(session, place.bank, day, after=after, limit=at_once)
        except Exception:
            if at_once > 1:  # one of them fails: from here on one by one, so that the others go on
                at_once = 1
                continue
            with place.db.reading() as session:
                stuck = account.due(session, day, after=after, limit=1)
            if not stuck:
                return Tally(journals, failed)
            failed += 1
            after = stuck[-1][0]
            logger.exception("credits could not be set aside", learner=str(after))
            continue
        journals, after = journals + done.journals, done.last
        if after is None:
            return Tally(journals, failed)


def recheck_regions(place: Place) -> Tally:
    """Look at what was brought from each recognised city; how many credentials stand otherwise now."""
    with place.db.reading() as session:
        ours = [region.id for region in regions.every(session) if region.ended_at is None]
    changed = failed = 0

    def write(run: Callable[[Session], T]) -> T:
        with place.db.writing() as session:
            return run(session)

    for region_id in ours:
        try:
            found = region_checking.check(place.db, place.bank, region_id, private=place.private, write=write)
        except Exception:
            failed += 1
            logger.exception("a city's credentials could not be looked at", region=str(region_id))
        else:
            changed += len(found.changed)
            logger.info("looked at a city's credentials", region=str(region_id), looked_at=found.looked_at,
                        changed=len(found.changed), unknown=found.unknown)  # fmt: skip
    return Tally(changed, failed)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much went: what the assistant noticed, requests for help, recordings, drafts of rules."""

    noticed: int
    asked: int
    messages: int
    drafts: int


def forget(place: Place) -> Forgotten:
    """Forget what is past the time for which people were told that it is kept."""
    now = place.bank.clock()
    with place.db.writing() as session:
        noticed = adjusting.tidy(session, place.bank.today())
        messages = voice_messages.forget_old(session, now)
        asked = help_requests.forget_old(session, now) + neighbour_endings.forget_old(session, now)
        drafts = rule_drafts.forget_old(session, now)
    return Forgotten(noticed, asked, messages, drafts)


WORK: dict[str, tuple[timedelta, Callable[[Place], object]]] = {
    "notices": (timedelta(hours=1), end_notices),
    "credits": (timedelta(hours=1), expire_credits),
    "regions": (timedelta(hours=12), recheck_regions),
    "forget": (timedelta(hours=24), forget),
}
"""Every piece of work by its name, with how often it is done."""


def do_due(place: Place) -> list[str]:
    """Do what is due; the names of what was done."""
    done = []
    for name, (every, work) in WORK.items():
        try:
            if not _take(place, name):
                continue
            result = work(place)
            _note_done(place, name, every)
        except Exception:
            logger.exception("work of the clock failed", work=name)
        else:
            logger.info("work of the clock", work=name, result=str(result))
            done.append(name)
    return done


def _take(place: Place, name: str) -> bool:
    """Whether a piece of work is due and nobody else has begun it; it is then this caller's for a while."""
    now = place.bank.clock()
    if not _is_due(place, name, now):
        return False
    with place.db.writing() as session:
        _begin(session, name, now)
        mine = update(ClockWork).where(col(ClockWork.name) == name, col(ClockWork.next_at) <= now)
        taken: int = session.connection().execute(mine.values(next_at=now + LEASE)).rowcount
    return taken == 1


def _is_due(place: Place, name: str, now: datetime) -> bool:
    with place.db.reading() as session:
        waits = session.exec(select(ClockWork.next_at).where(ClockWork.name == name)).first()
    return waits is None or waits <= now


def _begin(session: Session, name: str, now: datetime) -> None:
    made = postgresql.insert if session.connection().dialect.name == "postgresql" else sqlite.insert
    row = made(ClockWork).values(name=name, next_at=now)
    session.connection().execute(row.on_conflict_do_nothing())


def _note_done(place: Place, name: str, every: timedelta) -> None:
    now = place.bank.clock()
    with place.db.writing() as session:
        done = update(ClockWork).where(col(ClockWork.name) == name)
        session.connection().execute(done.values(next_at=now + every, done_at=now))
