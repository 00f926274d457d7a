"""Every colour of text on every ground it stands on, computed from the palettes (WCAG 2.2, 1.4.6 and 1.4.11)."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "web" / "static" / "css"
PALETTES = sorted((CSS / "palette").glob("*.css"))
GROUNDS = ("paper", "surface", "sunken", "pine-tint")
TEXT = {
    **dict.fromkeys(("ink", "ink-soft", "pine", "link", "link-visited", "seal", "good", "bad", "warn"), GROUNDS),
    "on-pine": ("pine", "pine-strong"),
    "on-seal": ("seal",),
}
TINTED = ("good", "bad", "warn", "academic", "vocational", "other")
EDGES = ("edge", "focus", "pine", "seal", "good", "bad", "warn", "academic", "vocational", "other")


def colours(path: Path) -> dict[str, str]:
    """The colours that a palette sets."""
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", path.read_text("utf-8")))


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_ratio_itself() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("path", PALETTES, ids=lambda p: p.stem)
def test_text_is_at_least_seven_to_one(path: Path) -> None:
    found = colours(path)
    pairs = [(text, ground) for text, grounds in TEXT.items() for ground in grounds]
    pairs += [(name, f"{name}-tint") for name in TINTED]
    pairs += [(text, f"{name}-tint") for name in TINTED for text in ("ink", "ink-soft")]
    low = {(a, b): round(contrast(found[a], found[b]), 2) for a, b in pairs if contrast(found[a], found[b]) < 7}
    assert not low


@pytest.mark.parametrize("path", PALETTES, ids=lambda p: p.stem)
def test_edges_of_controls_and_the_focus_are_at_least_three_to_one(path: Path) -> None:
    found = colours(path)
    low = {
        (edge, ground): round(contrast(found[edge], found[ground]), 2)
        for edge in EDGES
        for ground in (*GROUNDS, "focus-ground")
        if contrast(found[edge], found[ground]) < 3
    }
    assert not low
    assert contrast(found["focus"], found["focus-ground"]) >= 3


def test_palettes_set_the_same_names() -> None:
    names = {path.stem: set(colours(path)) for path in PALETTES}
    assert len(names) == 4
    assert len({frozenset(found) for found in names.values()}) == 1


def test_components_use_no_colour_or_pixel_size_of_their_own() -> None:
    for name in ("base", "components", "forms", "records", "pages"):
        text = re.sub(r"/\*.*?\*/", "", (CSS / f"{name}.css").read_text("utf-8"), flags=re.DOTALL)
        assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*[;}])", text), name
        assert not re.findall(r"(?:font-size|min-block-size): *\d+px", text), name


def test_every_variable_that_is_used_is_set() -> None:
    sheets = {path: path.read_text("utf-8") for path in CSS.rglob("*.css")}
    defined = {name for text in sheets.values() for name in re.findall(r"(--[a-z0-9-]+):", text)}
    used = {name for text in sheets.values() for name in re.findall(r"var\((--[a-z0-9-]+)", text)}
    assert used <= defined
    assert defined - used == set()
