"""Through the pages, as four kinds of people: from an outcome to redeemed credits, from a revocation to an appeal."""

import io
import re
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import select

from credit_bank import applying, issuing, recording_precedents
from credit_bank.applying import Promise
from credit_bank.recognition.comparison.course import Described, Equivalence
from credit_bank.store import cases
from tests.credit_bank import casework_city, cities
from tests.web import scenes
from tests.web.client import ClientRequest, Page
from tests.web.desks import Desk
from tests.web.scenes import Scene
from web.accounts import releases
from web.accounts.roles import Role
from web.accounts.tables import AuditEvent


@pytest.fixture
def scene(app: Flask) -> Scene:
    return scenes.make(Desk(app))


def say(who: ClientRequest, handle: str, case: str, *, status: int = 303, **values: object) -> Page:
    """A reviewer's word on a case's page, as its form stands there."""
    address = f"/desk/{handle}/cases/{case}"
    page = who.get(address)
    [form] = [one for one in page.forms() if one.find(".//*[@name='say']") is not None]
    return who.submit(page, values, action=form.attrib.get("action"), status=status)


def of(page: Page) -> str:
    """The id of the case that a page led to."""
    found = re.search(r"/cases/([0-9a-f-]{36})", page.location)
    assert found is not None, page.location
    return found[1]


def recognised(scene: Scene) -> str:
    """The outcome goes through the college's review and a panel of three at the centre."""
    page = scene.learner.get("/cases/recognise")
    assert "书法入门" in page.text
    case = of(scene.learner.submit(page, {"outcome": str(scene.outcome), "statement": "请看附件"}))
    mine = scene.staff(scene.college)
    assert "书法入门" in mine.get("/desk/test-college/cases").text
    refused = say(mine, "test-college", case, say="agree", interest="none", status=409)
    assert "先如实说明" in refused.text
    say(mine, "test-college", case, say="agree", interest="institution")
    for _ in range(2):
        say(scene.staff(scene.centre), "the-centre", case, say="agree")
    say(scene.staff(scene.centre), "the-centre", case, say="approve")
    return case


def applied(scene: Scene) -> str:
    """The learner applies for what is proposed, and agrees to give it to the university."""
    page = scene.learner.get("/cases/programmes")
    page = scene.learner.get(page.link("书法教育"))
    assert "书法入门 → 书法基础（2 学分）" in page.text
    address = f"/cases/convert/{scene.programme}"
    refused = scene.learner.submit(page, {}, status=422, action=address)
    assert "要同意才能提交。" in refused.errors
    return of(scene.learner.submit(page, {"agree": "y"}, action=address))


def state(scene: Scene, case: str) -> str:
    with scene.town.writing() as session:
        return cases.get(session, UUID(case)).state


