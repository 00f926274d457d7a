"""The pages from mastery to credit: recognising a course, seeing and releasing evidence, asking, deciding."""

from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import select

from credit_bank.store.tables import Credential
from tests.adaptive.lessons import COURSE, small_library
from tests.apps import settings_for
from tests.web.client import ClientRequest, Page
from tests.web.desks import Desk
from tests.web.learners import LIBRARY, keeping
from tests.web.masteries import practised, recognise, rule
from tests.web.people import Holder
from web.accounts.roles import Role
from web.settings import Settings
from web.workflows import mastery_credit

AT = "/desk/sample/library"
RELEASE_TEXTS = {
    (1, "zh-CN"): "92c48624",
    (1, "en"): "d9328e15",
    (2, "zh-CN"): "92c48624",
    (2, "en"): "7e560e85",
}


@pytest.fixture
def app_settings(request: pytest.FixtureRequest, sqlite_url: str) -> Settings:
    return settings_for(sqlite_url, content_dir=LIBRARY)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def mastered_by(desk: Desk, name: str = "示例学员", days: int = 2) -> Holder:
    """A learner who agreed to keeping their learning and answered everything right on so many days."""
    holder = keeping(desk, desk.learner(name))
    with desk.writing() as session:
        practised(session, holder.learner_id, days=days)
    return holder


def adopted(desk: Desk, college: UUID, **changes: object) -> None:
    with desk.writing() as session:
        recognise(session, college, **changes)


def asked(browser: ClientRequest, at: str = f"/mastery/{COURSE}/sample") -> Page:
    page = browser.get(at)
    return browser.submit(page, {"agree": "y"})


def test_a_registrar_recognises_a_course_and_changes_the_rule(desk: Desk) -> None:
    college = desk.admitted("sample")
    registrar = desk.at(college, Role.REGISTRAR)
    assert registrar.get("/desk/sample/").link("学习库课程") == AT
    listed = registrar.get(AT)
    assert "还没有认可" in listed.text
    page = registrar.get(f"{AT}/{COURSE}")
    assert "看了提示" in page.text and "学习库里有 3 道题" in page.text
    empty = registrar.submit(page, {}, status=422)
    assert empty.errors == ["请选一门课"]
    wrong = registrar.submit(page, {"course": "QH-001", "days": "40"}, status=422)
    assert "1" in wrong.errors[0] and "10" in wrong.errors[0]
    much = registrar.submit(page, {"course": "QH-001"}, status=422)
    assert "36 学时" in much.errors[0] and "2 小时" in much.errors[0]
    few = registrar.submit(much, {"course": "QH-001", "right_answers": "5", "sure": "y"}, status=422)
    assert "只有 3 道题" in few.errors[0]
    done = registrar.follow(registrar.submit(much, {"course": "QH-001", "sure": "y"}))
    assert "已经认可“厨房安全”" in done.text and "QH-001 示例课程 1" in done.text and "按规则直接发" in done.text
    changed = registrar.get(f"{AT}/{COURSE}")
    assert "现在的规则" in changed.text
    registrar.submit(changed, {"decides": "person", "days": "3"})
    assert "由复核员决定" in registrar.get(AT).text
    public = desk.browser().get(f"/institutions/sample/rules/{rule().digest}")
    assert "至少有 2 天" in public.text and f"sha256:{rule().digest}" in public.text and "用到" in public.text
    assert rule().canonical in public.text.replace("&quot;", '"')
    desk.browser().get(f"/institutions/sample/rules/{'0' * 64}", status=404)
    registrar.submit(registrar.get(f"{AT}/{COURSE}/end"))
    assert "还没有认可" in registrar.get(AT).text
    registrar.get(f"{AT}/{COURSE}/end", status=404)
    registrar.get(f"{AT}/nothing", status=404)


def test_a_reviewer_looks_and_does_not_recognise(desk: Desk) -> None:
    college = desk.admitted("sample")
    reviewer = desk.at(college, Role.REVIEWER)
    page = reviewer.get(f"{AT}/{COURSE}")
    assert "由登记员决定" in page.text and not page.forms()
    reviewer.post(f"{AT}/{COURSE}", {"course": "QH-001"}, status=404)
    desk.at(college, Role.REGISTRAR).get("/desk/sample/mastery", status=404)


def test_a_course_that_nobody_recognises_says_so(desk: Desk) -> None:
    holder = mastered_by(desk)
    browser = desk.browser(holder.person_id)
    assert "还没有机构认可这门课" in browser.get(f"/library/{COURSE}").text
    assert "还没有机构认可这门课" in browser.get(f"/mastery/{COURSE}").text
    browser.get(f"/mastery/{COURSE}/sample", status=404)
    browser.get("/mastery/nothing", status=404)


def test_a_learner_sees_the_evidence_agrees_and_has_the_credential(desk: Desk) -> None:
    adopted(desk, desk.admitted("sample", name="示例开放大学"))
    browser = desk.browser(mastered_by(desk).person_id)
    course = browser.get(f"/library/{COURSE}")
    assert "您已经掌握了“厨房安全”" in course.text
    for path in ("/mastery", "/progress", f"/practice/stopped?of={COURSE}&answers=3&right=3&minutes=5"):
        assert "您已经掌握了“厨房安全”" in browser.get(path).text
    chosen = browser.get(course.link("看看怎么换"))
    assert "条件都够了" in chosen.text and "示例课程 1" in chosen.text
    page = browser.get(f"/mastery/{COURSE}/sample")
    assert small_library().questions["kitchen-safety/gas#first"].prompt in page.text
    assert "自己答对 14 次，用到 7 道不同的题，分在 2 天" in page.text
    refused = browser.submit(page, {}, status=422)
    assert refused.errors == ["同意以后才能申请。不同意也没关系，您的学习不受影响。"]
    done = browser.submit(refused, {"agree": "y"})
    again = browser.submit(refused, {"agree": "y"})
    assert done.location == again.location
    mine = browser.follow(done)
    assert "证书已经放进您的学分账户" in mine.text and "都不影响这张证书" in mine.text
    credential = browser.get(mine.link("打开证书"))
    assert credential.h1 == "示例课程 1"
    with desk.database.reading() as session:
        assert len(session.exec(select(Credential)).all()) == 1
    assert "已经在您的学分账户里" in browser.get(f"/library/{COURSE}").text
    assert "示例课程 1" in browser.get("/portfolio").text
    assert browser.get(f"/mastery/{COURSE}/sample", status=303).location == done.location
    public = browser.get(mine.link("看这条规则"))
    assert public.h1 == "发证规则"
    # Nobody else reads it.
    desk.browser(mastered_by(desk, "别人").person_id).get(done.location, status=404)


