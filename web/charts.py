"""Columns and bars of a small chart, in units of its drawing; the words and numbers stand in a table beside it."""

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


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a bar: where it begins, and how long it is."""

    x: int
    width: int


BAR = 1000


def stretches(values: Sequence[int]) -> tuple[Stretch, ...]:
    """The parts of one bar of the length ``BAR``, end to end; all of no length where there is nothing."""
    total, found, at = sum(values) or 1, [], 0
    for value in values:
        start, end = round(BAR * at / total), round(BAR * (at + value) / total)
        found.append(Stretch(start, end - start))
        at += value
    return tuple(found)
