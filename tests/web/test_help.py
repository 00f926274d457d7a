"""Asking a person: it reaches the right desk once, is followed up, taken back, and goes with the account."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from flask import Flask
from sqlmodel import col, select

from credit_bank.store.tables import Learner
from tests.web.client import ClientRequest, values_of
from tests.web.people import Holder, Town
from web.accounts.roles import Role
from web.operations import help_requests
from web.operations.help_requests import Asker
from web.operations.help_tables import HelpRequest
from web.workflows import account_merging


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


def rows(town: Town) -> list[HelpRequest]:
    with town.database.reading() as session:
        found = list(session.exec(select(HelpRequest).order_by(col(HelpRequest.asked_at))).all())
        session.expunge_all()
        return found


def of_centre(town: Town, handle: str = "liuyin", *, staffed: bool = True) -> tuple[Holder, ClientRequest | None]:
    """A learner whose account a centre opened, and the centre's officer."""
    place = town.institution(handle, name="柳荫社区学习中心")
    holder = town.learner()
    with town.writing() as session:
        learner = session.get_one(Learner, holder.learner_id)
        learner.opened_at_institution = place
        session.add(learner)
    officer = town.browser(town.staff(f"小王-{handle}", place, Role.CENTRE_STAFF)) if staffed else None
    return holder, officer


def asks(browser: ClientRequest, **more: str) -> str:
    """Ask, and the path of the request."""
    page = browser.submit(
        browser.get("/help/ask?page=practice.question"), {"matter": "how", **more}, action="/help/ask"
    )
    return page.location.split("?")[0]


def test_every_page_leads_to_a_person_and_says_which_page_it_was(town: Town) -> None:
    browser = town.browser(town.learner().person_id)
    link = browser.get("/portfolio?q=secret").link("求助")
    page = browser.get(link)
    assert "我的学习成果" in page.text and "secret" not in page.text
    assert page.link("回到刚才那一页") == "/portfolio?q=secret"
    browser.submit(page, {"matter": "wrong"}, action="/help/ask")
    assert [row.page for row in rows(town)] == ["portfolio.overview"]


def test_a_page_that_does_not_exist_is_not_kept(town: Town) -> None:
    browser = town.browser(town.learner().person_id)
    browser.submit(browser.get("/help/ask?page=anything.private"), {"matter": "how"}, action="/help/ask")
    assert rows(town)[0].page == ""


def test_it_reaches_the_learners_own_centre_and_comes_back(town: Town) -> None:
    holder, officer = of_centre(town)
    assert officer is not None
    browser = town.browser(holder.person_id)
    path = asks(browser, words="按钮找不到", phone="010 1234 5678")
    assert "柳荫社区学习中心" in browser.get(path).text
    assert officer.get("/portfolio", status=403).link("有 1 人在等您帮忙") == "/centre/liuyin/help"
    listed = officer.get("/centre/liuyin/help")
    assert "还没人接" in listed.text
    one = listed.link("示例学员")
    page = officer.get(one)
    assert "按钮找不到" in page.text and "010 1234 5678" in page.text
    officer.post(one, {"act": "take"})
    assert "小王-liuyin看到了，正在帮您办" in browser.get("/library").html
    officer.post(one, {"act": "answer", "words": "在最下面，绿色的。"})
    assert "小王-liuyin回话了" in browser.get("/library").html
    assert "在最下面，绿色的。" in browser.get(path).text
    officer.post(one, {"act": "done", "words": ""})
    assert "办好了" in browser.get("/library").html
    assert "办好了" in browser.get(path).text
    assert "办好了" not in browser.get("/library").html  # it was read
    assert rows(town)[0].phone == ""  # of no more use
    assert "现在没有人在等" in officer.get("/centre/liuyin/help").text


def test_without_a_centre_or_its_staff_the_bank_answers(town: Town) -> None:
    holder, _ = of_centre(town, staffed=False)
    asks(town.browser(holder.person_id))
    asks(town.browser(town.learner("另一位").person_id))
    assert [row.institution_id for row in rows(town)] == [None, None]
    bank = town.institution("bank", tier="centre")
    page = town.browser(town.staff("bank-admin", bank, Role.ADMINISTRATOR)).get("/admin/help")
    assert "另一位" in page.text and "示例学员" in page.text


