"""Somebody speaks, and the page changes: a synthetic voice in Chromium's microphone, all the way and back."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import TimeoutError, expect
from sqlmodel import col, select

from bench.voices.people import Voices, voices
from tests.browser.site import PATIENCE, Site, assert_accessible
from tests.browser.speaking import enrol, in_english, microphone, opened, said
from tests.web.people import Holder, Town
from web.accounts.permissions import cookie_name
from web.operations.voice_tables import VoiceEnrolment

pytestmark = [pytest.mark.browser, pytest.mark.rotates(4)]
SIZE = "() => parseFloat(getComputedStyle(document.body).fontSize)"
NO_MICROPHONE = (
    "() => { navigator.mediaDevices.getUserMedia = () => { throw new Error('the microphone was asked for'); }; }"
)
ROOM = np.random.default_rng(2).normal(0, 3e-4, 16_000).astype(np.float32)
Speaks = Callable[..., Any]


@pytest.fixture(scope="module")
def synthetic() -> Iterator[Voices]:
    with voices() as made:
        yield made


@pytest.fixture(scope="module")
def town(site: Site) -> Town:
    return Town(site.app)


@pytest.fixture(scope="module")
def holder(site: Site, town: Town, synthetic: Voices) -> Holder:
    """A learner whose commands are recorded."""
    made = town.learner("示例说话人")
    enrol(site, synthetic, made.person_id, made.learner_id)
    return made


def signed_in(site: Site, town: Town, who: Holder) -> dict[str, str]:
    with site.app.app_context():
        return {cookie_name(): town.token(who.person_id)}


@pytest.fixture
def playwright(browser: Any) -> Any:
    """Playwright as it was started for the tests' own browser: there can be only one."""
    return browser.browser_type


@pytest.fixture
def speaks(playwright: Any, site: Site, tmp_path: Path) -> Iterator[Speaks]:
    """Opens a page in a browser whose microphone hears a sound; its errors fail the test."""
    open_browsers: list[Any] = []
    errors: list[str] = []

    def open_(sound: Any, path: str, *, allowed: bool = True, **how: Any) -> Any:
        context = microphone(playwright, tmp_path, sound, allowed=allowed)
        open_browsers.append(context)
        page = opened(context.__enter__(), site, path, **how)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_
    for context in reversed(open_browsers):
        context.__exit__(None, None, None)
    assert not errors, errors


def answered(page: Any, sentence: str) -> None:
    """Wait until the panel says that."""
    page.wait_for_function("words => document.querySelector('.voice-said')?.textContent.includes(words)", arg=sentence)


def spoken_until_answered(page: Any, sentence: str) -> None:
    """Press and speak, as often as a person would where a busy machine cut the words off: three times at most."""
    for turn in range(3):
        page.click(".voice-speak")
        try:
            page.wait_for_function(
                "words => document.querySelector('.voice-said')?.textContent.includes(words)",
                arg=sentence,
                timeout=PATIENCE / 3,
            )
            return
        except TimeoutError:
            if turn == 2:
                raise


def test_an_enrolled_word_goes_where_a_click_goes_and_is_undone(
    speaks: Speaks, site: Site, town: Town, holder: Holder, synthetic: Voices
) -> None:
    page = speaks(said(synthetic, "我的学分", 7), "/library", cookies=signed_in(site, town, holder))
    page.click(".voice-speak")
    page.wait_for_url("**/portfolio")
    answered(page, "好的：我的学分。")
    told = "好的：我的学分。 现在是“我的学习成果”这一页。"
    page.wait_for_function("told => document.getElementById('announcer').textContent === told", arg=told)
    assert_accessible(page)
    page.click(".voice-choice >> text=撤销")
    page.wait_for_url("**/library")


def test_a_word_changes_the_display_by_its_own_form_and_undo_puts_it_back(
    speaks: Speaks, site: Site, town: Town, holder: Holder, synthetic: Voices
) -> None:
    how = {"cookies": signed_in(site, town, holder), "display": "voice_input=first"}
    page = speaks(said(synthetic, "大一点", 7), "/library", **how)
    before = page.evaluate(SIZE)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")  # where nothing is typed, space speaks for whoever speaks first
    answered(page, "字号改成了")
    page.wait_for_function(f"before => ({SIZE})() > before", arg=before)
    page.click(".voice-choice >> text=撤销")
    answered(page, "已经撤销")
    page.wait_for_function(f"before => ({SIZE})() === before", arg=before)


def test_what_is_not_surely_heard_is_asked_with_three_large_buttons(
    speaks: Speaks, site: Site, town: Town, holder: Holder, synthetic: Voices
) -> None:
    how = {"cookies": signed_in(site, town, holder), "viewport": {"width": 390, "height": 850}}
    page = speaks(said(synthetic, "开始学习", 7), "/library", **how)
    page.click(".voice-speak")
    answered(page, "您说的是哪一个？")
    assert page.url.endswith("/library")
    choices = page.locator(".voice-choice")
    expect(choices).to_have_count(3)
    assert all(box["height"] >= 60 and box["width"] >= 60 for box in (one.bounding_box() for one in choices.all()))
    assert [one.get_attribute("data-voice-number") for one in choices.all()] == ["1", "2", "3"]
    assert_accessible(page)


def test_silence_is_told_and_twice_leads_to_plain_buttons(
    speaks: Speaks, site: Site, town: Town, holder: Holder
) -> None:
    page = speaks(ROOM, "/library", cookies=signed_in(site, town, holder))
    page.click(".voice-speak")
    answered(page, "没有听到声音")
    expect(page.locator(".voice-choice")).to_have_count(0)
    expect(page.locator("#voice")).to_have_attribute("data-state", "ready")
    page.click(".voice-speak")
    expect(page.locator(".voice-choice", has_text="帮助").first).to_be_visible()
    expect(page.locator(".voice-ways a").first).to_be_visible()


