"""Outcomes of a made-up or real learner out of a file, to try rules on: TOML, or the rows of a table.

The names are those of ``HeldOutcome``. In a table's cells a list is divided by ";", a day is 2026-09-01.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, get_args

from credit_bank.recognition.framework import EVERGREEN, FRAMEWORKS, Category, Framework, HourKind
from credit_bank.recognition.outcome import HeldOutcome, OutcomeState, SourceType, Use
from credit_bank.recognition.rules.file import parse_toml
from credit_bank.recognition.rules.reading import Problems, TableReader, exact

OUTCOMES_FORMAT = "evergreen-outcomes-1"
_KEYS = tuple(one.name for one in fields(HeldOutcome))
_DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)


def read_outcomes(text: str, frameworks: Mapping[str, Framework] = FRAMEWORKS) -> tuple[HeldOutcome, ...]:
    """Read the outcomes of a TOML file. Raises FileRefused with every problem, each with its place."""
    problems = Problems()
    reader = TableReader(problems, "", parse_toml(text, OUTCOMES_FORMAT), ("format", "outcome"))
    found = [_outcome(one, frameworks) for one in reader.tables("outcome", _KEYS)]
    return _taken(problems, found)


def outcomes_of_rows(
    rows: Iterable[tuple[int, Mapping[str, str]]], frameworks: Mapping[str, Framework] = FRAMEWORKS
) -> tuple[HeldOutcome, ...]:
    """Read the outcomes of a table's rows, each with its number, by column. Raises FileRefused."""
    problems = Problems()
    found = []
    for number, row in rows:
        cells = {key.strip(): _typed(key.strip(), cell.strip()) for key, cell in row.items() if cell.strip()}
        found.append(_outcome(TableReader(problems, f"row[{number}]", cells, _KEYS), frameworks))
    return _taken(problems, found)


def _taken(problems: Problems, found: list[HeldOutcome]) -> tuple[HeldOutcome, ...]:
    seen: set[str] = set()
    for n, one in enumerate(found):
        if one.id in seen:
            problems.add(f"outcome[{n}].id", "id_twice", id=one.id, first="outcome")
        seen.add(one.id)
    problems.require_none()
    return tuple(found)


def _typed(key: str, cell: str) -> Any:
    """A cell as the value that the key's field takes."""
    if key in ("awarded_on", "valid_until") and _DAY.match(cell):
        try:
            return date.fromisoformat(cell)
        except ValueError:
            return cell
    if key == "units":
        return [part.strip() for part in cell.split(";") if part.strip()]
    return int(cell) if key == "conversions" and cell.isdecimal() else cell


def _outcome(reader: TableReader, frameworks: Mapping[str, Framework]) -> HeldOutcome:
    name = reader.text("framework", EVERGREEN.id)
    framework = frameworks.get(name)
    if framework is None:
        reader.problem("framework", "framework_unknown", known=", ".join(frameworks))
        framework = EVERGREEN
    if not reader.has("credits"):
        reader.problem("credits", "key_missing")
    hours = exact(reader.table["hours"]) if reader.has("hours") else None
    if reader.has("hours") and (hours is None or hours < 0):
        reader.problem("hours", "number_expected")
    kinds = get_args(HourKind)
    if hours is not None and not reader.has("hour_kind"):
        reader.problem("hour_kind", "key_missing")
    return HeldOutcome(
        id=reader.text("id"),
        institution=reader.text("institution"),
        code=reader.text("code"),
        title=reader.text("title"),
        category=reader.choice("category", Category, Category.ACADEMIC) or Category.ACADEMIC,
        framework=framework.id,
        credits=reader.credits("credits", framework) or 0,
        awarded_on=reader.day("awarded_on"),
        level=reader.text("level", ""),
        hours=hours,
        hour_kind=reader.word("hour_kind", kinds) if reader.has("hour_kind") else None,  # type: ignore[arg-type]
        grade=reader.text("grade", ""),
        scale=reader.text("scale", ""),
        attendance=reader.share("attendance"),
        valid_until=reader.optional_day("valid_until"),
        units=frozenset(reader.texts("units")),
        source=reader.choice("source", SourceType, SourceType.OTHER_INSTITUTION) or SourceType.OTHER_INSTITUTION,
        term=reader.text("term", ""),
        state=reader.choice("state", OutcomeState, OutcomeState.RECOGNISED) or OutcomeState.RECOGNISED,
        uses=tuple(_use(one, framework) for one in reader.tables("uses", [one.name for one in fields(Use)])),
        unit_shares=reader.shares("unit_shares"),
        conversions=reader.whole("conversions", 0),
        earned=reader.credits("earned", framework),
    )


def _use(reader: TableReader, framework: Framework) -> Use:
    if not reader.has("amount"):
        reader.problem("amount", "key_missing")
    return Use(
        reader.text("purpose", "conversion"),
        reader.text("programme"),
        reader.text("course", ""),
        reader.credits("amount", framework) or 0,
    )
