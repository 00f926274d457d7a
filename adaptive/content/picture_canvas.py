"""How a picture's texts come out, as far as that can be told without drawing it: contrast, and whether they fit.

Contrast ratio: WCAG 2.2, "relative luminance" and "contrast ratio". Shapes whose area is told by their attributes
(rect, circle, ellipse, polygon) are looked at; where a path, a gradient, a transformation or transparency lies behind a
text, nothing is said. Widths are estimates by the proportions of a common sans-serif.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

Point = tuple[float, float]
Colour = tuple[int, int, int]

LEAST = 4.5
_SLACK = 3.0
WHITE: Colour = (255, 255, 255)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?")
_NAMES: Mapping[str, Colour] = {
    "white": WHITE, "black": (0, 0, 0), "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "yellow": (255, 255, 0), "orange": (255, 165, 0), "gray": (128, 128, 128), "grey": (128, 128, 128),
}  # fmt: skip
_INHERITED = ("fill", "font-size", "text-anchor")
_UNCLEAR = ("transform", "opacity", "fill-opacity", "mask", "clip-path", "filter")


def colour(value: str) -> Colour | None:
    """``#rgb``, ``#rrggbb`` or a common name; None for anything else."""
    value = value.strip().lower()
    if re.fullmatch(r"#[0-9a-f]{3}", value):
        value = "#" + "".join(c * 2 for c in value[1:])
    if re.fullmatch(r"#[0-9a-f]{6}", value):
        red, green, blue = (int(value[i : i + 2], 16) for i in (1, 3, 5))
        return red, green, blue
    return _NAMES.get(value)


def contrast(first: Colour, second: Colour) -> float:
    """From 1 (the same) to 21 (black on white)."""
    bright, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(value: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in value)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@dataclass(slots=True)
class _Frame:
    name: str
    attributes: Mapping[str, str]
    inherited: dict[str, str] = field(default_factory=dict)
    unclear: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A text's contrast with what lies behind its middle (None if that cannot be told), and whether it fits."""

    contrast: float | None
    fits: bool


class Canvas:
    """What has been drawn so far. Told of each element as it begins and ends, it answers how a text stands out."""

    def __init__(self) -> None:
        self._frames: list[_Frame] = []
        self._drawn: list[tuple[str, Mapping[str, str], str, bool]] = []
        self._box: tuple[float, float] | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if not self._frames:
            box = _NUMBER.findall(attributes.get("viewBox", ""))
            self._box = (float(box[0]), float(box[0]) + float(box[2])) if len(box) == 4 else None
        above = self._frames[-1] if self._frames else _Frame("", {})
        inherited = above.inherited | {key: attributes[key] for key in _INHERITED if key in attributes}
        unclear = above.unclear or name in ("defs", "symbol", "marker", "pattern", "mask", "clipPath")
        unclear = unclear or any(key in attributes for key in _UNCLEAR)
        self._frames.append(_Frame(name, attributes, inherited, unclear))
        if name in ("rect", "circle", "ellipse", "polygon", "path", "polyline", "use"):
            fill = inherited.get("fill", "black")
            if fill != "none":
                self._drawn.append((name, attributes, fill, unclear))

    def end(self) -> None:
        """The innermost element ends."""
        self._frames.pop()

    def of_text(self, text: str) -> "Shown":
        """How a text in the innermost element comes out."""
        frame = self._frames[-1]
        placed = next(
            (f.attributes for f in reversed(self._frames) if "x" in f.attributes and "y" in f.attributes), None
        )
        if frame.unclear or placed is None:
            return Shown(None, True)
        size = _first(frame.inherited.get("font-size", "16"), 16)
        wide = size * sum(map(_width, text))
        begins = {"middle": -wide / 2, "end": -wide}.get(frame.inherited.get("text-anchor", "start"), 0.0)
        left, middle = _first(placed["x"], 0) + begins, _first(placed["y"], 0) - size * 0.35
        own, behind = colour(frame.inherited.get("fill", "black")), self._behind((left + wide / 2, middle))
        ratio = contrast(own, behind) if own is not None and behind is not None else None
        return Shown(ratio, self._fits(left, left + wide, middle))

    def _fits(self, left: float, right: float, y: float) -> bool:
        """Whether a text stays inside the picture, and inside the last box drawn behind its middle."""
        boxes = [a for name, a, _fill, unclear in self._drawn if name == "rect" and not unclear]
        around = [a for a in boxes if _covers("rect", a, ((left + right) / 2, y))]
        bounds = [self._box] if self._box else []
        if around:
            x = _first(around[-1].get("x", "0"), 0)
            bounds.append((x, x + _first(around[-1]["width"], 0)))
        return all(left >= low - _SLACK and right <= high + _SLACK for low, high in bounds)

    def _behind(self, point: Point) -> Colour | None:
        for name, attributes, fill, unclear in reversed(self._drawn):
            covers = _covers(name, attributes, point)
            if covers is None or (covers and unclear):
                return None
            if covers:
                return colour(fill)
        return WHITE


def _width(character: str) -> float:
    """A character's width in parts of its height."""
    if ord(character) > 0x2E80:
        return 1.0
    if character in " .,:;'!|iljtf()[]":
        return 0.3
    return 0.7 if character.isupper() else 0.55


def _first(value: str, otherwise: float) -> float:
    found = _NUMBER.search(value)
    return float(found.group()) if found else otherwise


def _covers(name: str, attributes: Mapping[str, str], point: Point) -> bool | None:
    """Whether a shape covers a point; None where that cannot be told."""
    x, y = point

    def length(key: str) -> float:
        return _first(attributes.get(key, "0"), 0)

    if name == "rect":
        if "%" in attributes.get("width", "") or "%" in attributes.get("height", ""):
            return None
        return 0 <= x - length("x") <= length("width") and 0 <= y - length("y") <= length("height")
    if name in ("circle", "ellipse"):
        across = length("r") if name == "circle" else length("rx")
        down = length("r") if name == "circle" else length("ry")
        if not across or not down:
            return False
        return ((x - length("cx")) / across) ** 2 + ((y - length("cy")) / down) ** 2 <= 1
    if name == "use":
        return None
    numbers = [float(n) for n in _NUMBER.findall(attributes.get("points", "") or attributes.get("d", ""))]
    if name == "path":
        return None if _may_cover(attributes.get("d", ""), numbers, point) else False
    corners = list(zip(numbers[::2], numbers[1::2], strict=False))
    return _inside(corners, point)


def _may_cover(path: str, numbers: list[float], point: Point) -> bool:
    """Whether a path may cover a point. Absolute coordinates bound it; relative ones and arcs tell nothing."""
    if re.search(r"[a-df-yAHVhv]", path.replace("z", "")) or len(numbers) < 2:
        return True
    xs, ys = numbers[::2], numbers[1::2]
    return min(xs) <= point[0] <= max(xs) and min(ys) <= point[1] <= max(ys)


def _inside(corners: list[Point], point: Point) -> bool:
    x, y = point
    inside = False
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