def test_what_waits_at_a_centre_for_a_day_is_seen_by_the_bank_and_taken_over(town: Town) -> None:
    holder, officer = of_centre(town)
    assert officer is not None
    asks(town.browser(holder.person_id))
    bank = town.institution("bank", tier="centre")
    person = town.staff("bank-admin", bank, Role.ADMINISTRATOR)
    assert "示例学员" not in town.browser(person).get("/admin/help").text
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1, minutes=5), tick=True):
        administrator = town.browser(person)
        listed = administrator.get("/admin/help")
        assert "24 小时" in listed.text
        administrator.post(listed.link("示例学员"), {"act": "take"})
    assert rows(town)[0].institution_id is None and rows(town)[0].taken_by == person


def test_another_centre_sees_nothing_of_it(town: Town) -> None:
    holder, _ = of_centre(town)
    asks(town.browser(holder.person_id))
    other = town.institution("other")
    stranger = town.browser(town.staff("elsewhere", other, Role.CENTRE_STAFF))
    assert "示例学员" not in stranger.get("/centre/other/help").text
    stranger.get(f"/centre/other/help/{rows(town)[0].id}", status=404)
    stranger.get("/centre/liuyin/help", status=404)


def test_two_officers_do_not_both_take_it(town: Town) -> None:
    holder, officer = of_centre(town)
    assert officer is not None
    asks(town.browser(holder.person_id))
    row = rows(town)[0]
    assert row.institution_id is not None
    second = town.browser(town.staff("second-officer", row.institution_id, Role.CENTRE_STAFF))
    path = f"/centre/liuyin/help/{row.id}"
    officer.post(path, {"act": "take"})
    officer.post(path, {"act": "take"})
    assert "已经有人在办了" in second.post(path, {"act": "take"}, status=409).text
    second.post(path, {"act": "give_back"})
    second.post(path, {"act": "take"})
    assert rows(town)[0].state == "taken"


def test_a_form_sent_twice_is_one_request(town: Town) -> None:
    browser = town.browser(town.learner().person_id)
    page = browser.get("/help/ask")
    first = browser.submit(page, {"matter": "talk"}, action="/help/ask")
    again = browser.submit(page, {"matter": "talk"}, action="/help/ask")
    assert first.location == again.location and len(rows(town)) == 1


def test_a_key_of_somebody_else_shows_nothing(town: Town) -> None:
    first, second = town.browser(town.learner().person_id), town.browser(town.learner().person_id)
    page = first.get("/help/ask")
    first.submit(page, {"matter": "talk", "words": "私事"}, action="/help/ask")
    form = next(f for f in page.forms() if f.attrib.get("action") == "/help/ask")
    key = values_of(form)["key"]
    answer = second.post("/help/ask", {"key": key, "matter": "how"}, status=409)
    assert "私事" not in answer.text
    second.get(f"/help/requests/{rows(town)[0].id}", status=404)


def test_nothing_is_chosen_for_anybody(town: Town) -> None:
    browser = town.browser(town.learner().person_id)
    page = browser.post("/help/ask", {"key": str(uuid4()), "words": "写了半天的话"}, status=422)
    assert page.errors == ["请选一项：您遇到了什么事？"]
    assert "写了半天的话" in page.html and rows(town) == []


def test_words_are_not_lost_when_the_sign_in_has_ended(town: Town) -> None:
    page = town.browser().post("/help/ask", {"key": str(uuid4()), "matter": "how", "words": "写了半天的话"}, status=401)
    assert "写了半天的话" in page.text


def test_three_may_wait_at_a_time(town: Town) -> None:
    browser = town.browser(town.learner().person_id)
    paths = [asks(browser) for _ in range(3)]
    page = browser.submit(
        browser.get("/help/ask"), {"matter": "how", "words": "第四件"}, action="/help/ask", status=409
    )
    assert "在等人办" in page.errors[0] and "第四件" in page.html
    browser.submit(browser.get(f"{paths[0]}/take-back"))
    asks(browser)
    assert sorted(row.state for row in rows(town)) == ["waiting", "waiting", "waiting", "withdrawn"]


def test_what_is_taken_back_is_gone_at_the_desk(town: Town) -> None:
    holder, officer = of_centre(town)
    assert officer is not None
    browser = town.browser(holder.person_id)
    path = asks(browser, words="不想让人看到的话")
    browser.submit(browser.get(f"{path}/take-back"))
    row = rows(town)[0]
    assert (row.words, row.page, row.state) == ("", "", "withdrawn")
    officer.get(f"/centre/liuyin/help/{row.id}", status=404)
    browser.post(f"{path}/delete")
    assert rows(town) == []


