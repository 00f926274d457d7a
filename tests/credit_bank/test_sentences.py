"""Sentences: every code can be said, in both languages, and no key stands twice."""

import re
from collections import Counter
from pathlib import Path

import pytest

from credit_bank import sentences
from credit_bank.credential.verify import NAMES
from credit_bank.report import Outcome
from credit_bank.sentences import has_sentence, sentence

ROOT = Path(sentences.__file__).parent.parent
MINE = {"check.toml", "credential.toml", "key.toml"}
CALL = re.compile(r'(?:InvalidInput|Conflict|Missing|Forbidden|Unavailable)\(\s*"([a-z_.0-9]+)"')
FINDING = re.compile(r'Outcome\.(PASS|FAIL|UNCHECKED|NOT_APPLICABLE), "([a-z_.0-9]+)"')
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


def sources() -> list[Path]:
    return [p for folder in ("credential", "key", "log") for p in sorted((ROOT / folder).rglob("*.py"))]


def test_no_key_stands_in_two_files() -> None:
    counted = Counter(key for entries in sentences.by_file().values() for key in entries)
    assert [key for key, times in counted.items() if times > 1] == []


def test_every_error_of_the_core_has_a_sentence() -> None:
    codes = {code for file in sources() for code in CALL.findall(file.read_text("utf-8"))}
    assert len(codes) > 60
    assert (
        sorted(code for code in codes if not has_sentence(f"error.{code}") and not has_sentence(f"check.{code}")) == []
    )


def test_every_finding_has_a_sentence_and_every_bad_one_a_next_step() -> None:
    found = {pair for file in sources() for pair in FINDING.findall(file.read_text("utf-8"))}
    assert len(found) > 25
    for outcome, code in found:
        assert has_sentence(f"check.{code}"), code
        assert outcome in {"PASS", "NOT_APPLICABLE"} or has_sentence(f"next.{code}"), code


@pytest.mark.parametrize("name", NAMES)
def test_every_check_has_a_name(name: str) -> None:
    assert sentence(f"check.name.{name}", "zh-CN") != sentence(f"check.name.{name}", "en")


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_a_word(outcome: Outcome) -> None:
    assert has_sentence(f"check.outcome.{outcome}")


def test_both_languages_name_the_same_parameters() -> None:
    for file, entries in sentences.by_file().items():
        if file in MINE:
            for key, texts in entries.items():
                assert texts.keys() == {"zh", "en"}, key
                assert set(PLACEHOLDER.findall(texts["zh"])) == set(PLACEHOLDER.findall(texts["en"])), key
                assert re.search("[\u4e00-\u9fff]", texts["zh"]) or "{" in texts["zh"], key


def test_values_are_put_as_people_say_them() -> None:
    key = "check.validity.current"
    said = sentence(key, "zh-CN", **{"from": "2026-07-01T00:00:00+00:00", "until": "2027-01-31T16:30:00Z"})
    assert said == "有效期从 2026年7月1日 08:00 到 2027年2月1日 00:30，现在在有效期内。"
    assert "1 July 2026, 08:00" in sentence(key, "en", **{"from": "2026-07-01T00:00:00+00:00", "until": "x"})
    assert "—" in sentence("check.issuer.unknown", "en", issuer=None)
    assert "其他非学历" in sentence("check.issuer.accredited", "zh-CN", name="甲", category="other")


def test_what_is_not_there_raises() -> None:
    for key, locale in (("check.no.such", "en"), ("next.no.such", "en"), ("error.json.too_large", "fr")):
        with pytest.raises(KeyError):
            sentence(key, locale)
    with pytest.raises(KeyError):
        sentence("error.json.too_large", "en", size=1)


def test_a_family_shares_its_next_step() -> None:
    assert sentence("next.json.too_deep", "en") == sentence("next.json", "en")
    assert sentence("next.proof.key_unknown", "en") != sentence("next.proof", "en")
