"""Text for a Braille printer: its shape, its alphabet, and what happens without liblouis."""

import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.text import braille
from accessibility.text.braille import BrailleUnavailable

needs_liblouis = pytest.mark.skipif(
    not braille.available(), reason="NOT RUN: liblouis is not installed (Debian: liblouis-bin)"
)


def pages(made: str) -> list[list[str]]:
    assert made.endswith("\f") or not made
    return [page.split("\r\n")[:-1] for page in made.split("\f")[:-1]]


@given(st.text(max_size=400))
def test_any_text_keeps_to_the_shape_of_the_page(text: str) -> None:
    for page in pages(braille.plain(text)):
        assert len(page) <= braille.LINES
        assert all(braille._width(line) <= braille.CELLS for line in page)


def test_nothing_is_lost_and_no_word_is_torn() -> None:
    text = "学分银行的学习成果记录。" * 9 + "Open Badges 3.0 and W3C Verifiable Credentials " * 4
    made = braille.plain(text).replace("\f", "").split("\r\n")
    assert "".join("".join(made).split()) == "".join(text.split())
    assert all("Verifiable" in line or "erifiable" not in line for line in made)
    assert not any(line.startswith(("。", "，")) for line in made)


def test_sixty_lines_are_three_pages() -> None:
    assert [len(page) for page in pages(braille.plain("一\n" * 59 + "一"))] == [25, 25, 10]


def test_without_liblouis_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    assert not braille.available()
    with pytest.raises(BrailleUnavailable):
        braille.braille("学分", "zh-CN")


def test_a_program_that_fails_is_no_braille(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object, **_more: object) -> None:
        raise subprocess.TimeoutExpired("lou_translate", 20)

    monkeypatch.setattr(shutil, "which", lambda _name: "/nowhere/lou_translate")
    monkeypatch.setattr(subprocess, "run", fails)
    with pytest.raises(BrailleUnavailable):
        braille.braille("学分", "zh-CN")


def test_each_cell_of_six_dots_has_a_character_of_its_own() -> None:
    assert len(braille._ASCII) == len(set(braille._ASCII)) == 64
    # BANA: a is dot 1, the number sign dots 3456, the capital sign dot 6, w dots 2456.
    assert [braille._ascii(c) for c in "⠁⠼⠠⠺⠿"] == ["A", "#", ",", "W", "="]


@needs_liblouis
def test_english_in_unified_english_braille() -> None:
    assert pages(braille.braille("Record of 2 credits", "en")) == [[",RECORD OF #B CREDITS"]]


@needs_liblouis
def test_chinese_becomes_ascii_in_the_shape_of_the_page() -> None:
    made = braille.braille("学分银行的学习成果记录：书法入门，2 学分。\n" * 30, "zh-CN")
    assert made.isascii() and len(pages(made)) > 1
    assert all(len(line) <= braille.CELLS for page in pages(made) for line in page)
    assert any(character.isalpha() for character in made)


@needs_liblouis
def test_very_long_lines_and_control_characters_do_not_end_it() -> None:
    made = braille.braille("学分" * 3000 + "\x00\x1b[0m", "zh-CN")
    assert len(pages(made)) > 5
