"""The bank's administration."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlmodel import select

import web
from credit_bank import verifying
from credit_bank.report import Outcome as Found
from credit_bank.store import institutions, learners
from credit_bank.store.tables import AdmissionApplication, Credential
from tests.web.client import ClientRequest
from tests.web.desks import Desk, details
from tests.web.people import PIN
from tests.web.test_apply import filled
from web.accounts import memberships
from web.accounts.roles import Role
from web.accounts.tables import Person
from web.messages import catalogue
from web.operations.tables import MergeProposal
from web.publisher import publish_now

RECORDED = re.compile(r'(?<!Missing\()"([a-z]+\.[a-z_]+)",\s*(?:now=|officer|institution|found|application|row)')


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def admin(desk: Desk) -> ClientRequest:
    return desk.at(desk.admitted("centre", name="示例市中心", tier="centre", courses=0), Role.ADMINISTRATOR)


def test_an_application_becomes_an_institution_with_an_administrator(desk: Desk) -> None:
    bank = admin(desk)
    applicant = desk.browser()
    followed = applicant.post("/apply", filled()).location
    page = bank.get(bank.get("/admin/applications").link("示例职业学院"))
    ask = bank.get(page.link("同意加入"))
    answer = bank.submit(ask, status=200)
    link = answer.element("link").attrib["value"]
    assert link.startswith("http://localhost:8000/invitation/")
    assert "已同意" in applicant.get(followed).text
    again = bank.submit(ask, status=409)
    assert "已经办结" in again.errors[0]
    joined = desk.browser()
    path = link.removeprefix("http://localhost:8000")
    joined.get(path)
    joined.post(
        path,
        {
            "how": "new",
            "new-display_name": "示例管理员",
            "new-sign_in_name": "example.admin",
            "new-new_secret": "three unrelated words",
            "new-again": "three unrelated words",
        },
    )
    joined.get("/institution/example-1/staff")
    assert "示例管理员" in bank.get("/admin/institutions/example-1").text


def test_a_refusal_needs_a_reason_which_the_applicant_reads(desk: Desk) -> None:
    bank, applicant = admin(desk), desk.browser()
    followed = applicant.post("/apply", filled()).location
    with desk.database.reading() as session:
        application = session.exec(select(AdmissionApplication.id)).one()
    ask = bank.get(f"/admin/applications/{application}/refuse")
    assert bank.submit(ask, {"reason": " "}, status=422).errors
    bank.submit(ask, {"reason": "名称与证照不一致"})
    assert "名称与证照不一致" in applicant.get(followed).text
    assert "示例职业学院" in bank.get("/admin/applications?state=refused").text


def test_only_the_banks_administrators_get_in(desk: Desk) -> None:
    member = desk.at(desk.admitted("qinghe"), *Role)
    for path in ("/admin/", "/admin/applications", "/admin/institutions", "/admin/learners/merge", "/admin/audit"):
        member.get(path, status=404)


def test_a_category_is_given_and_withdrawn(desk: Desk) -> None:
    bank = admin(desk)
    desk.admitted("qinghe")
    page = bank.get("/admin/institutions/qinghe")
    bank.submit(bank.get(page.link("准许颁发“职业证书”")))
    page = bank.get("/admin/institutions/qinghe")
    assert bank.submit(bank.get("/admin/institutions/qinghe/accredit/vocational"), status=409).errors
    bank.submit(bank.get(page.link("取消“职业证书”")))
    assert "准许颁发“职业证书”" in bank.get("/admin/institutions/qinghe").text
    bank.get("/admin/institutions/qinghe/accredit/magic", status=404)
    bank.get("/admin/institutions/nobody", status=404)


def _issued(desk: Desk) -> None:
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    registrar.post("/desk/qinghe/issue", details(desk.learner()))
    publish_now(desk.database, desk.bank)


def _verified(desk: Desk) -> Found:
    with desk.database.reading() as session:
        found = session.exec(select(Credential)).one()
        document = verifying.open_document(session, desk.bank, found)
        report = verifying.verify_document(session, desk.bank, document)
        return report.outcome


@pytest.mark.parametrize("compromised", [False, True])
def test_old_credentials_verify_after_a_new_key(desk: Desk, compromised: bool) -> None:
    """A revoked key's credential is believed because the log holds it; its lists are signed with the new key."""
    bank = admin(desk)
    _issued(desk)
    assert _verified(desk) is Found.PASS
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1), tick=True):
        if compromised:
            ask = bank.get("/admin/institutions/qinghe/revoke-key")
            assert "请核对" in bank.submit(ask, {"handle": "x"}, status=422).errors[0]
            bank.submit(ask, {"handle": "qinghe"})
            assert "已作废" in bank.get("/admin/institutions/qinghe").text
        else:
            bank.submit(bank.get("/admin/institutions/qinghe/rotate-key"))
            assert "已换下" in bank.get("/admin/institutions/qinghe").text
        assert _verified(desk) is Found.PASS
    with desk.database.reading() as session:
        assert len(institutions.keys(session, institutions.find(session, "qinghe").id)) == 2


def test_a_closed_institution_lets_nobody_issue(desk: Desk) -> None:
    bank = admin(desk)
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    registrar.get("/desk/qinghe/")
    ask = bank.get("/admin/institutions/qinghe/close")
    bank.submit(ask, {"handle": "wrong"}, status=422)
    bank.submit(ask, {"handle": "qinghe"})
    registrar.get("/desk/qinghe/", status=404)
    assert "停办" in bank.get("/institutions/qinghe").text and "停办" in bank.get("/institutions").text
    bank.get("/admin/institutions/centre/close", status=404)


