"""Sentences for people, keyed by code, in zh-CN and English: every ``*.toml`` of this folder, merged.

An entry is a table named by its key with the texts ``zh`` and ``en``; ``{name}`` in a text is a parameter. Keys begin
with ``error.``, ``check.``, ``next.`` or ``row.`` and end with a code of the library.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from credit_bank.errors import Parameter

Locale = Literal["zh-CN", "en"]

_COLUMN = {"zh-CN": "zh", "en": "en"}


def sentence(key: str, locale: str, **params: Parameter) -> str:
    """The sentence of that key, its parameters filled in; a parameter that is None is shown as a dash.

    Raises KeyError for an unknown key, locale or parameter.
    """
    text = catalogue()[key][_COLUMN[locale]]
    return text.format_map({name: "—" if value is None else value for name, value in params.items()})


def has_sentence(key: str) -> bool:
    """Whether there is a sentence of that key."""
    return key in catalogue()


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every entry by key: ``{"check.proof.valid": {"zh": …, "en": …}}``. Raises ValueError for an entry given twice."""
    merged: dict[str, dict[str, str]] = {}
    for file in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            for key, texts in _flatten(tomllib.loads(file.read_text("utf-8")), ""):
                if key in merged:
                    raise ValueError(f"{file.name}: {key} is given twice")
                merged[key] = texts
    return merged


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
