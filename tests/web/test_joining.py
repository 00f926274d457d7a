"""Taking part in an activity, taking it back, who sees it; and the day's plan that tells of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import select

from credit_bank.recognition.framework import Category
from credit_bank.store.tables import Course, Institution, Learner
from tests.web.learners import keeping
from tests.web.people import Holder, Town
from web.accounts.roles import Role
from web.messages import CITY
from web.operations import help_requests, joining
from web.operations.help_requests import Asker
from web.operations.joining_tables import ActivityJoining
from web.workflows import learning_export


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


def activity(town: Town, handle: str = "centre", code: str = "DANCE", category: Category = Category.OTHER) -> UUID:
    """A course of a new institution's catalogue."""
    institution_id = town.institution(handle, name="社区中心")
    with town.writing() as session:
        row = Course(
            institution_id=institution_id,
            code=code,
            title="广场舞",
            category=category.value,
            framework="evergreen-1",
            created_at=datetime.now(UTC),
        )
        session.add(row)
        session.flush()
        return row.id


def path(course_id: UUID, handle: str = "centre") -> str:
    return f"/institutions/{handle}/courses/{course_id}"


def rows(town: Town) -> list[ActivityJoining]:
    with town.writing() as session:
        return list(session.exec(select(ActivityJoining)))


def take_part(town: Town, holder: Holder, course_id: UUID) -> None:
    town.browser(holder.person_id).post(f"{path(course_id)}/join", {})


def test_a_learner_takes_part_and_takes_it_back(town: Town) -> None:
    course_id, holder = activity(town), town.learner()
    learner = town.browser(holder.person_id)
    page = learner.get(learner.get(path(course_id)).link("我要参加"))
    assert "社区中心的工作人员会看到您的姓名和学分账号" in page.text
    mine = learner.follow(learner.submit(page, {}))
    assert "报上名了：广场舞" in mine.text and "时间还没有定" in mine.text
    assert "您已经报名了" in learner.get(path(course_id)).text
    learner.submit(page, {})
    assert len(rows(town)) == 1, "sent twice it is said once"
    left = learner.follow(learner.submit(mine, {}))
    assert "已经退出" in left.text and not rows(town)


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(town: Town) -> None:
    course_id = activity(town)
    answer = town.browser().get(f"{path(course_id)}/join", status=303)
    assert answer.location.startswith("/sign-in?next=")


def test_staff_see_who_takes_part_and_say_when(town: Town) -> None:
    course_id, holder = activity(town), town.learner("示例学员丙")
    other = town.institution("other")
    with town.writing() as session:
        place = session.exec(select(Institution).where(Institution.handle == "centre")).one().id
    take_part(town, holder, course_id)
    desk = town.browser(town.staff("officer", place, Role.CENTRE_STAFF))
    roll = desk.get("/desk/centre/activities")
    assert "示例学员丙" in roll.text and "报名 1 人" in roll.text
    day = datetime.now(CITY).date()
    said = {"day": [str(day.year), str(day.month), str(day.day)], "words": "上午 9 点，二楼"}
    desk.submit(desk.get(roll.link("写时间和地点")), said)
    learner = town.browser(holder.person_id)
    assert "上午 9 点，二楼" in learner.get("/activities").text
    assert "今天有活动：广场舞" in learner.get("/today").text
    stranger = town.browser(town.staff("elsewhere", other, Role.CENTRE_STAFF, Role.REGISTRAR))
    stranger.get("/desk/centre/activities", status=404)
    assert "示例学员丙" not in stranger.get("/desk/other/activities").text
    town.browser(holder.person_id).get("/desk/centre/activities", status=404)


def test_a_date_that_is_none_is_refused(town: Town) -> None:
    course_id = activity(town)
    with town.writing() as session:
        place = session.exec(select(Institution).where(Institution.handle == "centre")).one().id
    desk = town.browser(town.staff("registrar", place, Role.REGISTRAR))
    address = f"/desk/centre/activities/{course_id}"
    assert desk.submit(desk.get(address), {"day": ["2026", "2", "30"]}, status=422).errors