def test_from_deposit_to_redeemed_credits_and_from_revocation_to_an_appeal(scene: Scene) -> None:
    first = recognised(scene)
    assert "已通过" in scene.learner.get(f"/cases/{first}").text
    case = applied(scene)
    one = scene.staff(scene.university)
    shown = one.get(f"/desk/test-university/cases/{case}")
    assert "这是程序按公布的规则算的" in shown.text
    say(one, "test-university", case, say="agree")
    assert "已经对这件申请发表过意见" in one.get(f"/desk/test-university/cases/{case}").text
    [candidate] = [e.attrib["value"] for e in shown.tree.iter("input") if e.attrib.get("name") == "granted"]
    say(scene.staff(scene.university), "test-university", case, say="approve", granted=[candidate])
    learner = scene.learner.get(f"/cases/{case}")
    assert "用 书法入门 换 书法基础（2 学分）" in learner.text
    assert scene.learner.get(learner.link("看这个决定的证书")).h1 == "学分转换：书法教育"
    scene.staff(scene.university, Role.REGISTRAR).post(f"/desk/test-university/cases/{case}/consume")
    assert state(scene, case) == "consumed"

    # The college revokes; the page says beforehand how far that reaches.
    college = scene.staff(scene.college)
    asked = college.get(f"/desk/test-college/outcomes/{scene.outcome}/revoke")
    assert "撤销会影响到 2 件申请" in asked.text and "已经兑换，要由人决定" in asked.text
    assert state(scene, case) == "consumed"
    college.submit(asked, {"reason": "成绩登记有误"})
    assert (state(scene, first), state(scene, case)) == ("impaired", "impaired")
    told = scene.learner.get(f"/cases/{case}")
    assert "您的学分没有被拿走" in told.text and "成绩登记有误" in told.text
    with scene.town.writing() as session:
        [opened] = cases.about(session, UUID(case))
        check = str(opened.id)
    say(scene.staff(scene.university), "test-university", check, say="agree")
    early = say(scene.staff(scene.university), "test-university", check, say="reverse", reason="没有代替", status=409)
    assert "在那以后才能冲正" in early.text
    say(scene.staff(scene.university), "test-university", check, say="keep", reason="正在核实，先照旧")
    assert state(scene, case) == "consumed"

    # The learner appeals against what was kept in doubt; somebody who decided before cannot look at it.
    page = scene.learner.get(f"/cases/{check}/appeal")
    sent = {"grounds": "成绩没有错", "title": "成绩单", "files": (io.BytesIO("优秀".encode()), "a.txt", "text/plain")}
    appeal = of(scene.learner.submit(page, sent, content_type="multipart/form-data"))
    say(scene.staff(scene.university), "test-university", appeal, say="agree")
    say(scene.staff(scene.university), "test-university", appeal, say="uphold", reason="核实过了")
    assert state(scene, appeal) == "upheld"
    assert "维持原决定" in scene.learner.get("/cases").text


def test_the_release_to_an_institution_is_a_consent_of_its_own(scene: Scene) -> None:
    recognised(scene)
    case = applied(scene)
    with scene.town.writing() as session:
        [given] = releases.of_learner(session, scene.holder.learner_id)
        assert (given.what, given.recipient_id, given.subject_id) == ("application", scene.university, UUID(case))
        [event] = session.exec(select(AuditEvent).where(AuditEvent.action == "case.released")).all()
        assert (event.institution_id, event.subject_id) == (scene.university, UUID(case))


def test_a_refusal_shows_its_reason_and_the_appeal_changes_it(scene: Scene) -> None:
    recognised(scene)
    case = applied(scene)
    one, two = scene.staff(scene.university), scene.staff(scene.university)
    say(one, "test-university", case, say="agree")
    missing = say(two, "test-university", case, say="refuse", status=409)
    assert "请写明理由" in missing.text
    say(two, "test-university", case, say="refuse", reason="内容不同")
    page = scene.learner.get(f"/cases/{case}")
    assert "内容不同" in page.text
    appeal = of(scene.learner.submit(scene.learner.get(page.link("申诉")), {"grounds": "请看大纲"}))
    assert "您参与过这个决定" in two.get(f"/desk/test-university/cases/{appeal}").text
    say(scene.staff(scene.university), "test-university", appeal, say="agree")
    say(scene.staff(scene.university), "test-university", appeal, say="vary", reason="大纲相符")
    assert (state(scene, appeal), state(scene, case)) == ("varied", "approved")


def test_nobody_elses_case_is_seen(scene: Scene) -> None:
    case = recognised(scene)
    other = scene.town.browser(scene.town.learner("示例乙").person_id)
    other.get(f"/cases/{case}", status=404)
    scene.staff(scene.university).get(f"/desk/test-university/cases/{case}", status=404)
    assert "书法" not in other.get("/cases").text


def test_prior_learning_is_handed_in_judged_and_its_file_opened_by_reviewers_only(scene: Scene) -> None:
    page = scene.learner.get("/cases/prior")
    sent = {
        "title": "书法实践", "institution": "test-university", "credits": "2", "level": "3", "units": "用笔\n章法",
        "statement": "练了十年", "files": (io.BytesIO("二十幅".encode()), "作品.txt", "text/plain"),
    }  # fmt: skip
    case = of(scene.learner.submit(page, sent, content_type="multipart/form-data"))
    who = scene.staff(scene.university)
    desk = who.get(f"/desk/test-university/cases/{case}")
    item = who.get(desk.link("作品.txt"))
    assert who.client.get(item.link("打开文件")).data == "二十幅".encode()
    judged = dict.fromkeys(("authenticity", "sufficiency", "currency", "validity"), "met")
    who.submit(item, judged)
    assert "已证明" in who.get(f"/desk/test-university/cases/{case}").text
    scene.staff(scene.university, Role.REGISTRAR).get(item.link("打开文件"), status=404)


