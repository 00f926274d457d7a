"""From a preference to a stylesheet at an address of its own."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accessibility.preference.model import VALUES, Preference, resolve
from accessibility.preference.presentation import (
    IN_STYLESHEET,
    presentation,
    stylesheet,
    stylesheet_name,
    stylesheet_named,
)

ALL = [dict(zip(IN_STYLESHEET, values, strict=True)) for values in product(*(VALUES[n] for n in IN_STYLESHEET))]


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
    assert found == {"profile": "elder", "theme": "auto", "motion": "reduced", "layout": "single-column"}
