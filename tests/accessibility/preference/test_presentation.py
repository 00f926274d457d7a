"""From a preference to a stylesheet at an address of its own."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.preference.model import NAMES, VALUES, Preference, resolve
from accessibility.preference.presentation import (
    IN_STYLESHEET,
    SWITCHES,
    presentation,
    stylesheet,
    stylesheet_name,
    stylesheet_named,
)
from tests.accessibility.preference.choices import CHOICES

LISTED = tuple(name for name in IN_STYLESHEET if name not in ("theme", "colours"))
ALL = [dict(zip(LISTED, values, strict=True)) for values in product(*(VALUES[n] for n in LISTED))]


def test_every_stylesheet_is_found_by_its_name_and_no_two_share_one() -> None:
    names = {}
    for choices in ALL:
        preference = resolve(choices)
        name = stylesheet_name(preference)
        if name is None:
            assert preference == Preference()
            continue
        assert stylesheet_named(name) == stylesheet(preference)
        names[name] = stylesheet(preference)
    assert len(names) == len(set(names.values())) == len(ALL) - 1


@given(CHOICES)
def test_a_stylesheet_is_made_again_from_its_name_alone(choices: dict[str, str]) -> None:
    preference = resolve(choices)
    name = stylesheet_name(preference)
    assert (stylesheet_named(name) if name else stylesheet(Preference())) == stylesheet(preference)


@given(CHOICES, CHOICES)
def test_two_names_are_the_same_only_for_the_same_stylesheet(one: dict[str, str], other: dict[str, str]) -> None:
    first, second = resolve(one), resolve(other)
    assert (stylesheet_name(first) == stylesheet_name(second)) is (stylesheet(first) == stylesheet(second))


def test_a_pair_of_colours_is_named_and_colours_everything() -> None:
    preference = resolve({"theme": "custom", "colours": "ffff00-00007f"})
    name = stylesheet_name(preference)
    assert name is not None and name.startswith("18_standard_standard_44_standard_custom_ffff00-00007f.")
    sheet = stylesheet(preference)
    assert "--ink: #ffff00;" in sheet and "--paper: #00007f;" in sheet and "color-scheme: dark;" in sheet
    assert presentation(preference).palettes == ()
    assert stylesheet_named(name.replace("00007f", "ffff7f")) is None


def test_own_colours_without_a_pair_leave_it_to_the_device() -> None:
    found = presentation(resolve({"theme": "custom"}))
    assert found.switches["theme"] == "auto"
    assert len(found.palettes) == 4


def test_every_preference_is_a_variable_a_switch_or_a_palette() -> None:
    assert {*IN_STYLESHEET, *SWITCHES, "profile"} == set(NAMES)


@given(st.text(max_size=80))
def test_a_name_that_is_not_ours_is_not_found(name: str) -> None:
    assert stylesheet_named(name) is None


@pytest.mark.parametrize("change", ["x", "0", ""])
def test_a_name_with_another_hash_is_not_found(change: str) -> None:
    name = stylesheet_name(resolve({"text_size": "30"}))
    assert name is not None
    assert stylesheet_named(name[:-1] + change) is None or change == name[-1]


def test_sizes_are_relative_to_what_the_browser_is_set_to() -> None:
    sheet = stylesheet(resolve({"text_size": "30", "target_size": "60"}))
    assert "--text: 1.875rem;" in sheet
    assert "--target: 3.75rem;" in sheet
    assert "px" not in sheet


def test_wide_spacing_is_what_wcag_1_4_12_asks_or_more() -> None:
    found = presentation(resolve({"text_spacing": "wide"})).variables
    assert float(found["--leading"]) >= 1.5
    assert float(found["--letter"].removesuffix("em")) >= 0.12
    assert float(found["--word"].removesuffix("em")) >= 0.16
    assert float(found["--paragraph"].removesuffix("em")) >= 2


def test_the_device_decides_until_somebody_chooses() -> None:
    assert [p.name for p in presentation(Preference()).palettes] == ["light", "dark", "high-light", "high-dark"]
    chosen = presentation(resolve({"theme": "high-dark"}))
    assert [(p.name, p.media) for p in chosen.palettes] == [("high-dark", None)]
    assert chosen.color_scheme == "dark"


def test_switches_of_the_elder_view() -> None:
    found = presentation(resolve({"profile": "elder"})).switches
    assert found == {
        "profile": "elder",
        "theme": "auto",
        "motion": "reduced",
        "layout": "single-column",
        "easy-read": "first",
    }
