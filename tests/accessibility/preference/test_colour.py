"""Contrast, and a palette from a pair: whatever pair is allowed, all of it can be read."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from accessibility.preference.colour import GOOD, LEAST, contrast, is_dark, luminance, palette
from tests.web.test_palette import EDGES, PALETTES, TEXT, TINTED, colours
from tests.web.test_palette import contrast as contrast_by_hand

COLOUR = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


def test_the_ratio_as_wcag_gives_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#767676", "#ffffff") >= LEAST
    assert luminance("#ff0000") == pytest.approx(0.2126)


@given(COLOUR, COLOUR)
def test_the_ratio_is_symmetric_and_within_its_bounds(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21
    assert contrast(one, other) == pytest.approx(contrast_by_hand(one, other))


@given(COLOUR, COLOUR)
def test_everything_of_a_derived_palette_is_as_legible_as_the_pair(ink: str, ground: str) -> None:
    ratio = contrast(ink, ground)
    assume(ratio >= LEAST)
    found = {name: colour.removeprefix("--") for name, colour in palette(ink, ground).items()}
    wanted = min(ratio, GOOD) - 1e-9
    pairs = [(text, on) for text, grounds in TEXT.items() for on in grounds if on != "pine-strong"]
    pairs += [(name, f"{name}-tint") for name in TINTED] + [("on-pine", "pine-strong")]
    pairs += [(text, f"{name}-tint") for name in TINTED for text in ("ink", "ink-soft")]
    assert {p for p in pairs if contrast(found[p[0]], found[p[1]]) < wanted} == set()
    assert {e for e in EDGES if contrast(found[e], found["paper"]) < 3} == set()


@given(COLOUR, COLOUR)
def test_a_pair_that_cannot_be_read_is_refused(ink: str, ground: str) -> None:
    assume(contrast(ink, ground) < LEAST)
    with pytest.raises(ValueError, match=":1"):
        palette(ink, ground)


def test_a_derived_palette_names_what_the_houses_palettes_name() -> None:
    derived = {*palette("#000000", "#ffffff")}
    assert derived == set(colours(PALETTES[0]))


def test_dark_and_light_grounds() -> None:
    assert is_dark("#000000") and is_dark("#12362a")
    assert not is_dark("#ffffff") and not is_dark("#ffee99")
