"""What people come for, from the first page to the end: by a keyboard alone, by two switches alone, by one alone.

A quick run goes each of them in one way, FULL=1 in every way.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import expect

from adaptive.content.grading import right_response
from credit_bank.recognition.framework import Category
from credit_bank.store import institutions
from credit_bank.store.tables import Course
from tests.browser.keyboard import Keyboard
from tests.browser.learning_pages import learning_there
from tests.browser.library_pages import library_of
from tests.browser.neighbour_pages import ready_to_ask
from tests.browser.portfolio_pages import link_of, portfolio_of, signed_in
from tests.browser.sampling import sampled
from tests.browser.site import Site
from tests.browser.switch_user import OneSwitch, SwitchUser
from tests.browser.test_keyboard import answer
from tests.web.people import PIN

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
WAYS: dict[str, type[Keyboard]] = {"keyboard": Keyboard, "switches": SwitchUser, "switch": OneSwitch}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every journey in every way; in a quick run each in one of them, in another the next day."""
    journeys = [name for name in vars(metafunc.module) if name.startswith("test_")]
    turn = journeys.index(metafunc.function.__name__) % len(WAYS)
    ways = list(WAYS.items())
    taken = sampled([*ways[turn:], *ways[:turn]], len(ways))
    metafunc.parametrize("way", [way for _name, way in taken], ids=[name for name, _way in taken])


def begin(open_page: Open, way: type[Keyboard], path: str = "/", cookies: dict[str, str] | None = None) -> Keyboard:
    """A person of that kind on a page; who uses switches has said so in their settings."""
    page = open_page(path, cookies=cookies, display=way.display if issubclass(way, SwitchUser) else "")
    return way(page)


def said(hands: Keyboard) -> str:
    """What the main part of the page says."""
    words: str = hands.page.locator("main").inner_text()
    return words


def to_the_pin(hands: Keyboard, site: Site) -> None:
    hands.follow("登录")
    hands.follow("用账户卡登录")
    hands.type("卡片上的账号", portfolio_of(site).holder.number)
    hands.push("下一步")


def test_signing_in_with_the_card_and_the_pad(open_page: Open, site: Site, way: type[Keyboard]) -> None:
    hands = begin(open_page, way)
    to_the_pin(hands, site)
    if issubclass(way, SwitchUser):
        for digit in PIN:
            hands.push(digit, leads_on=False)
    else:
        hands.page.keyboard.type(PIN)
    expect(hands.page.locator(".pin-dots span")).to_have_count(len(PIN))
    hands.to("button", "登录")
    with hands.page.expect_navigation():
        tap(hands, leads_on=True)
    assert hands.page.url == f"{site.origin}/portfolio"


def test_signing_in_with_the_card_and_taps(open_page: Open, site: Site, way: type[Keyboard]) -> None:
    hands = begin(open_page, way)
    to_the_pin(hands, site)
    hands.push("按次数输密码")
    for digit in PIN:
        for _ in range(int(digit)):
            hands.to("button", "按一下", **back(way))
            tap(hands)
        hands.to("button", "下一位", **back(way, "下一位"))
        tap(hands)
    assert digit_free(hands.page.locator(".pin").inner_text())
    hands.to("button", "登录")
    with hands.page.expect_navigation():
        tap(hands, leads_on=True)
    assert hands.page.url == f"{site.origin}/portfolio"


def back(way: type[Keyboard], name: str = "") -> dict[str, bool]:
    """To the larger button above, a keyboard goes back with Shift."""
    return {"back": True} if way is Keyboard and not name else {}


def tap(hands: Keyboard, *, leads_on: bool = False) -> None:
    if isinstance(hands, SwitchUser):
        hands.act()
    else:
        hands.press("Enter" if leads_on else "Space")


def digit_free(words: str) -> bool:
    """Whether the page tells no digit of the PIN but how many were entered."""
    return not set("123456789") & set(words.replace("已经输了 6 位", ""))


