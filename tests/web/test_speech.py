"""Speech: lessons and listening questions as sound, at a pace that people choose."""

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import soundfile
from flask import Flask

from accessibility.voice.speaker import Sound, SpeechUnavailable
from tests.web.client import ClientRequest
from web import learning
from web.views import speech
from web.views.speech import PACES

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

    monkeypatch.setattr(speech._speaker, "speak", speak)
    lately = speech._Lately(waiting=3)
    with ThreadPoolExecutor(3) as several:
        asked = [several.submit(lately.spoken, "一样的话。", "zh-CN", 150) for _ in range(3)]
        assert begun.wait(20)
        while lately._places._value:  # type: ignore[attr-defined] # until all three have a place
            time.sleep(0.01)
        with pytest.raises(SpeechUnavailable, match="busy"):
            lately.spoken("别的话。", "zh-CN", 150)
        go_on.set()
        assert len({one.result(20) for one in asked}) == 1
    assert spoken == ["一样的话。"]


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
