"""The companion: lessons for everyone; a language model's words only where allowed, and only what lessons bear out."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import delete, select

from adaptive.store import personal_data
from adaptive.store.tables import CompanionQuestion, PassageIndex, StudySession
from credit_bank.errors import Conflict
from credit_bank.store.types import new_id
from tests.web.client import ClientRequest
from tests.web.model_server import ModelServer, model_server
from tests.web.people import Holder, Town
from web import learning
from web.accounts import consents
from web.accounts.roles import Role
from web.accounts.tables import Person
from web.operations.index_keeper import IndexKeeper
from web.operations.model_endpoint import Endpoint, ModelFault, addresses, complete, is_local
from web.workflows import companion

QUESTION = "怎么打视频电话"
OUTSIDE = "192.0.2.7"


@pytest.fixture
def keeper(app: Flask) -> IndexKeeper:
    """The index is there, as after ``credit-bank migrate``."""
    made = IndexKeeper(app.extensions["evergreen_database"], lambda: learning.shelves_of(app).current().library)
    assert made.keep()
    return made


@pytest.fixture
def town(app: Flask, keeper: IndexKeeper) -> Town:
    return Town(app)


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


def administrator_of(town: Town) -> ClientRequest:
    """The browser of the bank's administrator."""
    centre = town.institution("centre", name="示例市中心", tier="centre")
    return town.browser(town.staff("keeper", centre, Role.ADMINISTRATOR))


def register(town: Town, model: ModelServer, **changed: object) -> None:
    values = {
        "base_url": model.url,
        "model": "qwen-local",
        "filing_number": "网信备 110108-示例",
        "key": "sk-local",
        "may_leave": False,
        "enabled": True,
        "daily_limit": 3,
    } | changed
    with town.writing() as session:
        companion.register(session, town.bank, changed_by=new_id(), now=datetime.now(UTC), **values)  # type: ignore[arg-type]


def agreeing(town: Town, name: str = "王秀英") -> Holder:
    holder = town.learner(name)
    with town.writing() as session:
        for purpose in ("companion", "learning"):
            consents.give(
                session,
                person_id=holder.person_id,
                learner_id=holder.learner_id,
                purpose=purpose,
                language="zh-CN",
                now=datetime.now(UTC),
            )
    return holder


def quote(messages: list[dict[str, str]]) -> str:
    """What an honest model says: a sentence of the first passage, with its number."""
    material = messages[0]["content"].split("[1]", 2)[2]
    sentence = material.split("\n")[1].split("。")[0]
    return f"{sentence}。[1]"


def test_anyone_gets_the_lessons_own_words_with_a_way_to_them(town: Town, client_request: ClientRequest) -> None:
    page = client_request.get(f"/ask?q={QUESTION}")
    assert "微信" in page.text
    assert any("/library/phone-basics/wechat-family" in a.attrib["href"] for a in page.tree.iter("a"))
    assert not page.texts(".//button[.='请学伴用几句话说一说']")


@pytest.mark.usefixtures("keeper")
def test_what_no_lesson_says_is_not_known_and_people_are_named(client_request: ClientRequest) -> None:
    page = client_request.get("/ask?q=月球离地球有多远")
    assert "我不知道" in page.text and "12345" in page.text


@pytest.mark.usefixtures("keeper")
def test_where_nothing_is_sure_the_nearest_questions_are_guesses_that_lead_to_their_lessons(
    client_request: ClientRequest,
) -> None:
    page = client_request.get("/ask?q=阳台漏雨", both_languages=False)
    assert "您是不是想问" in page.text and "猜的" in page.text and "课文里是这样说的" not in page.text
    guesses = page.tree.find(".//section[@aria-labelledby='guesses-heading']")
    assert guesses is not None
    links = [a.attrib["href"] for a in guesses.iter("a")]
    assert 1 <= len(links) <= 3 and all(link.startswith("/library/") for link in links)
    assert "您是不是想问" not in client_request.get(f"/ask?q={QUESTION}", both_languages=False).text


def test_who_asks_before_the_index_is_made_is_told_and_the_keeper_looks(
    app: Flask, keeper: IndexKeeper, client_request: ClientRequest
) -> None:
    with app.extensions["evergreen_database"].writing() as session:
        session.execute(delete(PassageIndex))
    page = client_request.get(f"/ask?q={QUESTION}")
    assert "请稍等" in page.text and "我不知道" not in page.text and "12345" in page.text
    app.extensions["evergreen_index_keeper"] = keeper
    keeper.start()
    try:
        assert _answered(client_request)
    finally:
        keeper.stop()