def test_two_accounts_become_one(desk: Desk) -> None:
    bank = admin(desk)
    registrar = desk.at(desk.admitted("qinghe"), Role.REGISTRAR)
    keep, absorb = desk.learner("王小明"), desk.learner("王小明")
    registrar.post("/desk/qinghe/issue", details(absorb))
    old_device = desk.browser(absorb.person_id)
    old_device.get("/account")
    compared = bank.post("/admin/learners/merge/compare", {"keep": keep.number, "absorb": absorb.number}, status=200)
    assert "王*明" in compared.text and "王小明" not in compared.text
    wrong = bank.submit(compared, {"typed": keep.number}, action="/admin/learners/merge", status=422)
    assert wrong.errors
    bank.submit(compared, {"typed": absorb.number}, action="/admin/learners/merge")
    # The absorbed sign-in is over; its number with the kept PIN leads to the kept account, which holds the outcome.
    old_device.get("/account", status=303)
    device = desk.browser()
    device.post("/sign-in", {"name": absorb.number, "secret": PIN})
    assert "社区摄影班" in device.get("/portfolio").text
    with desk.database.reading() as session:
        assert session.get_one(Person, absorb.person_id).disabled_at is not None
        assert learners.get(session, absorb.learner_id).id == keep.learner_id
    repeated = bank.submit(compared, {"typed": absorb.number}, action="/admin/learners/merge")
    assert "已经是同一个账户" in bank.follow(repeated).text


@pytest.mark.parametrize(("given", "sentence"), [("123", "12 位数字"), ("same", "同一个账户")])
def test_what_cannot_be_merged_is_said(desk: Desk, given: str, sentence: str) -> None:
    bank, holder = admin(desk), desk.learner()
    values = {"keep": holder.number, "absorb": holder.number if given == "same" else given}
    page = bank.post("/admin/learners/merge/compare", values, status=422)
    assert sentence in page.errors[0]


def test_whoever_works_here_goes_on_working_after_a_merge(desk: Desk) -> None:
    bank = admin(desk)
    institution = desk.admitted("qinghe")
    keep, absorb = desk.learner(), desk.learner()
    with desk.writing() as session:
        person = session.get_one(Person, absorb.person_id)
        person.sign_in_name = "both.worlds"
        session.add(person)
        memberships.grant(
            session,
            person_id=person.id,
            institution_id=institution,
            role=Role.REGISTRAR,
            granted_by=None,
            now=datetime.now(UTC),
        )
    compared = bank.post("/admin/learners/merge/compare", {"keep": keep.number, "absorb": absorb.number}, status=200)
    bank.submit(compared, {"typed": absorb.number}, action="/admin/learners/merge")
    desk.browser(absorb.person_id).get("/desk/qinghe/")
    with desk.database.reading() as session:
        assert session.get_one(Person, absorb.person_id).learner_id is None


def test_a_reported_pair_is_merged_or_refused(desk: Desk) -> None:
    bank = admin(desk)
    centre = desk.admitted("liuyin", name="示例社区中心", courses=0)
    officer = desk.at(centre, Role.CENTRE_STAFF)
    one, other = desk.learner(), desk.learner()
    address = officer.post("/centre/liuyin/find", {"number": one.number}).location
    report = {"number": other.number, "reason": "都是本人"}
    officer.post(address + "/duplicate", report)
    page = bank.get("/admin/learners/merge")
    assert "示例社区中心" in page.text and "都是本人" in page.text
    refuse = next(f.attrib["action"] for f in page.forms() if f.attrib["action"].endswith("/refuse"))
    bank.submit(page, action=refuse)
    assert "都是本人" not in bank.get("/admin/learners/merge").text
    officer.post(address + "/duplicate", report)
    compared = bank.post("/admin/learners/merge/compare", {"keep": one.number, "absorb": other.number}, status=200)
    bank.submit(compared, {"typed": other.number}, action="/admin/learners/merge")
    with desk.database.reading() as session:
        assert sorted(p.state for p in session.exec(select(MergeProposal))) == ["merged", "refused"]
    bank.post(f"/admin/learners/merge/{UUID(int=1)}/refuse", status=404)


def test_an_institution_without_administrator_gets_a_new_link(desk: Desk) -> None:
    bank = admin(desk)
    desk.admitted("qinghe")
    page = bank.submit(bank.get("/admin/institutions/qinghe/invite"), {"name": "示例管理员"}, status=200)
    assert "/invitation/" in page.element("link").attrib["value"]


def test_the_audit_trail_speaks_in_words(desk: Desk) -> None:
    bank = admin(desk)
    _issued(desk)
    bank.get("/admin/")
    page = bank.get("/admin/audit")
    assert "颁发证书" in page.text and "开户" in page.text
    assert "开户" not in bank.get("/admin/audit?action=credential.issued&days=1").texts(".//tbody/tr/th")
    bank.get("/admin/audit?days=3&page=9")


def test_every_action_that_is_recorded_has_words() -> None:
    """Read from the sources: the code that stands before what an event is about."""
    found: set[str] = set()
    for path in Path(web.__file__).parent.rglob("*.py"):
        found |= set(RECORDED.findall(path.read_text("utf-8")))
    assert {"learner.name_changed", "institution.closed", "account.opened", "staff.invited"} <= found
    assert not {action for action in found if f"admin.action.{action}" not in catalogue()}
