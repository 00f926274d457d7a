"""Practice in a real browser: a network that goes away, a learner who struggles, and no script at all."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from adaptive.store import answers
from tests.browser.library_pages import first_course, library_of
from tests.browser.site import Site
from tests.web.learners import keeping
from tests.web.people import Holder, Town
from web.accounts.permissions import cookie_name

pytestmark = pytest.mark.browser


@pytest.fixture
def somebody(site: Site) -> tuple[Town, Holder, dict[str, str]]:
    """A learner of the test's own, and the cookies of their browser."""
    town = Town(site.app)
    holder = keeping(town, town.learner("示例读者"))
    with site.app.app_context():
        return town, holder, {cookie_name(): town.token(holder.person_id)}


def follow(page: Any, name: str) -> None:
    """Open a link; the next page is there."""
    with page.expect_navigation():
        page.get_by_role("link", name=name).click()


def practice(site: Site) -> str:
    return first_course(site).replace("/library/", "/practice/")


def test_an_answer_given_without_a_network_is_sent_once_when_it_is_back(
    open_page: Callable[..., Any], site: Site, somebody: tuple[Town, Holder, dict[str, str]]
) -> None:
    town, holder, cookies = somebody
    page = open_page(practice(site), cookies=cookies, width=390)
    page.context.set_offline(True)
    page.wait_for_function("!navigator.onLine")
    for _ in range(2):
        page.get_by_role("button", name="不知道").click()
        page.locator("#queue-note").get_by_text("已经存在这台设备上").wait_for()
    with town.database.reading() as session:
        assert answers.in_order(session, holder.learner_id) == []
    page.context.set_offline(False)
    page.locator("#queue-note").get_by_text("刚才的回答已经送出").wait_for()
    follow(page, "接着做下一题")
    page.get_by_role("heading", name="不知道没关系，一起看看").wait_for()
    with town.database.reading() as session:
        [row] = answers.in_order(session, holder.learner_id)
        assert row.outcome == "unknown"
    assert page.evaluate("localStorage.getItem('evergreen-answers')") is None


def test_an_answer_that_waited_is_sent_by_the_next_page_that_opens(
    open_page: Callable[..., Any], site: Site, somebody: tuple[Town, Holder, dict[str, str]]
) -> None:
    town, holder, cookies = somebody
    page = open_page(practice(site), cookies=cookies)
    page.context.set_offline(True)
    page.wait_for_function("!navigator.onLine")
    page.get_by_role("button", name="不知道").click()
    page.locator("#queue-note").get_by_text("已经存在这台设备上").wait_for()
    context = page.context
    page.close()
    context.set_offline(False)
    later = context.new_page()
    with later.expect_response(lambda answer: answer.url.endswith("/practice") and answer.ok):
        later.goto(site.origin + "/library")
    with town.database.reading() as session:
        assert len(answers.in_order(session, holder.learner_id)) == 1


def test_the_waiting_answer_of_another_neither_counts_for_nor_holds_up_who_is_here_now(
    open_page: Callable[..., Any], site: Site, somebody: tuple[Town, Holder, dict[str, str]]
) -> None:
    town, holder, cookies = somebody
    other = keeping(town, town.learner("示例乙"))
    with site.app.app_context():
        name, tokens = cookie_name(), {holder: cookies[cookie_name()], other: town.token(other.person_id)}
    page = open_page(practice(site), cookies=cookies)
    context = page.context

    def arrive(who: Holder) -> None:
        page.context.add_cookies([{"name": name, "value": tokens[who], "url": site.origin}])
        page.goto(site.origin + practice(site))

    def answer_without_a_network() -> None:
        page.context.set_offline(True)
        page.wait_for_function("!navigator.onLine")
        page.get_by_role("button", name="不知道").click()
        page.locator("#queue-note").get_by_text("已经存在这台设备上").wait_for()

    def kept_of(who: Holder) -> int:
        with town.database.reading() as session:
            return len(answers.in_order(session, who.learner_id))

    answer_without_a_network()
    page.context.clear_cookies()
    page.close()
    page = context.new_page()
    context.set_offline(False)
    arrive(other)
    answer_without_a_network()
    page.context.set_offline(False)
    page.locator("#queue-note").get_by_text("刚才的回答已经送出").wait_for()
    assert (kept_of(holder), kept_of(other)) == (0, 1)
    page.context.clear_cookies()
    arrive(holder)
    page.locator("#queue-note").get_by_text("刚才的回答已经送出").wait_for()
    assert page.evaluate("localStorage.getItem('evergreen-answers')") is None
    assert (kept_of(holder), kept_of(other)) == (1, 1)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_learner_who_struggles_is_offered_another_form(
    open_page: Callable[..., Any], site: Site, somebody: tuple[Town, Holder, dict[str, str]], script: bool
) -> None:
    _town, _holder, cookies = somebody
    item = next(i for i in library_of(site).items.values() if len(i.questions) >= 3 and "easy" in i.forms)
    page = open_page(f"/library/{item.id}?form=standard", cookies=cookies, script=script, width=390)
    follow(page, "做练习")
    for _ in range(3):
        with page.expect_navigation():
            page.get_by_role("button", name="不知道").click()
        page.get_by_role("heading", name="不知道没关系，一起看看").wait_for()
        if page.get_by_role("heading", name="换个办法试试").count():
            break
        follow(page, "下一题")
    follow(page, "易读版")
    page.get_by_role("heading", name=item.title.zh, exact=True).wait_for()
    assert "form=easy" in page.url


def test_an_answer_left_empty_is_asked_for_by_the_page_itself(
    open_page: Callable[..., Any], site: Site, somebody: tuple[Town, Holder, dict[str, str]]
) -> None:
    _town, _holder, cookies = somebody
    page = open_page(practice(site), cookies=cookies)
    page.get_by_role("button", name="就这样回答").click()
    expect(page.locator("#error-summary")).to_be_focused()