def test_before_anything_is_enrolled_the_button_gives_buttons_and_no_microphone(speaks: Speaks) -> None:
    page = speaks(ROOM, "/library")
    page.evaluate(NO_MICROPHONE)
    page.click(".voice-speak")
    answered(page, "这里还听不懂说话")
    page.click(".voice-choice >> text=帮助")
    page.wait_for_url("**/help/ask**")


def test_without_permission_commands_are_typed(speaks: Speaks, site: Site, town: Town, holder: Holder) -> None:
    page = speaks(ROOM, "/library", allowed=False, cookies=signed_in(site, town, holder))
    page.click(".voice-speak")
    page.wait_for_url("**/voice/say?from=/library&problem=microphone")
    page.fill("#text", "我的学分")
    page.keyboard.press("Enter")
    page.wait_for_url("**/portfolio")


def test_english_is_heard_without_enrolment_and_confirmed(speaks: Speaks, synthetic: Voices) -> None:
    pytest.importorskip("pocketsphinx")
    page = speaks(in_english(synthetic, "learning map"), "/verify", locale="en")
    spoken_until_answered(page, "Did you say “learning map”?")
    assert page.url.endswith("/verify")
    page.click(".voice-choice >> text=Yes")
    page.wait_for_url("**/map")


def test_an_option_is_chosen_by_its_number(
    speaks: Speaks, site: Site, town: Town, holder: Holder, synthetic: Voices
) -> None:
    how = {"cookies": signed_in(site, town, holder), "display": "voice_input=first"}
    page = speaks(said(synthetic, "二", 7), "/library/phone-basics/make-a-call/practice?n=0", **how)
    expect(page.locator("label[for=answer-1]")).to_have_attribute("data-voice-number", "2")
    page.click(".voice-speak")
    expect(page.locator("#answer-1")).to_be_checked()
    page.click(".voice-choice >> text=撤销")
    expect(page.locator("#answer-1")).not_to_be_checked()


def test_a_word_begins_reading_aloud(speaks: Speaks, site: Site, town: Town, holder: Holder, synthetic: Voices) -> None:
    page = speaks(said(synthetic, "播放", 7), "/help", cookies=signed_in(site, town, holder))
    page.click(".voice-speak")
    page.wait_for_selector("#read-aloud[data-state=reading]")
    page.evaluate("() => document.dispatchEvent(new CustomEvent('evergreen:read', { detail: { do: 'pause' } }))")
    page.wait_for_selector("#read-aloud[data-state=paused]")


def test_recording_a_command_from_consent_to_use(speaks: Speaks, site: Site, town: Town, synthetic: Voices) -> None:
    new = town.learner("示例新口令")
    page = speaks(said(synthetic, "下一页", 7), "/voice/commands", cookies=signed_in(site, town, new))
    page.check("#agreed")
    page.click("text=同意，开始录")
    page.wait_for_url("**/voice/commands/next")
    expect(page.locator(".voice-file")).to_be_hidden()
    page.click('[data-do="record"]')
    page.wait_for_selector('[data-do="keep"]:visible')
    page.click('[data-do="replay"]')
    assert_accessible(page)
    page.click('[data-do="keep"]')
    page.wait_for_url("**/voice/commands/back")
    expect(page.locator("main")).to_contain_text("“下一页”记下了")
    with site.writing() as session:
        row = session.exec(select(VoiceEnrolment).where(col(VoiceEnrolment.person_id) == new.person_id)).one()
        assert row.counts == {"next": 1}


def test_a_message_is_spoken_heard_again_and_sent_and_another_is_dropped(
    speaks: Speaks, site: Site, town: Town, synthetic: Voices
) -> None:
    new = town.learner("示例留言人")
    page = speaks(said(synthetic, "我的学分", 7), "/help/ask", cookies=signed_in(site, town, new))
    expect(page.locator(".voice-file").first).to_be_hidden()
    expect(page.locator("#say")).to_be_visible()
    record, replay = page.locator('[data-do="record"]'), page.locator('[data-do="replay"]')
    assert record.bounding_box()["height"] >= 60
    record.click()
    page.wait_for_function("() => document.querySelector('main .voice-level').value > 0.05")
    page.wait_for_timeout(2_000)  # longer than the silence that ends a command: only a press ends a message
    expect(record).to_have_text("说完了")
    record.click()
    replay.wait_for(state="visible")
    replay.click()
    expect(replay).to_have_text("停")
    replay.click()
    expect(replay).to_have_text("听一听")
    assert_accessible(page)
    page.click("main button.button:text-is('发出去')")
    page.wait_for_url("**/help/requests/*")
    assert_accessible(page)
    length = page.evaluate(
        "async () => { const sent = await fetch(document.querySelector('main audio').src);"
        " return (await new AudioContext().decodeAudioData(await sent.arrayBuffer())).duration; }"
    )
    assert 2 < length < 20

    page.goto(site.origin + "/help/ask")
    record.click()
    expect(record).to_have_text("说完了")
    page.click("main button.button:text-is('发出去')")  # while it records, this only ends it
    replay.wait_for(state="visible")
    assert page.url.endswith("/help/ask")
    page.click('[data-do="drop"]')
    expect(page.locator(".voice-state")).to_contain_text("没有发出去")
    expect(replay).to_be_hidden()
    assert page.locator('main input[type="file"]').evaluate("field => field.files.length") == 0
