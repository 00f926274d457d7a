"""Which column of a file holds which field: guessed from the headers, or said by the person."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from credit_bank.report import RowProblem

_BRACKETED = re.compile(r"[(\[{【〔<《](.*?)[)\]}】〕>》]")
_SCRIPTS = re.compile(r"[^\W\d_a-z]+|[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an import: its name, the headers it goes by (in their plain form), and whether it must be there.

    ``label`` is its usual header in Chinese beside its name, for a problem to name it by.
    """

    name: str
    label: str
    headers: frozenset[str]
    required: bool = False


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where each field stands. ``columns`` gives the column's index by field name.

    ``unused`` are the columns no field was found for, ``missing`` the required fields without a column; ``problems``
    say what stops the import (``column_missing``, ``column_ambiguous``, ``column_not_found``, ``column_used_twice``,
    ``field_unknown``), all of them in the header's row.
    """

    columns: dict[str, int]
    headers: tuple[str, ...]
    unused: tuple[str, ...]
    missing: tuple[str, ...]
    problems: tuple[RowProblem, ...]

    def header(self, field: str) -> str | None:
        """The header of a field's column as written, or None."""
        index = self.columns.get(field)
        return None if index is None else self.headers[index]

    def as_dict(self) -> dict[str, str]:
        """The header by field name: what ``overrides`` of a later import may be."""
        return {name: self.headers[i] for name, i in self.columns.items()}


def plain(text: str) -> str:
    """A header or a word as it is compared: half-width, lower case, letters and digits only."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def field(name: str, headers: str, *, required: bool = False) -> Field:
    """A field that goes by its own name and by the headers given, separated by ``|``."""
    words = headers.split("|")
    return Field(name, f"{words[0]} / {name}", frozenset(plain(h) for h in (name, *words)), required)


def _forms(header: str) -> tuple[str, ...]:
    """The ways to read a header: whole; without what stands in brackets; what stands in them; each script by itself."""
    text = unicodedata.normalize("NFKC", header).casefold()
    bare = _BRACKETED.sub(" ", text)
    chinese = "".join(p for p in _SCRIPTS.findall(bare) if not p.isascii())
    latin = "".join(p for p in _SCRIPTS.findall(bare) if p.isascii())
    inside = tuple(plain(p) for p in _BRACKETED.findall(text))
    return tuple(f for f in (plain(text), plain(bare), chinese, latin, *inside) if f)


def _guess(header: str, fields: tuple[Field, ...]) -> str | None:
    # The first reading that means anything decides, so "等级 (level of grade)" is a level and nothing else.
    for form in _forms(header):
        for candidate in fields:
            if form in candidate.headers:
                return candidate.name
    return None


def map_columns(
    columns: tuple[str, ...],
    fields: tuple[Field, ...],
    overrides: Mapping[str, str] | None = None,
    *,
    header_row: int = 1,
) -> ColumnMapping:
    """Find the column of each field.

    ``overrides`` gives the header by field name (``{"credits": "Units"}``), the empty string meaning "no column"; a
    column so named is not guessed for anything else. Two columns that could both be one field are never chosen
    between: that is a problem which an override settles.
    """
    found, problems = _overridden(columns, fields, overrides or {}, header_row)
    taken = set(found.values())
    told = set(overrides or {})
    labels = {f.name: f.label for f in fields}
    guesses: dict[str, list[int]] = {}
    for i, column in enumerate(columns):
        if column and i not in taken and (name := _guess(column, fields)) is not None and name not in told:
            guesses.setdefault(name, []).append(i)
    for name, indexes in guesses.items():
        if len(indexes) > 1:
            names = ", ".join(columns[i] for i in indexes)
            problems.append(
                RowProblem(
                    header_row, None, "column_ambiguous", {"field": name, "label": labels[name], "columns": names}
                )
            )
        else:
            found[name] = indexes[0]
    missing = tuple(f.name for f in fields if f.required and f.name not in found and f.name not in guesses)
    problems += [
        RowProblem(header_row, None, "column_missing", {"field": name, "label": labels[name]}) for name in missing
    ]
    used = set(found.values()) | {i for indexes in guesses.values() for i in indexes}
    unused = tuple(c for i, c in enumerate(columns) if c and i not in used)
    return ColumnMapping(found, columns, unused, missing, tuple(problems))


def _overridden(
    columns: tuple[str, ...], fields: tuple[Field, ...], overrides: Mapping[str, str], header_row: int
) -> tuple[dict[str, int], list[RowProblem]]:
    known = {f.name for f in fields}
    places = {plain(c): i for i, c in reversed(list(enumerate(columns))) if plain(c)}
    exact = {c: i for i, c in enumerate(columns)}
    found: dict[str, int] = {}
    problems: list[RowProblem] = []
    for name, column in overrides.items():
        if name not in known:
            fields_known = ", ".join(f.name for f in fields)
            problems.append(RowProblem(header_row, None, "field_unknown", {"field": name[:40], "known": fields_known}))
            continue
        if not column:
            continue
        index = exact.get(column, places.get(plain(column)))
        if index is None:
            problems.append(RowProblem(header_row, None, "column_not_found", {"field": name, "column": column[:40]}))
        elif index in found.values():
            problems.append(RowProblem(header_row, columns[index], "column_used_twice", {"field": name}))
        else:
            found[name] = index
    return found, problems