def test_only_an_activity_that_is_offered_can_be_joined(town: Town) -> None:
    degree, holder = activity(town, "college", "MATHS", Category.ACADEMIC), town.learner()
    learner = town.browser(holder.person_id)
    assert "我要参加" not in learner.get(path(degree, "college")).text
    assert learner.post(f"{path(degree, 'college')}/join", {}, status=409).errors
    assert not rows(town)


def test_twenty_are_enough(town: Town) -> None:
    holder, now = town.learner(), datetime.now(UTC)
    course_id = activity(town)
    with town.writing() as session:
        course = session.exec(select(Course).where(Course.id == course_id)).one()
        for n in range(joining.MOST):
            session.add(
                ActivityJoining(
                    institution_id=course.institution_id,
                    course_code=f"A{n}",
                    learner_id=holder.learner_id,
                    joined_at=now,
                )
            )
    page = town.browser(holder.person_id).post(f"{path(course_id)}/join", {}, status=409)
    assert page.errors == ["已经报了 20 个活动，够多了。先退出一个，再报新的。"]


def test_a_new_version_of_the_course_keeps_who_takes_part(town: Town) -> None:
    course_id, holder = activity(town), town.learner()
    take_part(town, holder, course_id)
    with town.writing() as session:
        old = session.exec(select(Course).where(Course.id == course_id)).one()
        old.superseded_at = datetime.now(UTC)
        session.add(old)
        session.add(
            Course(
                institution_id=old.institution_id,
                code=old.code,
                version=2,
                title="广场舞提高班",
                category=old.category,
                framework=old.framework,
                created_at=datetime.now(UTC),
            )
        )
    assert "广场舞提高班" in town.browser(holder.person_id).get("/activities").text


def test_what_a_learner_joined_goes_along_is_moved_and_is_erased(town: Town) -> None:
    course_id, holder, twin = activity(town), town.learner(), town.learner("示例学员乙")
    take_part(town, holder, course_id)
    with town.writing() as session:
        [row] = learning_export.everything(session, holder.learner_id, town.bank.kek)["activities_joined"]
        assert row["course_code"] == "DANCE"
        joining.move(session, absorbed=holder.learner_id, kept=twin.learner_id)
        assert session.get(Learner, twin.learner_id)
        assert not joining.of_learner(session, holder.learner_id)
        assert [joined.code for joined in joining.of_learner(session, twin.learner_id)] == ["DANCE"]
        joining.erase(session, twin.learner_id)
    assert not rows(town)


def test_today_begins_with_a_course_and_tells_of_an_answer(town: Town) -> None:
    holder = town.learner()
    learner = town.browser(holder.person_id)
    page = learner.get("/today")
    assert page.texts(".//h2")[0] == "挑一门课"
    now = datetime.now(UTC) - timedelta(minutes=5)
    with town.writing() as session:
        row = help_requests.ask(
            session,
            key=UUID(int=7),
            kind="help",
            matter="how",
            by=Asker(holder.person_id, holder.learner_id),
            language="zh-CN",
            now=now,
        )
        row.answer, row.answered_at = "请带身份证来。", now + timedelta(minutes=1)
        session.add(row)
    assert "工作人员回答您了" in learner.get("/today").text


def test_today_gives_the_reason_of_the_plan_s_next_step_and_at_most_five_things(town: Town) -> None:
    holder = keeping(town, town.learner())
    learner = town.browser(holder.person_id)
    learner.post("/plan/goal", {"goal": "course:spotting-fraud"})
    page = learner.get("/today")
    assert page.texts(".//h2")[0].startswith("学一课：")
    assert "这是您学习计划的下一步" in page.text
    assert 1 <= len(page.texts(".//main//h2")) <= 5


def test_today_is_for_learners_and_linked_from_home(town: Town) -> None:
    assert town.browser().get("/today", status=303).location.startswith("/sign-in")
    assert "今天做什么" not in town.browser().get("/").text
    assert town.browser(town.learner().person_id).get("/").link("今天做什么") == "/today"
