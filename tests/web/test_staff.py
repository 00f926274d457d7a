"""An institution's staff: inviting, accepting, ending a role."""

import pytest
import time_machine
from flask import Flask
from sqlmodel import select

from tests.web.client import ClientRequest, Page
from tests.web.people import PASSWORD, PIN, Town
from web.accounts.roles import Role
from web.accounts.tables import AuditEvent, Invitation, Membership


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


@pytest.fixture
def office(town: Town) -> ClientRequest:
    """The browser of the administrator of the institution ``example``."""
    return town.browser(town.staff("principal", town.institution("example"), Role.ADMINISTRATOR))


def invite(office: ClientRequest, role: Role = Role.REGISTRAR, name: str = "示例教务") -> str:
    page = office.submit(office.get("/institution/example/staff/invite"), {"name": name, "role": role}, status=200)
    link = page.element("link").attrib["value"]
    assert link.startswith("http://localhost:8000/invitation/")
    return link.removeprefix("http://localhost:8000")


def test_someone_new_accepts_and_works_at_once(office: ClientRequest, town: Town) -> None:
    path = invite(office)
    guest = town.browser()
    page = guest.get(path)
    assert "示例学院邀请示例教务担任“登记员”" in page.text
    new = {"how": "new", "new-display_name": "示例教务", "new-sign_in_name": "Jiao.Wu"}
    guest.post(path, {**new, "new-new_secret": PASSWORD, "new-again": PASSWORD})
    assert "登记员" in guest.get("/account").text
    fresh = town.browser()
    fresh.post("/sign-in", {"name": "jiao.wu", "secret": PASSWORD})
    page = town.browser().get(path, status=409)
    assert page.h1 == "这个邀请不能用" and "已经用过" in page.text
    assert "示例教务" in office.get("/institution/example/staff").text


def test_a_learner_accepts_with_the_account_they_have(office: ClientRequest, town: Town) -> None:
    holder = town.learner()
    path = invite(office, Role.CENTRE_STAFF)
    guest = town.browser()
    page = guest.post(path, {"how": "existing", "existing-name": holder.number, "existing-secret": "9"}, status=409)
    assert "请核对后再试" in page.errors[0]
    guest.post(path, {"how": "existing", "existing-name": holder.number, "existing-secret": PIN})
    guest.post("/account/secret", {"present": PIN, "new_secret": PASSWORD, "again": PASSWORD})
    text = guest.get("/account").text
    assert "中心工作人员" in text and "学分账号" in text


def test_whoever_is_signed_in_accepts_with_one_button(office: ClientRequest, town: Town) -> None:
    person = town.staff("already-here")
    path = invite(office, Role.REVIEWER)
    browser = town.browser(person)
    before = browser.client.get_cookie("evergreen_session")
    browser.submit(browser.get(path))
    after = browser.client.get_cookie("evergreen_session")
    assert before and after and before.value != after.value  # new powers, new session
    assert "复核员" in browser.get("/account").text


@pytest.mark.parametrize("how", ["new", "existing", "me"])
def test_nobody_joins_without_the_form_that_fits(office: ClientRequest, town: Town, how: str) -> None:
    path = invite(office)
    guest = town.browser()
    guest.post(path, {"how": how}, status=200 if how == "me" else 422)
    with town.database.reading() as session:
        assert session.exec(select(Membership.role)).all() == [Role.ADMINISTRATOR]


def test_the_link_is_shown_once_and_not_kept(office: ClientRequest, town: Town) -> None:
    path = invite(office)
    token = path.rpartition("/")[2]
    assert token not in office.get("/institution/example/staff").html
    with town.database.reading() as session:
        [row] = session.exec(select(Invitation)).all()
        assert token.encode() not in row.token_digest
        assert token not in str(session.exec(select(AuditEvent.details)).all())


def test_an_invitation_ends_after_a_week_or_when_withdrawn(office: ClientRequest, town: Town) -> None:
    first, second = invite(office), invite(office)
    page = office.get("/institution/example/staff")
    action = page.forms()[0].attrib["action"]
    office.submit(page, action=action)
    gone = [town.browser().client.get(path) for path in (first, second)]
    assert sorted(r.status_code for r in gone) == [200, 409]
    with time_machine.travel("2027-06-01T00:00:00Z", tick=False):
        assert {town.browser().client.get(path).status_code for path in (first, second)} == {409}
    town.browser().get("/invitation/not-a-token", status=404)


def test_a_role_ends_at_once_after_asking(office: ClientRequest, town: Town) -> None:
    with town.database.reading() as session:
        institution = session.exec(select(Membership.institution_id)).one()
    officer = town.staff("officer", institution, Role.CENTRE_STAFF)
    desk = town.browser(officer)
    desk.get("/centre/example/pin-code")
    page = office.get("/institution/example/staff")
    link = next(a.attrib["href"] for a in page.tree.iter("a") if "officer，中心工作人员" in "".join(a.itertext()))
    question = office.get(link)
    assert question.h1 == "移除officer的“中心工作人员”角色？"
    office.submit(question)
    desk.get("/centre/example/pin-code", status=404)
    with town.database.reading() as session:
        [row] = session.exec(select(Membership).where(Membership.person_id == officer)).all()
        assert row.valid_to is not None


def test_the_last_administrator_stays(office: ClientRequest) -> None:
    page = office.follow(office.get("/institution/example/", status=303))
    link = page.link("移除")
    answer = office.submit(office.get(link), status=409)
    assert "最后一位管理员" in answer.errors[0]


def test_another_institutions_staff_cannot_be_ended_from_here(office: ClientRequest, town: Town) -> None:
    elsewhere = town.institution("elsewhere")
    stranger = town.staff("stranger", elsewhere, Role.REGISTRAR)
    with town.database.reading() as session:
        membership = session.exec(select(Membership).where(Membership.person_id == stranger)).one().id
    office.get(f"/institution/example/staff/{membership}/end", status=404)
    office.post(f"/institution/example/staff/{membership}/end", status=404)
    office.get(f"/institution/elsewhere/staff/{membership}/end", status=404)


def test_weak_passwords_and_taken_names_are_refused(office: ClientRequest, town: Town) -> None:
    path = invite(office)
    guest = town.browser()

    def errors(**changes: str) -> list[str]:
        form = {"display_name": "示例", "sign_in_name": "fresh", "new_secret": PASSWORD, "again": PASSWORD, **changes}
        page: Page = guest.post(path, {"how": "new", **{f"new-{k}": v for k, v in form.items()}}, status=422)
        return page.errors

    assert "10 个字符" in errors(new_secret="short", again="short")[0]
    assert "很多人都用" in errors(new_secret="Password123", again="Password123")[0]
    assert "已经有人用了" in errors(sign_in_name="PRINCIPAL")[0]
    assert "不能全是数字" in errors(sign_in_name="123456789012")[0]
