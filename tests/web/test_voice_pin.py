"""A PIN that is said: understood by the words of the card's account, on that page alone, and never said back."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from bench.voices.people import Voices, voices
from tests.web.client import ClientRequest
from tests.web.people import Holder, Town
from tests.web.test_voice import said, told, upload

PAD = {"field": "secret", "controls": [{"n": 1, "words": "登录"}], "able": ["submit"], "submit": 1}
FIGURES = "零一二三四五六七八九"


@pytest.fixture(scope="session")
def synthetic() -> Iterator[Voices]:
    with voices() as made:
        yield made


@pytest.fixture
def recorded(app: Flask, synthetic: Voices) -> tuple[Town, Holder]:
    """A learner who recorded the figures, yes and no."""
    town = Town(app)
    who = town.learner()
    browser = town.browser(who.person_id)
    browser.post("/voice/commands/agree", {"agreed": "y"})
    words = {f"number.{digit}": word for digit, word in enumerate(FIGURES)} | {"confirm": "确定", "cancel": "取消"}
    for command, word in words.items():
        upload(browser, command, said(synthetic, word, 5))
    return town, who


def at_the_pin(town: Town, number: str) -> ClientRequest:
    """A stranger's browser that read that card."""
    browser = town.browser()
    browser.post("/sign-in/card", {"number": number}, status=303)
    return browser


def heard(browser: ClientRequest, sound: bytes, **page: Any) -> dict[str, Any]:
    """What is answered on the page of the PIN."""
    token = browser.client.get("/sign-in/card/pin/voice/begin").json["token"]  # type: ignore[index]
    data = {"csrf_token": token, "from": "/sign-in/card/pin", "page": json.dumps(PAD | page)}
    answer = browser.client.post("/sign-in/card/pin/voice/hear", data=data | {"sound": (io.BytesIO(sound), "said.wav")})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    found: dict[str, Any] = answer.json  # type: ignore[assignment]
    return found


def test_a_figure_is_filled_in_counted_and_never_said_back(
    recorded: tuple[Town, Holder], synthetic: Voices, capfd: pytest.CaptureFixture[str]
) -> None:
    town, who = recorded
    browser = at_the_pin(town, who.number)
    capfd.readouterr()
    for filled, digit in enumerate((4, 0, 7)):
        answer = heard(browser, said(synthetic, FIGURES[digit], 11), filled=filled)
        [deed] = answer["deeds"]
        assert deed == {"words": "", "do": {"do": "fill", "value": str(digit), "append": True}, "changes": False}
        assert answer["say"] == f"记下了，现在有{filled + 1}位。"
    logged = "".join(capfd.readouterr())
    assert "fill" not in logged and "记下了" not in logged and "number." not in logged


def test_what_may_have_been_a_figure_is_not_offered_but_said_again(
    recorded: tuple[Town, Holder], synthetic: Voices
) -> None:
    town, who = recorded
    browser = at_the_pin(town, who.number)
    for misses in range(3):
        for words, seed in (("一百零五", 3), ("七八九", 4), ("电视太吵了", 5)):
            answer = heard(browser, said(synthetic, words, seed), misses=misses)
            if answer["step"] == "act":
                assert answer["deeds"][0]["words"] == ""
                continue
            assert all(deed["do"]["do"] != "fill" for deed in answer["deeds"])
            assert not any(f"，{figure}" in answer["say"] for figure in FIGURES)


@pytest.mark.both_databases
def test_yes_signs_in_and_no_takes_the_last_figure_back(recorded: tuple[Town, Holder], synthetic: Voices) -> None:
    town, who = recorded
    browser = at_the_pin(town, who.number)
    assert heard(browser, said(synthetic, "确定", 11))["deeds"][0]["do"] == {"do": "number", "number": 1}
    erased = heard(browser, said(synthetic, "取消", 11))
    assert (erased["deeds"][0]["do"], erased["say"]) == ({"do": "erase"}, "删了最后一位。")


def test_the_words_of_an_account_are_known_at_its_card_alone(recorded: tuple[Town, Holder], synthetic: Voices) -> None:
    town, who = recorded
    four = said(synthetic, "四", 11)
    assert heard(at_the_pin(town, who.number), four)["step"] == "act"
    nobody, other = heard(town.browser(), four), heard(at_the_pin(town, town.learner().number), four)
    assert nobody == other | {"sound": nobody["sound"]}
    assert nobody["step"] == "again"
    assert told(at_the_pin(town, who.number), four)["step"] == "buttons"


def test_whoever_holds_a_card_is_not_told_at_first_whether_its_account_recorded_words(
    recorded: tuple[Town, Holder],
) -> None:
    town, who = recorded
    for number in (who.number, town.learner().number):
        begun = at_the_pin(town, number).client.get("/sign-in/card/pin/voice/begin")
        assert begun.json["recognisers"] == ["own"]  # type: ignore[index]
