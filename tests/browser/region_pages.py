"""Banks of other cities and a learner who moves, looked at in a real browser; the other bank has a file of its own."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from credit_bank import founding, handing_over, issuing, publishing, regions, taking_in
from credit_bank.bank import Bank
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.rules.ruleset import LevelMap
from credit_bank.store import regions as rows
from tests.browser.desk_pages import as_, world
from tests.browser.looked import Files, Looked, Sent
from tests.browser.site import Site
from tests.credit_bank import cities
from tests.web.people import Holder, Town
from web.accounts import consents
from web.accounts.permissions import cookie_name
from web.database import Database, make_engine
from web.migrating import upgrade


@dataclass(frozen=True)
class Neighbour:
    """Another bank that this site recognises, and a learner who came from there with two credentials."""

    region: UUID
    mover: Holder
    outcome: UUID
    second_file: bytes


@contextmanager
def _database() -> Iterator[Database]:
    folder = Path(tempfile.mkdtemp())
    try:
        database = Database(f"sqlite:///{folder}/other.sqlite")
        upgrade(make_engine(f"sqlite:///{folder}/other.sqlite"))
        yield database
        database.dispose()
    finally:
        shutil.rmtree(folder)


@cache
def neighbour(site: Site) -> Neighbour:
    """Made once for each site."""
    world(site)
    town = Town(site.app)
    mover = town.learner("示例甲")
    names = {"name": "示例海城学分银行", "name_en": "Sample Harbour Credit Bank"}
    harbour = replace(town.bank, origin="http://localhost:8099", **names)
    with _database() as other, other.writing() as session:
        founding.found(session, harbour)
        college = cities.found(session, harbour, "harbour-college", 77)
        leaving = cities.learner(session, harbour, serial=77)
        titles = ("水产养殖基础", "潮汐与航行", "海图识读")
        table = [cities.row(n, leaving.account_number, course_title=t) for n, t in enumerate(titles, start=2)]
        recorded = cities.record(session, harbour, college.id, *table)
        made = issuing.issue(session, harbour, college.id, recorded.outcome_ids)
        publishing.publish_all(session, harbour)
        with town.writing() as here:
            regions.recognise(session, harbour, regions.own_file(here, town.bank), _key(here, town.bank))
            taken = regions.recognise(here, town.bank, regions.own_file(session, harbour), _key(session, harbour))
            chosen = [one.credential_id for one in made]
            region = rows.every(session)[0].id
            first, second = (
                handing_over.hand_over(session, harbour, leaving.id, region, mover.number, part)
                for part in (chosen[:2], chosen[1:])
            )
            outcomes = taking_in.take_in(here, town.bank, mover.learner_id, first)
            pairs = {"1": "1", "2": "3", "3": "4", "4": "5"}
            for version in ("2025-1", "2026-1"):
                mapping = LevelMap("sample-marine", EVERGREEN.id, version, pairs)
                regions.publish_level_map(here, town.bank, mapping)
    with site.writing() as here:
        consents.give(
            here,
            person_id=mover.person_id,
            learner_id=mover.learner_id,
            purpose="counter_help",
            language="zh-CN",
            now=town.bank.now(),
        )
    officer = town.browser(world(site).people["officer"])
    officer.submit(officer.get("/centre/browser-counter/find"), {"number": mover.number})
    return Neighbour(taken.region_id, mover, outcomes[0], second)


def mover(site: Site) -> dict[str, str]:
    """The cookies of who came from the other city."""
    with site.app.app_context():
        return {cookie_name(): Town(site.app).token(neighbour(site).mover.person_id)}


def there(address: str) -> Callable[[Site], str]:
    """A page with the other bank recognised; ``{region}``, ``{outcome}`` and ``{mover}`` are ids."""

    def path(site: Site) -> str:
        found = neighbour(site)
        return address.format(region=found.region, outcome=found.outcome, mover=found.mover.learner_id)

    return path


def _key(session: Session, bank: Bank) -> str:
    return founding.bank_key(session, bank).multikey


def _second(site: Site) -> Files:
    return {"file": ("learning-record.json", neighbour(site).second_file)}


_COUNTER = there("/centre/browser-counter/learners/{mover}/record")
REGIONS = [
    Looked("banks of other cities", there("/admin/regions"), as_("bank")),
    Looked("bank of another city", there("/admin/regions/{region}"), as_("bank")),
    Looked("end a recognition", there("/admin/regions/{region}/end"), as_("bank")),
    Looked("level maps", there("/admin/level-maps"), as_("bank")),
    Looked("moving", there("/portfolio/move"), mover),
    Looked("moving out", there("/portfolio/move/out"), mover),
    Looked("moving in", there("/portfolio/move/in"), mover),
    Looked("what was brought in", there("/portfolio/move/in"), mover, sent=(Sent(files=_second),)),
    Looked("record at the counter", _COUNTER, as_("officer")),
    Looked("record taken in at the counter", _COUNTER, as_("officer"), sent=(Sent({"asked": "y"}, files=_second),)),
    Looked("credential from another city", there("/portfolio/moved/{outcome}"), mover),
]
