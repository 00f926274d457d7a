"""What helps people to use the bank, looked at in a real browser: display settings, help, reading aloud, speaking."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from uuid import UUID, uuid4

from sqlmodel import col, select

from credit_bank.store.tables import Learner
from tests.browser.desk_pages import as_, made, world
from tests.browser.library_pages import learner, reading
from tests.browser.looked import Looked
from tests.browser.site import Site
from web.accounts.tables import Person
from web.operations import help_requests
from web.operations.help_requests import Asker


def _asked(site: Site, kind: str, matter: str, by: Asker, key: UUID) -> UUID:
    with site.writing() as session:
        return help_requests.ask(
            session,
            key=key,
            kind=kind,
            matter=matter,
            by=by,
            language="zh-CN",
            now=datetime.now(UTC),
            page="library.index",
            words="找不到上次学的那一课。",
            phone="010-0000000",
        ).id


@cache
def _requests(site: Site) -> dict[str, UUID]:
    """A request to the bank, one to the centre that opened the account, and what a stranger said of access."""
    _town, holder = learner(site)
    opened = UUID(world(site).paths["learner"].rpartition("/")[2])
    with site.writing() as session:
        person = session.exec(select(Person.id).where(col(Person.learner_id) == opened)).one()
        assert session.get(Learner, opened) is not None
    key = uuid4()
    own = Asker(holder.person_id, holder.learner_id)
    made = {"bank": _asked(site, help_requests.HELP, "how", own, uuid4())}
    made["centre"] = _asked(site, help_requests.HELP, "how", Asker(person, opened), uuid4())
    made["feedback"] = _asked(site, help_requests.ACCESSIBILITY, "perceive", Asker(), key)
    return made | {"key": key}


def request(name: str, path: str) -> Callable[[Site], str]:
    """A path in which ``{}`` stands for one of these requests."""
    return lambda site: path.format(_requests(site)[name])


ASSISTING = [
    *(
        Looked(f"display settings: {group}", f"/settings/display/{group}")
        for group in ("seeing", "listening", "operating", "calm")
    ),
    *(
        Looked(f"first question: {step}", f"/settings/display/first/{step}")
        for step in ("see", "hear", "press", "pace")
    ),
    Looked("display settings begun", "/settings/display/begun"),
    Looked("display settings taken along", "/settings/display/carry", reading),
    Looked("ask a person", "/help/ask", reading),
    Looked("where a person can be reached", "/help/ask"),
    Looked("requests for help", request("bank", "/help/requests"), reading),
    Looked("request for help", request("bank", "/help/requests/{}"), reading),
    Looked("take a request back", request("bank", "/help/requests/{}/take-back"), reading),
    Looked("who asked for help at the bank", request("bank", "/admin/help"), as_("bank")),
    Looked("help given at the bank", request("bank", "/admin/help/{}"), as_("bank")),
    Looked("who asked for help at a centre", request("centre", "/centre/browser-counter/help"), as_("officer")),
    Looked("help given at a centre", request("centre", "/centre/browser-counter/help/{}"), as_("officer")),
    Looked("where an institution is reached", made("/institution/browser-bank/contact"), as_("bank")),
    Looked("what to say of access", "/accessibility/feedback"),
    Looked("said of access", request("key", "/accessibility/feedback/{}")),
    Looked("assistant", "/assistant", reading),
    Looked("assistant forgets", "/assistant/forget", reading),
    Looked("glossary", "/glossary"),
    Looked("word of the glossary", "/glossary/credit"),
    Looked("how words are said", made("/admin/lexicon"), as_("bank")),
    Looked("page read aloud", "/read-aloud?of=/help"),
    Looked("speak", "/voice/say"),
    Looked("own commands", "/voice/commands", reading),
    Looked("delete own commands", "/voice/commands/delete", reading),
]
