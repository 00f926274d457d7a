"""Practice: each kind of question as a plain form, for a stranger and for someone whose learning is kept."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from adaptive.content.grading import right_response
from adaptive.practising import order_of
from adaptive.store import answers, decisions, personal_data, preferences, states
from tests.adaptive.lessons import small_library, wrong_response
from tests.apps import settings_for
from tests.web.client import ClientRequest, Page, values_of
from tests.web.learners import LIBRARY, keeping, reader
from tests.web.people import Town
from web import sheets
from web.accounts.permissions import now
from web.settings import Settings

COURSE = "/practice/kitchen-safety"
QUESTIONS = order_of(small_library(), "kitchen-safety")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def app_settings(request: pytest.FixtureRequest) -> Settings:
    return settings_for(request.getfixturevalue(f"{request.param}_url"), content_dir=LIBRARY)


def question_form(page: Page) -> Any:
    """The form that the question stands in."""
    return next(form for form in page.forms() if form.attrib["action"] == "/practice")


def asked(app: Flask, page: Page) -> str:
    """Which question the page asks."""
    with app.test_request_context():
        sheet = sheets.opened(values_of(question_form(page))["sheet"])
    assert sheet is not None
    return sheet.question


def filled(page: Page, question_id: str, response: Any) -> dict[str, Any]:
    """What a person would fill in for a response."""
    question = small_library().questions[question_id]
    if question.kind == "order":
        shown = [label.text for label in question_form(page).iter("label")]
        place_of = {question.sequence[index]: place + 1 for place, index in enumerate(response)}
        return {"answer": [str(place_of[text]) for text in shown]}
    if isinstance(response, list):
        return {"answer": [str(value) for value in response]}
    return {"answer": str(response)}


def send(browser: ClientRequest, page: Page, data: dict[str, Any], *, status: int = 303, **more: Any) -> Page:
    return browser._open("/practice", status, "POST", data={**values_of(question_form(page)), **data}, **more)


@pytest.mark.parametrize("number", range(len(QUESTIONS)), ids=[small_library().questions[q].kind for q in QUESTIONS])
@pytest.mark.parametrize("right", [True, False, None], ids=["right", "wrong", "unknown"])
def test_a_stranger_answers_every_kind_of_question(
    app: Flask, client_request: ClientRequest, number: int, right: bool | None
) -> None:
    page = client_request.get(f"{COURSE}?n={number}")
    question_id = asked(app, page)
    assert question_id == QUESTIONS[number]
    assert f"第 {number + 1} 题，共 {len(QUESTIONS)} 题" in page.text
    if right is None:
        data: dict[str, Any] = {"do": "unknown"}
    else:
        response = right_response(small_library().questions[question_id]) if right else wrong_response(question_id)
        data = {"do": "answer", **filled(page, question_id, response)}
    done = send(client_request, page, data, status=200)
    assert done.h1 == {True: "答对了", False: "这道还没对，一起看看", None: "不知道没关系，一起看看"}[right]
    assert small_library().questions[question_id].explanation in done.text
    assert done.link("下一题") == f"{COURSE}?n={number + 1}"
    with Town(app).database.reading() as session:
        assert all(
            session.connection().execute(table.select()).first() is None for table in personal_data.TABLES.values()
        )


def test_an_empty_answer_is_asked_for_politely(client_request: ClientRequest) -> None:
    for number, words in (
        (0, "请先选一个答案"),
        (1, "请至少选一个"),
        (2, "还有一步"),
        (3, "还有一项"),
        (4, "请先写下"),
    ):
        page = client_request.get(f"{COURSE}?n={number}")
        again = send(client_request, page, {"do": "answer"}, status=422)
        assert words in again.errors[0] and len(again.errors) == 1


def test_two_steps_in_one_place_are_told_apart(client_request: ClientRequest) -> None:
    page = client_request.get(f"{COURSE}?n=2")
    again = send(client_request, page, {"do": "answer", "answer": ["1", "1", "2"]}, status=422)
    assert again.errors == ["“第 1 步”选了两次，请改一处。"]
    assert values_of(question_form(again))["answer"] == ["1", "1", "2"]


def test_hints_come_one_at_a_time_and_nothing_typed_is_lost(client_request: ClientRequest) -> None:
    page = client_request.get(f"{COURSE}?n=0")
    assert "想想气是从哪里来的" not in page.text
    one = send(client_request, page, {"do": "hint", "answer": "1"}, status=200)
    assert "想想气是从哪里来的" in one.text and "和阀门有关" not in one.text
    assert values_of(question_form(one))["answer"] == "1"
    two = send(client_request, one, {"do": "hint"}, status=200)
    assert "和阀门有关" in two.text
    assert "再给一个提示" not in two.text


def test_what_is_spoken_can_be_read(client_request: ClientRequest) -> None:
    page = client_request.get(f"{COURSE}?n=6")
    assert "请大家走楼梯" not in page.text
    assert "请大家走楼梯" in send(client_request, page, {"do": "transcript"}, status=200).text


def test_a_stranger_goes_on_with_something_easier_harder_or_else(client_request: ClientRequest) -> None:
    page = client_request.get(f"{COURSE}?n=1")
    assert send(client_request, page, {"do": "easier"}).location == f"{COURSE}?n=0"
    assert send(client_request, page, {"do": "harder"}).location == f"{COURSE}?n=5"
    assert send(client_request, page, {"do": "not_now"}).location == f"{COURSE}?n=2"
    assert "过了一遍" in client_request.get(f"{COURSE}?n=7").text


def test_practice_of_one_lesson(app: Flask, client_request: ClientRequest) -> None:
    page = client_request.get("/library/kitchen-safety/fire/practice")
    assert asked(app, page) == "kitchen-safety/fire#numbers"
    client_request.get("/library/kitchen-safety/none/practice", status=404)
    client_request.get("/practice/none", status=404)
    assert client_request.get("/practice", status=303).location == "/library"


def test_a_sheet_that_is_not_ours_is_refused(client_request: ClientRequest) -> None:
    page = client_request.get(f"{COURSE}?n=0")
    for sheet in ("", "rubbish", values_of(question_form(page))["sheet"][:-3] + "abc"):
        refused = send(client_request, page, {"sheet": sheet, "answer": "0"})
        assert refused.location == "/library"
    assert "再打开一次" in client_request.get("/library", both_languages=False).text


def test_an_answer_is_kept_once_and_shown_again(app: Flask) -> None:
    town, holder, browser = reader(app)
    page = browser.get(COURSE, both_languages=False)
    question_id = asked(app, page)
    data = {"do": "answer", **filled(page, question_id, right_response(small_library().questions[question_id]))}
    first = send(browser, page, data)
    again = send(browser, page, data)
    assert first.location == again.location
    shown = browser.get(first.location)
    assert shown.h1 == "答对了"
    with town.database.reading() as session:
        [row] = answers.in_order(session, holder.learner_id)
        assert row.outcome == "right" and row.predicted is not None
        assert states.whole(session, holder.learner_id).overall.answers == 1
        [chosen] = decisions.newest(session, holder.learner_id)
        assert chosen.answer_id == row.id and chosen.question_id == question_id
    following = browser.get(shown.link("下一题"), both_languages=False)
    assert asked(app, following) != question_id


def test_a_choice_counts_once_on_whichever_page_it_is_answered(app: Flask) -> None:
    town, holder, browser = reader(app)
    one, other = browser.get(COURSE, both_languages=False), browser.get(COURSE, both_languages=False)
    question = small_library().questions[asked(app, one)]
    first = send(browser, one, {"do": "unknown"})
    right = {"do": "answer", **filled(other, question.id, right_response(question))}
    assert send(browser, other, right).location == first.location
    with town.database.reading() as session:
        [row] = answers.in_order(session, holder.learner_id)
        assert row.outcome == "unknown"


def test_a_hint_that_was_seen_counts_on_the_page_before_it_too(app: Flask) -> None:
    town, holder, browser = reader(app)
    before = browser.get(COURSE, both_languages=False)
    question = small_library().questions[asked(app, before)]
    send(browser, before, {"do": "hint"}, status=200)
    assert question.hints[0] in browser.get(COURSE).text
    send(browser, before, {"do": "answer", **filled(before, question.id, right_response(question))})
    with town.database.reading() as session:
        [row] = answers.in_order(session, holder.learner_id)
        assert row.hints == 1


def test_an_answer_to_a_question_that_was_changed_since_is_shown_as_it_was_taken(app: Flask) -> None:
    town, holder, browser = reader(app)
    page = browser.get("/library/kitchen-safety/gas/practice", both_languages=False)
    done = send(browser, page, {"do": "answer", "answer": "0"})
    with town.writing() as session:
        [row] = answers.in_order(session, holder.learner_id)
        row.response = 7  # an option that is no longer there
        session.add(row)
    assert browser.get(done.location).h1 == "答对了"


def test_an_open_question_waits_with_its_reason(app: Flask) -> None:
    _town, _holder, browser = reader(app)
    page = browser.get(COURSE)
    assert asked(app, browser.get(COURSE)) == asked(app, page)
    why = browser.get(page.link("为什么是这道题"))
    assert why.h1 == "为什么是这道题"
    assert "%" in why.text and "年龄、性别" in why.text
    assert why.link("按原来的顺序学") == f"{COURSE}?order=own"


def test_nobody_reads_the_answers_or_reasons_of_another(app: Flask) -> None:
    town, _holder, browser = reader(app)
    page = browser.get(COURSE, both_languages=False)
    done = send(browser, page, {"do": "unknown"})
    other = keeping(town, town.learner())
    stranger = town.browser(other.person_id)
    stranger.get(done.location, status=404)
    stranger.get(page.link("为什么是这道题"), status=404)
    refused = send(stranger, page, {"do": "unknown", "csrf_token": _token(stranger)})
    assert refused.location == "/library"


def _token(browser: ClientRequest) -> str:
    token: str = values_of(browser.get("/settings/display", both_languages=False).forms()[0])["csrf_token"]
    return token


def test_wishes_outrank_the_model(app: Flask) -> None:
    town, holder, browser = reader(app)
    page = browser.get(COURSE, both_languages=False)
    first = asked(app, page)
    send(browser, page, {"do": "not_now"})
    second = browser.get(COURSE, both_languages=False)
    assert asked(app, second) != first
    send(browser, second, {"do": "easier"})
    with town.database.reading() as session, app.test_request_context():
        marks = preferences.marks(session, holder.learner_id, now())
        assert marks[first].mark == "not_now" and marks[first].until is not None
        assert marks[asked(app, second)].mark == "easier"
        assert [row.set_aside for row in decisions.newest(session, holder.learner_id)] == ["easier", "not_now"]


def test_the_original_order_is_one_press_away(app: Flask) -> None:
    town, holder, browser = reader(app)
    page = browser.get(COURSE, both_languages=False)
    own = browser.get(page.link("按原来的顺序学"), both_languages=False)
    seen = []
    for _ in QUESTIONS:
        seen.append(asked(app, own))
        done = browser.follow(send(browser, own, {"do": "unknown"}), both_languages=False)
        assert done.link("下一题") == f"{COURSE}?order=own"
        own = browser.get(done.link("下一题"), both_languages=False)
        if not own.forms():
            break
    assert tuple(seen) == QUESTIONS
    with town.database.reading() as session:
        made = decisions.newest(session, holder.learner_id, 50)
        assert {d.policy for d in made if d.answer_id and d.place == "practice"} == {"own"}


def test_stopping_says_what_was_done(app: Flask) -> None:
    _town, _holder, browser = reader(app)
    page = browser.get(COURSE, both_languages=False)
    done = browser.follow(send(browser, page, {"do": "unknown"}), both_languages=False)
    stopped = browser.follow(browser.submit(done, action="/practice/stop"))
    assert "做了 1 道题，答对 0 道" in stopped.text
    assert stopped.link("再做几道") == COURSE


def test_a_queued_answer_is_taken_at_its_time_and_once(app: Flask) -> None:
    town, holder, browser = reader(app)
    page = browser.get(COURSE, both_languages=False)
    queue = {"headers": {"X-Evergreen-Queue": "1"}}
    for _ in range(2):
        done = send(browser, page, {"do": "unknown", "elapsed": "0.0"}, status=200, **queue)
        assert done.response.json["state"] == "stored"
        assert done.response.json["next"].startswith("/practice/answers/")
    with town.database.reading() as session:
        [row] = answers.in_order(session, holder.learner_id)
        assert row.presented_at == row.answered_at
    empty = send(browser, browser.get(COURSE, both_languages=False), {"do": "answer"}, status=422, **queue)
    assert empty.is_html
    browser.client.delete_cookie("evergreen_session")
    token = {"csrf_token": _token(browser)}
    assert send(browser, page, {"do": "unknown", **token}, status=401, **queue).response.json == {"state": "refused"}
    assert send(browser, page, {"sheet": "x", **token}, status=410, **queue).response.json == {"state": "refused"}


def test_someone_who_wants_no_choosing_gets_the_order_of_the_authors(app: Flask) -> None:
    town, holder, browser = reader(app)
    with town.writing() as session, app.test_request_context():
        preferences.change(session, holder.learner_id, now(), personalised=False)
    assert asked(app, browser.get(COURSE)) == QUESTIONS[0]


def test_the_course_s_page_leads_to_practice_only_while_there_is_something_to_practise(app: Flask) -> None:
    town, holder, browser = reader(app)
    for _ in range(40):
        course = browser.get("/library/kitchen-safety", both_languages=False)
        page = browser.get(COURSE, both_languages=False)
        if page.h1 == "这里暂时没有要做的题":
            break
        assert course.link("做这门课的练习") == COURSE and "眼下没有要练的题" not in course.text
        question = small_library().questions[asked(app, page)]
        send(browser, page, {"do": "answer", **filled(page, question.id, right_response(question))})
    else:
        pytest.fail("there was always something to practise")
    assert "这门课眼下没有要练的题" in course.text and "眼下可以做的" in course.text
    assert "做这门课的练习" not in course.text
    again = course.link("从头再练一遍")
    assert asked(app, browser.get(again, both_languages=False)) in QUESTIONS
    with time_machine.travel(datetime.now(UTC) + timedelta(days=200), tick=False):
        late = town.browser(holder.person_id)
        assert late.get("/library/kitchen-safety").link("做这门课的练习") == COURSE


def test_three_wrong_in_a_row_bring_another_form_then_an_example_then_a_person(app: Flask) -> None:
    town, holder, browser = reader(app)
    offers = []
    for _ in range(5):
        page = browser.get("/library/kitchen-safety/gas/practice", both_languages=False)
        if page.h1 == "这里暂时没有要做的题":
            page = browser.get(page.link("从头再练一遍"), both_languages=False)
        question_id = asked(app, page)
        data = filled(page, question_id, wrong_response(question_id))
        done = browser.follow(send(browser, page, {"do": "answer", **data}))
        if "换个办法试试" in done.text:
            offers.append(done)
    assert len(offers) == 3
    assert "form=easy" in offers[0].link("易读版")
    assert "做好的例子" in offers[1].text
    assert offers[2].link("看看可以找谁") == "/help#stuck"
    with town.database.reading() as session:
        assert len(answers.in_order(session, holder.learner_id)) == 5
