"""Nobody needs more schooling than junior high for the bank's own sentences; of whole pages see tests/browser."""

import tomllib
from pathlib import Path

import pytest

from tests.web.reading_level import plain, too_hard
from web import libraries
from web.messages import catalogue

EXCEPTIONS: dict[str, str] = tomllib.loads((Path(__file__).parent / "reading_exceptions.toml").read_text("utf-8"))
EVERYTHING = {**catalogue(), **libraries.catalogue()}


def _problem(entry: dict[str, str]) -> str:
    return too_hard(plain(entry["zh"]), "zh-CN") or too_hard(plain(entry["en"]), "en")


def test_every_sentence_is_at_junior_high_level_or_below() -> None:
    hard = {key: why for key, entry in EVERYTHING.items() if key not in EXCEPTIONS and (why := _problem(entry))}
    assert hard == {}


def test_no_exception_is_out_of_date_or_without_a_reason() -> None:
    assert [key for key in EXCEPTIONS if key not in EVERYTHING or not _problem(EVERYTHING[key])] == []
    assert all(len(reason) > 20 for reason in EXCEPTIONS.values())
    assert len(EXCEPTIONS) <= 12


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (
            "为贯彻落实国务院办公厅关于推进基本养老服务体系建设的意见精神，进一步健全完善我市居民保险待遇确定机制。",
            "zh-CN",
        ),
        ("簠簋坩埚镊子，囫囵吞枣；饕餮觊觎，踟蹰龃龉，彳亍旮旯，耄耋鳏寡。", "zh-CN"),
        (
            "Institutional authorities undertake comprehensive evaluations of methodologies in many places every year.",
            "en",
        ),
        ("You may " + "go and " * 11 + "stop.", "en"),
    ],
)
def test_what_is_hard_is_found(text: str, lang: str) -> None:
    assert too_hard(text, lang)