def test_the_day_s_plan_and_credits(open_page: Open, site: Site, way: type[Keyboard]) -> None:
    hands = begin(open_page, way, cookies=learning_there(site))
    hands.follow("今天做什么")
    assert hands.page.url.endswith("/today")
    assert "为什么" in said(hands)
    hands.follow("我的学分")
    assert hands.page.url.endswith("/portfolio")


def test_a_lesson_with_its_exercises(open_page: Open, site: Site, way: type[Keyboard]) -> None:
    library = library_of(site)
    course = min(library.courses.values(), key=lambda c: len(library.items[c.items[0]].questions))
    item = library.items[course.items[0]]
    hands = begin(open_page, way, f"/library/{course.id}/{item.id.partition('/')[2]}")
    hands.follow("做练习")
    for _ in item.questions:
        prompt = hands.page.locator("#prompt").inner_text().strip()
        question = next(q for q in item.questions if prompt in (q.prompt, q.easy_prompt))
        answer(hands, question, right_response(question))
        assert "答对了" in hands.page.locator("h1").inner_text()
        hands.follow("下一题")
    assert "/practice" in hands.page.url


def test_sharing_a_credential_with_somebody_present(open_page: Open, site: Site, way: type[Keyboard]) -> None:
    link_of(site)
    hands = begin(open_page, way, "/portfolio", signed_in(site))
    hands.follow("书法第1期")
    hands.follow("分享这份证书")
    hands.choose("7 天")
    hands.push("做")
    assert "/v/" in hands.page.locator("#address").inner_text()
    expect(hands.page.locator("main .qr svg")).to_have_count(1)


@cache
def offered(site: Site) -> str:
    """An activity of an institution; its title."""
    portfolio_of(site)
    with site.writing() as session:
        first = institutions.every(session)[0]
        session.add(
            Course(
                institution_id=first.id,
                code="TAICHI",
                title="公园太极班",
                category=Category.OTHER.value,
                framework="evergreen-1",
                created_at=datetime.now(UTC),
            )
        )
    return "公园太极班"


def test_joining_an_activity(open_page: Open, site: Site, way: type[Keyboard]) -> None:
    title = offered(site)
    hands = begin(open_page, way, "/activities", signed_in(site))
    if title in said(hands):
        hands.push("不去了")
    hands.follow("看看有什么活动")
    hands.follow(title)
    hands.follow("我要参加")
    hands.push("我要参加")
    assert f"报上名了：{title}" in said(hands)


def test_asking_a_person(open_page: Open, site: Site, way: type[Keyboard]) -> None:
    hands = begin(open_page, way, "/portfolio", signed_in(site))
    hands.follow("求助")
    hands.choose(hands.page.locator("main .choice label").first.inner_text().split("\n")[0])
    hands.page.locator("main form button").first.wait_for()
    hands.push(hands.page.locator("main form .actions button:not([data-do])").first.inner_text())
    assert "/help/requests/" in hands.page.url


def test_asking_a_neighbour(open_page: Open, site: Site, way: type[Keyboard]) -> None:
    hands = begin(open_page, way, "/help/ask", ready_to_ask(site))
    hands.follow("找邻居帮忙")
    hands.choose("教我用手机")
    hands.push("发出去")
    assert "发出去了" in said(hands) or "还没有人接" in said(hands)
    hands.push("不用了，收回")
    assert "已经收回了" in said(hands)


def test_slower_speech_and_larger_type(open_page: Open, way: type[Keyboard]) -> None:
    hands = begin(open_page, way, "/settings/display/listening")
    hands.choose("很慢")
    hands.push("就用这些")
    assert hands.page.locator("#set-speech_rate input:checked").get_attribute("value") == "95"
    hands.page.goto(hands.page.url.replace("listening", "seeing"))
    hands.choose("最大")
    hands.push("就用这些")
    assert hands.page.evaluate("() => getComputedStyle(document.body).fontSize") == "30px"
