"""Reading pages aloud: what is handed in, what may be spoken to whom, how much, and without a script."""

import io
import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import soundfile
from flask import Flask

from accessibility.reading.document import Node, parse
from accessibility.reading.order import is_silent
from accessibility.reading.plan import plan
from tests.web.client import ClientRequest
from tests.web.people import Town
from web import speaking
from web.sealing import HOLDS_FOR, Sealer
from web.security import limiter
from web.views import reading
from web.views.reading_parts import fetched

LESSON = "/library/phone-basics/make-a-call"
# Nothing in them is shown as text that stays: the texts of menus, and what is read another way.
UNSEEN = ("select", "textarea", "math", "audio", "nav")


@pytest.fixture(autouse=True)
def _fresh_limits(app: Flask) -> None:
    with app.app_context():
        limiter.reset()


def handed_in(browser: ClientRequest, html: str, language: str = "zh-CN") -> list[dict[str, str]]:
    token = browser.client.get("/read-aloud/begin").get_json()["token"]
    answer = browser.client.post("/read-aloud/plan", data={"csrf_token": token, "html": html, "lang": language})
    assert answer.status_code == 200
    assert "public" not in answer.headers["Cache-Control"]
    sentences: list[dict[str, str]] = answer.get_json()["sentences"]
    return sentences


def test_a_page_that_is_handed_in_comes_back_as_sentences_that_can_be_heard(client_request: ClientRequest) -> None:
    found = handed_in(client_request, "<main data-n=0><h1 data-n=1>我的学分</h1><p data-n=2>一共12.5学分。</p></main>")
    assert [one["text"] for one in found] == ["我的学分", "一共12.5学分。"]
    sound = client_request.get(f"/read-aloud/sentence/{found[1]['sound']}.mp3", both_languages=False)
    samples, rate = soundfile.read(io.BytesIO(sound.data))
    timings = client_request.client.get(f"/read-aloud/sentence/{found[1]['sound']}.json").get_json()
    assert len(samples) / rate == pytest.approx(timings["seconds"], abs=0.2)
    [sentence] = timings["sentences"]
    assert next(sentence["text"][a:b] for a, b, _s, _e in sentence["words"]) == "一共"
    assert sentence["words"][-1][3] <= timings["seconds"]


def test_a_stranger_cannot_have_a_text_spoken_that_no_page_gave(client_request: ClientRequest) -> None:
    for sealed in ("AAAA", "x" * 2500, "5paH5a2X", "%00"):
        assert client_request.client.get(f"/read-aloud/sentence/{sealed}.mp3").status_code in (400, 404)
    refused = client_request.client.post("/read-aloud/plan", data={"html": "<p>好</p>"})
    assert refused.status_code == 400  # a form of another site has no token


def test_an_address_is_for_one_reader_and_one_day(app: Flask) -> None:
    town = Town(app)
    mine, other = town.browser(town.learner().person_id), town.browser(town.learner().person_id)
    [sentence] = handed_in(mine, "<main><p>只给我听。</p></main>")
    address = f"/read-aloud/sentence/{sentence['sound']}.mp3"
    heard = mine.client.get(address)
    assert heard.status_code == 200 and heard.headers["Cache-Control"] == "no-store"
    assert other.client.get(address).status_code == 404
    assert app.test_client().get(address).status_code == 404
    sealer, now = Sealer.of(b"k" * 32), datetime.now(UTC)
    sealed = sealer.seal("好。", "zh-CN", "person a", now)
    assert sealer.open(sealed, "person a", now) == ("好。", "zh-CN")
    assert sealer.open(sealed, "person a", now + HOLDS_FOR) is None
    assert sealer.open(sealed[:-2] + "AA", "person a", now) is None
    assert "好" not in sealed and sealer.open(sealed, "person b", now + timedelta(hours=1)) is None


