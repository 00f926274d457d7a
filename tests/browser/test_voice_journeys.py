"""What people come for, from the first word to the end: by voice and ears alone.

Nothing is pressed but the key to talk. A synthetic voice in Chromium's microphone says the commands that it recorded
before; what is said back is what the speaker was given. Real people are understood less often than this voice.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect
from sqlmodel import col, select

from adaptive.content.grading import right_response
from adaptive.content.model import Item, Question
from bench.voices.people import Voices, voices
from credit_bank.store.tables import ShareLink
from tests.browser.learning_pages import experienced, learning_there
from tests.browser.library_pages import library_of
from tests.browser.neighbour_pages import ready_to_ask
from tests.browser.portfolio_pages import link_of, portfolio_of, signed_in
from tests.browser.sampling import sampled
from tests.browser.site import Site
from tests.browser.speaking import EVERYTHING, enrol, microphone, opened
from tests.browser.talker import Talker
from tests.browser.test_journeys import offered
from tests.web.people import PIN, Holder
from web.operations.help_tables import HelpRequest
from web.operations.neighbour_tables import NeighbourRequest

pytestmark = pytest.mark.browser
SPEAKS_FIRST = "voice_input=first"
ROOM = np.zeros(0, np.float32)
Talks = Callable[..., Talker]


@pytest.fixture(scope="module")
def synthetic() -> Iterator[Voices]:
    with voices() as made:
        yield made


@cache
def recorded_by(site: Site, synthetic: Voices, holder: Holder) -> Holder:
    """That learner, with every command recorded."""
    enrol(site, synthetic, holder.person_id, holder.learner_id, EVERYTHING)
    return holder


@pytest.fixture(scope="module")
def launched(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    """A browser with a microphone, and the file that it hears."""
    folder = tmp_path_factory.mktemp("microphone")
    with microphone(browser.browser_type, folder, ROOM) as found:
        yield found, folder / "said.wav"


@pytest.fixture
def talks(launched: tuple[Any, Path], site: Site, synthetic: Voices) -> Iterator[Talks]:
    """Opens a page for somebody who speaks; its errors fail the test."""
    made: list[Any] = []
    errors: list[str] = []

    def open_(path: str, holder: Holder, cookies: dict[str, str] | None = None, display: str = SPEAKS_FIRST) -> Talker:
        recorded_by(site, synthetic, holder)
        page = opened(launched[0], site, path, cookies=cookies, display=display)
        page.on("pageerror", lambda error: errors.append(str(error)))
        made.append(page.context)
        return Talker(site, page, launched[1], synthetic, holder.person_id)

    yield open_
    for context in made:
        context.close()
    assert not errors, errors


def at_the_pin(talks: Talks, site: Site) -> Talker:
    """Before the PIN, after the reader of the card has put its number into the form and sent it."""
    holder = portfolio_of(site).holder
    talker = talks("/sign-in/card", holder)
    with talker.page.expect_navigation():
        talker.page.evaluate(
            "number => { const form = document.getElementById('number-form');"
            " form.querySelector('[data-scanned]').value = number; form.requestSubmit(); }",
            holder.number,
        )
    expect(talker.page).to_have_url(re.compile("/sign-in/card/pin$"))
    return talker


def signing_in_with_the_card_and_a_spoken_pin(talks: Talks, site: Site) -> None:
    talker = at_the_pin(talks, site)
    talker.say("number.8", "记下了，现在有1位。")
    talker.say("cancel", "删了最后一位。")
    for count, digit in enumerate(PIN, 1):
        talker.say(f"number.{digit}", f"记下了，现在有{count}位。")
        expect(talker.page.locator(".pin-dots span")).to_have_count(count)
    told = [one for one in talker.heard if "记下了" in one]
    assert all(set("零一二三四五六七八九0123456789") & set(one.replace("一位", "")) <= set("123456") for one in told)
    assert not any(word in "".join(talker.heard) for word in "四七九三")
    talker.say("confirm", "现在是“我的学习成果”这一页。")
    expect(talker.page).to_have_url(f"{site.origin}/portfolio")


def choosing_by_voice_to_tap_the_pin_that_nobody_overhears(talks: Talks, site: Site) -> None:
    talker = at_the_pin(talks, site)
    talker.choose("按次数输密码", "现在是")
    expect(talker.page.locator("form[data-pin=dots]")).to_have_count(1)
    for digit in PIN:  # by hand: nobody hears these
        for _ in range(int(digit)):
            talker.page.locator("button[value=tap]").click()
        talker.page.locator("button[value=next]").click()
    talker.page.evaluate("document.activeElement.blur()")
    talker.say("confirm", "现在是“我的学习成果”这一页。")
    expect(talker.page).to_have_url(f"{site.origin}/portfolio")


def the_day_s_plan_and_credits(talks: Talks, site: Site) -> None:
    talker = talks("/", experienced(site)[1], learning_there(site))
    talker.say("today", "好的：今天学什么。")
    expect(talker.page).to_have_url(re.compile("/today$"))
    first = talker.page.locator("#first").inner_text()
    talker.begin_reading()
    talker.until_heard(first)
    talker.until_heard("为什么")
    talker.say("credits", "好的：我的学分。")
    expect(talker.page).to_have_url(re.compile("/portfolio$"))
    talker.begin_reading()
    talker.until_heard(talker.page.locator("h1").inner_text())


VOICED = {"choice", "listen", "several", "number", "order", "match"}


def lesson_for_ears(site: Site) -> Item:
    """The lesson with the fewest questions among those with a number to say and all to be answered without typing."""
    found = [
        item
        for item in library_of(site).items.values()
        if {"number"} < {q.kind for q in item.questions} <= VOICED and all(_sayable(q) for q in item.questions)
    ]
    return min(found, key=lambda item: (sum(map(_words_for, item.questions)), item.id))


def _words_for(question: Question) -> int:
    """About how many things must be said for it."""
    response = right_response(question)
    parts = len(str(response)) if question.kind == "number" else len(response) if isinstance(response, list) else 1
    return 3 + parts * (3 if question.kind in ("order", "match") else 1)


def _sayable(question: Question) -> bool:
    return question.kind != "number" or str(right_response(question)).isdecimal()


def a_lesson_with_its_exercises(talks: Talks, site: Site) -> None:
    item = lesson_for_ears(site)
    talker = talks(f"/library/{item.id}", portfolio_of(site).holder, signed_in(site))
    talker.begin_reading()
    talker.until_heard(talker.page.locator("article.lesson p").first.inner_text()[:6])
    talker.choose("做练习", "现在是")
    for _ in item.questions:
        prompt = talker.page.locator("#prompt").inner_text().strip()
        question = next(q for q in item.questions if prompt in (q.prompt, q.easy_prompt))
        answer(talker, question, right_response(question))
        talker.agree("就这样回答", "现在是“答对了”这一页。")
        talker.say("next", "现在是")
    expect(talker.page).to_have_url(re.compile("/practice"))


def answer(talker: Talker, question: Question, response: Any) -> None:
    """Say the answer, by numbers; hear each of them."""
    if question.kind == "number":
        for digit in str(response):
            talker.say(f"number.{digit}", f"填了{digit}。")
        expect(talker.page.locator("#answer")).to_have_value(str(response))
    elif question.kind in ("order", "match"):
        arrange(talker, question, response)
    else:
        labels = [label.inner_text().strip() for label in talker.page.locator("main form.question .choice label").all()]
        for index in sorted(response) if question.kind == "several" else [response]:
            text = question.options[index].text
            talker.say(f"number.{labels.index(text) + 1}", f"好的：{text}")


def arrange(talker: Talker, question: Question, response: Any) -> None:
    """Choose a place for each, or what belongs to it: first its number, then one of the list that is said."""
    if question.kind == "order":
        wanted = {question.sequence[index]: f"第 {place} 步" for place, index in enumerate(response, 1)}
    else:
        sides = [right for _left, right in question.pairs] + list(question.distractors)
        wanted = {left: sides[index] for (left, _right), index in zip(question.pairs, response, strict=True)}
    for name, side in wanted.items():
        told = talker.choose(name, side)
        found = re.search(rf"(\d)，[^；]*{re.escape(side)}", told)
        assert found, (side, told)
        talker.say(f"number.{found.group(1)}", "好的：")


def putting_things_in_order(talks: Talks, site: Site) -> None:
    arranged(talks, site, "order")


def putting_together_what_belongs_together(talks: Talks, site: Site) -> None:
    arranged(talks, site, "match")


def arranged(talks: Talks, site: Site, kind: str) -> None:
    of_kind = [
        (len(question.sequence or question.pairs), item.id, number, question)
        for item in library_of(site).items.values()
        for number, question in enumerate(item.questions)
        if question.kind == kind
    ]
    _length, item_id, number, question = min(of_kind, key=lambda found: found[:3])
    talker = talks(f"/library/{item_id}/practice?n={number}", portfolio_of(site).holder, signed_in(site))
    answer(talker, question, right_response(question))
    talker.agree("就这样回答", "现在是“答对了”这一页。")


def sharing_a_credential_with_somebody_present(talks: Talks, site: Site) -> None:
    link_of(site)
    made = portfolio_of(site)
    talker = talks("/", made.holder, signed_in(site))
    before = links(site, made.holder)
    talker.say("credits", "好的：我的学分。")
    talker.choose("书法第1期", "好的：书法第1期")
    talker.choose("分享这份证书", "好的：分享这份证书")
    talker.choose("7 天", "好的：7 天")
    talker.agree("做一个链接", "现在是")
    expect(talker.page.locator("#address")).to_contain_text("/v/")
    expect(talker.page.locator("main .qr svg")).to_have_count(1)
    assert links(site, made.holder) == before + 1


def links(site: Site, holder: Holder) -> int:
    """How many links somebody made."""
    with site.writing() as session:
        return len(session.exec(select(ShareLink).where(col(ShareLink.learner_id) == holder.learner_id)).all())


def joining_an_activity(talks: Talks, site: Site) -> None:
    title = offered(site)
    talker = talks("/activities", portfolio_of(site).holder, signed_in(site))
    if title in talker.page.locator("main").inner_text():
        talker.choose("不去了", "吗？按了“确定”才算数。")
        talker.say("confirm", "现在是")
    talker.say("activities", "好的：参加活动。")
    talker.choose(title, f"好的：{title}")
    talker.choose("我要参加", "好的：我要参加")
    talker.agree("我要参加", f"报上名了：{title}")
    expect(talker.page.locator("main")).to_contain_text(title)


def asking_a_person(talks: Talks, site: Site) -> None:
    holder = experienced(site)[1]  # not the portfolio's, who asks so often that three may still wait
    talker = talks("/portfolio", holder, learning_there(site))
    with site.writing() as session:
        before = len(session.exec(select(HelpRequest).where(col(HelpRequest.person_id) == holder.person_id)).all())
    talker.say("help", "好的：帮助。")
    matter = talker.page.locator("main .choice label").first.inner_text().split("\n")[0]
    talker.say("number.1", f"好的：{matter}")
    expect(talker.page.locator("main [type=radio]").first).to_be_checked()
    talker.agree("发出去", "现在是")
    expect(talker.page).to_have_url(re.compile("/help/requests/"))
    with site.writing() as session:
        rows = session.exec(select(HelpRequest).where(col(HelpRequest.person_id) == holder.person_id)).all()
        assert len(rows) == before + 1


def asking_a_neighbour(talks: Talks, site: Site) -> None:
    cookies, holder = ready_to_ask(site), portfolio_of(site).holder
    talker = talks("/portfolio", holder, cookies)
    talker.say("neighbour", "好的：找邻居帮忙。")
    assert talker.page.url.endswith("/neighbours/ask")
    talker.choose("教我用手机", "好的：教我用手机")
    talker.agree("发出去", "现在是")
    assert "/neighbours/" in talker.page.url
    with site.writing() as session:
        mine = select(NeighbourRequest).where(col(NeighbourRequest.learner_id) == holder.learner_id)
        row = session.exec(mine.order_by(col(NeighbourRequest.id).desc())).first()
        assert row is not None and (row.matter, row.state) == ("phone", "waiting")


def slower_speech_and_larger_type_and_back(talks: Talks, site: Site) -> None:
    talker = talks("/library", portfolio_of(site).holder, signed_in(site))
    size = "() => parseFloat(getComputedStyle(document.body).fontSize)"
    before = talker.page.evaluate(size)
    talker.say("bigger", "字号改成了")
    talker.page.wait_for_function(f"before => ({size})() > before", arg=before)
    talker.say("undo", "已经撤销。")
    talker.page.wait_for_function(f"before => ({size})() === before", arg=before)
    talker.say("slower", "改成了")
    talker.until(lambda: "speech_rate" in str(talker.page.context.cookies()), "the pace is kept nowhere")
    talker.say("undo", "已经撤销。")


JOURNEYS = (
    signing_in_with_the_card_and_a_spoken_pin,
    choosing_by_voice_to_tap_the_pin_that_nobody_overhears,
    the_day_s_plan_and_credits,
    a_lesson_with_its_exercises,
    putting_things_in_order,
    putting_together_what_belongs_together,
    sharing_a_credential_with_somebody_present,
    joining_an_activity,
    asking_a_person,
    asking_a_neighbour,
    slower_speech_and_larger_type_and_back,
)


@pytest.mark.parametrize("journey", sampled(JOURNEYS, 10), ids=lambda journey: journey.__name__)
def test_by_voice_and_ears_alone(journey: Callable[[Talks, Site], None], talks: Talks, site: Site) -> None:
    journey(talks, site)
