"""A file of AccessForAll preferences, out and in."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.preference import pnp
from accessibility.preference.model import Preference, resolve
from accessibility.preference.pnp_terms import FEATURES, Problem
from tests.accessibility.preference.choices import CHOICES

NAMES_OF_OTHERS = st.text("abcXYZ", min_size=3, max_size=8).map(lambda n: f"other{n}")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
)
TERMS = st.sampled_from([*FEATURES, "hazardAvoidance", pnp.ACTIVE, pnp.OPTION, pnp.PROHIBITED, "extensions", "x"])


def said(body: Any) -> pnp.Taken:
    return pnp.parse(json.dumps(body).encode())


@given(CHOICES, st.sampled_from(["zh-CN", "en"]), st.dictionaries(NAMES_OF_OTHERS, JSON, max_size=3))
def test_a_file_of_ours_reads_back_exactly_with_what_others_had_put_in(
    choices: dict[str, str], language: str, foreign: dict[str, Any]
) -> None:
    preference = resolve(choices)
    taken = said(pnp.write(preference, language=language, foreign=foreign))
    assert resolve(taken.choices) == preference
    assert taken.language == language
    assert taken.foreign == foreign
    assert [p for p in taken.problems if p.term not in foreign] == []


@given(st.binary(max_size=200) | st.dictionaries(TERMS, JSON, max_size=4).map(lambda b: json.dumps(b).encode()))
def test_whatever_a_file_holds_choices_come_out_and_it_never_raises(data: bytes) -> None:
    resolve(pnp.parse(data).choices)


def test_the_terms_of_the_standard() -> None:
    assert pnp.features(Preference()) == frozenset()
    assert pnp.features(resolve({"profile": "elder", "theme": "high-dark"})) == {
        "text-appearance",
        "high-contrast",
        "invert-display-polarity",
        "layout-single-column",
        "simplified-language-portions",
    }
    assert pnp.features(resolve({"profile": "listen", "text_size": "40"})) == {
        *("text-appearance", "magnification", "spoken", "captions")
    }
    assert pnp.features(resolve({"sign_language": "on", "time_limits": "none", "scanning": "one-switch"})) == {
        *("sign-language", "additional-testing-time", "input-requirements")
    }


def test_a_file_of_another_system() -> None:
    taken = said(
        {
            "languageOfInterface": [{"xmlLang": "zh"}],
            "textAppearance": {"fontSize": 24, "fontFace": {"genericFontFace": "serif"}, "lineHeight": 2},
            "invertDisplayPolarity": {"foreground": "#FFFF00", "background": "#000000"},
            "spoken": {"readingType": "computer-read-aloud", "speechRate": 80},
            "captions": {},
            "additionalTestingTime": {"timeMultiplier": 1.5},
            "hazardAvoidance": ["flashing"],
            "braille": {"grade": "2"},
            "activateAtInitializationSet": {"features": ["captions", "spoken", "calculator-on-screen"]},
            "activateAsOptionSet": {"features": ["additional-testing-time"]},
        }
    )
    assert taken.language == "zh-CN"
    assert taken.choices == {
        "text_size": "40",  # 24 pt are 32 px; the next step up
        "typeface": "serif",
        "text_spacing": "wide",
        "theme": "custom",
        "colours": "ffff00-000000",
        "read_aloud": "on",
        "speech_rate": "120",
        "captions": "on",
        "motion": "reduced",
    }
    assert taken.foreign == {
        "braille": {"grade": "2"},
        "activateAtInitializationSet": {"features": ["calculator-on-screen"]},
        "activateAsOptionSet": {"features": ["additional-testing-time"]},
    }
    again = said(pnp.write(resolve(taken.choices), language="en", foreign=taken.foreign))
    assert (again.foreign, again.choices) == (taken.foreign, taken.choices)
    assert {(p.code, p.term) for p in taken.problems} == {
        ("unknown", "braille"),
        ("unknown", "calculator-on-screen"),
        ("option", "additional-testing-time"),
    }


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ([], "not_object"),
        ({"accessForAllPnp": 3}, "not_object"),
        ({"textAppearance": 3}, "malformed"),
        ({"textAppearance": {"fontSize": "big"}}, "malformed"),
        ({"textAppearance": {"fontColor": "#777777", "backgroundColor": "#888888"}}, "low_contrast"),
        ({"prohibitSet": {"features": "captions"}}, "malformed"),
        ({"hazardAvoidance": "flashing"}, "malformed"),
        (
            {"captions": {}, pnp.ACTIVE: {"features": ["captions"]}, pnp.PROHIBITED: {"features": ["captions"]}},
            "contra",
        ),
        ({"inputRequirements": "full-mouse-control"}, "no_such_value"),
        ({"languageOfInterface": [{"xmlLang": "fr"}]}, "no_such_value"),
        ({"extensions": {"evergreen:targetSize": 60}}, "no_such_value"),
        ({"extensions": {"other:thing": 60}}, "unknown"),
        ({"extensions": []}, "malformed"),
    ],
)
def test_every_problem_is_named(body: Any, code: str) -> None:
    assert [p.code for p in said(body).problems if p.code.startswith(code)]


def test_files_that_are_none() -> None:
    assert pnp.parse(b"\xff{").problems == (Problem("not_json"),)
    assert pnp.parse(b" " * (pnp.LARGEST + 1)).problems == (Problem("too_large"),)
    assert pnp.parse(b"[" * 60_000).problems == (Problem("not_json"),)


def test_what_must_not_be_is_off() -> None:
    assert said({"captions": {}, "prohibitSet": {"features": ["captions"]}}).choices == {}


@pytest.mark.parametrize(
    "data", [b'{"x": "\\ud800"}', b'{"\\udc00": 1}', b'{"x": NaN}', b'{"x": ' + b"[" * 300 + b"]" * 300 + b"}"]
)
def test_a_file_that_no_store_takes_is_refused(data: bytes) -> None:
    assert pnp.parse(data).problems == (Problem("not_json"),)


def test_a_number_beyond_64_bits_is_kept_as_a_float() -> None:
    assert pnp.parse(b'{"x": 1' + b"0" * 30 + b', "y": 12}').foreign == {"x": 1e30, "y": 12}
