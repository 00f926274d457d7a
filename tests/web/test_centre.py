"""A centre's counter: finding, opening, names, documents, two accounts; and whose business it is."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlmodel import col, select

from credit_bank.store.tables import Learner
from tests.banks import resident_id
from tests.web.client import ClientRequest
from tests.web.desks import NOBODY, Desk
from tests.web.people import PIN
from web.accounts import consents
from web.accounts.roles import Role
from web.accounts.tables import AuditEvent, Consent, Person
from web.operations.tables import MergeProposal


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def counter(desk: Desk, handle: str = "liuyin") -> ClientRequest:
    return desk.at(desk.admitted(handle, name="示例中心", courses=0), Role.CENTRE_STAFF)


def actions(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        return list(session.exec(select(AuditEvent.action).order_by(col(AuditEvent.at))))


def opening(serial: int = 700, **changes: object) -> dict[str, object]:
    values: dict[str, object] = {
        "name": "王小明",
        "document_type": "resident-id",
        "document_number": resident_id(serial),
        "seen": "y",
        "agreed": ["account", "identity", "counter_help"],
    }
    return {**values, **changes}


def test_an_account_is_opened_and_the_learner_chooses_the_pin(desk: Desk) -> None:
    officer = counter(desk)
    form = officer.get("/centre/liuyin/open-account")
    page = officer.submit(form, opening(), status=200)
    code, number = (page.texts(".//div[@class='big-number']")[i].replace(" ", "") for i in (1, 0))
    assert len(code) == 8 and len(number) == 12 and page.h1 == "账户开好了"
    with desk.database.reading() as session:
        given = session.exec(select(Consent)).all()
        assert {c.purpose for c in given} == {"account", "identity", "counter_help"}
        assert {c.given_via for c in given} == {"counter"} and all(c.assisted_by for c in given)
        learner = session.exec(select(Learner)).one()
        assert learner.identity_level == "document-seen"
        card_address = f"/centre/liuyin/learners/{learner.id}/card"
    assert actions(desk)[-2:] == ["account.opened", "secret.code_issued"]
    # At the learner's own device: the code sets a PIN, and the PIN signs in.
    device = desk.browser()
    device.post("/account/lost-pin", {"number": number, "code": code, "new_secret": PIN, "again": PIN})
    assert "王小明" in device.get("/account").text
    card = officer.get(card_address)
    assert code not in card.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"seen": None}, "请先核对证件原件"),
        ({"agreed": ["account"]}, "同意"),
        ({"document_number": "11010519491231002Y"}, "身份证号码应为 18 位"),
        ({"name": " "}, "姓名"),
    ],
)
def test_no_account_without_document_or_consent(desk: Desk, change: dict[str, object], sentence: str) -> None:
    officer = counter(desk)
    values = {k: v for k, v in opening(**change).items() if v is not None}
    page = officer.post("/centre/liuyin/open-account", values, status=422)
    assert any(sentence in e for e in page.errors), page.errors
    with desk.database.reading() as session:
        assert not session.exec(select(Learner)).all()


def test_a_child_needs_a_guardian_at_the_counter(desk: Desk) -> None:
    officer = counter(desk)
    child = resident_id(5, f"{datetime.now(UTC).year - 8}0101")
    page = officer.post("/centre/liuyin/open-account", opening(document_number=child), status=422)
    assert "监护人" in page.errors[0]
    officer.post("/centre/liuyin/open-account", opening(document_number=child, guardian="y"), status=200)
    assert "consent.given_by_guardian" in actions(desk)


def test_a_document_opens_one_account(desk: Desk) -> None:
    officer = counter(desk)
    officer.post("/centre/liuyin/open-account", opening(), status=200)
    page = officer.post("/centre/liuyin/open-account", opening(), status=422)
    assert "已经开过户" in page.errors[0]
    assert page.link("去查这位居民的账户") == "/centre/liuyin/find-by-document"


def test_a_learner_is_found_by_card_or_document_and_it_is_noted(desk: Desk) -> None:
    officer = counter(desk)
    holder = desk.learner("李示例")
    found = officer.post("/centre/liuyin/find", {"number": holder.number})
    assert "李示例" in officer.follow(found).text
    by_document = officer.post(
        "/centre/liuyin/find-by-document", {"document_type": "resident-id", "document_number": holder.document}
    )
    assert by_document.location == found.location
    assert actions(desk).count("learner.found") == 2
    for number in (NOBODY, "12"):
        assert officer.post("/centre/liuyin/find", {"number": number}, status=422).errors
    page = officer.post(
        "/centre/liuyin/find-by-document",
        {"document_type": "resident-id", "document_number": resident_id(999)},
        status=422,
    )
    assert "可以现在开户" in page.errors[0]


def test_nobody_looks_at_a_learner_whom_they_did_not_find(desk: Desk) -> None:
    institution = desk.admitted("liuyin", courses=0)
    person = desk.staff("officer", institution, Role.CENTRE_STAFF)
    officer, colleague = desk.browser(person), desk.at(institution, Role.CENTRE_STAFF)
    holder = desk.learner()
    address = f"/centre/liuyin/learners/{holder.learner_id}"
    officer.get(address, status=404)
    officer.post("/centre/liuyin/find", {"number": holder.number})
    officer.get(address)
    for part in ("", "/name", "/document", "/duplicate", "/card"):
        colleague.get(address + part, status=404)
    other = counter(desk, "other-centre")
    other.get(address, status=404)
    other.get(address.replace("liuyin", "other-centre"), status=404)
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=31), tick=True):
        desk.browser(person).get(address, status=404)


def test_only_accounts_opened_here_are_listed(desk: Desk) -> None:
    officer = counter(desk)
    elsewhere = counter(desk, "other-centre")
    desk.learner("网上开户")
    officer.post("/centre/liuyin/open-account", opening(701), status=200)
    elsewhere.post("/centre/other-centre/open-account", opening(702, name="别处居民"), status=200)
    page = officer.get("/centre/liuyin/learners")
    assert "王小明" in page.text and "别处居民" not in page.text and "网上开户" not in page.text
    assert "没有找到" in officer.get("/centre/liuyin/learners?q=李").text
    assert officer.get(page.link("王小明")).h1 == "王小明"


def test_a_changed_name_is_kept_as_a_former_one(desk: Desk) -> None:
    officer = counter(desk)
    holder = desk.learner("李示例")
    address = officer.post("/centre/liuyin/find", {"number": holder.number}).location
    ask = officer.get(address + "/name")
    assert len(officer.submit(ask, {"name": "", "reason": ""}, status=422).errors) == 3
    assert "相同" in officer.submit(ask, {"name": "李示例", "reason": "x", "seen": "y"}, status=422).errors[0]
    page = officer.follow(officer.submit(ask, {"name": "李新名", "reason": "户口本改名", "seen": "y"}))
    assert page.h1 == "李新名" and "李示例" in page.text and "户口本改名" in page.text
    with desk.database.reading() as session:
        assert session.get_one(Person, holder.person_id).display_name == "李新名"
    assert "learner.name_changed" in actions(desk)


def test_a_new_document_replaces_the_old_one(desk: Desk) -> None:
    officer = counter(desk)
    holder, other = desk.learner(), desk.learner()
    address = officer.post("/centre/liuyin/find", {"number": holder.number}).location
    new = {"document_type": "resident-id", "document_number": resident_id(800), "seen": "y"}
    page = officer.follow(officer.post(address + "/document", new))
    assert "停用" in page.text
    again = {**new, "document_number": other.document}
    assert "另一个账户" in officer.post(address + "/document", again, status=422).errors[0]
    assert "learner.document_changed" in actions(desk)


def test_outcomes_are_shown_only_to_whom_the_learner_agreed(desk: Desk) -> None:
    officer = counter(desk)
    holder = desk.learner()
    address = officer.post("/centre/liuyin/find", {"number": holder.number}).location
    assert "没有同意窗口查看" in officer.get(address).text
    with desk.writing() as session:
        consents.give(
            session,
            person_id=holder.person_id,
            learner_id=holder.learner_id,
            purpose="counter_help",
            language="zh-CN",
            now=datetime.now(UTC),
        )
    assert "还没有学习成果" in officer.get(address).text


def test_two_accounts_are_reported_once(desk: Desk) -> None:
    officer = counter(desk)
    one, other = desk.learner("王小明"), desk.learner("王小明")
    address = officer.post("/centre/liuyin/find", {"number": one.number}).location
    ask = officer.get(address + "/duplicate")
    page = officer.follow(officer.submit(ask, {"number": other.number, "reason": "两份证件都是本人"}))
    assert "王*明" in page.text
    assert "已经报过" in officer.submit(ask, {"number": other.number, "reason": "x"}, status=422).errors[0]
    assert "同一个账户" in officer.submit(ask, {"number": one.number, "reason": "x"}, status=422).errors[0]
    with desk.database.reading() as session:
        assert len(session.exec(select(MergeProposal)).all()) == 1
    assert "account.merge_proposed" in actions(desk)


def test_the_counter_has_its_first_page(desk: Desk) -> None:
    officer = counter(desk)
    page = officer.get("/centre/liuyin/")
    assert officer.get(page.link("忘了密码")).h1
    for path in ("/find", "/find-by-document", "/learners", "/open-account"):
        officer.get("/centre/liuyin" + path)
    desk.at(desk.admitted("qinghe"), Role.REGISTRAR, Role.REVIEWER, Role.ADMINISTRATOR).get(
        "/centre/liuyin/", status=404
    )
