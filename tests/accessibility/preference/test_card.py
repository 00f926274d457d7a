"""The code on a printed card."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.preference import card
from accessibility.preference.model import NAMES, PROFILES, VALUES, is_choice
from tests.accessibility.preference.choices import CHOICES


@given(CHOICES)
def test_a_code_reads_back_however_it_is_typed(choices: dict[str, str]) -> None:
    code = card.code(choices)
    assert card.choices(code) == (choices, ())
    assert card.choices(" " + code.lower().replace("-", " — ")) == (choices, ())


@given(st.text(max_size=500))
def test_whatever_is_typed_only_choices_come_out(typed: str) -> None:
    found, _strange = card.choices(typed)
    assert all(is_choice(name, value) for name, value in found.items())


def test_every_preference_and_every_value_has_a_place_on_a_card() -> None:
    printed = {name: set(values) for name, values in card.PRINTED.values()}
    assert printed == {"profile": set(PROFILES), **{name: set(values) for name, values in VALUES.items()}}
    assert {*printed, "colours", "quiet_hours"} == set(NAMES)


def test_a_card_that_was_printed_goes_on_saying_the_same() -> None:
    assert card.choices("P1-T3-C4-B3-R2-X1-N2-D1-Q2207-CCFFFF00000000") == (
        {
            "profile": "elder",
            "text_size": "30",
            "theme": "high-dark",
            "target_size": "72",
            "speech_rate": "120",
            "pointer": "large",
            "scanning": "two-switches",
            "scan_pace": "2",
            "quiet_hours": "22-07",
            "colours": "ffff00-000000",
        },
        (),
    )


@pytest.mark.parametrize("part", ["T9", "ZZ", "T", "T12", "?", "CCFFFFFFFEFEFE", "Q2500"])
def test_a_part_that_means_nothing_is_named_and_the_rest_holds(part: str) -> None:
    assert card.choices(f"P1-{part}-T2") == ({"profile": "elder", "text_size": "26"}, (part,))


def test_a_code_is_short() -> None:
    assert len(card.code({"profile": "elder", "text_size": "30", "theme": "high-dark"})) == 8
