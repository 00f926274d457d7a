"""A learner starts, struggles, is offered another form, succeeds, earns, and sees the credit: in a real browser."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import update
from sqlmodel import col, select

from adaptive.content.grading import right_response
from adaptive.content.model import Question
from adaptive.store.tables import Answer, StudySession
from tests.adaptive.lessons import COURSE, small_library, wrong_response
from tests.browser.site import PATIENCE, Site, assert_accessible, running
from tests.web.desks import Desk
from tests.web.learners import LIBRARY, keeping
from tests.web.masteries import recognise
from tests.web.people import Holder
from web.accounts.permissions import cookie_name
from web.publisher import publish_now

pytestmark = pytest.mark.browser
TRIES = 40


@pytest.fixture
def school(sqlite_url: str) -> Iterator[Site]:
    """An application of the test's own, with the small library."""
    with running(sqlite_url, content_dir=LIBRARY) as found:
        yield found


@pytest.fixture
def open_school(browser: Any, school: Site) -> Iterator[Callable[[dict[str, str]], Any]]:
    """Opens that application on a phone, with those cookies."""
    contexts = []

    def open_(cookies: dict[str, str]) -> Any:
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": n, "value": v, "url": school.origin} for n, v in cookies.items()])
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()


def asked(page: Any) -> Question:
    """The question that stands on the page."""
    prompt = page.locator("#prompt").inner_text().strip()
    return next(q for q in small_library().questions.values() if prompt in (q.prompt, q.easy_prompt))


def respond(page: Any, question: Question, response: Any) -> None:
    """Fill the form in as a person would, and send it."""
    kind = question.kind
    if kind in ("choice", "listen"):
        page.get_by_label(question.options[response].text, exact=True).check()
    elif kind == "several":
        for index in response:
            page.get_by_label(question.options[index].text, exact=True).check()
    elif kind == "order":
        for place, index in enumerate(response):
            page.get_by_label(question.sequence[index], exact=True).select_option(str(place + 1))
    elif kind == "match":
        sides = [right for _left, right in question.pairs] + list(question.distractors)
        for (left, _right), index in zip(question.pairs, response, strict=True):
            page.get_by_label(left, exact=True).select_option(label=sides[index])
    else:
        page.locator("#answer").fill(str(response))
    page.get_by_role("button", name="就这样回答").click()
    page.wait_for_url("**/practice/answers/**")


def a_night_passes(desk: Desk, holder: Holder) -> None:
    """Everything that the learner did lies a day further back."""
    day = timedelta(days=1)
    with desk.writing() as session:
        for table, names in ((Answer, ("answered_at", "presented_at")), (StudySession, ("started_at", "last_at"))):
            for row in session.exec(select(table).where(col(table.learner_id) == holder.learner_id)).all():  # type: ignore[attr-defined, call-overload]
                earlier = {name: getattr(row, name) - day for name in names if getattr(row, name) is not None}
                session.execute(update(table).where(col(table.id) == row.id).values(**earlier))  # type: ignore[attr-defined]


def practise_all(page: Any, site: Site) -> None:
    """Every question of the course, in the authors' order, answered right."""
    for _question in small_library().questions:
        page.goto(f"{site.origin}/practice/{COURSE}?order=own")
        question = asked(page)
        respond(page, question, right_response(question))
        expect(page.get_by_role("heading", level=1)).to_have_text("答对了")


def test_from_the_first_question_to_a_certificate_that_verifies(
    school: Site, open_school: Callable[[dict[str, str]], Any]
) -> None:
    desk = Desk(school.app)
    college = desk.admitted("browser-school", name="示例开放大学")
    holder = keeping(desk, desk.learner("示例学员"))
    with desk.writing() as session:
        recognise(session, college)
    with school.app.app_context():
        name = cookie_name()
    page = open_school({name: desk.token(holder.person_id)})

    # Starts: the course says what it can bring.
    page.goto(f"{school.origin}/library/{COURSE}")
    page.get_by_text("2 项本领，您已经掌握 0 项").wait_for()

    # Struggles: wrong again and again, until another approach is offered.
    offer = page.get_by_role("heading", name="换个办法试试")
    for _try in range(TRIES):
        page.goto(f"{school.origin}/practice/{COURSE}")
        question = asked(page)
        respond(page, question, wrong_response(question.id))
        if offer.is_visible():
            break
    assert offer.is_visible()
    assert_accessible(page)
    another = page.locator("section[aria-labelledby=offer] a")
    assert "form=" in another.get_attribute("href")
    another.click()
    page.wait_for_url("**/library/**")
    expect(page.locator("article.lesson")).to_be_visible()

    # Succeeds, on two further days.
    for _day in range(2):
        a_night_passes(desk, holder)
        practise_all(page, school)
        page.locator("form.stop button").click()
        page.wait_for_url("**/practice/stopped**")

    # Earns: a calm message, the evidence, agreeing, asking.
    page.get_by_role("heading", name="您已经掌握了“厨房安全”").wait_for()
    assert_accessible(page)
    page.get_by_role("link", name="看看怎么换").click()
    page.get_by_text("条件都够了").wait_for()
    assert_accessible(page)
    page.get_by_role("link", name="看看要交的证据").click()
    page.locator("details.evidence").first.locator("summary").click()
    assert_accessible(page)
    page.get_by_label("我同意把这些证据交给示例开放大学").check()
    page.get_by_role("button", name="同意并申请").dblclick()
    page.get_by_role("heading", name="证书已经放进您的学分账户").wait_for()
    assert_accessible(page)

    # Sees the credit, and that it holds.
    publish_now(desk.database, desk.bank)
    page.get_by_role("link", name="打开证书").click()
    page.get_by_role("heading", level=1, name="示例课程 1").wait_for()
    expect(page.locator(".verdict.pass")).to_be_visible()
    page.goto(f"{school.origin}/portfolio")
    assert page.get_by_role("link", name="示例课程 1").count() == 1
    page.goto(f"{school.origin}/library/{COURSE}")
    page.get_by_text("这门课的证书已经在您的学分账户里了").wait_for()
