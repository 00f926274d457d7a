"""Study groups: joined by agreeing, seen by their own tutors only, left at once; who is stuck on what."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlmodel import Session, select

from adaptive import helping
from adaptive.answering import Given, Learning, take
from adaptive.content.grading import right_response
from adaptive.mastery.terms import default_weights
from adaptive.store.tables import Decision
from adaptive.tutoring import overview, standings
from credit_bank.store.types import new_id
from tests.adaptive.lessons import small_library, wrong_response
from tests.apps import settings_for
from tests.web.client import ClientRequest
from tests.web.learners import LIBRARY, keeping
from tests.web.people import Holder, Town
from web.accounts import consents
from web.accounts.roles import Role
from web.accounts.tables import AuditEvent
from web.operations import groups
from web.settings import Settings
from web.workflows import account_merging

GAS, FIRST = "home.gas", "kitchen-safety/gas#first"
NOW = datetime.now(UTC)


def learned(
    session: Session, learner_id: UUID, outcomes: list[bool], question: str = "kitchen-safety/gas#first"
) -> None:
    """Answer a question again and again."""
    moment = [NOW - timedelta(hours=len(outcomes))]
    learning = Learning(small_library(), default_weights(), lambda: moment[0], new_id)
    for right in outcomes:
        moment[0] += timedelta(minutes=30)
        response = right_response(learning.question(question)) if right else wrong_response(question)
        take(session, learning, learner_id, Given(question, response, uuid4().hex, moment[0], moment[0], form="easy"))


class School:
    """An institution with two tutors, each with a group, and a browser for each."""

    def __init__(self, app: Flask) -> None:
        self.town = Town(app)
        self.id = self.town.institution("school", name="示例老年大学")
        self.tutor, self.other = (self.town.staff(name, self.id, Role.TUTOR) for name in ("tutor-a", "tutor-b"))
        self.browser, self.others = self.town.browser(self.tutor), self.town.browser(self.other)

    def group(self, browser: ClientRequest, name: str = "周三上午手机班") -> str:
        """Make a group by the page; its address."""
        return browser.submit(browser.get("/tutor/school/"), {"name": name}).location

    def code(self, address: str, browser: ClientRequest | None = None) -> str:
        return (browser or self.browser).get(address).texts(".//p[@class='lead']/code")[0]

    def member(self, code: str, name: str = "示例学员", *, keeps: bool = True) -> tuple[Holder, ClientRequest]:
        """A learner who joins by the pages."""
        holder = self.town.learner(name)
        if keeps:
            keeping(self.town, holder)
        browser = self.town.browser(holder.person_id)
        page = browser.follow(browser.submit(browser.get("/progress/groups"), {"code": code.lower()}))
        assert "老师能看到" in page.text or "小组的老师能看到" in page.text
        browser.submit(page, {"agreed": "y"})
        return holder, browser


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def app_settings(request: pytest.FixtureRequest) -> Settings:
    """Settings with the small library."""
    return settings_for(request.getfixturevalue(f"{request.param}_url"), content_dir=LIBRARY)


@pytest.fixture
def school(app: Flask) -> School:
    return School(app)


def test_a_group_is_made_joined_looked_at_and_left(school: School) -> None:
    address = school.group(school.browser)
    holder, browser = school.member(school.code(address), "王秀英")
    with school.town.writing() as session:
        learned(session, holder.learner_id, [True, False, False, False])
    page = school.browser.get(address)
    assert "王秀英" in page.text
    assert page.texts(".//tbody/tr/td") == ["1", "0", "0", "0"]
    page = school.browser.get(address + f"/skills/{GAS}")
    assert (
        "王秀英" in page.text
        and "卡住了" in page.text
        and "练了 4 次，对了 1 次" in page.text
        and "易读版" in page.text
    )
    mine = browser.get("/progress/groups")
    assert "卡住了" in mine.text and "tutor-a" in mine.text  # the learner sees what the tutor sees
    page = browser.get(mine.link("退出小组"))
    browser.submit(page)
    assert "王秀英" not in school.browser.get(address).text
    school.browser.get(address + f"/skills/{GAS}", status=404)
    with school.town.database.reading() as session:
        assert not consents.learner_agrees(session, holder.learner_id, "study_group")


def test_who_does_well_is_not_stuck(school: School) -> None:
    with school.town.writing() as session:
        well, underway = uuid4(), uuid4()
        for question in ("kitchen-safety/gas#first", "kitchen-safety/gas#smell"):
            if question in small_library().questions:
                learned(session, well, [True] * 6, question)
        learned(session, underway, [True, False])
        learning = Learning(small_library(), default_weights(), lambda: NOW, new_id)
        found = {one.learner_id: one for one in standings(session, learning, [well, underway]) if one.skill_id == GAS}
        assert found[underway].standing == "underway"
        assert found[well].standing in ("well", "underway") and found[well].right == found[well].tries
        [view] = [view for view in overview(found.values()) if view.skill_id == GAS]
        assert (view.stuck, view.underway + view.well) == (0, 2)


def test_the_ladders_last_step_is_seen(school: School) -> None:
    with school.town.writing() as session:
        who = uuid4()
        learned(session, who, [False] * 5)
        for kind in ("form", "person"):
            session.add(
                Decision(
                    learner_id=who, id=new_id(), chosen_at=NOW, place="approach", policy="adaptive",
                    reasons=[{"code": f"approach.{kind}", "parameters": {"skill": GAS}}],
                    weights_version="w", library_digest="d",
                )
            )  # fmt: skip
        session.flush()
        learning = Learning(small_library(), default_weights(), lambda: NOW, new_id)
        [one] = [one for one in standings(session, learning, [who]) if one.skill_id == GAS]
        assert one.approaches == ("form", "person") and one.needs_person and one.standing == "stuck"
        assert overview([one])[0].person == 1


def test_whoever_is_sent_to_a_person_asks_their_tutor(school: School) -> None:
    """Wrong again and again, as the practice pages have it, until the ladder ends; its last step leads to the group."""
    address = school.group(school.browser)
    holder, browser = school.member(school.code(address), "冯国强")
    moment = [NOW - timedelta(days=1)]
    learning = Learning(small_library(), default_weights(), lambda: moment[0], new_id)
    with school.town.writing() as session:
        for _ in range(12):
            moment[0] += timedelta(minutes=5)
            given = Given(FIRST, wrong_response(FIRST), uuid4().hex, moment[0], moment[0])
            taken = take(session, learning, holder.learner_id, given)
            found = helping.offer(session, learning, holder.learner_id, taken.answer_id)
            if found is not None and found.facts["kind"] == "person":
                break
    page = browser.get(f"/practice/answers/{taken.answer_id}")
    page = browser.get(page.link("请老师讲一讲"))
    browser.submit(page)  # the skill is chosen already
    page = school.browser.get(address + f"/skills/{GAS}")
    assert "想请人讲" in page.text and "找人讲" in page.text and "卡住了" in page.text


def test_nothing_of_another_group_is_seen(school: School) -> None:
    mine, theirs = school.group(school.browser), school.group(school.others, "周五书法班")
    school.member(school.code(theirs, school.others), "李建国")
    assert "李建国" not in school.browser.get(mine).text
    assert "周五书法班" not in school.browser.get("/tutor/school/").text
    for path in ("", f"/skills/{GAS}", "/close"):
        school.browser.get(theirs + path, status=404)
    for path, data in (("/code", {}), ("/tutors", {"person": str(school.tutor)}), ("/close", {})):
        school.browser.post(theirs + path, data, status=404)
    school.browser.post(theirs + f"/skills/{GAS}/talked", {"learner": str(uuid4())}, status=404)
    elsewhere = school.town.institution("elsewhere")
    stranger = school.town.browser(school.town.staff("tutor-c", elsewhere, Role.TUTOR))
    stranger.get(mine, status=404)
    stranger.get(mine.replace("/school/", "/elsewhere/"), status=404)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.REGISTRAR, Role.REVIEWER, Role.CENTRE_STAFF])
def test_no_other_role_leads_groups(school: School, role: Role) -> None:
    school.town.browser(school.town.staff(f"{role}", school.id, role)).get("/tutor/school/", status=404)


def test_joining_needs_the_consent_and_a_code_that_holds(school: School) -> None:
    address = school.group(school.browser)
    code = school.code(address)
    holder = school.town.learner("赵玉兰")
    browser = school.town.browser(holder.person_id)
    assert browser.submit(browser.get("/progress/groups"), {"code": "AAAA-2222"}, status=422).errors
    browser.get("/progress/groups/join/AAAA2222", status=404)
    page = browser.get("/progress/groups/join/" + code.replace("-", ""))
    assert "tutor-a" in page.text and "示例老年大学" in page.text
    assert browser.submit(page, status=422).errors
    school.browser.submit(school.browser.get(address), action=address + "/code")
    assert browser.submit(page, {"agreed": "y"}, status=404)
    new = school.code(address)
    assert new != code
    browser.submit(browser.get("/progress/groups/join/" + new.replace("-", "")), {"agreed": "y"})
    again = browser.get("/progress/groups/join/" + new.replace("-", ""))
    assert "已经在这个小组里" in browser.submit(again, {"agreed": "y"}, status=422).errors[0]


def test_a_learner_asks_and_the_tutor_notes_that_they_talked(school: School) -> None:
    address = school.group(school.browser)
    _holder, browser = school.member(school.code(address), "陈志明")
    page = browser.get(browser.get("/progress/groups").link("请老师讲一讲"))
    browser.submit(page, {"skill": GAS, "words": "关阀门那一步不明白"})
    page = school.browser.get(address)
    assert page.texts(".//tbody/tr/td") == ["0", "0", "0", "1"]
    page = school.browser.get(address + f"/skills/{GAS}")
    assert "想请人讲" in page.text and "关阀门那一步不明白" in page.text
    school.browser.submit(page, {"words": "一起看了图"})
    assert "组里没有人练这一样" in school.browser.get(address + f"/skills/{GAS}").text  # and nobody waits any more
    assert "一起看了图" in browser.get("/progress/groups").text


def test_withdrawing_on_the_account_page_leaves_every_group(school: School) -> None:
    address = school.group(school.browser)
    _holder, browser = school.member(school.code(address), "周桂芳")
    browser.submit(browser.get("/account/consents/study_group/withdraw"))
    assert "周桂芳" not in school.browser.get(address).text
    assert "您还没有加入小组" in browser.get("/progress/groups").text


def test_what_was_noted_goes_with_leaving(school: School) -> None:
    address = school.group(school.browser)
    holder, browser = school.member(school.code(address), "郑淑珍")
    page = browser.get(browser.get("/progress/groups").link("请老师讲一讲"))
    browser.submit(page, {"skill": GAS, "words": "只跟老师说的话"})
    browser.submit(browser.get(browser.get("/progress/groups").link("退出小组")))
    with school.town.database.reading() as session:
        assert groups.notes_of(session, holder.learner_id) == []


def test_who_does_not_keep_their_learning_is_seen_by_name_only(school: School) -> None:
    address = school.group(school.browser)
    school.member(school.code(address), "吴丽华", keeps=False)
    page = school.browser.get(address)
    assert "吴丽华" in page.text and "没有同意保存学习情况" in page.text and "还没有练习记录" in page.text


def test_withdrawn_learning_is_gone_from_the_tutors_view(school: School) -> None:
    address = school.group(school.browser)
    holder, browser = school.member(school.code(address))
    with school.town.writing() as session:
        learned(session, holder.learner_id, [False] * 4)
    school.browser.get(address + f"/skills/{GAS}")
    browser.submit(browser.get("/account/consents/learning/withdraw"))
    school.browser.get(address + f"/skills/{GAS}", status=404)


def test_looking_is_recorded_and_no_answer_is_shown(school: School) -> None:
    address = school.group(school.browser)
    holder, _browser = school.member(school.code(address))
    with school.town.writing() as session:
        learned(session, holder.learner_id, [False] * 3)
    page = school.browser.get(address + f"/skills/{GAS}")
    assert small_library().questions["kitchen-safety/gas#first"].prompt not in page.text
    assert holder.number not in page.text and holder.document not in page.text
    with school.town.database.reading() as session:
        looked = {row.person_id for row in session.exec(select(AuditEvent)) if row.action == "group.looked"}
    assert looked == {school.tutor}


def test_another_tutor_is_asked_to_lead_too_and_a_closed_group_is_gone(school: School) -> None:
    address = school.group(school.browser)
    _holder, browser = school.member(school.code(address))
    page = school.browser.get(address)
    school.browser.submit(page, {"person": str(school.other)}, action=address + "/tutors")
    assert "tutor-b" in browser.get("/progress/groups").text
    school.others.get(address)
    school.browser.submit(school.browser.get(address + "/close"))
    school.others.get(address, status=404)
    assert "您还没有加入小组" in browser.get("/progress/groups").text


def test_a_tutor_does_not_join_the_own_group(school: School) -> None:
    address = school.group(school.browser)
    code = school.code(address)
    learner = school.town.learner("两样身份")
    with school.town.writing() as session:
        group = groups.led(session, school.id, school.tutor, UUID(address.rsplit("/", 1)[1]))
        groups.add_tutor(session, group, learner.person_id, school.tutor, NOW)
    browser = school.town.browser(learner.person_id)
    page = browser.get("/progress/groups/join/" + code.replace("-", ""))
    assert "您是这个小组的老师" in browser.submit(page, {"agreed": "y"}, status=422).errors[0]


def test_merged_accounts_are_in_a_group_once(school: School) -> None:
    address = school.group(school.browser)
    code = school.code(address)
    kept, _ = school.member(code, "孙德福")
    absorbed, _ = school.member(code, "孙德福（旧）")
    with school.town.writing() as session:
        account_merging.merge(
            session, school.town.bank, keep=kept.learner_id, absorb=absorbed.learner_id, merged_by=school.tutor, now=NOW
        )
    with school.town.database.reading() as session:
        found = groups.members(session, UUID(address.rsplit("/", 1)[1]))
    assert list(found) == [kept.learner_id]
