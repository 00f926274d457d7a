"""Recognisers from packages and model folders: what they do, and what happens where they are absent or broken."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from accessibility.errors import Unavailable
from accessibility.voice import model_folder, sphinx
from accessibility.voice.model_folder import ModelFolder, demand_files, matched
from accessibility.voice.recogniser import NOTHING
from accessibility.voice.sphinx import SphinxCommands, grammar
from bench.voices.conditions import Condition, placed
from bench.voices.people import TUNING, Voices

ENGLISH = {
    "next": "Next page",
    "back": "Go back",
    "slower": "Read more slowly",
    "help": "Help me please",
    "credits": "My credits",
    "third": "Lesson 3",
    "odd": "Qwzzx page",
    "zh": "下一页",
}
CHINESE = {"next": "下一页", "previous": "上一页", "credits": "我的学分", "listen": "再听一遍"}


@pytest.fixture(scope="module")
def english() -> SphinxCommands:
    return SphinxCommands()


def test_english_phrases_are_heard_and_must_be_confirmed(english: SphinxCommands, synthetic: Voices) -> None:
    rng = np.random.default_rng(11)
    right = []
    for command in ("next", "back", "slower", "help", "credits"):
        for person in TUNING[:2]:
            words = synthetic.take(person, ENGLISH[command], rng, language="en", quicker=1.3)
            heard = english.recognise(placed(words, Condition("quiet"), rng, words), ENGLISH)
            right.append([guess.command for guess in heard.guesses] == [command])
    assert not english.sure
    assert sum(right) >= 8


def test_only_phrases_whose_words_it_knows_are_in_the_grammar(english: SphinxCommands) -> None:
    assert sorted(english.known(ENGLISH)) == ["back", "credits", "help", "next", "slower"]
    assert grammar({"b": "go back", "a": "next page"}).endswith("public <command> = go back | next page;\n")


def test_digital_silence_is_nothing_and_a_page_without_english_gets_no_guess(
    english: SphinxCommands, synthetic: Voices
) -> None:
    assert english.recognise(np.zeros(16_000, np.float32), ENGLISH) == NOTHING
    rng = np.random.default_rng(12)
    words = synthetic.take(TUNING[0], "Go back", rng, language="en")
    heard = english.recognise(placed(words, Condition("quiet"), rng, words), CHINESE)
    assert (heard.outcome, heard.guesses) == ("unsure", ())


def test_without_its_package_it_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sphinx, "find_spec", lambda _name: None)
    with pytest.raises(Unavailable, match=r"voice\.recogniser_absent"):
        SphinxCommands()


def test_a_transcript_is_taken_where_it_sounds_like_one_phrase() -> None:
    assert matched("下 一 页", CHINESE).command == "next"
    assert matched("在听一遍。", CHINESE).command == "listen"
    unsure = matched("下一夜吧", CHINESE)
    assert unsure.outcome == "unsure"
    assert unsure.guesses[0].command == "next"
    assert matched("今天天气不错", CHINESE).guesses == ()
    assert matched(" 。", CHINESE) == NOTHING
    assert matched("下一页", {"a": "下一页", "b": "下一叶"}).outcome == "unsure"


@pytest.mark.parametrize("kind", ["sherpa", "vosk"])
def test_without_its_package_a_model_folder_is_off(
    kind: model_folder.Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_folder, "find_spec", lambda _name: None)
    with pytest.raises(Unavailable, match=r"voice\.recogniser_absent"):
        ModelFolder(kind, tmp_path)


@pytest.mark.parametrize("kind", ["sherpa", "vosk"])
def test_a_folder_without_a_model_says_so(kind: model_folder.Kind, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(Unavailable, match=r"voice\.model_missing"):
            demand_files(kind, folder)


def _broken(kind: model_folder.Kind, folder: Path) -> None:
    (folder / "am").mkdir()
    (folder / "conf").mkdir()
    for name in ("am/final.mdl", "model.int8.onnx", "model.onnx", "tokens.txt", "conf/mfcc.conf", "conf/model.conf"):
        (folder / name).write_bytes(b"" if name.startswith("conf") else b"no model")


@pytest.mark.parametrize("kind", ["sherpa", "vosk"])
def test_a_broken_model_is_found_out_in_another_process(
    kind: model_folder.Kind, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some end the process that loads them (sherpa-onnx, where the tokens are none); without the package it is the
    other process that fails to import it.
    """
    _broken(kind, tmp_path)
    monkeypatch.setattr(model_folder, "find_spec", lambda _name: importlib.util.find_spec("numpy"))
    with pytest.raises(Unavailable) as refused:
        ModelFolder(kind, tmp_path)
    assert refused.value.code == "voice.model_broken"
    assert refused.value.parameters["why"]


def test_a_model_that_hangs_or_ends_its_process_does_not_take_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _broken("vosk", tmp_path)
    monkeypatch.setattr(model_folder, "find_spec", lambda _name: importlib.util.find_spec("numpy"))
    hanging = tmp_path / "hangs"
    for script, why in (("#!/bin/sh\nexec sleep 30\n", "TimeoutExpired"), ("#!/bin/sh\nkill -9 $$\n", "ended with -9")):
        hanging.write_text(script)
        hanging.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(hanging))
        monkeypatch.setattr(model_folder, "_LOADS_WITHIN", 0.5)
        with pytest.raises(Unavailable) as refused:
            ModelFolder("vosk", tmp_path)
        assert refused.value.parameters["why"] == why
