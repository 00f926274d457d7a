"""Reading a page aloud in a real browser: what is heard is what is marked, by button, by key, and without a script."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.library_pages import reading
from tests.browser.site import PATIENCE, Site, by_axe, too_wide

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

LESSON = "/library/phone-basics/make-a-call"
# Of each picture of the screen, through some sentences: where in the recording it was begun and ended, and what is
# marked. The page marks in between; how fast the machine draws is no matter.
WATCH = """async ([pictures, several, words, patience]) => {
  const seen = [];
  const until = performance.now() + patience;
  const marked = (name) => [...(CSS.highlights.get(name) || [])].map((range) => range.toString()).join("");
  const drawn = () => new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage("");
  });
  const different = (name) => new Set(seen.map((one) => one[name])).size;
  const enough = () => seen.length >= pictures && different("at") >= several && different("word") >= words;
  while (!enough() && performance.now() < until) {
    await new Promise(requestAnimationFrame);
    const { audio, timing, at, text } = window.readingAloud();
    const from = audio.currentTime;
    await drawn();
    if (!timing || audio.paused || window.readingAloud().at !== at) continue;
    seen.push({ from, to: audio.currentTime, at, text,
      sentence: marked("reading-sentence"), word: marked("reading-word"), words: timing.words });
  }
  return seen;
}"""
# A recording that takes sixteen times as long, so that no sentence ends while somebody presses buttons.
SLOWLY = """() => {
  const { audio } = window.readingAloud();
  audio.defaultPlaybackRate = audio.playbackRate = 1 / 16;
}"""
IN_ARTICLE = """() => [...(CSS.highlights.get("reading-sentence") || [])].some((range) =>
  document.querySelector("article").contains(range.startContainer))"""
VISIBLE = """() => {
  const main = document.getElementById("main");
  const out = [];
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent.closest("[data-read=skip], [aria-hidden=true], select, script, rt, rp, textarea")) continue;
    if (!parent.checkVisibility({ visibilityProperty: true })) continue;
    out.push(walker.currentNode.textContent);
  }
  return out.join("");
}"""
PLAN = """async () => {
  const { sentences, rangesOf } = window.readingAloud();
  return sentences.map((s) => ({ ...s, marked: rangesOf(s).map((range) => range.toString()) }));
}"""


def letters(text: str) -> str:
    """Only what is heard of a text."""
    return "".join(c for c in text if c.isalnum())


def begin(page: Any) -> None:
    page.locator('#read-aloud [data-act="play"]').click()
    page.locator('#read-aloud[data-state="reading"]').wait_for()


def test_what_is_heard_is_marked(open_page: Open) -> None:
    page = open_page(LESSON)
    begin(page)
    seen = page.evaluate(WATCH, [60, 2, 6, PATIENCE])
    assert len({one["at"] for one in seen}) >= 2
    late = []
    for one in seen:
        assert letters(one["sentence"]) in letters(one["text"])
        if not any(letters(one["word"]) == letters(word) for word in due(one)):
            edges = [edge for word in one["words"] for edge in word[2:]]
            late.append(min(abs(one[moment] - edge) for edge in edges for moment in ("from", "to")))
    assert len({one["word"] for one in seen}) >= 6
    # What differs stands within 50 ms of the edge between two words, and is rare.
    assert max(late, default=0) <= 0.05, late
    assert len(late) < 0.2 * len(seen)


def due(seen: dict[str, Any]) -> list[str]:
    """The words that were heard while a picture was drawn; an empty one where nothing was heard for a moment."""
    heard = [w for w in seen["words"] if w[2] <= seen["to"] and seen["from"] < w[3]]
    whole = any(w[2] <= seen["from"] and seen["to"] < w[3] for w in seen["words"])
    return [*(seen["text"][w[0] : w[1]] for w in heard), *([] if whole else [""])]


def test_the_sentences_are_the_page_each_once_and_marked_where_they_stand(open_page: Open, site: Site) -> None:
    for path, cookies in (
        ("/", {}),
        (LESSON, {}),
        ("/verify", {}),
        ("/institutions", {}),
        ("/practice", reading(site)),
    ):
        page = open_page(path, cookies=cookies)
        begin(page)
        sentences = page.evaluate(PLAN)
        said = "".join(letters("".join(s["marked"])) for s in sentences)
        shown = letters(page.evaluate(VISIBLE))
        assert sorted(said) == sorted(shown), (path, set(said) ^ set(shown), len(said), len(shown))
        for sentence in sentences:
            assert letters("".join(sentence["marked"])) in letters(sentence["text"]) or sentence["kind"] == "row"


def test_keys_and_buttons_move_through_the_page(open_page: Open) -> None:
    page = open_page(LESSON)
    begin(page)
    page.evaluate(SLOWLY)
    bar = page.locator("#read-aloud")
    assert page.evaluate("document.activeElement.dataset.act") == "pause"

    def at() -> int:
        return int(bar.get_attribute("data-at"))

    before = at()
    page.locator("#read-aloud-more summary").click()
    page.locator("#read-aloud-sentence").check()
    page.locator('[data-act="next"]').click()
    page.locator(f'#read-aloud[data-at="{before + 1}"]').wait_for()
    page.keyboard.press("ArrowRight")
    page.locator(f'#read-aloud[data-at="{before + 2}"]').wait_for()
    page.keyboard.press("ArrowLeft")
    page.locator(f'#read-aloud[data-at="{before + 1}"]').wait_for()
    page.keyboard.press("ArrowDown")
    page.locator(".read-aloud-state", has_text="120").wait_for()
    page.keyboard.press("ArrowUp")
    page.locator(".read-aloud-state", has_text="150").wait_for()
    page.locator('[data-act="main"]').click()
    page.wait_for_function(IN_ARTICLE)
    page.locator('#read-aloud[data-state="reading"]').wait_for()
    page.locator('[data-act="pause"]').click()
    expect(bar).to_have_attribute("data-state", "paused")
    expect(page.locator('[data-act="pause"]')).to_have_text("接着读")
    page.keyboard.press("Escape")
    expect(page.locator(".read-aloud-on")).to_be_hidden()
    assert page.evaluate("CSS.highlights.size") == 0
    assert page.evaluate("document.activeElement.dataset.act") == "play"


def test_pausing_before_the_sound_is_there_is_no_failure(open_page: Open) -> None:
    page = open_page(LESSON)
    sound = re.compile(r"/read-aloud/sentence/.*\.mp3")
    page.route(sound, lambda route: None)  # on its way until the routing ends
    with page.expect_request(sound):
        page.locator('#read-aloud [data-act="play"]').click()
    page.locator('[data-act="pause"]').click()
    page.locator('#read-aloud[data-state="paused"]').wait_for()
    page.unroute(sound)
    page.locator('[data-act="pause"]').click()
    page.locator('#read-aloud[data-state="reading"]').wait_for()


def test_nothing_sounds_by_itself_unless_asked_for(open_page: Open) -> None:
    page = open_page("/help")
    page.wait_for_function("window.readingAloud")
    assert page.locator(".read-aloud-on").is_hidden()  # whatever begins by itself does so before its script ends
    page = open_page("/help", display="read_aloud=on")
    page.locator(".read-aloud-on").wait_for()
    page.locator('#read-aloud[data-state="reading"], #read-aloud[data-state="blocked"]').wait_for()


def test_what_was_typed_is_read_and_a_secret_is_not_sent(open_page: Open) -> None:
    page = open_page("/sign-in")
    page.fill('main input[type="password"]', "407193")
    page.fill('main input[type="text"], main input:not([type])', "1234 5678 9012")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if "plan" in request.url else None)
    begin(page)
    sentences = page.evaluate(PLAN)
    said = " ".join(s["text"] for s in sentences)
    assert "1234 5678 9012" in said and "已经填了" in said
    assert sent and "407193" not in sent[0] and "407193" not in said


def test_the_bar_is_accessible_while_it_reads(open_page: Open) -> None:
    page = open_page("/help", width=390)
    begin(page)
    page.locator('[data-act="pause"]').click()
    assert [found for found in by_axe(page) if "read-aloud" in found] == [] and not too_wide(page)


def test_without_a_script_there_is_a_page_with_the_recording(open_page: Open, site: Site) -> None:
    page = open_page(LESSON, script=False)
    page.locator("#read-aloud a").click()
    page.wait_for_url("**/read-aloud?of=**")
    expect(page.locator("h1")).to_have_text("听：打电话、接电话")
    assert page.locator("audio").count() >= 1
    expect(page.locator("main")).to_contain_text("主屏幕最下面一排")


def test_the_sentence_that_is_heard_stands_below_the_player(open_page: Open, site: Site) -> None:
    page = open_page(LESSON, display="captions=on", width=390)
    captions = page.request.get(site.origin + page.locator("audio track").get_attribute("src")).text()
    line = page.locator(".caption")
    assert line.is_hidden()
    page.locator("audio").evaluate("audio => { audio.muted = true; audio.playbackRate = 4; return audio.play(); }")
    seen = set()
    while len(seen) < 2:
        page.wait_for_function("old => document.querySelector('.caption').textContent !== old", arg=line.inner_text())
        seen.add(line.inner_text())
    assert line.is_visible() and not too_wide(page)
    assert all(text in captions for text in seen), seen


def test_a_lesson_that_begins_by_itself_is_heard_in_one_voice(open_page: Open) -> None:
    page = open_page(LESSON, display="read_aloud=on")
    page.locator('#read-aloud[data-state="reading"], #read-aloud[data-state="blocked"]').wait_for()
    both = "document.querySelector('main audio').paused || window.readingAloud().audio.paused"
    for _ in range(20):
        assert page.evaluate(both)
        page.wait_for_timeout(50)
    page.locator("main audio").evaluate("audio => audio.play()")
    page.wait_for_function("window.readingAloud().audio.paused")
    assert page.locator("#read-aloud").get_attribute("data-state") in ("paused", "blocked")
