"""Sentences of the accessibility library, keyed by code, in zh-CN and English: every ``*.toml`` of this folder, merged.

Keys begin with ``error.`` (a call that failed) or ``word.`` (a parameter that is a code); ``{name}`` in a text is a
parameter.
"""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from accessibility.errors import Parameter

_COLUMN = {"zh-CN": "zh", "en": "en"}


def sentence(key: str, locale: str, /, **params: Parameter) -> str:
    """The sentence of that key, its parameters filled in.

    A parameter whose value is a code is put into words by ``word.<parameter>.<value>`` where there is such an entry;
    None is shown as a dash. Raises KeyError for an unknown key, locale or parameter.
    """
    column = _COLUMN[locale]
    return catalogue()[key][column].format_map({name: _in_words(name, value, column) for name, value in params.items()})


def _in_words(name: str, value: Parameter, column: str) -> Parameter:
    if value is None:
        return "—"
    word = catalogue().get(f"word.{name}.{value}")
    return value if word is None else word[column]


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Every entry by key: ``{"error.voice.silent": {"zh": …, "en": …}}``."""
    return {key: texts for entries in by_file().values() for key, texts in entries.items()}


@cache
def by_file() -> dict[str, dict[str, dict[str, str]]]:
    """The entries of each file by its name."""
    return {
        file.name: dict(_entries(tomllib.loads(file.read_text("utf-8")), ""))
        for file in sorted(files(__package__).iterdir(), key=lambda entry: entry.name)
        if file.name.endswith(".toml")
    }


def _entries(table: dict[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The entries of nested tables; a table may hold texts of its own and further tables below it."""
    own = {name: value for name, value in table.items() if isinstance(value, str)}
    if own:
        yield prefix, own
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _entries(value, f"{prefix}.{name}" if prefix else name)