def test_too_early_says_what_is_missing(desk: Desk) -> None:
    adopted(desk, desk.admitted("sample"))
    holder = mastered_by(desk, days=1)
    browser = desk.browser(holder.person_id)
    assert "离换证书只差一点" in browser.get(f"/library/{COURSE}").text
    assert "要分在 2 天答对，现在是 1 天" in browser.get(f"/mastery/{COURSE}").text
    page = browser.get(f"/mastery/{COURSE}/sample")
    assert not page.forms() and "接着练习" in page.text
    beginner = desk.browser(keeping(desk, desk.learner("新来的")).person_id)
    assert "2 项本领，您已经掌握 0 项" in beginner.get(f"/library/{COURSE}").text
    assert "还没有掌握" in beginner.get(f"/mastery/{COURSE}").text
    assert beginner.get("/mastery").h1 == "用学会的本领换证书"


def test_new_answers_are_shown_before_they_are_released(desk: Desk) -> None:
    adopted(desk, desk.admitted("sample"))
    holder = mastered_by(desk)
    browser = desk.browser(holder.person_id)
    page = browser.get(f"/mastery/{COURSE}/sample")
    with desk.writing() as session:
        practised(session, holder.learner_id, days=1)
    changed = browser.submit(page, {"agree": "y"}, status=409)
    assert changed.errors == ["您刚才又答了题，证据变了。请再看一眼，然后申请。"]
    assert "mastery/requests" in browser.submit(changed, {"agree": "y"}).location


def test_a_reviewer_declines_with_a_reason_and_grants_the_second_time(desk: Desk) -> None:
    college = desk.admitted("sample", name="示例开放大学")
    adopted(desk, college, decides="person", days=3)
    holder = mastered_by(desk)
    browser = desk.browser(holder.person_id)
    sent = browser.follow(asked(browser))
    assert "申请已经送到" in sent.text
    reviewer = desk.at(college, Role.REVIEWER)
    queue = reviewer.get("/desk/sample/mastery")
    assert "示**员" in queue.text and "示例学员" not in queue.text
    at = _review_of(sent)
    assert at in queue.html
    look = reviewer.get(at)
    assert "要分在 3 天答对，现在是 2 天" in look.text and "7 道不同的题" in look.text
    decline = reviewer.get(at + "/decline")
    assert reviewer.submit(decline, {"reason": " "}, status=422).errors
    reviewer.submit(decline, {"reason": "请隔几天再练一次。"})
    reviewer.post(at + "/decline", {"reason": "又一次"}, status=303)
    answered = browser.get(sent.response.request.path)
    assert "请隔几天再练一次。" in answered.text
    again = browser.get(answered.link("再申请一次"))
    browser.submit(again, {"agree": "y"})
    reviewer.submit(reviewer.get(at))
    reviewed = reviewer.get(at)
    assert "没有同意：请隔几天再练一次。" in reviewed.text and "同意发证" in reviewed.text
    reviewer.get(reviewed.link("看发出的证书"))
    assert "证书已经放进您的学分账户" in browser.get(sent.response.request.path).text
    desk.at(desk.admitted("other"), Role.REVIEWER).get(at.replace("sample", "other"), status=404)


def _review_of(page: Page) -> str:
    return "/desk/sample/mastery/" + page.response.request.path.rpartition("/")[2]


def test_taking_back_what_was_released(desk: Desk) -> None:
    college = desk.admitted("sample")
    adopted(desk, college, decides="person")
    browser = desk.browser(mastered_by(desk).person_id)
    sent = browser.follow(asked(browser))
    confirm = browser.get(sent.link("收回交出去的证据"))
    assert "这次申请就作废了" in confirm.text
    back = browser.follow(browser.submit(confirm))
    assert "机构看不到了" in back.text
    assert "证据已经由学习者收回" in desk.at(college, Role.REVIEWER).get(_review_of(sent)).text
    assert browser.get(confirm.response.request.path, status=303).location == sent.response.request.path


def test_erasing_the_learning_leaves_the_certificate(desk: Desk) -> None:
    adopted(desk, desk.admitted("sample"))
    browser = desk.browser(mastered_by(desk).person_id)
    mine = browser.follow(asked(browser))
    erase = browser.get("/account/consents/learning/withdraw")
    assert "已经发给您的证书不受影响" in erase.text
    browser.submit(erase)
    assert browser.get(mine.link("打开证书")).h1 == "示例课程 1"
    assert "0 次" not in browser.get(mine.response.request.path).text


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_text_that_is_agreed_to_is_the_one_of_its_version(app: Flask, language: str) -> None:
    """A changed text needs a new RELEASE_VERSION, and its digest here."""
    found = mastery_credit.release_sha256(language)
    assert found[:8] == RELEASE_TEXTS[mastery_credit.RELEASE_VERSION, language]
