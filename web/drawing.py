"""What a map's picture is drawn from: each box with its words broken into lines, in the units of the layout."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from adaptive.content.model import Library
from adaptive.path.map import SkillMap, SkillStatus

UNITS = 14  # to one em, so that the picture grows with the reader's text
CHINESE, LATIN = 11, 19  # characters that fit into a line of a box
CHINESE_SIZE, LATIN_SIZE = 14, 12


@dataclass(frozen=True, slots=True)
class Box:
    """A skill's box: where, which words in which lines, and its status (None where nothing is kept)."""

    skill_id: str
    x: int
    y: int
    width: int
    height: int
    lines: tuple[tuple[int, str], ...]
    size: int
    status: str | None
    status_y: int


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as the points of a polyline, and of its arrow head."""

    points: str
    head: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An area's picture; ``width_em`` and ``height_em`` are its size on the page."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]

    @property
    def width_em(self) -> str:
        """As an SVG length."""
        return f"{self.width / UNITS:.1f}em"

    @property
    def height_em(self) -> str:
        """As an SVG length."""
        return f"{self.height / UNITS:.1f}em"


def picture(layout: SkillMap, library: Library, known: Mapping[str, SkillStatus], locale: str) -> Picture:
    """The picture of a laid-out area; its boxes in the order of the list beside it."""
    boxes = []
    for key in layout.order:
        node = layout.nodes[key]
        words = broken(library.skills[key].name.in_language(locale))
        status = known.get(key)
        rows = len(words) + (1 if status else 0)
        top = node.y + (node.height - 17 * rows) / 2 + 13
        lines = tuple((round(top + 17 * number), text) for number, text in enumerate(words))
        boxes.append(
            Box(
                key,
                node.x,
                node.y,
                node.width,
                node.height,
                lines,
                LATIN_SIZE if words[0].isascii() else CHINESE_SIZE,
                status.status if status else None,
                round(top + 17 * len(words)),
            )
        )
    lines_ = tuple(Line(" ".join(f"{x},{y}" for x, y in edge.points), _head(*edge.points[-1])) for edge in layout.edges)
    return Picture(layout.width, layout.height, tuple(boxes), lines_)


def broken(words: str) -> tuple[str, ...]:
    """A name in lines that fit into a box: two at most, of about the same length."""
    fits = LATIN if words.isascii() else CHINESE
    if len(words) <= fits:
        return (words,)
    if not words.isascii() and " " not in words:
        middle = (len(words) + 1) // 2
        return words[:middle], words[middle:]
    lines = textwrap.wrap(words, max(fits, -(-len(words) // 2) + 2))
    return lines[0], " ".join(lines[1:])


def _head(x: int, y: int) -> str:
    return f"{x - 8},{y - 4} {x},{y} {x - 8},{y + 4}"
