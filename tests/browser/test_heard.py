"""What was left by voice is heard in the browser of whoever helps, in each kind in which it is kept."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from accessibility.voice.message import message
from tests.browser.assisting_pages import RECORDING
from tests.browser.desk_pages import as_, world
from tests.browser.library_pages import learner
from tests.browser.site import Site
from tests.m4a import m4a
from web.banking import make_bank
from web.operations import help_desk, help_requests, voice_messages
from web.operations.help_desk import Desk
from web.operations.help_requests import Asker

pytestmark = pytest.mark.browser
HEARD = """(player) => new Promise((done) => {
  player.addEventListener("ended", () => done([player.currentTime, player.duration]));
  player.addEventListener("error", () => done(player.error.message));
  player.play().catch((error) => done(String(error)));
})"""


@pytest.mark.parametrize("recording", [RECORDING, m4a(2)], ids=["MP3", "M4A"])
def test_whoever_helps_hears_it_to_the_end(open_page: Callable[..., Any], site: Site, recording: bytes) -> None:
    town, _holder = learner(site)
    speaker, key, now = town.learner("示例留言人"), uuid4(), datetime.now(UTC)
    kek = make_bank(site.app.extensions["evergreen_settings"]).kek
    officer = as_("bank")(site)
    with site.writing() as session:
        voice_messages.draft(session, kek, key, speaker.person_id, message(recording), now=now)
        asked = help_requests.ask(
            session, key=key, kind=help_requests.HELP, matter="talk", language="zh-CN", now=now,
            by=Asker(speaker.person_id, speaker.learner_id),
        )  # fmt: skip
        help_desk.take(session, Desk(None, world(site).people["bank"]), asked.id, now)
        path = f"/admin/help/{asked.id}"
    page = open_page(path, cookies=officer)
    page.locator("h1").click()  # a browser plays nothing before somebody has pressed something
    played = page.locator("audio[src*=message]").evaluate(HEARD)
    assert played == [pytest.approx(2, abs=0.2)] * 2
