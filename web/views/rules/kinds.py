"""Kinds of entries that the editor knows, and the fields that each is changed by.

A kind is told by what an entry says, so that a text written by hand opens as what it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from credit_bank.recognition.framework import Category
from credit_bank.recognition.outcome import SourceType
from credit_bank.recognition.rules.lint_rule import items_of
from credit_bank.recognition.rules.rule import Result, Rule

CONDITIONS = (
    *("min_grade", "max_grade", "scale", "min_attendance", "min_credits", "max_credits"),
    *("level", "within", "shelf_life", "category", "source", "min_coverage"),
)
"""What a rule asks of the outcomes that it takes: fields of each item, changed for all of them at once."""
BRIDGE = ("bridge_task", "bridge_task_en", "bridge_share")
COUNTED = ("counted_categories", "counted_sources", "counted_institutions", "counted_component")
_ASKED = (
    *("min_grade", "scale", "max_grade", "min_attendance", "min_credits", "max_credits"),
    *("level", "within", "shelf_life"),
)
_CREDIT = ("credit_source", "credit_limit", "residue_component", "not_less", "splits")
_GRADE = ("grade", "grade_table", "counts_in_gpa")
_GIVING = (("asked", _ASKED), ("credit", _CREDIT), ("grade", _GRADE), ("bridge", BRIDGE))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind: the list it stands in, the fields shown at once and those folded away, and what a new one begins with.

    ``sources`` and ``targets`` are how many rows for courses there are at least; 0: none. ``more``: rows may be added.
    """

    section: str
    name: str
    fields: tuple[str, ...]
    folded: tuple[tuple[str, tuple[str, ...]], ...] = ()
    new: Mapping[str, Any] = field(default_factory=dict)
    sources: int = 0
    targets: int = 0
    more: bool = False

    @property
    def every(self) -> tuple[str, ...]:
        """All its fields but the rows."""
        return (*self.fields, *(name for _group, names in self.folded for name in names))


_TITLES = ("title", "title_en")
_OPEN = {"from": "", "to": ""}
KINDS = (
    Kind("rule", "course", (*_TITLES, "priority"), _GIVING, _OPEN, sources=1, targets=1),
    Kind("rule", "series", (*_TITLES, "mode", "one_institution", "priority"), _GIVING, _OPEN, 2, 1, more=True),
    Kind(
        "rule", "certificate", (*_TITLES, "priority"), (("asked", (*_ASKED, "category", "source")), *_GIVING[1:]),
        {"from": {"category": "vocational", "level": "any"}, "to": ""}, sources=1, targets=2, more=True,
    ),
    Kind(
        "rule", "title", (*_TITLES, "institution", "category", "priority"), _GIVING,
        {"from": {"same_title": True}, "to": "*"}, targets=1,
    ),
    Kind(
        "rule", "unit", (*_TITLES, "institution", "unit", "min_coverage", "priority"), _GIVING,
        {"from": {"unit": "*"}, "to": "*"}, targets=1,
    ),
    Kind(
        "rule", "category", (*_TITLES, "institution", "category", "source", "component", "credit_limit", "priority"),
        (("asked", _ASKED), ("credit", ("credit_source", "splits")), ("grade", _GRADE)),
        {
            "from": {"category": "other", "level": "any"}, "to": {"component": ""}, "result": "elective",
            "credit_source": "source", "priority": 900,
        },
    ),
    Kind(
        "rule", "denied", (*_TITLES, "result", "reason", "priority"), (("asked", _ASKED),),
        {"from": "", "result": "denied"}, sources=1, targets=1, more=True,
    ),
    Kind(
        "rule", "block", (*_TITLES, "component", "remaining", "priority"), _GIVING,
        {"from": "", "to": {"component": ""}, "result": "block"}, sources=1, more=True,
    ),
    Kind("rule", "mixed", (*_TITLES, "priority"), (("credit", _CREDIT), ("grade", _GRADE), ("bridge", BRIDGE))),
    Kind(
        "limit", "cap", (*_TITLES, "bound", "unit", "base", "base_component"),
        (("counted", COUNTED), ("window", ("window", "per"))), {"sense": "at-most", "unit": "credits", "bound": ""},
    ),
    Kind(
        "limit", "residency", (*_TITLES, "bound", "unit", "base", "base_component"), (),
        {"sense": "at-least", "unit": "credits", "bound": "", "base": "total", "counted": {"own": True}},
    ),
    Kind(
        "limit", "minimum", (*_TITLES, "bound", "unit", "base", "base_component"), (("counted", COUNTED),),
        {"sense": "at-least", "unit": "credits", "bound": ""},
    ),
    Kind("scale", "words", ("id", "grades", "passing"), (), {"grades": [], "passing": ""}),
    Kind(
        "scale", "numbers", ("id", "lowest", "highest", "passing"), (),
        {"lowest": 0, "highest": 100, "passing": "60"},
    ),
    Kind("grade_table", "grades", ("id", "from_scale", "target_scale", "pairs")),
    Kind("grade_table", "percentile", ("id", "from_scale", "target_scale", "counts", "target_counts")),
    Kind("level_map", "levels", ("from_framework", "target", "version", "levels"), (), {"target": "evergreen-1"}),
)  # fmt: skip
BY_NAME = {(one.section, one.name): one for one in KINDS}
OFFERED = tuple(one for one in KINDS if one.name not in ("mixed", "minimum"))
"""The kinds of which a new entry can be made."""


