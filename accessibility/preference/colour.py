"""Contrast as WCAG 2.2 defines it, and a whole palette derived from one pair of colours."""

import colorsys
from collections.abc import Mapping
from types import MappingProxyType

LEAST, GOOD = 4.5, 7.0
"""Below ``LEAST`` a pair is refused (WCAG 2.2, 1.4.3); below ``GOOD`` the person is warned (1.4.6)."""

# What stands on the ground in a colour of its own, as hue (0 to 1) and saturation of the house's palettes.
_HUES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "link-visited": (0.75, 0.5),
        "focus": (0.58, 0.85),
        "seal": (0.01, 0.7),
        "good": (0.42, 0.6),
        "bad": (0.01, 0.7),
        "warn": (0.12, 0.9),
        "academic": (0.59, 0.55),
        "vocational": (0.08, 0.75),
        "other": (0.37, 0.4),
    }
)
_IN_INK = ("ink", "ink-soft", "pine", "pine-strong", "link", "edge")
_IN_GROUND = ("paper", "surface", "sunken", "pine-tint", "on-pine", "on-seal", "focus-ground")
_TINTED = ("good", "bad", "warn", "academic", "vocational", "other")


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1. Source: WCAG 2.2, "relative luminance"."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours ``#rrggbb``, 1 to 21. Source: WCAG 2.2, "contrast ratio"."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palette(ink: str, ground: str) -> dict[str, str]:
    """Every colour of a palette, by its name without dashes before it, from ink on a ground, both ``#rrggbb``.

    There is one ground; text and edges are the ink, and what has a colour of its own keeps its hue at the lightness
    that reaches the pair's own ratio, or 7:1 where the pair has more. Raises ValueError for a pair below 4.5:1.
    """
    ratio = contrast(ink, ground)
    if ratio < LEAST:
        raise ValueError(f"{ink} on {ground} is {ratio:.2f}:1")
    wanted, darker = min(ratio, GOOD), luminance(ink) < luminance(ground)
    found = dict.fromkeys(_IN_INK, ink) | dict.fromkeys(_IN_GROUND, ground)
    found |= {f"{name}-tint": ground for name in _TINTED}
    found |= {name: _legible(hue, on=ground, wanted=wanted, darker=darker) for name, hue in _HUES.items()}
    found |= {"rule": _mixed(ink, ground, 0.35), "ring": _mixed(ink, ground, 0.2)}
    return found


def is_dark(ground: str) -> bool:
    """Whether a ground is nearer to black than to white, for what the browser draws itself."""
    return contrast(ground, "#ffffff") > contrast(ground, "#000000")


def _legible(hue: tuple[float, float], *, on: str, wanted: float, darker: bool) -> str:
    """The hue at the lightness nearest to the middle that reaches the ratio; black and white reach what any ink did."""
    steps = range(50, -1, -1) if darker else range(50, 101)
    for step in steps:
        found = _hex(colorsys.hls_to_rgb(hue[0], step / 100, hue[1]))
        if contrast(found, on) >= wanted:
            return found
    return "#000000" if darker else "#ffffff"


def _mixed(one: str, other: str, share: float) -> str:
    pairs = [(int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return _hex(tuple((a * share + b * (1 - share)) / 255 for a, b in pairs))


def _hex(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(c * 255):02x}" for c in channels)
