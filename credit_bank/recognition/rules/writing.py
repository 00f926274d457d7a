"""Plain values written as TOML, and their canonical form whose hash is a version's name."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from fractions import Fraction
from typing import Any

import orjson

Plain = str | int | bool | date | Sequence["Plain"] | Mapping[str, "Plain"]

MAPS = frozenset({"grades", "counts", "target_counts", "levels", "unit_shares"})
"""Tables whose keys are data; in the canonical form they are lists of pairs, so that every key there is ASCII."""
LINE = 110
_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def digest(value: Mapping[str, Plain]) -> str:
    """The SHA-256 of the canonical form (RFC 8785), in hexadecimal. Days are text; tables of ``MAPS`` are pairs."""
    return hashlib.sha256(orjson.dumps(_canonical(value, ""), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _canonical(value: Plain, key: str) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        if key in MAPS and all(not isinstance(one, Mapping | list) for one in value.values()):
            return sorted([name, one] for name, one in value.items())
        return {name: _canonical(one, name) for name, one in value.items()}
    if isinstance(value, str | int):
        return value
    return [_canonical(one, "") for one in value]


def toml(value: Mapping[str, Plain]) -> str:
    """The value as TOML: plain keys first, then its tables, then its lists of tables."""
    lines = [f"{key_text(name)} = {value_text(one)}" for name, one in value.items() if not _is_section(name, one)]
    for name, one in value.items():
        if isinstance(one, Mapping):
            lines += ["", f"[{key_text(name)}]", *_lines(one)]
    for name, one in value.items():
        if _is_section(name, one) and not isinstance(one, Mapping):
            for table in one:  # type: ignore[union-attr]
                assert isinstance(table, Mapping)
                lines += ["", f"[[{key_text(name)}]]", *_lines(table)]
    return "\n".join(lines) + "\n"


def _is_section(name: str, value: Plain) -> bool:
    """Tables and lists of tables have headers, except rules that are all short: those are a line each."""
    if isinstance(value, Mapping):
        return True
    if not isinstance(value, list | tuple) or not value or not all(isinstance(one, Mapping) for one in value):
        return False
    return name != "rule" or any(len(line) > LINE or "\n" in line for line in map(value_text, value))


def _lines(table: Mapping[str, Plain]) -> list[str]:
    return [f"{key_text(name)} = {value_text(one)}" for name, one in table.items()]


def value_text(value: Any, indent: str = "") -> str:
    """A value as TOML; lists of several tables a line for each, which begins with ``indent`` and two spaces."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key_text(name)} = {value_text(one, indent)}" for name, one in value.items()) + " }"
    if len(value) > 1 and any(isinstance(one, Mapping) for one in value):
        inner = indent + "  "
        return "[\n" + "".join(f"{inner}{value_text(one, inner)},\n" for one in value) + f"{indent}]"
    return "[" + ", ".join(value_text(one, indent) for one in value) + "]"


def key_text(name: str) -> str:
    """A name as TOML, in quotes where it needs them."""
    return name if _BARE.match(name) else json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")


def fraction_text(value: Fraction) -> str:
    """A share as it is best read: "50%" where that is exact, else "1/3"."""
    percent = value * 100
    return f"{percent.numerator}%" if percent.denominator == 1 else f"{value.numerator}/{value.denominator}"


def tenths_text(value: int) -> str:
    """Tenths as a decimal: 45 is "4.5"."""
    return str(value // 10) if value % 10 == 0 else f"{value // 10}.{value % 10}"
