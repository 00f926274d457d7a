"""Speaking to the bank without a browser: what is heard or typed, what it does, who may, and what is refused."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
import soundfile
from flask import Flask, url_for
from werkzeug.test import TestResponse

from accessibility.intent.model import intents
from accessibility.voice.audio import RATE, Samples
from accessibility.voice.commands import CONFIRMING
from accessibility.voice.enrolment import Enrolment, Take
from accessibility.voice.speaker import Speaker
from accessibility.voice.spectrum import CEPSTRA
from accessibility.voice.worker import SpeechUnavailable
from bench.voices.conditions import Condition, recorded
from bench.voices.people import TUNING, Voices, voices
from tests.web.client import ClientRequest
from tests.web.page_checks import text_of
from tests.web.people import Town
from web.accounts import consents
from web.accounts.permissions import permission_of
from web.operations import voice_commands
from web.operations.voice_tables import VoiceEnrolment
from web.voice import actions, recognisers
from web.voice.actions import ACTIONS, Ask, Go
from web.voice.here import Here
from web.voice.recognisers import Recognisers
from web.workflows import account_merging

NOW = datetime.now(UTC)
PAGE: dict[str, Any] = {}
OPTIONS = [{"n": 1, "words": "对", "option": True}, {"n": 2, "words": "不对", "option": True}]
SUBMIT = {"n": 3, "words": "好了", "changes": True}


@pytest.fixture(scope="session")
def synthetic() -> Iterator[Voices]:
    with voices() as made:
        yield made


def wav(samples: Samples, rate: int = RATE, kind: str = "PCM_16") -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype=kind)
    return file.getvalue()


def said(synthetic: Voices, words: str, seed: int, person: int = 0) -> bytes:
    rng = np.random.default_rng(seed)
    return wav(recorded(synthetic, TUNING[person], words, Condition("quiet"), rng, np.zeros(0, np.float32)))


def tone(hertz: float, seconds: float = 2.0) -> bytes:
    return wav((0.3 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32))


def token_of(browser: ClientRequest) -> str:
    found: str = browser.client.get("/voice/begin").json["token"]  # type: ignore[index]
    return found


def sent(
    browser: ClientRequest, what: str | bytes, page: Any = PAGE, *, path: str = "/library", token: str = ""
) -> TestResponse:
    data: dict[str, Any] = {"csrf_token": token or token_of(browser), "from": path, "page": json.dumps(page)}
    data |= {"text": what} if isinstance(what, str) else {"sound": (io.BytesIO(what), "said.wav")}
    headers = {"Accept-Language": browser.language}
    answer = browser.client.post("/voice/hear", data=data, headers=headers, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # a temporary file, when much was sent
    return answer


def told(browser: ClientRequest, what: str | bytes, page: Any = PAGE, **how: str) -> dict[str, Any]:
    answer = sent(browser, what, page, **how)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json  # type: ignore[assignment]
    return found


# What each intent does.


def test_every_intent_has_an_action_and_no_action_is_without_one() -> None:
    assert ACTIONS.keys() == intents().keys()


def test_every_place_is_an_address_with_the_permission_of_its_own_page(app: Flask) -> None:
    with app.test_request_context():
        for intent, action in ACTIONS.items():
            if isinstance(action, Go):
                values = {action.words: "x"} if action.words else {}
                path = url_for(action.endpoint, **values)  # type: ignore[arg-type]
                rule = app.url_map.bind("localhost").match(path.partition("?")[0], "GET")[0]
                assert rule == action.endpoint, intent
                assert permission_of(app, action.endpoint) is not None, intent


def test_going_somewhere_by_word_lets_in_whom_the_click_lets_in(app: Flask) -> None:
    town = Town(app)
    staff = town.staff("worker")
    for browser in (town.browser(), town.browser(town.learner().person_id), town.browser(staff)):
        for intent, action in ACTIONS.items():
            if not isinstance(action, Go) or action.words:
                continue
            by_word = told(browser, intents()[intent].offered("zh-CN"))
            assert by_word["step"] == "act", (intent, by_word)
            with app.test_request_context():
                clicked = url_for(action.endpoint)
            address = by_word["deeds"][0]["do"]["url"]
            assert address.partition("?")[0] == clicked
            assert browser.client.get(address).status_code == browser.client.get(clicked).status_code, intent


def test_hearing_changes_nothing_and_only_names_the_click(app: Flask) -> None:
    browser = Town(app).browser()
    before = browser.client.get("/library").text
    answer = told(browser, "大一点")
    assert answer["deeds"][0]["do"]["send"]["action"] == "/settings/display/seeing"
    fields = dict(map(tuple, answer["deeds"][0]["do"]["send"]["fields"]))
    assert fields["text_size"] == "22"
    after = browser.client.get("/library").text
    assert "data-text-size" not in after
    assert before.count("/presentation/") == after.count("/presentation/") == 0


def test_what_a_word_changes_of_the_display_is_undone_by_its_own_undo(app: Flask) -> None:
    browser = Town(app).browser()
    before = "text_size=22&speech_rate=200"
    browser.client.set_cookie("evergreen_display", before)
    for word in ("大一点", "小一点", "慢一点", "高对比"):
        deed = told(browser, word)["deeds"][0]["do"]
        for form in (deed["send"], *deed["undo"]):
            data = {"csrf_token": token_of(browser), **dict(map(tuple, form["fields"]))}
            assert browser.client.post(form["action"], data=data).status_code == 303
            kept = browser.client.get_cookie("evergreen_display")
            assert kept is not None
            assert (kept.value == before) is (form is not deed["send"]), word


def test_the_elder_view_is_the_switch_of_every_page_and_its_undo_gives_back_what_was_there(app: Flask) -> None:
    browser = Town(app).browser()
    browser.client.set_cookie("evergreen_display", "text_size=26&theme=dark")
    deed = told(browser, "长辈版")["deeds"][0]["do"]
    assert deed["url"] == "/settings/display/elder?next=/library"
    browser.client.get(deed["url"])
    for form in deed["undo"]:
        browser.client.post(form["action"], data={"csrf_token": token_of(browser), **dict(map(tuple, form["fields"]))})
    cookie = browser.client.get_cookie("evergreen_display")
    assert cookie is not None and cookie.value == "text_size=26&theme=dark"


def test_at_the_largest_type_bigger_says_so(app: Flask) -> None:
    browser = Town(app).browser()
    browser.client.set_cookie("evergreen_display", "text_size=48")
    answer = told(browser, "大一点")
    assert (answer["step"], answer["say"]) == ("nothing", "已经这样了，不能再改。")


# Controls, numbers and answers.


def test_labels_and_numbers_press_the_control_and_what_changes_is_asked_first(app: Flask) -> None:
    browser = Town(app).browser()
    page = {"controls": [*OPTIONS, SUBMIT], "able": ["submit"]}
    assert told(browser, "选二", page)["deeds"][0]["do"] == {"do": "number", "number": 2}
    assert told(browser, "对", page)["deeds"][0]["do"] == {"do": "number", "number": 1}
    assert told(browser, "不对", page)["deeds"][0]["do"] == {"do": "number", "number": 2}
    pressed = told(browser, "选三", page)
    assert (pressed["step"], pressed["deeds"][0]["changes"]) == ("confirm", True)
    handed = told(browser, "交卷", page)
    assert (handed["step"], handed["deeds"][0]["do"]["do"]) == ("confirm", "press")
    none = told(browser, "选九", page)
    assert (none["step"], none["say"]) == ("nothing", "没有第9个，这里一共3个。")


def test_a_label_that_is_also_a_command_or_stands_twice_is_no_question(app: Flask) -> None:
    browser = Town(app).browser()
    page = {"controls": [{"n": 1, "words": "学习库"}, {"n": 2, "words": "交纸"}, {"n": 3, "words": "学习库"}]}
    assert told(browser, "学习库", page)["deeds"][0]["do"] == {"do": "number", "number": 1}


def test_what_a_page_has_no_control_for_cannot_be_said_there(app: Flask) -> None:
    browser = Town(app).browser()
    assert told(browser, "给个提示")["step"] == "nothing"
    assert told(browser, "给个提示", {"able": ["hint"]})["deeds"][0]["do"]["do"] == "press"
    assert told(browser, "不知道", {"able": ["unsure"]})["step"] == "act"


def test_a_number_is_filled_in_to_be_checked_and_one_of_a_pin_is_not_repeated(app: Flask) -> None:
    browser = Town(app).browser()
    answer = told(browser, "答案是一百零五", {"field": "number"})
    assert answer["deeds"][0]["do"] == {"do": "fill", "value": "105", "append": False}
    assert answer["say"] == "填了105。请看一看对不对，再交。"
    secret = told(browser, "四", {"field": "secret"})
    assert secret["say"] == "记下了，现在有1位。"
    assert secret["deeds"][0]["words"] == ""
    assert told(browser, "四", {"field": "secret", "filled": 3})["say"] == "记下了，现在有4位。"
    assert told(browser, "四", {"field": "secret", "filled": 12})["say"] == "最多十二位，没有再记。"


def test_when_asked_only_an_answer_counts(app: Flask) -> None:
    browser = Town(app).browser()
    asked = {"asked": True, "controls": [{"n": 1, "words": "确定"}, {"n": 2, "words": "取消"}]}
    assert told(browser, "确定", asked)["step"] == "act"
    assert told(browser, "首页", asked)["step"] == "again"
    assert told(browser, "帮助", asked)["deeds"][0]["do"]["do"] == "go"
    assert told(browser, "确定")["step"] == "nothing"


def test_after_two_misses_there_are_plain_buttons_and_help(app: Flask) -> None:
    browser = Town(app).browser()
    first = told(browser, "今天天气真不错啊")
    assert (first["step"], first["misses"]) == ("nothing", 1)
    second = told(browser, "今天天气真不错啊", {"misses": first["misses"]})
    assert (second["step"], second["misses"]) == ("buttons", 2)
    assert "帮助" in [deed["words"] for deed in second["deeds"]]
    assert second["help"] == "/help/ask"


def test_a_question_is_taken_to_the_companion_as_it_was_said(app: Flask) -> None:
    browser = Town(app).browser()
    deed = told(browser, "请问怎么打电话")["deeds"][0]
    assert deed["do"]["url"].startswith("/ask?q=")
    assert browser.get(deed["do"]["url"], both_languages=False).status == 200


def test_a_question_is_asked_without_typing_or_put_to_a_person(client_request: ClientRequest) -> None:
    page = client_request.get("/voice/ask")
    assert page.link("都不是，请人来回答") == "/help/ask?next=/voice/ask"
    course = client_request.get(next(a.attrib["href"] for a in page.tree.iter("a") if "voice/ask/" in a.attrib["href"]))
    answer = client_request.get(next(a.attrib["href"] for a in course.tree.iter("a") if "/ask?q=" in a.attrib["href"]))
    assert answer.status == 200
    assert client_request.get("/voice/ask/nothing", status=404).status == 404
    assert client_request.get("/ask").link("不想打字") == "/voice/ask"


def test_words_are_dictated_only_where_a_model_writes_and_commands_stay_commands(
    app: Flask, monkeypatch: pytest.MonkeyPatch, synthetic: Voices
) -> None:
    browser = Town(app).browser()
    sound = said(synthetic, "怎么打电话", 2)
    assert told(browser, sound, {"field": "words"})["step"] == "buttons"
    heard = ["怎么打电话"]
    monkeypatch.setattr(Recognisers, "dictated", lambda _self, _samples: heard[0])
    written = told(browser, sound, {"field": "words"})
    assert written["deeds"][0]["do"] == {"do": "fill", "value": "怎么打电话", "append": False}
    assert "请看一看对不对" in written["say"]
    heard[0] = "回首页"
    assert told(browser, sound, {"field": "words"})["deeds"][0]["do"] == {"do": "go", "url": "/"}
    assert told(browser, sound)["step"] == "buttons"


def test_english_is_understood_on_english_pages(app: Flask) -> None:
    browser = Town(app).browser(language="en")
    assert told(browser, "my credits please")["say"] == "All right: my credits."


def test_the_answer_is_spoken_only_where_the_person_listens_and_not_in_quiet_hours(app: Flask) -> None:
    browser = Town(app).browser()
    assert told(browser, "首页")["sound"] is None
    browser.client.set_cookie("evergreen_display", "voice_input=first")
    address = told(browser, "首页")["sound"]
    assert browser.client.get(address).mimetype == "audio/mpeg"
    browser.client.set_cookie("evergreen_display", "voice_input=first&quiet_hours=00-12")
    morning = told(browser, "首页")["sound"]
    browser.client.set_cookie("evergreen_display", "voice_input=first&quiet_hours=12-00")
    evening = told(browser, "首页")["sound"]
    assert (morning is None) is not (evening is None)


# Typed, without a script.


@pytest.mark.parametrize(("language", "typed"), [("zh-CN", "我的学分"), ("en", "my credits")])
def test_typed_words_lead_where_spoken_ones_do(app: Flask, language: str, typed: str) -> None:
    browser = Town(app).browser(language=language)
    page = browser.get("/voice/say?from=/library")
    assert page.link("回到刚才那一页" if language == "zh-CN" else "Back to the page before") == "/library"
    answer = browser.get(f"/voice/say?from=/library&text={typed}", status=303)
    assert answer.location == "/portfolio"


def test_typed_words_that_change_something_wait_for_their_button(client_request: ClientRequest) -> None:
    page = client_request.get("/voice/say?from=/library&text=放大")
    [form] = [f for f in page.tree.iter("section") if f.attrib.get("aria-labelledby") == "meant"]
    [made] = list(form.iter("form"))
    assert made.attrib["action"] == "/settings/display/seeing"
    assert "不知道" in page.text
    assert not client_request.client.get_cookie("evergreen_display")


def test_typed_words_that_belong_to_a_control_are_explained(client_request: ClientRequest) -> None:
    assert "这一句要在有那个按钮的页面上说" in client_request.get("/voice/say?from=/library&text=给个提示").text


def test_a_sentence_that_is_no_command_can_be_asked_of_the_companion(client_request: ClientRequest) -> None:
    page = client_request.get("/voice/say?text=骗子冒充公安怎么办")
    assert page.link("拿这句话去问学伴").startswith("/ask?q=")


def test_where_one_came_from_is_always_a_page_of_ours(client_request: ClientRequest) -> None:
    for elsewhere in ("https://elsewhere.example/", "//elsewhere.example", "/voice/say", "javascript:alert(1)"):
        page = client_request.get("/voice/say", query_string={"from": elsewhere})
        assert page.link("回到刚才那一页") == "/"


def test_what_opens_a_page_is_a_link_and_what_changes_something_a_button(app: Flask) -> None:
    page = Town(app).browser(language="en").get("/voice/say?from=/library", both_languages=False)
    things = [li for ul in page.tree.iter("ul") if ul.attrib.get("class") == "voice-things" for li in ul]
    links = {text_of(link): link.attrib["href"] for thing in things for link in thing.iter("a")}
    forms = {text_of(next(form.iter("button"))): form.attrib["action"] for li in things for form in li.iter("form")}
    assert links["play"].startswith("/read") and links["go back"] == "/library"
    assert set(forms) == {"slower", "faster", "bigger", "large view", "high contrast"}
    assert all(action.startswith("/settings/display") for action in forms.values())
    assert not {"pause", "say it again", "hint"} & (set(links) | set(forms)), "these are said where they belong"
    [already] = [words for thing in things if (words := text_of(thing)).startswith("standard view")]
    assert "It is so already" in already


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everything_that_can_be_said_stands_on_the_page(app: Flask, language: str) -> None:
    text = Town(app).browser(language=language).get("/voice/say").text
    for intent in intents().values():
        if intent.id != "ask":
            assert intent.offered(language) in text, intent.id


def test_every_page_has_one_button_to_speak_and_it_is_large_for_whoever_speaks_first(
    client_request: ClientRequest,
) -> None:
    plain = client_request.get("/library")
    assert plain.element("voice").attrib["class"] == "voice"
    client_request.client.set_cookie("evergreen_display", "profile=voice")
    large = client_request.get("/library")
    assert large.element("voice").attrib["class"] == "voice voice-first"


# Recognising.


@pytest.fixture
def enrolled(app: Flask, synthetic: Voices) -> tuple[Town, ClientRequest, Any]:
    """Somebody who recorded six commands by the pages."""
    town = Town(app)
    who = town.learner()
    browser = town.browser(who.person_id)
    browser.post("/voice/commands/agree", {"agreed": "y"})
    for command, words in (
        *(("next", "下一页"), ("back", "返回"), ("play", "播放"), ("pause", "暂停")),
        *(("credits", "我的学分"), ("help", "帮助")),
    ):
        upload(browser, command, said(synthetic, words, 5))
    return town, browser, who


def upload(browser: ClientRequest, command: str, sound: bytes, status: int = 303) -> Any:
    return browser.post(
        f"/voice/commands/{command}",
        {"sound": (io.BytesIO(sound), "said.wav")},
        status=status,
        content_type="multipart/form-data",
    )


def test_recorded_commands_are_recognised_and_nobody_elses_are(
    enrolled: tuple[Town, ClientRequest, Any], synthetic: Voices
) -> None:
    town, browser, _who = enrolled
    assert browser.client.get("/voice/begin").json["recognisers"] == ["own"]  # type: ignore[index]
    heard = told(browser, said(synthetic, "我的学分", 11))
    assert (heard["step"], heard["deeds"][0]["do"]["url"]) == ("act", "/portfolio")
    other = town.browser(town.learner().person_id)
    assert other.client.get("/voice/begin").json["recognisers"] == []  # type: ignore[index]
    assert told(other, said(synthetic, "我的学分", 11))["step"] == "buttons"
    assert told(town.browser(), said(synthetic, "我的学分", 11))["step"] == "buttons"


def test_what_is_not_enrolled_is_asked_about_with_at_most_three(
    enrolled: tuple[Town, ClientRequest, Any], synthetic: Voices
) -> None:
    _town, browser, _who = enrolled
    heard = told(browser, said(synthetic, "今天天气不错", 3), {"able": ["next", "back"]})
    assert heard["step"] in ("offer", "again")
    assert len(heard["deeds"]) <= 3


def test_the_templates_are_sealed_for_their_person(enrolled: tuple[Town, ClientRequest, Any]) -> None:
    town, _browser, who = enrolled
    other = town.learner()
    with town.writing() as session:
        row = session.get_one(VoiceEnrolment, who.person_id)
        assert b"credits" not in row.sealed
        own = voice_commands.unseal(town.bank.kek, who.person_id, row.sealed)
        assert own is not None
        assert set(own.takes) == set(row.counts)
        assert voice_commands.unseal(town.bank.kek, other.person_id, row.sealed) is None
        assert voice_commands.unseal(b"x" * 32, who.person_id, row.sealed) is None
        assert voice_commands.unseal(town.bank.kek, who.person_id, b"") is None
        session.add(VoiceEnrolment(**{**row.model_dump(), "person_id": other.person_id}))
    stranger = town.browser(other.person_id)
    assert stranger.client.get("/voice/begin").json["recognisers"] == []  # type: ignore[index]
    assert stranger.get("/voice/commands").status == 200


# What is refused.


@pytest.mark.parametrize(
    ("sound", "status"),
    [
        (b"", 422),
        (b"RIFF", 422),
        (b"\xff\xfb\x90\x00" * 400, 422),
        (wav(np.zeros(7 * RATE, np.float32)), 422),
        (wav(np.zeros((RATE, 2), np.float32), kind="PCM_24"), 422),
        (b"\x00" * 700_000, 413),
    ],
    ids=["empty", "cut off", "MP3", "too long", "24 bits", "too large"],
)
def test_what_is_no_short_recording_is_refused_with_a_sentence(app: Flask, sound: bytes, status: int) -> None:
    answer = sent(Town(app).browser(), sound)
    assert answer.status_code == status
    assert len(answer.json["say"]) > 5  # type: ignore[index]


def test_silence_and_a_humming_machine_do_nothing(enrolled: tuple[Town, ClientRequest, Any]) -> None:
    _town, browser, _who = enrolled
    assert told(browser, wav(np.zeros(2 * RATE, np.float32)))["step"] == "again"
    assert told(browser, tone(100))["step"] != "act"
    noise = wav((0.1 * np.random.default_rng(4).normal(size=2 * RATE)).astype(np.float32))
    assert told(browser, noise)["step"] != "act"


@pytest.mark.parametrize(
    "page",
    [
        "no object",
        {"controls": "x"},
        {"controls": [{"n": 0, "words": "x"}]},
        {"controls": [{"n": "1", "words": "x"}]},
        {"controls": [{"n": 1, "words": "x"}] * 81},
        {"able": "next"},
        {"misses": "1"},
    ],
)
def test_a_page_that_cannot_be_is_refused(app: Flask, page: Any) -> None:
    assert sent(Town(app).browser(), "首页", page).status_code == 400


def test_a_page_of_endless_brackets_is_refused(app: Flask) -> None:
    browser = Town(app).browser()
    data = {"csrf_token": token_of(browser), "from": "/", "page": "[" * 100_000, "text": "首页"}
    assert browser.client.post("/voice/hear", data=data).status_code == 400


def test_a_page_cannot_claim_what_is_no_control() -> None:
    here = Here.of("/", {"able": ["confirm", "home", "nonsense", 3, "hint"]})
    assert here.able == {"hint"}


def test_without_the_forms_token_nothing_is_heard(app: Flask) -> None:
    answer = app.test_client().post("/voice/hear", data={"text": "首页", "page": "{}"})
    assert answer.status_code == 400


def test_a_flood_is_slowed_down(app: Flask) -> None:
    browser = Town(app).browser()
    token = token_of(browser)
    assert [sent(browser, "首页", token=token).status_code for _ in range(45)][-1] == 429


# One's own commands.


@pytest.mark.parametrize("path", ["/voice/commands", "/voice/commands/next", "/voice/commands/delete"])
def test_commands_are_for_the_signed_in(client_request: ClientRequest, path: str) -> None:
    assert client_request.get(path, status=303).location.startswith("/sign-in")


def test_nothing_is_kept_before_the_consent(app: Flask, synthetic: Voices) -> None:
    town = Town(app)
    who = town.learner()
    browser = town.browser(who.person_id)
    assert browser.get("/voice/commands/next", status=303).location == "/voice/commands"
    upload(browser, "next", said(synthetic, "下一页", 1))
    with town.writing() as session:
        assert session.get(VoiceEnrolment, who.person_id) is None
    assert browser.post("/voice/commands/agree", {}, status=422).errors == ["同意的话，请在前面打勾"]


def test_each_word_leads_to_the_next_and_can_be_taken_back(
    enrolled: tuple[Town, ClientRequest, Any], synthetic: Voices
) -> None:
    town, browser, who = enrolled
    assert "录好了6个，一共6个" in browser.get("/voice/commands").text
    upload(browser, "next", said(synthetic, "下一页", 6))
    with town.writing() as session:
        assert session.get_one(VoiceEnrolment, who.person_id).counts["next"] == 2
    page = browser.get("/voice/commands/next")
    browser.submit(page, action="/voice/commands/next/redo")
    browser.submit(browser.get("/voice/commands/next"), action="/voice/commands/next/redo")
    with town.writing() as session:
        assert "next" not in session.get_one(VoiceEnrolment, who.person_id).counts
    assert browser.get("/voice/commands/nonsense", status=404).status == 404


def test_a_bad_take_and_too_similar_words_are_told(
    enrolled: tuple[Town, ClientRequest, Any], synthetic: Voices
) -> None:
    _town, browser, _who = enrolled
    answer = upload(browser, "previous", said(synthetic, "下一页", 9))
    page = browser.follow(answer, both_languages=False)
    assert "容易弄混" in page.text
    assert "有几个听起来很像" in browser.get("/voice/commands").text
    refused = upload(browser, "repeat", wav(np.zeros(RATE, np.float32)), status=422)
    assert refused.errors == ["没有听到声音。请离话筒近一点再说。"]


def test_deleting_takes_everything_and_the_consent_with_it(enrolled: tuple[Town, ClientRequest, Any]) -> None:
    town, browser, who = enrolled
    browser.submit(browser.get("/voice/commands/delete"))
    with town.writing() as session:
        assert session.get(VoiceEnrolment, who.person_id) is None
    assert "同意，开始录" in browser.get("/voice/commands").html


def test_withdrawing_the_consent_and_closing_the_account_erase(enrolled: tuple[Town, ClientRequest, Any]) -> None:
    town, browser, who = enrolled
    browser.submit(browser.get("/account/consents/voice/withdraw"))
    with town.writing() as session:
        assert session.get(VoiceEnrolment, who.person_id) is None


def test_closing_the_account_erases_the_commands(enrolled: tuple[Town, ClientRequest, Any]) -> None:
    town, browser, who = enrolled
    browser.submit(browser.get("/account/consents/account/withdraw"))
    with town.writing() as session:
        assert session.get(VoiceEnrolment, who.person_id) is None


def test_the_export_counts_the_templates_and_gives_none(enrolled: tuple[Town, ClientRequest, Any]) -> None:
    _town, browser, _who = enrolled
    kept = browser.client.get("/portfolio/export.json").json["learning"]["spoken_commands"]  # type: ignore[index]
    assert [row.keys() for row in kept] == [{"templates", "begun_at", "changed_at"}]
    assert kept[0]["templates"] == dict.fromkeys(("back", "credits", "help", "next", "pause", "play"), 1)


def test_the_table_of_actions_cannot_be_changed_while_it_runs() -> None:
    with pytest.raises(TypeError):
        actions.ACTIONS["home"] = Go("elsewhere")  # type: ignore[index]


# Words that sound like a command.


def test_more_is_demanded_of_the_words_that_say_yes_and_of_no_others() -> None:
    assert {name for name, action in ACTIONS.items() if action == Ask("yes")} == CONFIRMING


def test_words_that_sound_like_a_command_are_known_on_chinese_pages_only(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.test_request_context("/", headers={"Accept-Language": "zh-CN"}):
        found = recognisers.near("confirm")
        assert found is not None
        assert found is recognisers.near("confirm")
        assert recognisers.near("number.3") is None
        assert recognisers.near("unknown") is None

        def unavailable(words: str, speaker: Speaker) -> None:
            raise SpeechUnavailable(words)

        monkeypatch.setattr(recognisers, "near_sounds", unavailable)
        recognisers._near.cache_clear()
        assert recognisers.near("cancel") is None
    with app.test_request_context("/", headers={"Accept-Language": "en"}):
        assert recognisers.near("confirm") is None


# Two accounts of one person.


@pytest.mark.parametrize("stays", ["said nothing", "took it back", "recorded too"])
def test_commands_move_with_their_consent_when_accounts_are_merged(app: Flask, stays: str) -> None:
    town = Town(app)
    keep, gone = town.learner(), town.learner()
    take = Take(np.zeros((48, CEPSTRA + 1), np.int8), 40)
    with town.writing() as session:
        for who in (gone, keep) if stays != "said nothing" else (gone,):
            consents.give(
                session, person_id=who.person_id, learner_id=who.learner_id, purpose="voice", language="en", now=NOW
            )
        voice_commands.keep(session, town.bank.kek, gone.person_id, Enrolment({"next": (take,)}), now=NOW)
        if stays == "took it back":
            consents.withdraw(session, person_id=keep.person_id, purpose="voice", now=NOW)
        if stays == "recorded too":
            voice_commands.keep(session, town.bank.kek, keep.person_id, Enrolment({"help": (take,)}), now=NOW)
    with app.test_request_context(), town.writing() as session:
        account_merging.merge(
            session, town.bank, keep=keep.learner_id, absorb=gone.learner_id, merged_by=keep.person_id, now=NOW
        )
    with town.database.reading() as session:
        kept = voice_commands.enrolment(session, town.bank.kek, keep.person_id)
        assert session.get(VoiceEnrolment, gone.person_id) is None
    commands = None if kept is None else list(kept.takes)
    assert commands == {"said nothing": ["next"], "took it back": None, "recorded too": ["help"]}[stays]
