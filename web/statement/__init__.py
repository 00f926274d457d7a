"""How far the bank is accessible, as data: the state of each criterion with what shows it, tests, and known gaps."""

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

State = Literal["met", "partly", "not-met", "not-applicable"]
STATES: tuple[State, ...] = ("met", "partly", "not-met", "not-applicable")
Both = Mapping[str, str]
"""A sentence by ``zh`` and ``en``."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: ``tests`` are ids of tests that show its state, ``reason`` says why where tests do not."""

    number: str
    level: str
    state: State
    name: Both
    tests: tuple[str, ...]
    reason: Both | None


@dataclass(frozen=True, slots=True)
class Statement:
    """When it was looked over; what was tested, each with the command that does it (or ""); what is not good yet."""

    reviewed: date
    tested: Sequence[Both]
    gaps: Sequence[Both]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("web") / "statement" / name).read_text("utf-8"))


@cache
def criteria() -> Mapping[str, Sequence[Criterion]]:
    """Every criterion, by document: ``wcag`` and ``china``."""
    read = _read("criteria.toml")

    def one(number: str, row: Sequence[Any]) -> Criterion:
        level, state, en, zh, tests, reason = row
        shown = tuple(read["tests"][name] for name in tests.split())
        return Criterion(number, level, state, {"zh": zh, "en": en}, shown, read["reasons"][reason] if reason else None)

    return {part: [one(number, row) for number, row in read[part].items()] for part in ("wcag", "china")}


def by_state() -> Mapping[str, Mapping[State, Sequence[Criterion]]]:
    """The same by document and state: what is not met first, what is met last, no state without a criterion."""
    order: tuple[State, ...] = ("not-met", "partly", "not-applicable", "met")
    return {
        part: {state: found for state in order if (found := [row for row in rows if row.state == state])}
        for part, rows in criteria().items()
    }


def counts() -> Mapping[str, Mapping[State, int]]:
    """How many criteria of WCAG are in each state, by level."""
    found: dict[str, Counter[State]] = {level: Counter() for level in ("A", "AA", "AAA")}
    for criterion in criteria()["wcag"]:
        found[criterion.level][criterion.state] += 1
    return {level: {state: by[state] for state in STATES} for level, by in found.items()}


@cache
def statement() -> Statement:
    """What the statement says."""
    read = _read("statement.toml")
    return Statement(read["reviewed"], read["tested"], read["gaps"])
