"""A draft of a rule set: its text, which is what counts, and what is read of it, faults beside what they name."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session

from credit_bank import registering
from credit_bank.errors import Parameter
from credit_bank.recognition.framework import FRAMEWORKS, Framework
from credit_bank.recognition.rules.difference import LISTS, entry_id
from credit_bank.recognition.rules.file import surveyed
from credit_bank.recognition.rules.lint_finding import Lint, Place
from credit_bank.recognition.rules.reading import FileProblem, FileRefused
from credit_bank.recognition.rules.ruleset import RuleSet
from web.messages import catalogue, t
from web.views.desk.sentences import say

_PLACE = re.compile(r"(rule|limit|scale|grade_table|level_map)\[(\d+)\](?:\.(.*))?\Z", re.DOTALL)
_STRUCTURE = ("list_expected", "table_expected")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong, in words; a warning does not stop the proposal. ``others`` are the other entries it is about."""

    words: str
    error: bool = True
    others: tuple[Place, ...] = ()


@dataclass(slots=True)
class Entry:
    """One entry of a list: as it stands in the text, as it is read, and what is wrong with it."""

    section: str
    number: int
    raw: dict[str, Any]
    model: Any
    faults: list[Fault] = field(default_factory=list)

    @property
    def id(self) -> str:
        """What it is known by."""
        return entry_id(self.section, self.model)


@dataclass(slots=True)
class Draft:
    """A draft as it is read. ``problems`` are those of the text; the lint is only asked where there are none."""

    text: str
    table: dict[str, Any]
    ruleset: RuleSet
    problems: tuple[FileProblem, ...]
    entries: dict[str, list[Entry]]
    faults: list[Fault] = field(default_factory=list)

    @property
    def framework(self) -> Framework:
        """The framework of its credits."""
        return FRAMEWORKS[self.ruleset.framework]

    @property
    def every_fault(self) -> list[Fault]:
        """All faults, each once."""
        found = [*self.faults, *(f for section in self.entries.values() for one in section for f in one.faults)]
        return list(dict.fromkeys(found))

    @property
    def errors(self) -> int:
        """How many things stand against proposing it."""
        return len({one.words for one in self.every_fault if one.error})


def read(text: str) -> Draft:
    """What can be read of a text. Raises FileRefused where it is no rule set that cards can show."""
    ruleset, found = surveyed(text)
    problems = tuple(found.found)
    broken = [one for one in problems if one.code in _STRUCTURE and one.place.count(".") == 0]
    if broken:
        raise FileRefused(broken)
    table = tomllib.loads(text)
    entries = {
        section: [
            Entry(section, n, raw, model)
            for n, (raw, model) in enumerate(zip(table.get(section, []), getattr(ruleset, name), strict=True))
        ]
        for section, name in LISTS.items()
    }
    draft = Draft(text, table, ruleset, problems, entries)
    for problem in problems:
        fault = Fault(problem_sentence(problem.code, problem.parameters))
        place = _PLACE.match(problem.place)
        if place:
            name = t("rules.at", place=place[3], words=fault.words) if place[3] else fault.words
            entries[place[1]][int(place[2])].faults.append(Fault(name))
        else:
            draft.faults.append(Fault(t("rules.at", place=problem.place, words=fault.words)))
    return draft


def looked_through(session: Session, text: str, day: date) -> Draft:
    """The draft with what the lint finds against it. Raises FileRefused as ``read`` does."""
    draft = read(text)
    if not draft.problems:
        for one in registering.found_against(session, text, day):
            _file(draft, one)
    return draft


def _file(draft: Draft, one: Lint) -> None:
    """A finding beside every entry of the draft that it names; else with the whole."""
    words = say(f"lint.{one.code}", one.parameters) or one.code
    mine = {(place.kind, place.id) for place in one.places if place.ruleset == draft.ruleset.id}
    found = False
    for section, entries in draft.entries.items():
        for entry in entries:
            if (section, entry.id) in mine:
                here = Place(draft.ruleset.id, section, entry.id)
                others = tuple(place for place in one.places if place != here)
                entry.faults.append(Fault(words, one.severity == "error", others))
                found = True
    if not found:
        draft.faults.append(Fault(words, one.severity == "error"))


def problem_sentence(code: str, parameters: Mapping[str, Parameter]) -> str:
    """What is wrong with a value, in words for a form where it has its own, else in those for a file."""
    key = f"rules.fault.{code}"
    return t(key, **parameters) if key in catalogue() else say(f"rulefile.{code}", parameters)


def field_of(problem: FileProblem, section: str, number: int) -> str | None:
    """The place of a problem inside an entry, "" for the entry itself; None where it is about another."""
    place = _PLACE.match(problem.place)
    if place is None or place[1] != section or int(place[2]) != number:
        return None
    return place[3] or ""