def test_withdrawing_and_handing_in_again(scene: Scene) -> None:
    page = scene.learner.get("/cases/recognise")
    case = of(scene.learner.submit(page, {"outcome": str(scene.outcome)}))
    say(scene.staff(scene.college), "test-college", case, say="return", reason="请补大纲", interest="institution")
    mine = scene.learner.get(f"/cases/{case}")
    again = scene.learner.get(mine.link("补充材料"))
    scene.learner.submit(again, {"note": "补好了"}, content_type="multipart/form-data")
    assert state(scene, case) == "first-review"
    scene.learner.submit(scene.learner.get(f"/cases/{case}/withdraw"), {})
    assert state(scene, case) == "withdrawn"


def whole(page: Page) -> str:
    """A page with what stands on every page."""
    return page.response.get_data(as_text=True)


def test_a_learner_is_told_on_every_page_and_today_until_they_look(scene: Scene) -> None:
    page = scene.learner.get("/cases/recognise")
    case = of(scene.learner.submit(page, {"outcome": str(scene.outcome)}))
    assert "有新消息" not in scene.learner.get("/today").text  # what they did themselves is no news
    say(scene.staff(scene.college), "test-college", case, say="return", reason="请补大纲", interest="institution")
    assert "您的申请有新消息" in whole(scene.learner.get("/portfolio"))
    assert "学分认定：书法入门，有新消息" in (today := scene.learner.get("/today")).text and "退回补充" in today.text
    assert "有新消息" in scene.learner.get("/cases").text
    assert "请补大纲" in scene.learner.get(f"/cases/{case}").text
    for seen in ("/cases", "/portfolio", "/today"):
        assert "有新消息" not in whole(scene.learner.get(seen))
    assert "请补材料：书法入门" in (today := scene.learner.get("/today")).text and "请在2026年" in today.text
    scene.learner.submit(
        scene.learner.get(f"/cases/{case}/more"), {"note": "补好了"}, content_type="multipart/form-data"
    )
    assert "请补材料" not in scene.learner.get("/today").text


def test_reviewers_see_at_once_what_waits_for_them_and_what_is_overdue(scene: Scene) -> None:
    page = scene.learner.get("/cases/recognise")
    case = of(scene.learner.submit(page, {"outcome": str(scene.outcome)}))
    mine = scene.staff(scene.college)
    assert "1 件申请等您审核。" in (desk := mine.get("/desk/test-college/")).text
    assert "超期" not in desk.text and "1 件申请等您审核" in whole(mine.get("/account"))
    with scene.town.writing() as session:
        row = cases.get(session, UUID(case))
        row.due_on = date(2020, 1, 2)
        session.add(row)
    assert "1 件已超期。" in mine.get("/desk/test-college/").text
    say(mine, "test-college", case, say="agree", interest="institution")
    one, two = scene.staff(scene.centre), scene.staff(scene.centre)
    say(one, "the-centre", case, say="agree")
    assert "等您审核" not in whole(one.get("/desk/the-centre/"))  # the rest is for others now
    assert "1 件申请等您审核。" in two.get("/desk/the-centre/").text


