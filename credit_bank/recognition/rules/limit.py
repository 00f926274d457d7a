"""Limits: caps, counts, windows and minimums, all one kind of counter (rules R10, R11 and R12)."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from credit_bank.recognition.framework import Category
from credit_bank.recognition.outcome import SourceType

Sense = Literal["at-most", "at-least"]
Unit = Literal["credits", "courses", "outcomes"]
Base = Literal["", "total", "component", "required"]
Window = Literal["", "year", "term"]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a limit counts; what is empty or None does not narrow it.

    ``component`` and ``required`` speak of the target, the others of the sources. ``own`` True counts what the
    receiving institution itself taught, False what others did. ``min_level`` is a rank of the receiving framework.
    """

    component: str = ""
    required: bool | None = None
    categories: frozenset[Category] = frozenset()
    sources: frozenset[SourceType] = frozenset()
    institutions: frozenset[str] = frozenset()
    own: bool | None = None
    min_level: int | None = None
    rules: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound on what is counted.

    ``bound`` is credits (in smallest steps), a number of courses or outcomes, or, where ``base`` is not empty, a share
    of that base: the programme's total, one component's minimum (``base_component``), or its required courses. A cap
    that is a share is rounded down to a smallest step, a minimum up. ``window`` counts each year or term by itself,
    ``per`` each source institution by itself.
    """

    id: str
    title: str
    title_en: str
    sense: Sense
    unit: Unit
    bound: Fraction
    base: Base = ""
    base_component: str = ""
    counted: Counted = field(default_factory=Counted)
    window: Window = ""
    per: Literal["", "institution"] = ""
