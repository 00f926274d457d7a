"""Webhooks: every decision is told, signed, in order and at least once; addresses are an administrator's."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from credit_bank.bank import Bank
from credit_bank.errors import Conflict, InvalidInput
from tests.banks import Clock
from tests.credit_bank import casework_city
from tests.web.lti_peers import Peer
from tests.web.people import Town
from web.accounts.roles import Role
from web.connections import webhooks
from web.connections.hook_tables import Webhook
from web.database import Database


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A program on this machine."""
    made = Peer()
    yield made
    made.close()


def registered(db: Database, bank: Bank, address: str) -> tuple[casework_city.City, str, UUID]:
    """A city whose centre is told of its decisions."""
    with db.writing() as session:
        city = casework_city.build(session, bank)
        secret, row = webhooks.make(session, bank, city.centre, address, private=True, made_by=None)
        return city, secret, row.id


def decided(db: Database, city: casework_city.City, course: str) -> None:
    with db.writing() as session:
        casework_city.recognised(session, city, casework_city.deposited(session, city, course, f"书法{course}"))


def state(db: Database, city: casework_city.City, hook: UUID) -> Webhook:
    with db.reading() as session:
        row = webhooks.get(session, city.centre, hook)
        session.expunge(row)
        return row


def test_each_decision_is_told_once_signed_and_in_order(db: Database, bank: Bank, clock: Clock, peer: Peer) -> None:
    city, secret, _ = registered(db, bank, f"{peer.origin}/hook")
    assert webhooks.tell_due(db, bank, private=True) == 0
    for course in ("INTRO", "HIST"):
        clock.advance(minutes=1)
        decided(db, city, course)
    assert webhooks.tell_due(db, bank, private=True) == 1  # the newest is not settled yet
    clock.advance(minutes=1)
    assert webhooks.tell_due(db, bank, private=True) == 1
    assert webhooks.tell_due(db, bank, private=True) == 0
    told = []
    for path, headers, body in peer.posted:
        lower = {name.lower(): value for name, value in headers.items()}
        key = base64.b64decode(secret.removeprefix("whsec_"))
        expected = webhooks.signature(key, lower["webhook-id"], int(lower["webhook-timestamp"]), body)
        assert (path, lower["webhook-signature"]) == ("/hook", expected)
        data = json.loads(body)["data"]
        assert data["read"].endswith("/api/v1/institutions/the-centre/decisions")
        told += [(one["kind"], one["verdict"]) for one in data["decisions"]]
    assert told == [("recognition", "approved")] * 2
    assert b"\xe4" not in b"".join(body for _, _, body in peer.posted)  # no name, no title: ids alone


def test_an_address_that_fails_is_asked_later_and_later_and_misses_nothing(
    db: Database, bank: Bank, clock: Clock, peer: Peer
) -> None:
    city, _, hook = registered(db, bank, f"{peer.origin}/hook")
    decided(db, city, "INTRO")
    clock.advance(minutes=1)
    peer.status = 503
    for failures, pause in ((1, 30), (2, 60), (3, 120)):
        assert webhooks.tell_due(db, bank, private=True) == 0
        row = state(db, city, hook)
        assert (row.failures, row.last_status) == (failures, 503)
        assert row.next_at - clock.now == timedelta(seconds=pause)
        assert webhooks.tell_due(db, bank, private=True) == 0 and len(peer.posted) == failures
        clock.now = row.next_at
    peer.status = 204
    assert webhooks.tell_due(db, bank, private=True) == 1
    assert state(db, city, hook).failures == 0
    assert {json.loads(body)["data"]["decisions"][0]["id"] for _, _, body in peer.posted} == {
        json.loads(peer.posted[-1][2])["data"]["decisions"][0]["id"]
    }


def test_of_two_processes_one_tells(db: Database, bank: Bank, clock: Clock, peer: Peer) -> None:
    registered(db, bank, f"{peer.origin}/hook")
    first = webhooks._take(db, clock.now)
    assert first is not None and webhooks._take(db, clock.now) is None
    clock.advance(minutes=3)  # whoever had it is gone
    assert webhooks._take(db, clock.now) is not None


def test_a_private_address_is_refused_where_the_operator_does_not_allow_it(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        city = casework_city.build(session, bank)
        with pytest.raises(InvalidInput, match=r"lti\.address"):
            webhooks.make(session, bank, city.centre, "http://127.0.0.1/x", private=False, made_by=None)
        webhooks.make(session, bank, city.centre, "https://one.example/x", private=False, made_by=None)
        with pytest.raises(Conflict, match=r"webhook\.known"):
            webhooks.make(session, bank, city.centre, "https://one.example/x", private=False, made_by=None)


def test_an_administrator_adds_an_address_sees_the_secret_once_and_stops_it(app: Flask) -> None:
    town = Town(app)
    here = town.institution("college")
    browser = town.browser(town.staff(town.somebody(), here, Role.ADMINISTRATOR))
    page = browser.get("/institution/college/webhooks")
    assert "地址" in browser.submit(page, {"address": "ftp://x"}, status=422).text
    made = browser.submit(page, {"address": "https://college.example/hook"}, status=200)
    assert "whsec_" in made.response.text and "只在这里显示一次" in made.text
    listed = browser.get("/institution/college/webhooks")
    assert "whsec_" not in listed.response.text and "还没有通知过" in listed.text
    stop = browser.get(listed.link("停用 https://college.example/hook"))
    assert "不再通知了" in browser.follow(browser.submit(stop)).text
    reviewer = town.browser(town.staff(town.somebody(), here, Role.REVIEWER))
    reviewer.get("/institution/college/webhooks", status=404)
