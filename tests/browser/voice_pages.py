"""Speaking to the bank, looked at in a real browser: what can be said, and somebody's own commands."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

import numpy as np

from accessibility.voice.enrolment import Enrolment, Take
from accessibility.voice.spectrum import CEPSTRA
from tests.browser.looked import Looked, Sent
from tests.browser.site import Site
from tests.web.people import Holder, Town
from web.accounts import consents
from web.accounts.permissions import cookie_name
from web.banking import make_bank
from web.operations import voice_commands


def _agreed(site: Site, town: Town) -> Holder:
    """Somebody who recorded the same for two commands, once and three times."""
    recorded, now = town.learner("示例说话人"), datetime.now(UTC)
    rng = np.random.default_rng(1)
    one, other = (Take(rng.integers(-9, 9, (48, CEPSTRA + 1)).astype(np.int8), 60) for _ in range(2))
    enrolled = Enrolment({"next": (one,), "previous": (one, one, one), "help": (other,)})
    with site.writing() as session:
        consents.give(
            session,
            person_id=recorded.person_id,
            learner_id=recorded.learner_id,
            purpose="voice",
            language="zh-CN",
            now=now,
        )
        kek = make_bank(site.app.extensions["evergreen_settings"]).kek
        voice_commands.keep(session, kek, recorded.person_id, enrolled, now=now)
    return recorded


@cache
def _people(site: Site) -> tuple[Town, dict[str, Holder]]:
    """Somebody who speaks, somebody who will delete it all, and somebody who agreed to nothing."""
    town = Town(site.app)
    return town, {
        "speaker": _agreed(site, town),
        "leaver": _agreed(site, town),
        "newcomer": town.learner("示例新人"),
    }


def as_somebody(which: str) -> Callable[[Site], dict[str, str]]:
    """Signed in as one of them."""

    def cookies(site: Site) -> dict[str, str]:
        town, people = _people(site)
        with site.app.app_context():
            return {cookie_name(): town.token(people[which].person_id)}

    return cookies


speaker, leaver, newcomer = as_somebody("speaker"), as_somebody("leaver"), as_somebody("newcomer")

SPOKEN = [
    Looked("ask without typing", "/voice/ask"),
    Looked("ask without typing about a course", "/voice/ask/phone-basics"),
    Looked("what can be said", "/voice/say?from=/library"),
    Looked("what can be said, without a microphone", "/voice/say?from=/library&problem=microphone", speaker),
    Looked("typed words, to choose from", "/voice/say?from=/library&text=放大一下字体"),
    Looked("typed words, to be pressed", "/voice/say?from=/library&text=放大"),
    Looked("typed words, not understood", "/voice/say?text=骗子冒充公安怎么办"),
    Looked("own commands, not agreed", "/voice/commands", newcomer),
    Looked("own commands, not ticked", "/voice/commands", newcomer, 422, (Sent(action="/voice/commands/agree"),)),
    Looked("own commands, some recorded", "/voice/commands", speaker),
    Looked("record a command", "/voice/commands/next", speaker),
    Looked("record a command, none sent", "/voice/commands/help", speaker, 422, (Sent(action="/voice/commands/help"),)),
    Looked("record a command, full", "/voice/commands/previous", speaker),
    Looked("record a figure", "/voice/commands/number.3", speaker),
    Looked("delete all own commands", "/voice/commands/delete", leaver),
]
