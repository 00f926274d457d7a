"""What helps people to use the bank, looked at in a real browser: display settings, help, reading aloud, speaking."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from uuid import UUID, uuid4

import numpy as np
import soundfile
from sqlmodel import col, select

from accessibility.voice.audio import RATE
from accessibility.voice.message import message
from credit_bank.store.tables import Learner
from tests.browser.desk_pages import as_, made, world
from tests.browser.library_pages import learner, reading
from tests.browser.looked import Looked, Sent
from tests.browser.site import Site
from web.accounts.permissions import cookie_name
from web.accounts.tables import Person
from web.banking import make_bank
from web.operations import help_desk, help_requests, voice_messages
from web.operations.help_desk import Desk
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


def _spoken(site: Site, person_id: UUID, key: UUID) -> None:
    """What that person says for the request that will have this key."""
    kek = make_bank(site.app.extensions["evergreen_settings"]).kek
    with site.writing() as session:
        voice_messages.draft(session, kek, key, person_id, message(RECORDING), now=datetime.now(UTC))


def _somebody_else(site: Site) -> dict[str, str]:
    """The cookies of a new learner: what is spoken on the page is sent when its form is, and three may be open."""
    town, _holder = learner(site)
    with site.app.app_context():
        return {cookie_name(): town.token(town.learner("示例留言人").person_id)}


def _recording() -> bytes:
    file = io.BytesIO()
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(2 * RATE) / RATE)
    soundfile.write(file, tone, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


RECORDING = _recording()


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
    spoken, taken = uuid4(), uuid4()
    _spoken(site, holder.person_id, spoken)
    made = {"bank": _asked(site, help_requests.HELP, "how", own, spoken)}
    _spoken(site, holder.person_id, taken)
    made["taken"] = _asked(site, help_requests.HELP, "talk", own, taken)
    made["centre"] = _asked(site, help_requests.HELP, "how", Asker(person, opened), uuid4())
    made["feedback"] = _asked(site, help_requests.ACCESSIBILITY, "perceive", Asker(), key)
    with site.writing() as session:
        help_desk.take(session, Desk(None, world(site).people["bank"]), made["taken"], datetime.now(UTC))
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
    Looked(
        "ask a person by voice: heard before it is sent",
        "/help/ask",
        _somebody_else,
        200,
        (Sent({"act": "hear", "words": "还有一句"}, "/help/ask", files={"sound": ("said.wav", RECORDING)}),),
    ),
    Looked(
        "ask a person by voice: what cannot be heard",
        "/help/ask",
        reading,
        422,
        (Sent({}, "/help/ask", files={"sound": ("said.wav", b"nothing")}),),
    ),
    Looked("where a person can be reached", "/help/ask"),
    Looked("requests for help", request("bank", "/help/requests"), reading),
    Looked("request for help", request("bank", "/help/requests/{}"), reading),
    Looked("take a request back", request("bank", "/help/requests/{}/take-back"), reading),
    Looked("who asked for help at the bank", request("bank", "/admin/help"), as_("bank")),
    Looked("help given at the bank", request("bank", "/admin/help/{}"), as_("bank")),
    Looked("message heard at the bank", request("taken", "/admin/help/{}"), as_("bank")),
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
