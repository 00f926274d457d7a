"""Intents and their phrases, read from ``intents.toml``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Kind = Literal["page", "place", "speech", "display", "answer", "person", "dialog"]
TONGUES = ("zh", "dialect", "en")
"""The columns of phrases: plain Mandarin, words of dialects, English."""


@dataclass(frozen=True, slots=True)
class Intent:
    """Something that a person may want of the program.

    ``phrases`` are those of each tongue, the first of a tongue being the one that is offered; ``{number}`` and
    ``{words}`` in a phrase are slots. ``changes``: it changes what is kept, so that it is confirmed first.
    """

    id: str
    kind: Kind
    changes: bool
    phrases: Mapping[str, tuple[str, ...]]

    def offered(self, lang: str) -> str:
        """The phrase by which it is offered in that language; a slot is shown as a figure or an ellipsis."""
        phrase = self.phrases["en" if lang == "en" else "zh"][0]
        return phrase.replace("{number}", "3").replace("{words}", "……" if lang != "en" else "…")


@cache
def intents() -> Mapping[str, Intent]:
    """Every intent by its id, in the order of the file."""
    table = tomllib.loads((files(__package__) / "intents.toml").read_text("utf-8"))
    return {
        key: Intent(
            key,
            entry["kind"],
            entry.get("changes", False),
            {tongue: tuple(entry.get(tongue, ())) for tongue in TONGUES},
        )
        for key, entry in table.items()
    }