def test_a_stranger_sees_where_to_call_and_when(town: Town) -> None:
    place = town.institution("liuyin", name="柳荫社区学习中心")
    officer = town.browser(town.staff("first-officer", place, Role.CENTRE_STAFF))
    said = {
        "phone": "010 8765 4321",
        "hours": "周一到周五 9 点到 17 点",
        "hours_en": "Mon–Fri 9–17",
        "address": "柳荫街 1 号",
    }
    officer.submit(officer.get("/institution/liuyin/contact"), said)
    page = town.browser().get("/help/ask")
    assert "周一到周五" in page.text and page.link("010 8765 4321") == "tel:01087654321"
    assert "Mon–Fri" in town.browser(language="en").get("/help/ask").text
    wrong = officer.submit(officer.get("/institution/liuyin/contact"), {"phone": "<b>"}, status=422)
    assert "只能有数字" in wrong.errors[0]


def test_it_goes_with_the_account_and_stands_in_the_export(town: Town) -> None:
    holder = town.learner()
    browser = town.browser(holder.person_id)
    asks(browser, words="写的话")
    exported = browser.get("/portfolio/export.json", both_languages=False).response.json
    assert exported is not None
    [asked] = exported["learning"]["asked_a_person"]
    assert asked["words"] == "写的话" and asked["number"]
    assert not {"key", "taken_by"} & set(asked), "who of the staff took it is not the learner's data"
    browser.submit(browser.get("/account/consents/account/withdraw"))
    assert rows(town) == []


def test_it_follows_an_account_that_is_merged(town: Town) -> None:
    keep, absorb = town.learner("甲"), town.learner("甲")
    asks(town.browser(absorb.person_id))
    with town.writing() as session:
        account_merging.merge(
            session, town.bank, keep=keep.learner_id, absorb=absorb.learner_id, merged_by=uuid4(), now=datetime.now(UTC)
        )
    assert [(row.learner_id, row.person_id) for row in rows(town)] == [(keep.learner_id, keep.person_id)]


def test_what_ended_half_a_year_ago_is_forgotten(town: Town) -> None:
    holder = town.learner()
    began = datetime.now(UTC)

    def ask(at: datetime) -> UUID:
        with town.writing() as session:
            by = Asker(holder.person_id, holder.learner_id)
            return help_requests.ask(
                session, key=uuid4(), kind="help", matter="how", by=by, language="zh-CN", now=at
            ).id

    first = ask(began)
    with town.writing() as session:
        help_requests.take_back(session, holder.person_id, first, began)
    second = ask(began + help_requests.KEPT + timedelta(days=1))
    assert [row.id for row in rows(town)] == [second]


def test_anybody_tells_what_they_cannot_use_and_reads_the_answer(town: Town) -> None:
    stranger = town.browser()
    form = stranger.get("/accessibility/feedback?page=verify.verify")
    path = stranger.submit(form, {"matter": "perceive", "words": "颜色太浅"}, action="/accessibility/feedback").location
    page = stranger.get(path)
    row = rows(town)[0]
    assert row.kind == "accessibility" and f"{row.number[:4]} {row.number[4:]}" in page.text
    bank = town.institution("bank", tier="centre")
    administrator = town.browser(town.staff("bank-admin", bank, Role.ADMINISTRATOR))
    listed = administrator.get("/admin/help")
    assert "无障碍" in listed.text and "没有登录的人" in listed.text
    one = listed.link("没有登录的人")
    administrator.post(one, {"act": "take"})
    administrator.post(one, {"act": "done", "words": "已经改深了，谢谢。"})
    assert "已经改深了，谢谢。" in stranger.get(path).text
    stranger.get(f"/accessibility/feedback/{uuid4()}", status=404)


def test_an_answer_says_something(town: Town) -> None:
    holder, officer = of_centre(town)
    assert officer is not None
    asks(town.browser(holder.person_id))
    path = f"/centre/liuyin/help/{rows(town)[0].id}"
    officer.post(path, {"act": "take"})
    assert officer.post(path, {"act": "answer", "words": " "}, status=422).errors
    assert officer.post(path, {"act": "nonsense"}, status=422).errors
