"""A table of published equivalences, whoever wrote it: which courses an institution took as which of its own.

Which column holds what is told by the words of its header (``equivalence_columns``) or said (``overrides``).
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from credit_bank.exchange.cell import CellError
from credit_bank.exchange.cell_date import parse_date
from credit_bank.exchange.cell_text import clean
from credit_bank.exchange.course_cells import ALTERNATIVES, Named, course_names
from credit_bank.exchange.equivalence_columns import FIELDS, map_equivalences
from credit_bank.exchange.findings import Findings, Reading
from credit_bank.exchange.mapping import ColumnMapping
from credit_bank.exchange.rows import Row, Table
from credit_bank.recognition.comparison.course import Described, Equivalence

__all__ = ["FIELDS", "EquivalenceRow", "EquivalenceTable", "read_equivalences"]

_ELECTIVE = re.compile(
    r"\b(?:electives?(?: credit)?|blanket(?: credit)?|bkcr|undetermined|departmental review)\b|选修学分|通识学分",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:no (?:course )?(?:credit|articulat\w+|equiv\w*)|not (?:articulated|transferable|accepted|equivalent)|"
    r"non-?transferable|does not transfer|denied|none)\b|不予(?:认定|转换|承认)|不(?:可|能)转换|不认定|无对应",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"\d*(?:X{2,}|-{2,}|\*{2,}|_{2,})[A-Z]?\s*$")
_EMPTY = frozenset(("n/a", "na", "nan", "null", "nil", "-", "--", "—", "/", "无"))
_LENGTHS = {"institution": 200, "code": 200, "title": 600, "description": 20_000, "level": 60}
MOST_TOGETHER = 20
"""More courses in one cell than this are no decision about courses, but a list of something."""


@dataclass(frozen=True, slots=True)
class EquivalenceRow:
    """A decision as its row says, and the days from which and until which it is published, where the row says them.

    ``target_said`` is the institution that decided, as written; empty where no column names it.
    """

    decision: Equivalence
    published_on: date | None = None
    valid_until: date | None = None
    target_said: str = ""


@dataclass(frozen=True, slots=True)
class EquivalenceTable:
    """What a table says. ``elective`` counts the rows that give blanket credit or none: decisions (rule R8), but no
    course to find; ``without_source`` those that name no course to come from. Denials are among the rows, too.
    """

    reading: Reading[EquivalenceRow]
    elective: int
    without_source: int

    @property
    def decisions(self) -> list[Equivalence]:
        """Those that took courses as courses."""
        return [row.decision for row in self.reading.rows if not row.decision.denied]


def read_equivalences(
    table: Table,
    *,
    overrides: Mapping[str, str] | None = None,
    source: str = "",
    target: str = "",
    family: str = "",
    strict: bool = False,
) -> EquivalenceTable:
    """Read a table whole; ``source`` and ``target`` name the institutions where no column does.

    Raises InvalidInput ``table.*`` where the file breaks off. Problems of the reading: ``column_missing`` (no code or
    title of a side), ``column_not_found`` and ``field_unknown``; ``strict`` adds
    ``equivalence_no_school`` (nothing says whose courses they are) and those of rows: faults of cells,
    ``equivalence_without_source``, ``equivalence_too_many`` and dates that cannot be read. Alternatives ("or") become a
    decision each; courses that go together ("and", "+") are one decision.
    """
    findings = Findings()
    mapping = map_equivalences(table.columns, overrides or {}, table.header_row)
    for problem in mapping.problems:
        findings.add(problem)
    found: list[EquivalenceRow] = []
    elective = without_source = 0
    if strict and "source_institution" not in mapping.columns and not source:
        findings.problem(table.header_row, None, "equivalence_no_school")
    elif not mapping.problems:
        names = {"source": source or "?", "target": target or "??"}
        reader = _Rows(mapping, findings, names, family, strict=strict)
        for row in table.rows():
            cells = reader.cells(row)
            if not (cells.get("source_code") or cells.get("source_title")):
                without_source += 1
                reader.complain(row.number, "source_code", "equivalence_without_source")
            else:
                if (gives := _gives(cells)) != "courses":
                    elective += 1
                if gives == "elective":
                    findings.notice(row.number, None, "equivalence_elective")
                found += reader.rows(row, cells)
        if not found and not findings.count and not (elective or without_source):
            findings.problem(0, None, "no_rows")
    return EquivalenceTable(findings.reading(found, mapping), elective, without_source)


def _gives(cells: Mapping[str, str]) -> str:
    """What a row gives: courses, elective credit, or that it was denied."""
    code, title = cells.get("target_code", ""), cells.get("target_title", "")
    if any(map(_DENIED.search, (code, title))):
        return "denied"
    if not (code or title) or _PLACEHOLDER.search(code) or any(map(_ELECTIVE.search, (code, title))):
        return "elective"
    return "courses"


class _Rows:
    def __init__(
        self, mapping: ColumnMapping, findings: Findings, names: Mapping[str, str], family: str, *, strict: bool
    ) -> None:
        self._mapping, self._findings, self._names, self._family = mapping, findings, names, family
        self._strict = strict

    def cells(self, row: Row) -> dict[str, str]:
        if self._strict:
            for fault in row.faults:
                self._findings.add(fault)
        found = {name: clean(row.cells[place], lines=True)[0] for name, place in self._mapping.columns.items()}
        return {name: "" if text.strip().casefold() in _EMPTY else text for name, text in found.items()}

    def complain(self, number: int, field: str, code: str) -> None:
        """A problem where rows are to be taken as they stand; where they are only counted, nothing."""
        if self._strict:
            self._findings.problem(number, self._mapping.header(field), code)

    def rows(self, row: Row, cells: Mapping[str, str]) -> list[EquivalenceRow]:
        gives = _gives(cells)
        if gives == "elective":
            return []
        targets = self._courses(row.number, cells, "target") if gives == "courses" else []
        sources = self._ways(row.number, cells)
        if cells.get("conjunction", "").casefold() in ("or", "或"):
            sources = [[course] for way in sources for course in way]
        if max(len(targets), *map(len, sources)) > MOST_TOGETHER:
            self.complain(row.number, "source_code", "equivalence_too_many")
            return []
        days = self._day(row, "published_on"), self._day(row, "valid_until")
        family, conditions = cells.get("family") or self._family, cells.get("conditions", "")[:2000]
        said = cells.get("target_institution", "")
        return [
            EquivalenceRow(
                Equivalence(tuple(way), tuple(targets), family, row.number, gives == "denied", conditions), *days, said
            )
            for way in sources
            if way and (targets or gives == "denied")
        ]

    def _day(self, row: Row, field: str) -> date | None:
        place = self._mapping.columns.get(field)
        if place is None or row.cells[place].strip().casefold() in ("", *_EMPTY, "长期", "never"):
            return None
        try:
            return parse_date(row.cells[place].strip(), row.values[place])
        except CellError as error:
            if self._strict:
                self._findings.problem(row.number, self._mapping.header(field), error.code, error.parameters)
            return None

    def _ways(self, number: int, cells: Mapping[str, str]) -> list[list[Described]]:
        codes = ALTERNATIVES.split(cells.get("source_code", ""))
        titles = ALTERNATIVES.split(cells.get("source_title", ""))
        if len(codes) == 1 or (len(titles) not in (1, len(codes))):
            return [self._courses(number, cells, "source")]
        titles = titles if len(titles) == len(codes) else titles * len(codes)
        return [
            self._courses(number, {**cells, "source_code": code, "source_title": title}, "source")
            for code, title in zip(codes, titles, strict=True)
        ]

    def _courses(self, number: int, cells: Mapping[str, str], side: str) -> list[Described]:
        subject, codes, titles = (cells.get(f"{side}_{kind}", "") for kind in ("subject", "code", "title"))
        named = course_names(Named(subject, codes, titles, f"{side}_title" in self._mapping.columns))
        credits = self._amount(number, cells, f"{side}_credits")
        hours = self._amount(number, cells, f"{side}_hours")
        count = max(len(named), 1)
        return [
            Described(
                (cells.get(f"{side}_institution") or self._names[side])[: _LENGTHS["institution"]],
                code[: _LENGTHS["code"]],
                title[: _LENGTHS["title"]],
                cells.get(f"{side}_description", "")[: _LENGTHS["description"]],
                credits / count if credits is not None else None,
                cells.get(f"{side}_level", "")[: _LENGTHS["level"]],
                frozenset(part for part in re.split(r"[\s,;，；、+]+", cells.get(f"{side}_outcomes", "")) if part),
                hours / count if hours is not None else None,
            )
            for code, title in named
        ]

    def _amount(self, number: int, cells: Mapping[str, str], field: str) -> Fraction | None:
        """The first number of a cell, whatever unit stands behind it ("3 sem", "4.0-5.0", "２学分")."""
        text = unicodedata.normalize("NFKC", cells.get(field, ""))
        first = re.search(r"\d{1,6}(?:\.\d{1,6})?", text)
        if not text or (first is None and not any(c.isalnum() for c in text)):
            return None
        if first is None:
            self._findings.notice(number, self._mapping.header(field), "amount_unread", {"text": text[:40]})
            return None
        return Fraction(first[0])