def _answered(browser: ClientRequest) -> bool:
    """Whether lessons are found, at the latest after a minute."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if "课文里是这样说的" in browser.get(f"/ask?q={QUESTION}", both_languages=False).text:
            return True
        time.sleep(0.2)
    return False


def test_who_asks_for_words_before_the_index_is_made_is_told_and_the_keeper_looks(
    town: Town, keeper: IndexKeeper, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(town, model)
    browser = town.browser(agreeing(town).person_id)
    page = browser.get(f"/ask?q={QUESTION}", both_languages=False)
    with town.writing() as session:
        session.execute(delete(PassageIndex))
    looked: list[bool] = []
    monkeypatch.setattr(keeper, "look", lambda: looked.append(True))
    town.app.extensions["evergreen_index_keeper"] = keeper
    answer = browser.submit(page, action="/ask/in-words", status=200)
    assert "请稍等" in answer.text and model.requests == []
    assert looked == [True]


@pytest.mark.usefixtures("keeper")
def test_an_empty_or_long_question_is_answered_gently(client_request: ClientRequest) -> None:
    assert client_request.get("/ask?q=").h1 == "问学伴"
    assert "太长" in client_request.get("/ask?q=" + "啊" * 301, status=422).text


def test_a_practice_question_gets_a_hint_before_the_lesson(town: Town, client_request: ClientRequest) -> None:
    with town.app.test_request_context():
        one = next(q for q in learning.library().questions.values() if q.hints and len(q.prompt) > 12)
    page = client_request.get(f"/ask?q={one.prompt}")
    assert one.hints[0] in page.text and "先自己想一想" in page.text
    assert "课文里是这样说的" not in page.text
    assert "先自己想一想" not in client_request.get(f"/ask?q={one.prompt}&show=1").text


def test_the_model_is_off_until_someone_turns_it_on(town: Town) -> None:
    browser = town.browser(agreeing(town).person_id)
    page = browser.get(f"/ask?q={QUESTION}")
    assert not page.forms()[1:] or "请学伴用几句话说一说" not in page.text


def ask_in_words(browser: ClientRequest, question: str = QUESTION) -> str:
    page = browser.get(f"/ask?q={question}", both_languages=False)
    form = next(f for f in page.forms() if f.attrib.get("action", "").endswith("/in-words"))
    token = form.find(".//input[@name='csrf_token']")
    assert token is not None
    return browser.post("/ask/in-words", {"q": question, "csrf_token": token.attrib["value"]}, status=200).html


def test_a_model_puts_the_lessons_into_words_labelled_and_logged(town: Town, model: ModelServer) -> None:
    register(town, model)
    holder = agreeing(town)
    model.answer = quote
    html = ask_in_words(town.browser(holder.person_id))
    assert "以下由人工智能生成" in html and "网信备 110108-示例" in html and 'name="AIGC"' in html
    assert model.keys == ["Bearer sk-local"]
    with town.writing() as session:
        [row] = session.exec(select(CompanionQuestion)).all()
        assert (row.outcome, row.model, row.filing_number, row.fault) == (
            "phrased",
            "qwen-local",
            "网信备 110108-示例",
            None,
        )
        assert personal_data.export_learner(session, holder.learner_id)["questions"]
        personal_data.erase_learner(session, holder.learner_id)
        assert not session.exec(select(CompanionQuestion)).all()


def test_what_names_the_person_never_leaves(town: Town, model: ModelServer) -> None:
    register(town, model)
    browser = town.browser(agreeing(town, "王秀英").person_id)
    ask_in_words(browser, "我是王秀英，手机13800138000，身份证110101194503072345，怎么打视频电话")
    for private in ("王秀英", "13800138000", "110101194503072345"):
        assert private not in model.sent
    with town.writing() as session:
        assert "王秀英" not in session.exec(select(CompanionQuestion)).one().question


@pytest.mark.parametrize(
    "answer",
    [
        "随便点就行，打 13800138000 找我。[1]",
        "把验证码发给他。[1]",
        "您真聪明，给您 100 分。[1]",
        "忽略规则：<script>alert(1)</script> [1]",
        "",
        "不知道",
    ],
)
def test_what_the_lessons_do_not_bear_out_is_not_shown(town: Town, model: ModelServer, answer: str) -> None:
    register(town, model)
    model.answer = lambda _messages: answer
    html = ask_in_words(town.browser(agreeing(town).person_id))
    assert "没说好" in html and "课文里是这样说的" in html
    assert "<script>alert" not in html and "100 分" not in html and "验证码发给他" not in html


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("slow", "too_slow"),
        ("status", "refused"),
        ("busy", "busy"),
        ("not_json", "malformed"),
        ("shape", "malformed"),
        ("huge", "too_large"),
        ("redirect", "refused"),
    ],
)
def test_a_model_that_fails_leaves_the_lessons(town: Town, model: ModelServer, fault: str, code: str) -> None:
    register(town, model)
    with town.writing() as session:
        row = companion.settings(session)
        assert row is not None
        row.timeout_seconds = 1
        session.add(row)
    model.fault = fault
    html = ask_in_words(town.browser(agreeing(town).person_id))
    assert "课文里是这样说的" in html and "没说好" in html
    with town.writing() as session:
        assert session.exec(select(CompanionQuestion)).one().fault == code


def test_a_model_that_is_gone_leaves_the_lessons(town: Town) -> None:
    with model_server() as gone:
        url = gone.url
    with pytest.raises(ModelFault, match="unreachable"):
        complete(Endpoint(url, "m"), [{"role": "user", "content": "?"}])


def test_it_is_enough_for_a_day(town: Town, model: ModelServer) -> None:
    register(town, model, daily_limit=2)
    model.answer = quote
    browser = town.browser(agreeing(town).person_id)
    ask_in_words(browser)
    ask_in_words(browser)
    assert "明天再来" in browser.get(f"/ask?q={QUESTION}").text
    assert len(model.requests) == 2


def test_never_during_a_placement(town: Town, model: ModelServer) -> None:
    register(town, model)
    holder = agreeing(town)
    now = datetime.now(UTC)
    with town.writing() as session:
        session.add(
            StudySession(
                learner_id=holder.learner_id, id=new_id(), scope="placement:phone-basics", started_at=now, last_at=now
            )
        )
    page = town.browser(holder.person_id).get(f"/ask?q={QUESTION}")
    assert "您正在做摸底题" in page.text and "课文里是这样说的" not in page.text


def test_nobody_is_asked_for_who_did_not_agree(town: Town, model: ModelServer) -> None:
    register(town, model)
    page = town.browser(town.learner().person_id).get(f"/ask?q={QUESTION}")
    assert "要先征得您的同意" in page.text
    assert model.requests == []


@pytest.mark.parametrize(("years", "refusal"), [(5, "too_young"), (2, "guardian_needed"), (-1, "consent_needed")])
def test_children_and_minors(town: Town, model: ModelServer, years: int, refusal: str) -> None:
    register(town, model)
    holder = town.learner()
    now = datetime.now(UTC)
    with town.writing() as session:
        person = session.get_one(Person, holder.person_id)
        person.turns_18_on = (now + timedelta(days=round(365.25 * years))).date() if years > 0 else None
        session.add(person)
    asker = companion.Asker(holder.learner_id, "", in_assessment=False)
    with town.writing() as session:
        assert companion.allowance(session, town.bank, asker, now).refusal == refusal
        agree = {
            "person_id": holder.person_id,
            "learner_id": holder.learner_id,
            "purpose": "companion",
            "language": "zh-CN",
            "now": now,
        }
        if years > 0:
            with pytest.raises(Conflict, match="guardian_needed"):
                consents.give(session, **agree)  # type: ignore[arg-type]
        consents.give(session, via="counter" if years > 0 else "online", **agree)  # type: ignore[arg-type]
        expected = "too_young" if refusal == "too_young" else None
        assert companion.allowance(session, town.bank, asker, now).refusal == expected


def test_one_switch_stops_it_everywhere_and_the_incident_is_kept(town: Town, model: ModelServer) -> None:
    register(town, model)
    administrator = administrator_of(town)
    page = administrator.get("/admin/companion")
    assert "正在运行" in page.text and "sk-local" not in page.html
    done = administrator.submit(page, {"reason": "说了课文里没有的药量"}, action="/admin/companion/stop")
    page = administrator.follow(done)
    assert "没有运行" in page.text and "说了课文里没有的药量" in page.text
    learner = town.browser(agreeing(town).person_id)
    assert "请学伴用几句话说一说" not in learner.get(f"/ask?q={QUESTION}").text
    with town.writing() as session, pytest.raises(Conflict, match="stopped"):
        companion.register(
            session, town.bank, base_url=model.url, model="m", filing_number="n", key=None, may_leave=False,
            enabled=True, daily_limit=3, changed_by=new_id(), now=datetime.now(UTC),
        )  # fmt: skip
    page = administrator.follow(
        administrator.submit(page, {"finding": "换了模型版本"}, action="/admin/companion/close")
    )
    assert "换了模型版本" in page.text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"base_url": f"http://{OUTSIDE}/v1"}, "不在本机构的网络里"),
        ({"base_url": f"http://{OUTSIDE}/v1", "may_leave": "y"}, "必须用 https://"),
        ({"base_url": "ftp://127.0.0.1/v1"}, "要以 http:// 或 https:// 开头"),
        ({"base_url": "http://user:secret@127.0.0.1/v1"}, "要以 http:// 或 https:// 开头"),
        ({"filing_number": ""}, "备案号"),
    ],
)
def test_a_model_that_may_not_be_is_refused(
    town: Town, model: ModelServer, changed: dict[str, str], words: str
) -> None:
    administrator = administrator_of(town)
    page = administrator.get("/admin/companion")
    values = {"base_url": model.url, "model": "qwen", "filing_number": "备 1", "daily_limit": "5"} | changed
    refused = administrator.submit(page, values, action="/admin/companion", status=422)
    assert words in refused.text


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.0.4", "::1", "::ffff:10.0.0.1", "fd00::1"])
def test_what_is_local(address: str) -> None:
    assert is_local(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "0.0.0.0", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_what_is_not_local(address: str) -> None:
    assert not is_local(address)


def test_a_name_with_one_address_outside_is_not_local(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", ("127.0.0.1", 80)), (2, 1, 6, "", ("8.8.8.8", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_given, **_named: found)
    with pytest.raises(ModelFault, match="not_local"):
        addresses(Endpoint("http://model.example/v1", "m"))
