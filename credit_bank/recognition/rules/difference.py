"""What one version of a rule set changes in another: entries by their ids, and what is said of the whole."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from credit_bank.recognition.rules.ruleset import RuleSet

LISTS = {
    "rule": "rules",
    "limit": "limits",
    "scale": "scales",
    "grade_table": "grade_tables",
    "level_map": "level_maps",
}
"""The lists of a file by their names there, and the fields of a rule set that hold them."""


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of a list that is new (``before`` None), gone (``after`` None) or says something else."""

    section: str
    id: str
    before: Any
    after: Any


def entry_id(section: str, entry: Any) -> str:
    """What an entry is known by: its id, and of a level map its two frameworks."""
    return f"{entry.source} > {entry.target}" if section == "level_map" else str(entry.id)


def changes(before: RuleSet, after: RuleSet) -> tuple[Change, ...]:
    """The entries that differ: those that stay or are new in the order of ``after``, then those that are gone."""
    return tuple(one for section, name in LISTS.items() for one in _of(section, name, before, after))


def _of(section: str, name: str, before: RuleSet, after: RuleSet) -> Iterator[Change]:
    old = {entry_id(section, one): one for one in getattr(before, name)}
    new = {entry_id(section, one): one for one in getattr(after, name)}
    for id, entry in new.items():
        if old.get(id) != entry:
            yield Change(section, id, old.get(id), entry)
    for id, entry in old.items():
        if id not in new:
            yield Change(section, id, entry, None)


def about_the_whole(before: RuleSet, after: RuleSet) -> tuple[str, ...]:
    """The names of the other fields that differ, the hash left out."""
    apart = {"sha256", *LISTS.values()}
    names = [one.name for one in fields(RuleSet) if one.name not in apart]
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))
