"""``credit-bank tidy``: what is past its time goes, what is not stays."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from sqlmodel import select

from accessibility import adjusting
from accessibility.adjust.signal import Noticed
from accessibility.store import adjustments
from tests.web.cli.conftest import invoke
from web.cli import deployment
from web.messages import CITY
from web.operations import help_requests
from web.operations.help_tables import HelpRequest


def test_what_is_past_its_time_is_forgotten(empty_bank: Path) -> None:
    found, person = deployment.open_deployment(), uuid4()
    now = found.bank.clock()
    today = now.astimezone(CITY).date()
    with found.db.writing() as session:
        adjusting.set_mode(session, person, "ask", today)
        for day in (today, today - adjusting.KEPT, today - adjusting.KEPT - timedelta(days=1)):
            adjusting.note(session, person, [Noticed(day, "missed", "library.index")])
        for days in (1, 400):
            row = help_requests.ask(
                session,
                key=uuid4(),
                kind=help_requests.HELP,
                matter="how",
                by=help_requests.Asker(),
                language="zh-CN",
                now=now,
            )
            row.ended_at = now - timedelta(days=days)
            session.add(row)
    assert json.loads(invoke("tidy", "--json").stdout) == {
        "noticed": 1,
        "asked": 1,
        "messages": 0,
        "notices": 0,
        "credits": 0,
        "regions": 0,
        "failed": 0,
    }
    with found.db.reading() as session:
        assert len(adjustments.noticed(session, person, today - timedelta(days=500))) == 2
        assert len(session.exec(select(HelpRequest)).all()) == 1
    assert "0" in invoke("tidy").stdout