def kind_of(section: str, raw: Mapping[str, Any], model: Any) -> Kind:
    """The kind that an entry is of."""
    if section == "rule":
        return BY_NAME["rule", _of_rule(raw, model)]
    if section == "limit":
        own = model.sense == "at-least" and model.counted.own
        return BY_NAME["limit", "residency" if own else "cap" if model.sense == "at-most" else "minimum"]
    if section == "scale":
        return BY_NAME["scale", "words" if model.grades or "grades" in raw else "numbers"]
    if section == "grade_table":
        return BY_NAME["grade_table", "percentile" if model.counts or model.target_counts else "grades"]
    return BY_NAME["level_map", "levels"]


def _of_rule(raw: Mapping[str, Any], rule: Rule) -> str:
    rows = source_rows(raw.get("from"))
    items = list(items_of(rule))
    if rows is None or len(rows[1]) != len(items) or not items:
        return "mixed"
    courses = all(item.course or item == type(item)() for item in items)
    if rule.result in (Result.DENIED, Result.NONE, Result.PENDING):
        return "denied" if courses else "mixed"
    if rule.result is Result.BLOCK:
        return "block" if courses else "mixed"
    if len(items) > 1:
        return "series" if courses else "mixed"
    item = items[0]
    if item.course or raw.get("from") == "":
        vocational = item.category is Category.VOCATIONAL or item.source is SourceType.CERTIFICATE
        return "certificate" if vocational else "course"
    if item.same_title:
        return "title"
    if item.unit:
        return "unit"
    return "category" if rule.awards and not any(award.course for award in rule.awards) else "mixed"


def source_rows(value: Any) -> tuple[str, list[Any]] | None:
    """What a rule takes as rows: "all" of them or "any" one; None where it is put together in another way."""
    listed: Sequence[Any] = value if isinstance(value, list) else [value]
    choices = [one for one in listed if isinstance(one, dict) and "any" in one]
    if not choices:
        return "all", list(listed)
    members = choices[0]["any"]
    if len(listed) > 1 or not isinstance(members, list) or any(isinstance(one, list) for one in members):
        return None
    return "any", list(members)


def target_rows(value: Any) -> list[Any] | None:
    """What a rule gives as rows of courses; None where it gives something else too."""
    listed = value if isinstance(value, list) else [] if value is None else [value]
    plain = all(isinstance(one, str) or (isinstance(one, dict) and not one.get("component")) for one in listed)
    return listed if plain else None


def only_component(value: Any) -> bool:
    """Whether a rule gives credit in one part of the programme and nothing else."""
    listed = value if isinstance(value, list) else [value]
    return len(listed) == 1 and isinstance(listed[0], dict) and not listed[0].get("course")
