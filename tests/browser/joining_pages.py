"""Signing in with the card, the day's plan, and taking part in an activity, looked at in a real browser."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Literal
from uuid import UUID

from sqlmodel import select

from credit_bank.recognition.framework import Category
from credit_bank.store.tables import Course, Institution
from tests.browser.desk_pages import as_, made
from tests.browser.learning_pages import experienced, learning_there
from tests.browser.looked import Looked
from tests.browser.portfolio_pages import portfolio_of
from tests.browser.site import Site
from web.accounts.pin_entry import Entry, EntrySealer
from web.messages import CITY
from web.operations import joining
from web.settings import Settings
from web.views.card import COOKIE


@cache
def _joined(site: Site) -> UUID:
    """An activity of the desk's institution that an experienced learner takes part in today."""
    made("")(site)
    holder, now = experienced(site)[1], datetime.now(UTC)
    with site.writing() as session:
        place = session.exec(select(Institution).where(Institution.handle == "browser-desk")).one()
        course = Course(
            institution_id=place.id,
            code="PAPERCUT",
            title="剪纸小组",
            category=Category.OTHER.value,
            framework="evergreen-1",
            created_at=now,
        )
        session.add(course)
        session.flush()
        joining.join(session, holder.learner_id, place, course, now)
        joining.meet(
            session, course, day=now.astimezone(CITY).date(), words="上午 9 点，二楼", by=holder.person_id, now=now
        )
        return course.id


def _there(path: str) -> Callable[[Site], str]:
    def find(site: Site) -> str:
        return path.format(course=_joined(site))

    return find


def _entering(way: Literal["pad", "dots"]) -> Callable[[Site], dict[str, str]]:
    """The cookie of somebody who has given the card's number, and begun with the PIN."""

    def cookies(site: Site) -> dict[str, str]:
        entry = Entry(portfolio_of(site).holder.number, way, digits="40")
        settings: Settings = site.app.extensions["evergreen_settings"]
        sealer = EntrySealer.of(settings.session_key.get_secret_value())
        return {COOKIE: sealer.seal(entry, datetime.now(UTC))}

    return cookies


JOINING = [
    Looked("sign in with the card", "/sign-in/card"),
    Looked("PIN by digits", "/sign-in/card/pin", _entering("pad")),
    Looked("PIN by taps", "/sign-in/card/pin", _entering("dots")),
    Looked("today", _there("/today"), learning_there),
    Looked("my activities", _there("/activities"), learning_there),
    Looked("take part", _there("/institutions/browser-desk/courses/{course}/join"), learning_there),
    Looked("who takes part", _there("/desk/browser-desk/activities"), as_("registrar")),
    Looked("when an activity meets", _there("/desk/browser-desk/activities/{course}"), as_("registrar")),
]
