"""What people come for, done with a keyboard alone, and the first of it with two switches."""

import string
from collections.abc import Callable
from typing import Any

import pytest

from adaptive.content.grading import right_response
from adaptive.content.model import Question
from tests.browser.keyboard import Keyboard, Switches
from tests.browser.learning_pages import learning_there
from tests.browser.library_pages import library_of, reading
from tests.browser.portfolio_pages import link_of, portfolio_of, signed_in
from tests.browser.site import Site
from tests.web.people import PIN

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


def heading(page: Any) -> str:
    """The page's heading."""
    words: str = page.locator("h1").inner_text()
    return words


@pytest.mark.parametrize("person", [Keyboard, Switches])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_signing_in(open_page: Open, site: Site, person: type[Keyboard], script: bool) -> None:
    holder = portfolio_of(site).holder
    page = open_page("/", script=script)
    hands = person(page)
    hands.follow("登录")
    hands.type("账号", holder.number)
    hands.type("密码", PIN)
    hands.push("登录")
    assert page.url == f"{site.origin}/portfolio"
    assert "示例甲" in page.locator("main").inner_text()


def test_my_credits(open_page: Open, site: Site) -> None:
    link_of(site)
    page = open_page("/", cookies=signed_in(site))
    hands = Keyboard(page)
    hands.follow("学习成果")
    assert page.locator(".totals dd").first.inner_text()
    hands.follow("书法第1期")
    assert "书法第1期" in heading(page)


def test_plan_and_progress(open_page: Open, site: Site) -> None:
    page = open_page("/library", cookies=learning_there(site))
    hands = Keyboard(page)
    hands.follow("学习计划")
    assert page.url.endswith("/plan")
    hands.follow("学习情况")
    assert page.url.endswith("/progress")


def answer(hands: Keyboard, question: Question, response: Any) -> None:
    """Fill the form in and send it."""
    kind = question.kind
    if kind in ("choice", "listen"):
        hands.choose(question.options[response].text)
    elif kind == "several":
        for index in sorted(response):
            hands.tick(question.options[index].text)
    elif kind == "order":
        for place, index in sorted(enumerate(response), key=lambda pair: pair[1]):
            hands.select(question.sequence[index], str(place + 1))
    elif kind == "match":
        sides = [right for _left, right in question.pairs] + list(question.distractors)
        for (left, _right), index in zip(question.pairs, response, strict=True):
            hands.select(left, sides[index])
    else:
        hands.type("", str(response))
    hands.push("就这样回答")


def test_a_lesson_and_its_questions(open_page: Open, site: Site) -> None:
    library = library_of(site)
    course = next(iter(library.courses.values()))
    item = library.items[course.items[0]]
    page = open_page("/library", cookies=reading(site))
    hands = Keyboard(page)
    page.goto(f"{site.origin}/library/{course.id}")
    hands.follow(item.title.zh)
    assert heading(page) == item.title.zh
    hands.follow("做练习")
    for _ in item.questions:
        prompt = page.locator("#prompt").inner_text().strip()
        question = next(q for q in item.questions if prompt in (q.prompt, q.easy_prompt))
        answer(hands, question, right_response(question))
        assert heading(page) == "答对了"
        hands.follow("下一题")


def test_sharing_a_credential(open_page: Open, site: Site) -> None:
    page = open_page("/portfolio", cookies=signed_in(site))
    hands = Keyboard(page)
    hands.follow("书法第1期")
    hands.follow("分享这份证书")
    hands.choose("7 天")
    hands.type("给链接起个名", "发给居委会")
    hands.to("button", "做")
    with page.expect_navigation():
        hands.press("Enter")
    shared = page.locator("#address").inner_text()
    assert "/v/" in shared
    assert "发给居委会" in page.locator("main").inner_text()


@pytest.mark.parametrize("person", [Keyboard, Switches])
def test_larger_type(open_page: Open, person: type[Keyboard]) -> None:
    page = open_page("/")
    hands = person(page)
    hands.follow("显示设置")
    hands.to("link", "看")
    with page.expect_navigation():
        hands.press("Enter")
    hands.choose("最大")
    hands.push("就用这些")
    assert page.evaluate("() => getComputedStyle(document.body).fontSize") == "30px"


@pytest.mark.rotates(3)
@pytest.mark.parametrize("display", ["", "profile=voice", "profile=listen"])
def test_no_letter_digit_or_mark_is_a_shortcut(open_page: Open, display: str) -> None:
    """WCAG 2.2, 2.1.4: somebody who dictates, or whose hand slips, sets nothing off."""
    for path in ("/", "/library/phone-basics/make-a-call", "/settings/display", "/help"):
        page = open_page(path, display=display)
        page.locator("#main").focus()
        before = page.evaluate("[location.href, document.querySelectorAll('[aria-current], :checked').length]")
        state = page.locator("#voice").get_attribute("data-state")
        for key in string.ascii_letters + string.digits + string.punctuation:
            page.keyboard.press(key)
        assert page.evaluate("[location.href, document.querySelectorAll('[aria-current], :checked').length]") == before
        assert page.evaluate("document.activeElement.closest('main') !== null")
        assert page.locator("#voice").get_attribute("data-state") == state
        page.context.close()
