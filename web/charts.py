"""Columns of a small chart, in units of its drawing; the words and numbers stand in a table beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, GAP, HEIGHT, FOOT = 44, 20, 120, 26


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its box, and the box of the part of it that is set off."""

    x: int
    width: int
    y: int
    height: int
    part_y: int
    part_height: int
    value: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns from left to right on a line at ``base``."""

    width: int
    height: int
    base: int
    columns: tuple[Column, ...]


def columns(values: Sequence[int], parts: Sequence[int]) -> Chart:
    """A column for each value, the tallest filling the drawing; ``parts`` are at most the values."""
    top = max(values, default=0) or 1
    found = []
    for number, (value, part) in enumerate(zip(values, parts, strict=True)):
        tall, own = (round(HEIGHT * v / top) for v in (value, part))
        x = GAP // 2 + number * (WIDTH + GAP)
        found.append(Column(x, WIDTH, FOOT + HEIGHT - tall, tall, FOOT + HEIGHT - own, own, value))
    return Chart(len(values) * (WIDTH + GAP), HEIGHT + 2 * FOOT, FOOT + HEIGHT, tuple(found))