def test_a_promise_is_asked_for_decided_and_redeemed(scene: Scene) -> None:
    page, address = scene.learner.get(f"/cases/convert/{scene.programme}"), f"/cases/convert/{scene.programme}/promise"
    sent = {
        "promise-source": "test-college", "promise-title": "书法史", "promise-code": "HIST", "promise-course": "CAL2",
        "promise-latest": ["2099", "12", "31"],
    }  # fmt: skip
    assert "要同意才能提交。" in scene.learner.submit(page, sent, status=422, action=address).errors
    past = {**sent, "promise-agree": "y", "promise-latest": ["2020", "1", "1"]}
    assert "今天以后" in scene.learner.submit(page, past, status=422, action=address).text
    case = of(scene.learner.submit(page, {**sent, "promise-agree": "y"}, action=address))
    mine = scene.learner.get(f"/cases/{case}").text
    assert "书法史" in mine and "2099年12月31日" in mine
    one = scene.staff(scene.university)
    desk = one.get(f"/desk/test-university/cases/{case}").text
    assert "试验学院" in desk and "书法史 HIST" in desk and "书法史（2 学分）" in desk
    say(one, "test-university", case, say="agree")
    say(scene.staff(scene.university), "test-university", case, say="approve")
    told = scene.learner.get(f"/cases/{case}").text
    assert "学完以后，可以换 书法史（2 学分）" in told and "学完并认定以后" in told

    with scene.town.writing() as session:
        row = cities.row(3, scene.holder.number, course_code="HIST", course_title="书法史", name="")
        [outcome] = cities.record(session, scene.town.bank, scene.college, row).outcome_ids
        issuing.issue(session, scene.town.bank, scene.college, [outcome])
    assert "先申请认定：书法史" in scene.learner.get(f"/cases/{case}").text
    found = of(scene.learner.submit(scene.learner.get("/cases/recognise"), {"outcome": str(outcome)}))
    say(scene.staff(scene.college), "test-college", found, say="agree", interest="institution")
    for _ in range(2):
        say(scene.staff(scene.centre), "the-centre", found, say="agree")
    say(scene.staff(scene.centre), "the-centre", found, say="approve")
    ready = scene.learner.get(f"/cases/{case}")
    scene.learner.submit(ready, {"outcome": str(outcome)}, action=f"/cases/{case}/redeem")
    assert "要同意才能提交。" in scene.learner.get(f"/cases/{case}").text
    made = of(scene.learner.submit(ready, {"outcome": str(outcome), "agree": "y"}, action=f"/cases/{case}/redeem"))
    assert (state(scene, case), state(scene, made)) == ("consumed", "first-review")
    page = scene.staff(scene.university).get(f"/desk/test-university/cases/{made}")
    assert "没有已发证书的成果" not in page.text and "书法史 → 书法史（2 学分）" in page.text
    assert page.link("书法史").endswith(case)  # where it comes from
    other = scene.town.learner("示例乙").learner_id
    with scene.town.writing() as session:
        given = releases.of_learner(session, scene.holder.learner_id)
        assert {(r.what, str(r.subject_id)) for r in given} == {("promise", case), ("application", made)}
        asked = Promise(scene.college, "HIST", "书法史", "CAL2", date(2099, 1, 1))
        promise = applying.promise(session, scene.town.bank, other, scene.programme, asked, by=None)
    shown = scene.staff(scene.university).get(f"/desk/test-university/cases/{promise.id}")
    assert "以前的决定" in shown.text and shown.link("事先约定：书法史").endswith(case)


def test_a_case_shows_what_others_published_about_the_same_course(scene: Scene) -> None:
    recognised(scene)
    case = applied(scene)
    theirs = Described("试验学院", "INTRO", "书法入门")
    with scene.town.writing() as session:
        for place, taken in ((scene.centre, "书法概论"), (scene.university, "")):
            targets = (Described("", "X", taken),) if taken else ()
            recording_precedents.record_precedent(
                session, place, Equivalence((theirs,), targets, denied=not taken), now=scene.town.bank.now(),
                decided_by=None, origin="import", published_on=date(2026, 1, 1),
            )  # fmt: skip
    page = scene.staff(scene.university).get(f"/desk/test-university/cases/{case}")
    assert "相当于 书法概论" in page.text and "不能转换" in page.text and "市中心" in page.text
    links = [a.attrib["href"] for a in page.tree.iter("a") if "".join(a.itertext()).startswith("试验学院 书法入门")]
    assert sorted(link.partition("?")[0] for link in links) == [
        "/desk/test-university/comparing/precedents", "/equivalences",
    ]  # fmt: skip
    for link in links:
        assert "书法入门" in scene.staff(scene.university).get(link).text


