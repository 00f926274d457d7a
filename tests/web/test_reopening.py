"""An account that its holder closed is opened again at the counter, and no other."""

import pytest
from flask import Flask
from sqlmodel import col, select

from tests.web.client import ClientRequest, Page
from tests.web.desks import Desk
from tests.web.people import PIN, Holder
from web.accounts import memberships
from web.accounts.permissions import now
from web.accounts.roles import Role
from web.accounts.tables import AuditEvent, Consent, Person
from web.workflows import account_merging

NEW_PIN = "918273"


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def closed(desk: Desk, name: str = "王小满") -> Holder:
    """A learner who withdrew a consent that the account needs."""
    holder = desk.learner(name)
    home = desk.browser(holder.person_id)
    home.submit(home.get("/account/consents/account/withdraw"))
    return holder


def counter(desk: Desk, handle: str = "liuyin") -> ClientRequest:
    return desk.at(desk.admitted(handle, name="示例中心", courses=0), Role.CENTRE_STAFF)


def found(officer: ClientRequest, holder: Holder, handle: str = "liuyin") -> Page:
    return officer.follow(officer.submit(officer.get(f"/centre/{handle}/find"), {"number": holder.number}))


def answers(holder: Holder, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "document_type": "resident-id",
        "document_number": holder.document,
        "seen": "y",
        "agreed": ["account", "identity"],
    }
    return {**values, **changes}


def test_a_closed_account_is_opened_again_with_new_consents_and_a_code(desk: Desk) -> None:
    holder, officer = closed(desk), counter(desk)
    page = found(officer, holder)
    assert "这个账户已经停用" in page.text
    form = officer.get(page.link("恢复账户"))
    assert "请念给居民听" in form.text
    card = officer.submit(form, answers(holder), status=200)
    assert card.h1 == "账户恢复了"
    code = card.texts(".//div[@class='big-number']")[1].replace(" ", "")
    with desk.database.reading() as session:
        assert session.get_one(Person, holder.person_id).disabled_at is None
        rows = session.exec(select(Consent).where(Consent.person_id == holder.person_id)).all()
        anew = [row for row in rows if row.withdrawn_at is None]
        assert len(rows) == 4 and {row.purpose for row in anew} == {"account", "identity"}
        assert {row.given_via for row in anew} == {"counter"} and all(row.assisted_by for row in anew)
        actions = session.exec(select(AuditEvent.action).order_by(col(AuditEvent.at), col(AuditEvent.id))).all()
        assert list(actions)[-2:] == ["account.reopened", "secret.code_issued"]
    device = desk.browser()
    new = {"number": holder.number, "code": code, "new_secret": NEW_PIN, "again": NEW_PIN}
    device.post("/account/lost-pin", new)
    assert "王小满" in device.get("/account").text
    assert "这个账户已经停用" not in found(officer, holder).text
    officer.get(page.link("恢复账户"), status=404)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"agreed": ["account"]}, "都同意了"),
        ({"agreed": []}, "都同意了"),
        ({"seen": ""}, "核对证件原件"),
        ({"document_number": "999999195501019995"}, ""),
    ],
)
def test_nothing_opens_without_document_and_consents(desk: Desk, change: dict[str, object], sentence: str) -> None:
    holder, officer = closed(desk), counter(desk)
    form = officer.get(found(officer, holder).link("恢复账户"))
    page = officer.submit(form, {k: v for k, v in answers(holder, **change).items() if v}, status=422)
    assert page.errors and sentence in page.errors[0]
    with desk.database.reading() as session:
        assert session.get_one(Person, holder.person_id).disabled_at is not None


def test_another_persons_document_opens_nothing(desk: Desk) -> None:
    holder, officer, other = closed(desk), counter(desk), desk.learner("别人")
    form = officer.get(found(officer, holder).link("恢复账户"))
    page = officer.submit(form, answers(holder, document_number=other.document), status=422)
    assert "对不上" in page.errors[0]


def test_an_open_account_and_one_nobody_looked_up_have_no_such_page(desk: Desk) -> None:
    officer, open_one, away = counter(desk), desk.learner(), closed(desk)
    found(officer, open_one)
    officer.get(f"/centre/liuyin/learners/{open_one.learner_id}/reopen", status=404)
    officer.get(f"/centre/liuyin/learners/{away.learner_id}/reopen", status=404)
    officer.post(f"/centre/liuyin/learners/{away.learner_id}/reopen", answers(away), status=404)


def test_an_account_that_was_merged_away_stays_closed(desk: Desk, app: Flask) -> None:
    officer, keep, gone = counter(desk), desk.learner("王小满"), desk.learner("王小满")
    with app.test_request_context(), desk.writing() as session:
        bank_person = keep.person_id
        account_merging.merge(
            session, desk.bank, keep=keep.learner_id, absorb=gone.learner_id, merged_by=bank_person, now=now()
        )
    page = found(officer, gone)  # the old number leads to the account kept, which is open
    assert "这个账户已经停用" not in page.text
    for learner in (keep.learner_id, gone.learner_id):
        officer.post(f"/centre/liuyin/learners/{learner}/reopen", answers(gone), status=404)
    with desk.database.reading() as session:
        assert session.get_one(Person, gone.person_id).disabled_at is not None


def test_staff_who_closed_their_account_are_not_given_a_way_in_at_a_counter(desk: Desk, app: Flask) -> None:
    holder, officer = closed(desk), counter(desk)
    elsewhere = desk.admitted("qinghe", courses=0)
    with app.test_request_context(), desk.writing() as session:
        memberships.grant(
            session,
            person_id=holder.person_id,
            institution_id=elsewhere,
            role=Role.REGISTRAR,
            granted_by=None,
            now=now(),
        )
    form = officer.get(found(officer, holder).link("恢复账户"))
    page = officer.submit(form, answers(holder), status=409)
    assert "也是某个机构的工作人员" in page.errors[0]
    with desk.database.reading() as session:
        assert session.get_one(Person, holder.person_id).disabled_at is not None


def test_a_code_for_a_lost_pin_is_not_made_for_a_closed_account(desk: Desk) -> None:
    holder, officer = closed(desk), counter(desk)
    sent = {"number": holder.number, "document_type": "resident-id", "document_number": holder.document}
    page = officer.submit(officer.get("/centre/liuyin/pin-code"), sent, status=422)
    assert "恢复账户" in page.errors[0]
    assert desk.browser().post("/sign-in", {"name": holder.number, "secret": PIN}, status=422).status == 422
