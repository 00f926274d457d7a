"""Two accounts of one person become one: what is kept of their learning is what they agreed to."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import select

from adaptive.store import personal_data, visits
from credit_bank.store.types import new_id
from tests.web.desks import Desk
from tests.web.learners import keeping
from tests.web.people import Holder
from web.accounts import consents
from web.accounts.permissions import now
from web.connections.tables import ToolConsent
from web.workflows import account_merging

GAS = "kitchen-safety/gas"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def read_by(desk: Desk, holder: Holder) -> None:
    with desk.writing() as session:
        visits.opened(session, holder.learner_id, new_id(), GAS, "standard", datetime.now(UTC))


def merged(app: Flask, desk: Desk, keep: Holder, gone: Holder) -> None:
    with app.test_request_context(), desk.writing() as session:
        account_merging.merge(
            session, desk.bank, keep=keep.learner_id, absorb=gone.learner_id, merged_by=keep.person_id, now=now()
        )


def kept_of(desk: Desk, learner_id: UUID) -> int:
    with desk.database.reading() as session:
        return len(personal_data.export_learner(session, learner_id)["visits"])


def test_what_one_account_agreed_to_counts_where_the_other_said_nothing(app: Flask, desk: Desk) -> None:
    keep, gone = desk.learner(), keeping(desk, desk.learner())
    read_by(desk, gone)
    merged(app, desk, keep, gone)
    assert kept_of(desk, keep.learner_id) == 1
    with desk.database.reading() as session:
        assert consents.learner_agrees(session, keep.learner_id, "learning")
        assert not consents.current(session, gone.person_id)


def test_nothing_is_kept_where_the_account_that_stays_took_its_word_back(app: Flask, desk: Desk) -> None:
    keep, gone = keeping(desk, desk.learner()), keeping(desk, desk.learner())
    with desk.writing() as session:
        consents.withdraw(session, person_id=keep.person_id, purpose="learning", now=datetime.now(UTC))
    read_by(desk, gone)
    merged(app, desk, keep, gone)
    assert kept_of(desk, keep.learner_id) == 0 and kept_of(desk, gone.learner_id) == 0


def test_one_consent_to_a_tool_goes_on(app: Flask, desk: Desk) -> None:
    keep, gone = keeping(desk, desk.learner()), keeping(desk, desk.learner())
    both, own = new_id(), new_id()
    with desk.writing() as session:
        for holder, tool in ((keep, both), (gone, both), (gone, own)):
            session.add(ToolConsent(learner_id=holder.learner_id, tool_id=tool, given_at=datetime.now(UTC)))
    merged(app, desk, keep, gone)
    with desk.database.reading() as session:
        rows = session.exec(select(ToolConsent)).all()
        assert {row.learner_id for row in rows} == {keep.learner_id} and len(rows) == 3
        assert sorted(str(row.tool_id) for row in rows if row.withdrawn_at is None) == sorted(map(str, (both, own)))
