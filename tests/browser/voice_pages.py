"""Speaking to the bank, looked at in a real browser: what can be said, and somebody's own commands."""

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


@cache
def _people(site: Site) -> tuple[Town, Holder, Holder]:
    """Somebody who recorded the same for two commands, once and three times; and somebody who agreed to nothing."""
    town = Town(site.app)
    recorded, new = town.learner("示例说话人"), town.learner("示例新人")
    rng, now = np.random.default_rng(1), datetime.now(UTC)
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
    return town, recorded, new


def speaker(site: Site) -> dict[str, str]:
    """Signed in as somebody whose commands are recorded."""
    town, recorded, _new = _people(site)
    with site.app.app_context():
        return {cookie_name(): town.token(recorded.person_id)}


def newcomer(site: Site) -> dict[str, str]:
    """Signed in as somebody who agreed to nothing yet."""
    town, _recorded, new = _people(site)
    with site.app.app_context():
        return {cookie_name(): town.token(new.person_id)}


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
    Looked("delete all own commands", "/voice/commands/delete", speaker),
]
