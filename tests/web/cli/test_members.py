"""institution and staff: admitting, accrediting, rotating keys, and a password that is shown once."""

import json
from pathlib import Path
from uuid import UUID

from sqlmodel import select

from tests.web.cli.conftest import invoke
from web.accounts import people, sessions
from web.accounts.signing_in import Gate
from web.accounts.tables import AuditEvent, Membership, Person
from web.cli import deployment

HEAD = "姓名,证件类型,证件号码,课程名称,学分,获得日期\n"
ROW = HEAD + "例建国,居民身份证,999999195804120018,茶道,1,2026-03-01\n"


def test_add_list_accredit_and_withdraw(empty_bank: Path) -> None:
    added = invoke(
        "institution",
        "add",
        "tea",
        "--name",
        "茶社（虚构）",
        "--category",
        "other",
        "--code",
        "52999999DEM000003D",
        "--json",
    )
    assert added.exit_code == 0
    facts = json.loads(added.stdout)
    assert facts["did"] == "did:web:localhost%3A8000:institutions:tea"
    assert invoke("institution", "accredit", "tea", "vocational").exit_code == 0
    (row,) = json.loads(invoke("institution", "list", "--json").stdout)
    assert (row["handle"], row["categories"]) == ("tea", ["other", "vocational"])
    assert "其他非学历" in invoke("institution", "list").stdout
    withdrawn = invoke("institution", "accredit", "tea", "other", "--withdraw", "--json")
    assert json.loads(withdrawn.stdout)["categories"] == ["vocational"]
    assert invoke("institution", "accredit", "tea", "other", "--withdraw").exit_code == 1


def test_an_institution_of_a_wrong_code_or_twice_is_refused(empty_bank: Path) -> None:
    wrong = invoke("institution", "add", "tea", "--name", "茶社", "--code", "52999999DEM0000030")
    assert wrong.exit_code == 1 and wrong.stderr
    assert invoke("institution", "add", "tea", "--name", "茶社").exit_code == 0
    assert invoke("institution", "add", "tea", "--name", "茶社").exit_code == 1
    assert invoke("institution", "add", "tea", "--name", "茶社", "--kind", "circus").exit_code == 2


def test_what_an_old_key_signed_stays_good_and_a_new_one_issues(city: Path) -> None:
    issued = invoke("issue", "--institution", "liuyin-centre", "--file", "-", "--json", stdin=ROW)
    document = json.dumps(json.loads(issued.stdout)[0]["document"])
    before = json.loads(invoke("institution", "list", "--json").stdout)[0]
    rotated = invoke("institution", "rotate-key", "liuyin-centre", "--json")
    assert json.loads(rotated.stdout)["multikey"] != before["key"]
    assert invoke("verify", "-", stdin=document).exit_code == 0
    assert invoke("institution", "rotate-key", "liuyin-centre", "--compromised").exit_code == 0
    later = ROW.replace("2026-03-01", "2026-03-02")
    assert invoke("issue", "--institution", "liuyin-centre", "--file", "-", stdin=later).exit_code == 0


def test_staff_gets_a_password_once_and_has_to_change_it(city: Path) -> None:
    added = invoke(
        "staff", "add", "New.Clerk", "--institution", "qinghe-open", "--name", "例新来",
        "--role", "registrar", "--role", "reviewer", "--json",
    )  # fmt: skip
    assert added.exit_code == 0, added.output
    facts = json.loads(added.stdout)
    found = deployment.open_deployment()
    with found.db.reading() as session:
        person = session.exec(select(Person).where(Person.sign_in_name == "new.clerk")).one()
        roles = {m.role for m in session.exec(select(Membership).where(Membership.person_id == person.id))}
        assert roles == {"registrar", "reviewer"}
        assert person.must_change_secret
        hasher = Gate.of(found.settings).hasher
        assert hasher.verify(person.secret_hash, facts["one_time_password"])
        assert facts["one_time_password"] not in person.secret_hash
    again = invoke(
        "staff", "add", "new.clerk", "--institution", "qinghe-open", "--name", "例新来", "--role", "registrar"
    )
    assert again.exit_code == 1 and again.stderr


def test_a_forgotten_password_is_replaced_and_has_to_be_changed(city: Path) -> None:
    facts = json.loads(
        invoke(
            "staff", "add", "old.clerk", "--institution", "qinghe-open", "--name", "例旧人", "--role", "registrar",
            "--json",
        ).stdout
    )  # fmt: skip
    found = deployment.open_deployment()
    now = found.bank.clock()
    with found.db.writing() as session:
        person = session.get_one(Person, UUID(facts["person"]))
        people.set_secret(session, person, person.secret_hash, now)
        sessions.start(session, person, sessions.STAFF, shared_device=False, user_agent="", now=now)
    told = invoke("staff", "new-password", "Old.Clerk", "--lang", "en")
    assert told.exit_code == 0, told.output
    password = told.stdout.partition("One-time password of Old.Clerk: ")[2].splitlines()[0]
    with found.db.reading() as session:
        person = session.get_one(Person, UUID(facts["person"]))
        assert person.must_change_secret
        assert Gate.of(found.settings).hasher.verify(person.secret_hash, password)
        assert not sessions.live_of(session, person.id, found.bank.clock())
        told_of = session.exec(select(AuditEvent).where(AuditEvent.action == "secret.given_anew")).one()
        assert told_of.subject_id == person.id and password not in str(told_of.details)


def test_nobody_but_staff_is_given_a_password(city: Path) -> None:
    refused = invoke("staff", "new-password", "nobody.here")
    assert refused.exit_code == 1 and "没有用“nobody.here”登录的工作人员" in refused.stderr