def test_each_reader_may_have_so_many_characters_an_hour(
    client_request: ClientRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    [one] = handed_in(client_request, "<main><p>" + "好" * 150 + "</p></main>")
    monkeypatch.setattr(reading, "_cost", lambda: speaking.CHARACTERS_AN_HOUR // 2)
    address = f"/read-aloud/sentence/{one['sound']}.json"
    answers = [client_request.client.get(address).status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_a_page_that_is_too_long_is_refused(client_request: ClientRequest) -> None:
    token = client_request.client.get("/read-aloud/begin").get_json()["token"]
    html = "<p>好</p>" * 60_000
    answer = client_request.client.post("/read-aloud/plan", data={"csrf_token": token, "html": html})
    assert answer.status_code == 413


def test_without_a_script_a_page_has_its_recordings_captions_and_words(client_request: ClientRequest) -> None:
    page = client_request.get(LESSON)
    page = client_request.get(page.link("朗读这一页"))
    assert page.h1 == "听：打电话、接电话" and "主屏幕最下面一排" in page.text
    recordings = [audio.attrib["src"] for audio in page.tree.iter("audio")]
    assert len(recordings) >= 2
    sound = client_request.get(recordings[-1], both_languages=False)
    samples, rate = soundfile.read(io.BytesIO(sound.data))
    captions = client_request.get(
        next(track.attrib["src"] for track in page.tree.iter("track")), both_languages=False
    ).data.decode()
    assert captions.startswith("WEBVTT") and "打电话、接电话" in captions
    assert len(samples) / rate > 5
    quick = client_request.get(recordings[-1].replace("pace=150", "pace=200"), both_languages=False)
    assert len(soundfile.read(io.BytesIO(quick.data))[0]) < len(samples)


def test_a_page_is_read_with_its_readers_own_permissions(app: Flask) -> None:
    town = Town(app)
    holder = town.learner()
    mine = town.browser(holder.person_id)
    page = mine.get("/read-aloud?of=/portfolio")
    assert page.headers["Cache-Control"] == "no-store"
    assert mine.get("/portfolio").h1 in page.h1
    stranger = ClientRequest(app)
    assert stranger.get("/read-aloud?of=/portfolio", status=404)
    assert stranger.get("/read-aloud/part/1.mp3?of=/portfolio", status=404)
    assert mine.get("/read-aloud?of=/admin/", status=200).h1 != "听："  # the page that says that there is none


@pytest.mark.parametrize(
    "path", ["", "//elsewhere.example/", "https://elsewhere.example/", "/read-aloud?of=/", "/api/v1/",
             "/static/js/site.js", "/speech/phone-basics/make-a-call/easy.mp3", "/trust-list.json", "/sign-out"],
)  # fmt: skip
def test_only_pages_of_ours_are_read(client_request: ClientRequest, path: str) -> None:
    assert client_request.client.get("/read-aloud", query_string={"of": path}).status_code in (404, 405) or (
        "405" in path or path == "/sign-out"
    )


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _shown(node: Node) -> str:
    """The letters of a part of a page that are shown, in the order of the document; menus and navigation left out."""
    if is_silent(node) or node.tag in UNSEEN or "back" in node.classes():
        return ""
    closed = node.tag == "details" and not node.has("open")
    texts = []
    for child in node.children:
        if isinstance(child, str):
            texts += [] if closed else [child]
        elif not closed or child.tag == "summary":
            texts.append(_shown(child))
    return "".join(texts)


@pytest.mark.parametrize(
    "path",
    ["/", "/library", LESSON, "/library/poetry", "/verify", "/sign-in", "/institutions", "/help", "/privacy",
     "/accessibility", "/settings/display", "/practice", "/map", "/map/garden", "/recommended", "/apply", "/about",
     "/frameworks/evergreen-1", "/nowhere", "/try"],
)  # fmt: skip
def test_what_is_read_is_what_a_page_shows_each_letter_once(app: Flask, path: str) -> None:
    for language in ("zh-CN", "en"):
        html = app.test_client().get(path, headers={"Accept-Language": language}, follow_redirects=True).text
        main = next(node for node in parse(html).walk() if node.tag == "main")
        for number, node in enumerate(main.walk()):
            node.number = number
        with app.test_request_context(headers={"Accept-Language": language}):
            found = plan(html, reading.say, language)
        said = "".join(
            "".join(one.text[r.start : r.end] for r in one.ranges if r.text >= 0)
            for one in found
            if one.kind != "navigation"
        )
        shown = _letters(_shown(main))
        assert Counter(_letters(said)) == Counter(shown), (path, language)
        heading = next((_letters(n.text()) for n in main.walk() if n.tag == "h1"), "")
        assert _letters(said).startswith(heading)
        without = shown.replace(heading, "", 1)
        assert _letters(said).removeprefix(heading) == without, (path, language)


def test_reading_aloud_reads_nothing_that_reads_aloud_however_it_is_written(
    client_request: ClientRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(reading, "fetched", lambda path: asked.append(path) or fetched(path))
    for path in ("/read-aloud?of=/", "/%2572ead-aloud?of=/help", "/%2561pi/v1/", "/%2573peech/a/b/full.txt"):
        assert client_request.client.get(f"/read-aloud?of={path}").status_code == 404
    assert "/help" not in asked