def test_a_registrar_asks_for_a_correction_and_a_colleague_decides(scene: Scene) -> None:
    recognised(scene)
    case = applied(scene)
    one, two = scene.staff(scene.university), scene.staff(scene.university)
    say(one, "test-university", case, say="agree")
    say(two, "test-university", case, say="approve")
    registrar = scene.staff(scene.university, Role.REGISTRAR)
    page = registrar.get(f"/desk/test-university/cases/{case}")
    assert "决定有误" in page.text and "决定有误" not in one.get(f"/desk/test-university/cases/{case}").text
    registrar.submit(page, {"reason": "课程看错了"}, action=f"/desk/test-university/cases/{case}/correct")
    assert "课程看错了" in scene.learner.get(f"/cases/{case}").text
    with scene.town.writing() as session:
        [asked] = cases.about(session, UUID(case))
        asked_id = str(asked.id)
    assert "更正：书法教育" in two.get("/desk/test-university/cases").text
    shown = two.get(f"/desk/test-university/cases/{asked_id}").text
    assert "课程看错了" in shown and "您参与过这个决定" in shown
    say(one, "test-university", asked_id, say="annul", reason="确实看错了")
    assert (state(scene, case), state(scene, asked_id)) == ("reversed", "annulled")
    assert "决定有误，已撤销" in scene.learner.get("/today").text
    assert "更正：书法教育" in scene.learner.get("/cases").text


def test_an_objection_to_a_notice_brings_the_case_back(scene: Scene) -> None:
    recognised(scene)
    case = applied(scene)
    with scene.town.writing() as session:
        row = cases.get(session, UUID(case))
        row.terms = {**row.terms, "notice_days": 5}
        session.add(row)
    one, two = scene.staff(scene.university), scene.staff(scene.university)
    say(one, "test-university", case, say="agree")
    say(two, "test-university", case, say="approve")
    page = two.get(f"/desk/test-university/cases/{case}")
    assert "公示到期会自动入账" in page.text and state(scene, case) == "notice"
    two.submit(page, {"reason": "李某：内容不同"}, action=f"/desk/test-university/cases/{case}/object")
    assert state(scene, case) == "second-review"
    assert "公示中有人提出意见" in scene.learner.get("/today").text


def test_anybody_asks_the_register_who_accepts_what(scene: Scene) -> None:
    visitor = scene.town.browser()
    page = visitor.get("/register?receiver=test-university&source=test-college")
    assert "书法入门换书法基础" in page.text and "CAL1" in page.text
    assert "没有找到这样的规则" in visitor.get("/register?receiver=test-university&source=the-centre").text
    shown = visitor.get(page.link("书法课程转换规则"))
    assert "有效" in shown.text and "试验大学" in shown.text
    assert "evergreen-rules-1" in visitor.client.get(shown.link("下载原文")).text
    assert "现在没有公示" in visitor.get("/notices").text


def test_rules_are_proposed_by_one_and_published_by_another(scene: Scene) -> None:
    one, two = scene.staff(scene.university, Role.REGISTRAR), scene.staff(scene.university)
    page = one.get("/desk/test-university/documents")
    wrong = one.submit(page, {"text": casework_city.RULES.format(policy="").replace("basis", "bases")}, status=422)
    assert any("basis" in words for words in wrong.errors)
    text = casework_city.RULES.format(policy="").replace('version = "2026"', 'version = "2027"')
    one.submit(page, {"text": text})
    page = one.get("/desk/test-university/documents")
    assert "拟定中" in page.text and "发布 书法课程转换规则" not in page.text
    page = two.get("/desk/test-university/documents")
    [action] = [f.attrib["action"] for f in page.forms() if f.attrib.get("action", "").endswith("/publish")]
    two.post(action)
    shown = two.get("/desk/test-university/documents").text
    assert "2027 版" in shown and "已有新版" in shown
