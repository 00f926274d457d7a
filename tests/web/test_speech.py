"""Speech: lessons and listening questions as sound, at a pace that people choose."""

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import soundfile
from flask import Flask

from accessibility.voice.lexicon import base
from accessibility.voice.sound import Sound
from accessibility.voice.speaker import Speaker
from accessibility.voice.worker import SpeechUnavailable
from tests.web.client import ClientRequest
from web import learning
from web.speaking import PACES, Lately, Wanted

LESSON = "/library/phone-basics/make-a-call"


def seconds(body: bytes) -> float:
    samples, rate = soundfile.read(io.BytesIO(body))
    return float(len(samples) / rate)


def test_a_lesson_is_read_aloud_slower_when_asked(client_request: ClientRequest) -> None:
    page = client_request.get(LESSON)
    [audio] = page.tree.iter("audio")
    address = audio.attrib["src"]
    lengths = []
    for pace in PACES:
        sound = client_request.get(f"{address.partition('?')[0]}?pace={pace}", both_languages=False)
        assert sound.headers["Content-Type"] == "audio/mpeg"
        lengths.append(seconds(sound.data))
    assert lengths == sorted(lengths) and lengths[0] > 20
    odd = client_request.get(f"{address.partition('?')[0]}?pace=12", both_languages=False)
    assert abs(seconds(odd.data) - lengths[1]) < 0.1


def test_a_player_may_ask_for_a_piece(client_request: ClientRequest) -> None:
    path = "/speech/phone-basics/make-a-call/easy.mp3"
    whole = client_request.get(path, both_languages=False).data
    piece = client_request.get(path, both_languages=False, status=206, headers={"Range": "bytes=100-199"})
    assert piece.data == whole[100:200]


def test_the_same_text_is_spoken_once_and_few_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, spoken = threading.Event(), threading.Event(), []

    def speak(text: str, **_more: object) -> Sound:
        spoken.append(text)
        begun.set()
        assert go_on.wait(20)
        return Sound(bytes(4410), 22050, ())

    speaker = Speaker()
    monkeypatch.setattr(speaker, "speak", speak)
    lately = Lately(waiting=3)
    same, other = Wanted((("一样的话。", "zh-CN"),)), Wanted((("别的话。", "zh-CN"),))
    with ThreadPoolExecutor(3) as several:
        asked = [several.submit(lately.spoken, speaker, same, base()) for _ in range(3)]
        assert begun.wait(20)
        while lately._places._value:  # type: ignore[attr-defined] # until all three have a place
            time.sleep(0.01)
        with pytest.raises(SpeechUnavailable, match="busy"):
            lately.spoken(speaker, other, base())
        go_on.set()
        assert len({one.result(20).data for one in asked}) == 1
    assert spoken == ["一样的话。"]


def test_what_was_spoken_with_another_lexicon_pace_or_kind_is_spoken_anew_and_the_oldest_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spoken = []

    def speak(text: str, **_more: object) -> Sound:
        spoken.append(text)
        return Sound(bytes(44_100), 22050, ())

    speaker = Speaker()
    monkeypatch.setattr(speaker, "speak", speak)
    lately = Lately(most=150_000)
    text = (("好。", "zh-CN"),)
    for _again in range(2):
        lately.spoken(speaker, Wanted(text), base(), "WAV")
    assert len(spoken) == 1
    lately.spoken(speaker, Wanted(text), base().with_entries([("好", "hao4")]), "WAV")
    lately.spoken(speaker, Wanted(text, pace=200), base(), "WAV")
    lately.spoken(speaker, Wanted(text, pitch=65), base(), "WAV")
    assert len(spoken) == 4 and lately._bytes <= 150_000
    lately.spoken(speaker, Wanted(text), base(), "WAV")  # the first was dropped meanwhile
    assert len(spoken) == 5


def test_a_lesson_can_be_taken_along_in_several_kinds_with_its_words(client_request: ClientRequest) -> None:
    page = client_request.get(LESSON)
    kinds = {
        "下载录音": "audio/mpeg",
        "录音（Opus": "audio/ogg",
        "录音（WAV": "audio/wav",
        "字幕": "text/vtt",
        "文字稿": "text/plain",
    }
    lengths = []
    for words, mimetype in kinds.items():
        address = page.link(words)
        found = client_request.get(address, both_languages=False)
        assert found.headers["Content-Type"].startswith(mimetype)
        assert "public" in found.headers["Cache-Control"]
        if mimetype.startswith("audio"):
            lengths.append(seconds(found.data))
        stale = client_request.get(address.replace("v=", "v=x"), both_languages=False)
        assert "public" not in stale.headers["Cache-Control"]
    assert max(lengths) - min(lengths) < 0.3
    assert "主屏幕最下面一排" in client_request.get(page.link("文字稿"), both_languages=False).data.decode()


def test_captions_name_every_sentence(client_request: ClientRequest) -> None:
    body = client_request.get("/speech/phone-basics/make-a-call/easy.vtt", both_languages=False).data.decode()
    assert body.startswith("WEBVTT") and body.count("-->") > 5


def test_every_listening_question_can_be_heard(app: Flask, client_request: ClientRequest) -> None:
    with app.test_request_context():
        spoken = [q for q in learning.library().questions.values() if q.kind == "listen"]
        addresses = [learning.speech_address(q) for q in spoken]
    assert len(spoken) > 20
    for address in addresses[::10]:
        assert address is not None
        assert seconds(client_request.get(address, both_languages=False).data) > 0.8


def test_only_what_the_library_says_is_spoken(client_request: ClientRequest) -> None:
    for path in (
        "/speech/phone-basics/make-a-call/no-such.mp3",
        "/speech/phone-basics/no-such/easy.mp3",
        "/speech/phone-basics/make-a-call/questions/no-such.mp3",
    ):
        assert client_request.get(path, status=404).status == 404


def test_who_wants_captions_has_the_words_of_a_listening_question_at_once(
    app: Flask, client_request: ClientRequest
) -> None:
    with app.test_request_context():
        items = learning.library().items.values()
    item, script = next((i, q.script) for i in items for q in i.questions[:1] if q.kind == "listen" and q.script)
    path = f"/library/{item.id}/practice?n=0"
    assert script not in client_request.get(path, both_languages=False).text
    client_request.client.set_cookie("evergreen_display", "captions=on")
    assert script in client_request.get(path, both_languages=False).text


def test_who_wants_captions_has_a_line_for_them_below_each_player(client_request: ClientRequest) -> None:
    for path in ("/library/phone-basics/make-a-call", "/read-aloud?of=/verify"):
        client_request.client.delete_cookie("evergreen_display")
        page = client_request.get(path, both_languages=False)
        assert page.tree.findall(".//audio/track") and "captions.js" not in page.html
        client_request.client.set_cookie("evergreen_display", "captions=on")
        page = client_request.get(path, both_languages=False)
        for player in page.tree.findall(".//main//audio"):
            assert page.tree.find(f".//p[@id='{player.attrib['data-captions']}']") is not None
            assert "default" in player.find("track").attrib
        assert page.html.count("captions.js") == 1
