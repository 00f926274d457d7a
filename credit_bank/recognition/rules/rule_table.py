"""A rule as a table of a file, and a table as a rule: short where the rule is short.

``from`` is an item, or a list of items that are needed together; a table ``{any = […]}`` in the list is a choice of
which one is enough. An item is "institution: course" or a table; what is given is a course's code or a table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from credit_bank.recognition.framework import Category, Framework
from credit_bank.recognition.outcome import SourceType
from credit_bank.recognition.rules.reading import Problems, TableReader
from credit_bank.recognition.rules.rule import (
    Award,
    Bridge,
    Clause,
    CreditSource,
    GradeStrategy,
    Group,
    Item,
    Result,
    Rule,
)
from credit_bank.recognition.rules.writing import Plain, fraction_text, tenths_text

LEVELS = ("any", "same", "not-lower", "within")
ITEM_KEYS = tuple(one.name for one in fields(Item))
AWARD_KEYS = tuple(one.name for one in fields(Award))
RULE_KEYS = ("id", "from", "to", *(one.name for one in fields(Rule) if one.name not in ("id", "clauses", "awards")))
DEFAULT_KEYS = ("from", *(key for key in RULE_KEYS if key not in ("id", "from", "to")))
WITHOUT_TARGET = (Result.DENIED, Result.NONE, Result.PENDING)


class RuleTables:
    """Reads the rules of one file, whose ``defaults`` stand for what a rule leaves out."""

    def __init__(self, problems: Problems, defaults: Mapping[str, Any], framework: Framework) -> None:
        self._problems, self._framework = problems, framework
        self._item_defaults: dict[str, Any] = {}
        self._rule_defaults: dict[str, Any] = {}
        self._item = Item()
        before = len(problems.found)
        reader = TableReader(problems, "defaults", defaults, DEFAULT_KEYS)
        item = self._read_item(reader.inner("from", ITEM_KEYS))
        self._fields(reader)
        if len(problems.found) == before:  # else each rule would tell it again
            self._item, self._item_defaults = item, dict(reader.table.get("from", {}))
            self._rule_defaults = {key: value for key, value in reader.table.items() if key != "from"}

    def rule(self, place: str, table: Mapping[str, Any]) -> Rule:
        """The rule that a table describes."""
        reader = TableReader(self._problems, place, {**self._rule_defaults, **table}, RULE_KEYS)
        given = self._fields(reader)
        clauses = tuple(self._clauses(reader))
        awards = tuple(self._awards(reader, given["result"]))
        id = reader.text("id", "") or automatic_id(clauses, awards)
        if not id:
            reader.problem("id", "key_missing")
        return Rule(id=id, clauses=clauses, awards=awards, **given)

    def _fields(self, reader: TableReader) -> dict[str, Any]:
        return {
            "title": reader.text("title", ""),
            "title_en": reader.text("title_en", ""),
            "result": reader.choice("result", Result, Result.EQUIVALENT),
            "reason": reader.text("reason", ""),
            "priority": reader.whole("priority", 100),
            "one_institution": reader.flag("one_institution", False),
            "credit_source": reader.choice("credit_source", CreditSource, CreditSource.TARGET),
            "credit_limit": reader.credits("credit_limit", self._framework),
            "residue_component": reader.text("residue_component", ""),
            "splits": reader.flag("splits", False),
            "grade": reader.choice("grade", GradeStrategy, GradeStrategy.EXEMPT),
            "grade_table": reader.text("grade_table", ""),
            "counts_in_gpa": reader.flag("counts_in_gpa", False),
            "bridge": self._bridge(reader),
            "use": reader.text("use", "conversion"),
            "remaining": reader.texts("remaining"),
            "not_less": reader.flag("not_less", False),
        }

    def _bridge(self, reader: TableReader) -> Bridge | None:
        if not reader.has("bridge"):
            return None
        inner = reader.inner("bridge", ("task", "task_en", "share"))
        share = inner.share("share")
        if share is None:
            if not inner.has("share"):
                inner.problem("share", "key_missing")
            return None
        return Bridge(inner.text("task"), inner.text("task_en", ""), share)

    def _clauses(self, reader: TableReader) -> Iterator[Clause]:
        value = reader.table.get("from")
        if value is None or value == []:
            reader.problem("from", "key_missing")
            return
        listed, together = value if isinstance(value, list) else [value], []
        choices: list[Clause] = []
        for n, one in enumerate(listed):
            key = f"from[{n}]" if isinstance(value, list) else "from"
            if isinstance(one, dict) and "any" in one:
                choice = TableReader(self._problems, reader.place(key), one, ("any",))
                groups = tuple(self._group(choice, f"any[{m}]", group) for m, group in enumerate(choice.items("any")))
                if not groups:
                    choice.problem("any", "key_missing")
                choices.append(groups)
            else:
                together.append(self._one(reader, key, one))
        if together:
            yield (tuple(together),)
        yield from choices

    def _group(self, reader: TableReader, key: str, value: object) -> Group:
        if not isinstance(value, list):
            return (self._one(reader, key, value),)
        if not value:
            reader.problem(key, "key_missing")
        return tuple(self._one(reader, f"{key}[{n}]", one) for n, one in enumerate(value))

    def _one(self, reader: TableReader, key: str, value: object) -> Item:
        if isinstance(value, dict):
            return self._read_item(
                TableReader(self._problems, reader.place(key), {**self._item_defaults, **value}, ITEM_KEYS)
            )
        institution, colon, course = reader.line(key, value).partition(": ")
        if not colon:
            institution, course = str(self._item_defaults.get("institution", "")), institution
        if course and not institution:
            reader.problem(key, "institution_missing")
        elif value == "":
            reader.problem(key, "key_missing")
        return replace(self._item, institution=institution.strip() or "*", course=course.strip())

    def _read_item(self, reader: TableReader) -> Item:
        return Item(
            institution=reader.text("institution", "*"),
            course=reader.text("course", ""),
            unit=reader.text("unit", ""),
            same_title=reader.flag("same_title", False),
            category=reader.choice("category", Category),
            source=reader.choice("source", SourceType),
            min_grade=reader.text("min_grade", ""),
            max_grade=reader.text("max_grade", ""),
            scale=reader.text("scale", ""),
            min_attendance=reader.share("min_attendance"),
            min_credits=reader.credits("min_credits", self._framework),
            max_credits=reader.credits("max_credits", self._framework),
            level=reader.word("level", LEVELS, "not-lower"),  # type: ignore[arg-type] # one of LEVELS
            within=reader.tenths("within", 0) or 0,
            shelf_life=reader.optional_whole("shelf_life", least=1),
            min_coverage=reader.share("min_coverage"),
        )

    def _awards(self, reader: TableReader, result: Result) -> Iterator[Award]:
        value = reader.table.get("to")
        if value is None or value == []:
            if result not in WITHOUT_TARGET:
                reader.problem("to", "key_missing")
            return
        for n, one in enumerate(value if isinstance(value, list) else [value]):
            key = f"to[{n}]" if isinstance(value, list) else "to"
            if not isinstance(one, dict):
                if one == "":
                    reader.problem(key, "award_empty")
                yield Award(course=reader.line(key, one))
                continue
            inner = TableReader(self._problems, reader.place(key), one, AWARD_KEYS)
            award = Award(
                inner.text("course", ""), inner.text("component", ""), inner.credits("credits", self._framework)
            )
            if not award.course and not award.component:
                self._problems.add(reader.place(key), "award_empty")
            yield award


def automatic_id(clauses: tuple[Clause, ...], awards: tuple[Award, ...]) -> str:
    """The id of a rule that is given none: "3000: MATH 101 > MAT1"; empty where its items have no courses."""
    items = [item for clause in clauses for group in clause for item in group]
    if not items or not all(item.course for item in items):
        return ""
    sources = " + ".join(f"{item.institution}: {item.course}" for item in items)
    return f"{sources} > {' + '.join(award.course or award.component for award in awards)}".strip(" >")


def rule_table(rule: Rule, framework: Framework) -> dict[str, Plain]:
    """The rule as the table that reads back as it; what is as usual is left out."""
    table: dict[str, Plain] = {} if rule.id == automatic_id(rule.clauses, rule.awards) else {"id": rule.id}
    table |= _differing(rule, ("title", "title_en"), _USUAL_RULE)
    table["from"] = _from(rule.clauses, framework)
    if rule.awards:
        awards = [_award(award, framework) for award in rule.awards]
        table["to"] = awards[0] if len(awards) == 1 else awards
    names = [key for key in RULE_KEYS if key not in ("id", "title", "title_en", "from", "to", "bridge", "credit_limit")]
    table |= _differing(rule, names, _USUAL_RULE)
    if rule.credit_limit is not None:
        table["credit_limit"] = framework.credits(rule.credit_limit)
    if rule.bridge is not None:
        bridge: dict[str, Plain] = {"task": rule.bridge.task}
        if rule.bridge.task_en:
            bridge["task_en"] = rule.bridge.task_en
        table["bridge"] = {**bridge, "share": fraction_text(rule.bridge.share)}
    return table


def _from(clauses: tuple[Clause, ...], framework: Framework) -> Plain:
    if len(clauses) == 1 and len(clauses[0]) == 1:
        items = [_item(item, framework) for item in clauses[0][0]]
        return items[0] if len(items) == 1 else items
    return [{"any": [_group(group, framework) for group in clause]} for clause in clauses]


def _group(group: Group, framework: Framework) -> Plain:
    items = [_item(item, framework) for item in group]
    return items[0] if len(items) == 1 else items


def _item(item: Item, framework: Framework) -> Plain:
    table: dict[str, Plain] = {}
    for key in ITEM_KEYS:
        value = getattr(item, key)
        if value == getattr(_USUAL_ITEM, key):
            continue
        if key in ("min_credits", "max_credits"):
            value = framework.credits(value)
        elif key in ("min_attendance", "min_coverage"):
            value = fraction_text(value)
        elif key == "within":
            value = tenths_text(value)
        table[key] = value
    if item.course and not table.keys() - {"institution", "course"} and ": " not in item.institution:
        return f"{item.institution}: {item.course}"
    return table


def _award(award: Award, framework: Framework) -> Plain:
    if award.course and not award.component and award.credits is None:
        return award.course
    table: dict[str, Plain] = _differing(award, ("course", "component"), Award())
    return table if award.credits is None else {**table, "credits": framework.credits(award.credits)}


def _differing(value: object, names: Any, usual: object) -> dict[str, Plain]:
    found = {name: getattr(value, name) for name in names}
    return {
        name: list(one) if isinstance(one, tuple) else one for name, one in found.items() if one != getattr(usual, name)
    }


_USUAL_ITEM = Item()
_USUAL_RULE = Rule("", "", "", (), ())
