"""The map, the plan, progress, placement and recommendations: for a stranger, without consent, and with it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from adaptive import answering
from adaptive.answering import Given, Learning
from adaptive.content.grading import right_response
from adaptive.mastery.terms import default_weights
from adaptive.store import decisions, personal_data, plans, preferences, sittings, states
from credit_bank.store.types import new_id
from tests.adaptive.lessons import small_library, wrong_response
from tests.apps import settings_for
from tests.web.client import ClientRequest, Page, values_of
from tests.web.learners import LIBRARY, keeping, reader
from tests.web.people import Holder, Town
from web.accounts.permissions import now
from web.settings import Settings

OWN_PAGES = ("/plan", "/plan/goals", "/progress", "/progress/record", "/progress/erase", "/progress/settings")


@pytest.fixture
def app_settings(request: pytest.FixtureRequest, sqlite_url: str) -> Settings:
    return settings_for(sqlite_url, content_dir=LIBRARY)


def lived(town: Town, holder: Holder, *, right: bool = True, rounds: int = 3, days_ago: int = 0) -> None:
    """Let a learner have answered everything some times over."""
    library = small_library()
    moment = datetime.now(UTC) - timedelta(days=days_ago, hours=3)
    with town.writing() as session:
        for _ in range(rounds):
            for question in library.questions.values():
                moment += timedelta(minutes=1)
                learning = Learning(library, default_weights(), lambda at=moment: at, new_id)
                response = right_response(question) if right else wrong_response(question.id)
                given = Given(question.id, response, new_id().hex, presented_at=moment - timedelta(seconds=8))
                answering.take(session, learning, holder.learner_id, given)


def drawn(page: Page) -> list[str]:
    """Where the links of the picture lead, in order."""
    return [a.attrib["href"] for a in page.tree.iter("{http://www.w3.org/2000/svg}a")]


def test_a_stranger_sees_a_plain_map(client_request: ClientRequest) -> None:
    page = client_request.get("/map")
    assert page.h1 == "学习地图"
    area = client_request.get(page.link("居家安全"))
    assert area.h1 == "学习地图：居家安全"
    assert "已掌握" not in area.text
    assert drawn(area) == ["/skills/home.gas", "/skills/home.fire"] * 2  # as a column and wide: one of them is shown
    skill = client_request.get(area.link("着火怎么办"))
    assert "知道火警电话" in skill.text
    assert skill.link("用好燃气") == "/skills/home.gas"
    client_request.get("/map/nowhere", status=404)
    client_request.get("/skills/nothing", status=404)


def test_the_list_comes_before_the_picture_and_says_the_same(app: Flask) -> None:
    town, holder, browser = reader(app)
    lived(town, holder)
    area = browser.get("/map/home")
    headings = area.texts(".//h2")
    assert headings.index("本领列表") < headings.index("图")
    listed = [a.attrib["href"] for li in area.tree.iter("ol") for a in li.iter("a")]
    assert listed == ["/skills/home.gas", "/skills/home.fire"]
    assert drawn(area) == listed * 2
    assert area.text.count("已掌握") >= 2


@pytest.mark.parametrize("path", OWN_PAGES)
def test_without_an_account_or_consent_nothing_is_kept_and_it_is_said_calmly(app: Flask, path: str) -> None:
    ClientRequest(app).get(path, status=303)
    town, _holder, browser = reader(app, keeps=False)
    page = browser.get(path)
    assert "您还没有同意记录学习" in page.text
    assert page.link("按原来的顺序学") == "/library"
    for other in ("/map", "/recommended", "/library", "/library/kitchen-safety/placement"):
        browser.get(other)
    browser.post("/library/kitchen-safety/placement")
    browser.post("/plan/goal", {"goal": "course:kitchen-safety"})
    with town.database.reading() as session:
        assert all(session.connection().execute(t.select()).first() is None for t in personal_data.TABLES.values())


def chosen(app: Flask) -> tuple[Town, Holder, ClientRequest, Page]:
    town, holder, browser = reader(app)
    goals = browser.get(browser.get("/plan", status=303).location)
    assert goals.h1 == "定一个目标"
    page = browser.follow(browser.submit(goals, {"goal": "course:kitchen-safety"}, action="/plan/goal"))
    return town, holder, browser, page


def test_a_goal_becomes_a_plan_with_reasons_and_time(app: Flask) -> None:
    _town, _holder, browser, page = chosen(app)
    assert page.h1 == "学习计划"
    assert "着火怎么办" in page.text and "用好燃气" in page.text
    assert "您的目标里有它" in page.text and "周" in page.text
    assert page.text.index("用好燃气") < page.text.index("着火怎么办")
    other = browser.get("/plan")
    assert "计划有变化" not in other.text


def test_the_plan_follows_what_was_learned_and_says_so(app: Flask) -> None:
    town, holder, browser, _page = chosen(app)
    lived(town, holder)
    page = browser.get("/plan")
    assert "计划有变化" in page.text and "又学会了" in page.text
    assert "您都掌握了" in page.text
    with town.database.reading() as session:
        kept = plans.earlier(session, holder.learner_id)
        assert [row.reason for row in kept] == ["changed", "made"]
        assert kept[0].steps == [] and kept[1].replaced_at is not None
    assert browser.get("/plan").text == page.text


def test_a_step_is_set_aside_and_put_back(app: Flask) -> None:
    _town, _holder, browser, page = chosen(app)
    form = next(f for f in page.forms() if f.attrib["action"] == "/plan/skip")
    assert values_of(form)["skill"] == "home.gas"
    after = browser.follow(browser.post("/plan/skip", {"skill": "home.gas"}))
    assert "您说先不学" in after.text and "有2项先放下了" in after.text
    back = browser.follow(browser.submit(after, action="/plan/take-back"))
    assert "放回计划了" in back.text
    assert any(f.attrib["action"] == "/plan/skip" for f in back.forms())
    refused = browser.follow(browser.post("/plan/skip", {"skill": "nothing"}))
    assert "没有这项本领" in refused.text


def test_the_pace_is_changed_and_wrong_ones_are_refused(app: Flask) -> None:
    town, holder, browser, page = chosen(app)
    after = browser.follow(browser.submit(page, {"per_week": "1", "minutes": "10"}, action="/plan/pace"))
    assert "每周 1 次，每次 10 分钟" in after.text
    with town.database.reading() as session, app.test_request_context():
        wishes = preferences.get(session, holder.learner_id, now())
        assert (wishes.sessions_per_week, wishes.minutes_per_session) == (1, 10)
    assert browser.submit(page, {"per_week": "99"}, action="/plan/pace", status=422).errors


def test_a_goal_is_given_up_after_asking(app: Flask) -> None:
    town, holder, browser, page = chosen(app)
    ask = browser.get(page.link("不要目标了"))
    done = browser.follow(browser.submit(ask))
    assert done.h1 == "定一个目标" and "学会的都还在" in done.text
    with town.database.reading() as session:
        assert plans.current(session, holder.learner_id) is None


def test_a_skill_of_the_map_becomes_the_goal(app: Flask) -> None:
    _town, _holder, browser = reader(app)
    skill = browser.get("/skills/home.fire")
    page = browser.follow(browser.submit(skill, action="/plan/goal"))
    assert "学会“着火怎么办”" in page.text
    assert "它在您的学习计划里" in browser.get("/skills/home.fire").text
    nothing = browser.follow(browser.post("/plan/goal", {"goal": "skill:none"}))
    assert "没有这项本领" in nothing.text


def test_progress_says_what_one_can_do(app: Flask) -> None:
    town, holder, browser = reader(app)
    assert "还没有记录" in browser.get("/progress").text
    lived(town, holder)
    page = browser.get("/progress")
    assert "一共掌握了 2 样本领" in page.text
    assert "知道火警电话，会按顺序离开" in page.text
    rows = list(page.tree.iter("tr"))
    assert len(rows) == 9, "a head and eight weeks"
    record = browser.get(page.link("看看系统怎么估计我"))
    assert "着火怎么办" in record.text and "%" in record.text and "一概不用" in record.text


def test_what_was_learned_long_ago_is_due(app: Flask) -> None:
    town, holder, browser = reader(app)
    lived(town, holder, rounds=1, days_ago=400)
    page = browser.get("/progress")
    assert "隔了一阵了" in page.text
    assert page.link("温习一下") == "/practice"
    assert "该温习" in browser.get("/map/home").text


def test_everything_is_taken_along_and_erased(app: Flask) -> None:
    town, holder, browser = reader(app)
    lived(town, holder, rounds=1)
    body = json.loads(browser.get("/progress/export.json").data)
    assert len(body["answers"]) == len(small_library().questions) and body["model_parts"]
    statements = json.loads(browser.get("/progress/xapi.json").data)
    verbs = {s["verb"]["display"]["en"] for s in statements}
    assert verbs == {"answered", "mastered"} and holder.learner_id.hex not in json.dumps(statements).replace("-", "")
    ask = browser.get(browser.get("/progress").link("删掉全部学习记录"))
    assert "都还在“学习成果”里" in ask.text
    done = browser.follow(browser.submit(ask))
    assert "学习记录都删掉了" in done.text
    with town.database.reading() as session:
        left = personal_data.export_learner(session, holder.learner_id)
        assert not any(left.values())
        assert states.answered(session, holder.learner_id) == 0


def test_wishes_are_kept(app: Flask) -> None:
    town, holder, browser = reader(app)
    page = browser.get("/progress/settings")
    browser.submit(page, {"personalised": "no", "band": "easier", "form": "audio", "per_week": "5", "minutes": "30"})
    with town.database.reading() as session, app.test_request_context():
        row = preferences.get(session, holder.learner_id, now())
        kept = (row.personalised, row.band, row.form, row.sessions_per_week, row.minutes_per_session)
        assert kept == (False, "easier", "audio", 5, 30)
    again = values_of(browser.get("/progress/settings").forms()[0])
    assert (again["personalised"], again["band"], again["form"]) == ("no", "easier", "audio")
    assert browser.submit(page, {"band": "impossible"}, status=422).errors


def test_recommendations_stay_for_the_day_and_can_be_refused(app: Flask) -> None:
    town, holder, browser = reader(app)
    page = browser.get("/recommended")
    assert page.link("厨房安全") == "/library/kitchen-safety"
    assert "为什么推荐这个" in page.text
    browser.get("/library")
    with town.database.reading() as session:
        [row] = decisions.newest(session, holder.learner_id)
        assert row.place == "recommendation" and row.facts["shown"][0]["propensity"] > 0
    why = browser.get(page.link("这几个是怎么挑的"))
    assert "厨房安全" in why.text
    after = browser.follow(browser.submit(page, action="/recommended/not-for-me"))
    assert "不再给您推荐" in after.text and "眼下没有新的推荐" in after.text
    assert "适合您的" not in browser.get("/library").texts(".//h2")
    back = browser.follow(browser.submit(after, action="/recommended/take-back"))
    assert back.link("厨房安全") == "/library/kitchen-safety"


def test_whoever_wants_no_choosing_gets_the_plain_order(app: Flask) -> None:
    town, holder, browser = reader(app)
    with town.writing() as session, app.test_request_context():
        preferences.change(session, holder.learner_id, now(), personalised=False)
    page = browser.get("/recommended")
    assert "对每个人都一样" in page.text
    plain = ClientRequest(app).get("/recommended")
    assert plain.link("厨房安全") == "/library/kitchen-safety"
    assert "不适合我" not in plain.text


def placed(browser: ClientRequest, *, right: bool | None) -> Page:
    start = browser.get("/library/kitchen-safety/placement")
    page = browser.follow(browser.submit(start), both_languages=False)
    for _ in range(15):
        form = next((f for f in page.forms() if f.attrib["action"].endswith("/placement/question")), None)
        if form is None:
            return page
        assert "答对" not in page.text
        question = next(
            q
            for q in small_library().questions.values()
            if q.prompt in page.text or (q.easy_prompt or "#") in page.text
        )
        response = right_response(question) if right else wrong_response(question.id)
        values = [str(v) for v in response] if isinstance(response, list) else str(response)
        data = {"do": "unknown"} if right is None else {"do": "answer", "answer": values}
        token = values_of(form)
        sent = browser._open(form.attrib["action"], 303, "POST", data={**token, **data})
        page = browser._open(sent.location, 200, "GET", follow_redirects=True)
    raise AssertionError("it does not end")


@pytest.mark.parametrize("right", [True, False, None])
def test_placement_ends_kindly_and_says_where_to_begin(app: Flask, right: bool | None) -> None:
    town, holder, browser = reader(app)
    page = placed(browser, right=right)
    assert page.h1 == "可以从这里开始"
    assert "分" not in page.text.replace("分钟", "") and "谢谢您" in page.text
    with town.database.reading() as session, app.test_request_context():
        marks = {k for k, row in preferences.marks(session, holder.learner_id, now()).items() if row.mark == "can"}
        assert bool(marks) <= (right is True)
        assert all(s.ended_at for s in sittings.since(session, holder.learner_id, now() - timedelta(days=1)))


def test_the_companion_keeps_quiet_during_placement(app: Flask) -> None:
    from adaptive import asking

    town, holder, browser = reader(app)
    browser.submit(browser.get("/library/kitchen-safety/placement"))
    with town.database.reading() as session:
        assert asking.in_assessment(session, holder.learner_id, datetime.now(UTC))
    page = browser.get("/library/kitchen-safety/placement/question", both_languages=False)
    form = page.forms()[0]
    stopped = browser._open(form.attrib["action"], 303, "POST", data={**values_of(form), "do": "stop"})
    result = browser.follow(stopped)
    assert "没有答题也没关系" in result.text
    with town.database.reading() as session:
        assert not asking.in_assessment(session, holder.learner_id, datetime.now(UTC))


def test_placement_asks_for_an_answer_and_refuses_a_foreign_sheet(app: Flask) -> None:
    town, _holder, browser = reader(app)
    browser.submit(browser.get("/library/kitchen-safety/placement"))
    page = browser.get("/library/kitchen-safety/placement/question", both_languages=False)
    form = page.forms()[0]
    empty = browser._open(form.attrib["action"], 422, "POST", data={**values_of(form), "do": "answer"})
    assert empty.errors
    other = keeping(town, town.learner("另一位"))
    stranger = town.browser(other.person_id)
    stranger.submit(stranger.get("/library/kitchen-safety/placement"))
    own = stranger.get("/library/kitchen-safety/placement/question", both_languages=False).forms()[0]
    foreign = {**values_of(own), "sheet": values_of(form)["sheet"], "do": "unknown"}
    stranger._open(own.attrib["action"], 303, "POST", data=foreign)
    with town.database.reading() as session:
        assert states.answered(session, other.learner_id) == 0
    ClientRequest(app).get("/library/kitchen-safety/placement")
    ClientRequest(app).get("/library/nothing/placement", status=404)


def test_why_adds_up_and_offers_something_else(app: Flask) -> None:
    town, holder, browser = reader(app)
    asked = browser.get("/practice/kitchen-safety", both_languages=False)
    why = browser.get(asked.link("为什么是这道题"))
    cells = why.texts(".//table/tbody/tr/td[1]")
    assert len(cells) == 9, "the usual chance, seven parts, the sum"
    usual, *parts, total = cells
    points = [int(p.split()[0].replace("−", "-").replace("+", "")) if "百分点" in p else 0 for p in parts]
    assert int(usual.rstrip("%")) + sum(points) == int(total.rstrip("%"))
    with town.database.reading() as session:
        [row] = decisions.newest(session, holder.learner_id)
        assert row.predicted is not None and round(100 * row.predicted) == int(total.rstrip("%"))
    form = why.forms()[0]
    for wish in ("another", "easier", "not_now"):
        fresh = browser.get(browser.get("/practice/kitchen-safety", both_languages=False).link("为什么是这道题"))
        form = fresh.forms()[0]
        sent = browser._open(form.attrib["action"], 303, "POST", data={**values_of(form), "do": wish})
        assert sent.location == "/practice/kitchen-safety"
    with town.database.reading() as session:
        aside = [row.set_aside for row in decisions.newest(session, holder.learner_id)]
        assert aside == ["not_now", "easier", "not_now"]
    browser._open(form.attrib["action"], 404, "POST", data={**values_of(form), "do": "dance"})
