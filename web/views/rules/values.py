"""From an entry to what stands in the fields of its form: texts, and True or False for boxes to tick."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from credit_bank.recognition.framework import Framework
from credit_bank.recognition.rules.lint_rule import items_of
from credit_bank.recognition.rules.rule import Item, Rule
from credit_bank.recognition.rules.writing import fraction_text, tenths_text
from web.views.rules.kinds import BRIDGE, CONDITIONS, COUNTED, Kind, only_component, source_rows, target_rows
from web.views.rules.naming import Names

Value = str | bool | list[str]
LINES = ("grades", "pairs", "levels", "counts", "target_counts", "counted_institutions", "remaining", "parties")
"""Fields of several lines, one thing on each."""
RENAMED = {"from_scale": "scale", "from_framework": "source", "pairs": "grades"}
"""Fields that are called otherwise than the name in the file, because a label of that name says something else."""
_AMOUNTS = ("min_credits", "max_credits", "credit_limit")
_SHARES = ("min_attendance", "min_coverage")


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in a form, and how many rows for courses it has; ``untouched`` are names of the entry that no field
    of the form stands for."""

    values: dict[str, Value]
    sources: int
    targets: int
    untouched: tuple[str, ...]


def filled(kind: Kind, raw: Mapping[str, Any], model: Any, names: Names, framework: Framework) -> Filled:
    """The values of a form of that kind."""
    if kind.section != "rule":
        return _plain(kind, raw, names)
    return _Rule(kind, raw, model, names, framework).filled()


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: Kind
    raw: Mapping[str, Any]
    rule: Rule
    names: Names
    framework: Framework

    def filled(self) -> Filled:
        kind, items = self.kind, list(items_of(self.rule))
        values: dict[str, Value] = {}
        untouched: list[str] = []
        for name in kind.every:
            if name in CONDITIONS:
                if len({getattr(one, name) for one in items}) > 1:
                    untouched.append(name)
                else:
                    values[name] = self.text(name, getattr(items[0], name)) if items else ""
            elif name in BRIDGE:
                values[name] = self._bridge(name)
            elif name in ("institution", "unit", "mode", "component"):
                self._special(name, items, values, untouched)
            else:
                values[name] = self.text(name, getattr(self.rule, name))
        sources = self._sources(items, values) if kind.sources else 0
        targets = self._targets(values, untouched) if kind.targets else 0
        untouched += self._beside(items)
        return Filled(values, sources, targets, tuple(dict.fromkeys(untouched)))

    def text(self, name: str, value: Any) -> Value:
        """A field's value as text."""
        if isinstance(value, bool):
            return value
        if value is None:
            return ""
        if name in _AMOUNTS:
            return self.framework.credits(value)
        if name in _SHARES and isinstance(value, Fraction):
            return fraction_text(value)
        if name == "within":
            return tenths_text(value) if value else ""
        if isinstance(value, tuple):
            return "\n".join(value)
        return str(value)

    def _bridge(self, name: str) -> str:
        bridge = self.rule.bridge
        if bridge is None:
            return ""
        value = getattr(bridge, name.removeprefix("bridge_"))
        return fraction_text(value) if isinstance(value, Fraction) else str(value)

    def _special(self, name: str, items: Sequence[Item], values: dict[str, Value], untouched: list[str]) -> None:
        if name == "institution":
            values[name] = self.names.shown(items[0].institution)
        elif name == "unit":
            values[name] = items[0].unit
        elif name == "mode":
            found = source_rows(self.raw.get("from"))
            values[name] = found[0] if found else "all"
        elif only_component(self.raw.get("to")):
            values[name] = self.rule.awards[0].component if self.rule.awards else ""
        else:
            untouched.append("to")

    def _sources(self, items: Sequence[Item], values: dict[str, Value]) -> int:
        for n, item in enumerate(items):
            empty = not item.course and item.institution == "*"
            values[f"from{n}_institution"] = "" if empty else self.names.shown(item.institution)
            values[f"from{n}_course"] = item.course
        return max(self.kind.sources, len(items))

    def _targets(self, values: dict[str, Value], untouched: list[str]) -> int:
        if target_rows(self.raw.get("to")) is None:
            untouched.append("to")
            return 0
        for n, award in enumerate(self.rule.awards):
            values[f"to{n}"] = "" if award.course == "*" else award.course
            values[f"to{n}_credits"] = "" if award.credits is None else self.framework.credits(award.credits)
        return max(self.kind.targets, len(self.rule.awards))

    def _beside(self, items: Sequence[Item]) -> list[str]:
        """Names that stand in the text and have no field."""
        known = {*self.kind.every, "id", "from", "to", "bridge" if "bridge_share" in self.kind.every else ""}
        fixed = {"result"} if "result" in self.kind.new else set()
        found = [name for name in self.raw if name not in known | fixed]
        asked = (*CONDITIONS, *(("unit",) if self.kind.sources else ()))
        taken = {name for item in items for name in asked if getattr(item, name) != getattr(_USUAL, name)}
        found += [name for name in asked if name in taken and name not in known]
        closed = "to" in self.raw and not self.kind.targets and "component" not in known
        return [*found, *(["from"] if self.kind.name == "mixed" else []), *(["to"] if closed else [])]


_USUAL = Item()


def _plain(kind: Kind, raw: Mapping[str, Any], names: Names) -> Filled:
    """The values of an entry that is no rule: what stands in the text."""
    counted = raw.get("counted", {})
    counted = counted if isinstance(counted, dict) else {}
    values: dict[str, Value] = {}
    for name in kind.every:
        value = counted.get(name.removeprefix("counted_")) if name in COUNTED else raw.get(RENAMED.get(name, name))
        if name == "counted_institutions":
            values[name] = "\n".join(names.shown(str(one)) for one in _listed(value))
        elif name in ("counted_categories", "counted_sources"):
            values[name] = [str(one) for one in _listed(value)]
        elif isinstance(value, dict):
            values[name] = "\n".join(f"{key} = {one}" for key, one in value.items())
        elif isinstance(value, list):
            values[name] = "\n".join(str(one) for one in value)
        else:
            values[name] = "" if value is None else str(value)
    known = {RENAMED.get(name, name) for name in kind.every} | {"id", "sense", "counted"}
    beside = [name for name in raw if name not in known]
    inner = {name.removeprefix("counted_") for name in kind.every if name in COUNTED}
    fixed = set(kind.new.get("counted", {}))
    beside += [f"counted.{name}" for name in counted if name not in inner | fixed]
    return Filled(values, 0, 0, tuple(beside))


def _listed(value: Any) -> list[Any]:
    """A list as it stands; what is none is shown as nothing, and told as a fault."""
    return value if isinstance(value, list) else []
