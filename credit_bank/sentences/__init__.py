"""Sentences for people, keyed by code, in zh-CN and English: every ``*.toml`` of this folder, merged.

An entry is a table named by its key with the texts ``zh`` and ``en``; ``{name}`` in a text is a parameter. Keys begin
with ``error.``, ``check.``, ``finding.``, ``next.`` or ``row.`` and end with a code of the library, or with ``word.``.
"""

import re
import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from zoneinfo import ZoneInfo

from credit_bank.errors import Parameter

Locale = Literal["zh-CN", "en"]

CITY = ZoneInfo("Asia/Shanghai")

_COLUMN = {"zh-CN": "zh", "en": "en"}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)\Z", re.ASCII)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def sentence(key: str, locale: str, /, **params: Parameter) -> str:
    """The sentence of that key, its parameters filled in; a parameter that is None is shown as a dash.

    In English a parameter ``name`` gives way to ``name_en`` where that is given and not empty.
    A parameter whose value is a code is put into words by ``word.<parameter>.<value>`` where there is such an entry; an
    instant (ISO 8601) is written as people do, in the city's time.
    Raises KeyError for an unknown key, locale or parameter.
    """
    text = _entry(key)[_COLUMN[locale]]
    own = {name: params.get(f"{name}_{_COLUMN[locale]}") or value for name, value in params.items()}
    return text.format_map({name: _in_words(name, value, locale) for name, value in own.items()})


def _in_words(name: str, value: Parameter, locale: str) -> str | int:
    if value is None:
        return "—"
    if isinstance(value, int):
        return value
    word = catalogue().get(f"word.{name}.{value}")
    if word is not None:
        return word[_COLUMN[locale]]
    return _civil_time(value, locale) if _INSTANT.match(value) else value


def _civil_time(value: str, locale: str) -> str:
    try:
        at = datetime.fromisoformat(value).astimezone(CITY)
    except (ValueError, OverflowError):
        return value
    clock = f"{at.hour:02}:{at.minute:02}"
    if locale == "en":
        return f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {clock}"
    return f"{at.year}年{at.month}月{at.day}日 {clock}"


def has_sentence(key: str) -> bool:
    """Whether ``sentence`` knows the key."""
    try:
        _entry(key)
    except KeyError:
        return False
    return True


def _entry(key: str) -> dict[str, str]:
    """The entry of a key; a finding may have its sentence as an error, and a next step for its whole family."""
    known = catalogue()
    if key in known:
        return known[key]
    if key.startswith("check."):
        return known["error." + key.removeprefix("check.")]
    family = key
    while family.startswith("next.") and family.count(".") > 1:
        family = family.rpartition(".")[0]
        if family in known:
            return known[family]
    raise KeyError(key)


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every entry by key: ``{"check.proof.valid": {"zh": …, "en": …}}``; no key stands in two files (a test looks)."""
    return {key: texts for entries in by_file().values() for key, texts in entries.items()}


@cache
def by_file() -> dict[str, dict[str, dict[str, str]]]:
    """The entries of each file by its name."""
    return {
        file.name: dict(_flatten(tomllib.loads(file.read_text("utf-8")), ""))
        for file in sorted(files(__package__).iterdir(), key=lambda entry: entry.name)
        if file.name.endswith(".toml")
    }


def _flatten(table: dict[str, Any], prefix: str) -> list[tuple[str, dict[str, str]]]:
    """The entries of nested tables; a table may hold texts of its own and further tables below it."""
    found: list[tuple[str, dict[str, str]]] = []
    own = {name: value for name, value in table.items() if isinstance(value, str)}
    if own:
        found.append((prefix, own))
    for name, value in table.items():
        if isinstance(value, dict):
            found += _flatten(value, f"{prefix}.{name}" if prefix else name)
    return found
