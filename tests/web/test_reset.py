"""A member of staff forgot the password: the administrator's link, whom it may be for, and what it does."""

from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlmodel import select

from tests.web.client import ClientRequest
from tests.web.people import PASSWORD, Town
from web.accounts.roles import Role
from web.accounts.tables import AuditEvent, Membership, Person, ResetLink

NEW = "another unrelated phrase"


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


@pytest.fixture
def example(town: Town) -> UUID:
    """The id of the institution ``example``."""
    return town.institution("example")


@pytest.fixture
def office(town: Town, example: UUID) -> ClientRequest:
    """The browser of its administrator."""
    return town.browser(town.staff("principal", example, Role.ADMINISTRATOR))


def membership(town: Town, person: UUID) -> UUID:
    with town.database.reading() as session:
        return session.exec(select(Membership.id).where(Membership.person_id == person)).first() or UUID(int=0)


def ask(town: Town, person: UUID, handle: str = "example") -> str:
    return f"/institution/{handle}/staff/{membership(town, person)}/password"


def link(office: ClientRequest, path: str) -> str:
    page = office.submit(office.get(path), status=200)
    found = page.element("link").attrib["value"]
    assert found.startswith("http://localhost:8000/new-password/")
    return found.removeprefix("http://localhost:8000")


def choose(guest: ClientRequest, path: str, secret: str = NEW, *, status: int = 303) -> str:
    page = guest.post(path, {"new_secret": secret, "again": secret}, status=status)
    return page.location or page.text


def test_a_link_sets_a_new_password_once_and_ends_the_old_sessions(
    office: ClientRequest, town: Town, example: UUID
) -> None:
    clerk = town.staff("clerk", example, Role.REGISTRAR)
    old = town.browser(clerk)
    old.get("/account")
    path = link(office, office.get("/institution/example/staff").link("重设密码：clerk"))
    guest = town.browser()
    assert "clerk" in guest.get(path).text
    assert choose(guest, path) == "/sign-in"
    old.get("/account", status=303)
    town.browser().post("/sign-in", {"name": "clerk", "secret": PASSWORD}, status=422)
    town.browser().post("/sign-in", {"name": "clerk", "secret": NEW})
    assert "已经用过" in choose(guest, path, status=409)
    with town.database.reading() as session:
        row = session.exec(select(ResetLink)).one()
        assert row.used_at is not None and path.rpartition("/")[2].encode() not in row.token_digest
        events = session.exec(select(AuditEvent.action).where(AuditEvent.subject_id == clerk)).all()
        assert {"secret.reset_link_made", "secret.replaced_by_link"} <= set(events)
        assert path.rpartition("/")[2] not in str(session.exec(select(AuditEvent.details)).all())


def test_a_link_ends_after_a_day_and_with_the_next_one(office: ClientRequest, town: Town, example: UUID) -> None:
    clerk = town.staff("clerk", example, Role.REGISTRAR)
    first, second = link(office, ask(town, clerk)), link(office, ask(town, clerk))
    assert "旧的也作废" in town.browser().get(first, status=409).text
    town.browser().get(second)
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False):
        assert town.browser().client.get(second).status_code == 409
    town.browser().get("/new-password/not-a-token", status=404)


def test_a_link_is_void_once_the_password_was_changed_or_the_role_ended(
    office: ClientRequest, town: Town, example: UUID
) -> None:
    clerk, other = (town.staff(name, example, Role.REGISTRAR) for name in ("clerk", "other"))
    path, of_other = link(office, ask(town, clerk)), link(office, ask(town, other))
    home = town.browser(clerk)
    home.post("/account/secret", {"present": PASSWORD, "new_secret": NEW, "again": NEW})
    assert "后来又改过" in choose(town.browser(), path, PASSWORD, status=409)
    office.submit(office.get(f"/institution/example/staff/{membership(town, other)}/end"))
    assert "现在不是这里的工作人员" in choose(town.browser(), of_other, status=409)


def test_weak_passwords_are_refused(office: ClientRequest, town: Town, example: UUID) -> None:
    path = link(office, ask(town, town.staff("clerk", example, Role.REGISTRAR)))
    guest = town.browser()
    assert "10 个字符" in guest.post(path, {"new_secret": "short", "again": "short"}, status=422).errors[0]
    assert guest.post(path, {"new_secret": NEW, "again": PASSWORD}, status=422).errors
    choose(guest, path)


def test_never_for_oneself(office: ClientRequest, town: Town) -> None:
    with town.database.reading() as session:
        me = session.exec(select(Person.id).where(Person.sign_in_name == "principal")).one()
    assert "不能给自己" in office.submit(office.get(ask(town, me)), status=409).errors[0]


def test_only_the_bank_helps_those_who_can_do_more_than_work_here(
    office: ClientRequest, town: Town, example: UUID
) -> None:
    busy = town.staff("busy", example, Role.REGISTRAR)
    mine = membership(town, busy)
    elsewhere, centre = town.institution("elsewhere"), town.institution("centre", tier="centre")
    with town.writing() as session:
        own = session.exec(select(Membership).where(Membership.id == mine)).one()
        session.add(Membership(**{**own.model_dump(exclude={"id"}), "institution_id": elsewhere}))
    learner = town.learner()
    with town.writing() as session:
        session.add(Membership(**{**own.model_dump(exclude={"id"}), "person_id": learner.person_id}))
    learners = membership(town, learner.person_id)
    for which in (mine, learners):
        path = f"/institution/example/staff/{which}/password"
        assert "学分银行的管理员" in office.submit(office.get(path), status=409).errors[0]
        office.get(path.replace("/institution/", "/admin/institutions/"), status=404)
    bank = town.browser(town.staff("bank", centre, Role.ADMINISTRATOR))
    page = bank.get("/admin/institutions/example")
    path = link(bank, page.link("重设密码：busy"))
    choose(town.browser(), path)
    town.browser().post("/sign-in", {"name": "busy", "secret": NEW})


def test_a_link_of_the_institution_is_void_for_who_works_elsewhere_by_then(
    office: ClientRequest, town: Town, example: UUID
) -> None:
    clerk = town.staff("clerk", example, Role.REGISTRAR)
    path = link(office, ask(town, clerk))
    elsewhere = town.institution("elsewhere")
    with town.writing() as session:
        own = session.exec(select(Membership).where(Membership.person_id == clerk)).one()
        session.add(Membership(**{**own.model_dump(exclude={"id"}), "institution_id": elsewhere}))
    assert "还在别处任职" in choose(town.browser(), path, status=409)
    town.browser().post("/sign-in", {"name": "clerk", "secret": PASSWORD})


def test_another_institutions_staff_is_out_of_reach(office: ClientRequest, town: Town) -> None:
    stranger = town.staff("stranger", town.institution("elsewhere"), Role.REGISTRAR)
    office.get(ask(town, stranger), status=404)
    office.post(ask(town, stranger), status=404)
    office.get(ask(town, stranger, "elsewhere"), status=404)
