"""A rule set as a TOML file: read strictly, written so that it reads back the same, named by its canonical form."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from enum import Enum
from fractions import Fraction
from typing import Any

from credit_bank.recognition.framework import EVERGREEN, FRAMEWORKS, Category, Framework
from credit_bank.recognition.outcome import SourceType
from credit_bank.recognition.rules.limit import Counted, Limit
from credit_bank.recognition.rules.reading import Problems, TableReader, exact
from credit_bank.recognition.rules.rule_table import RuleTables, rule_table
from credit_bank.recognition.rules.ruleset import (
    IDENTITY_LEVELS,
    Basis,
    GradeScale,
    GradeTable,
    LevelMap,
    Policy,
    RuleSet,
)
from credit_bank.recognition.rules.writing import Plain, digest, fraction_text, tenths_text, toml

RULES_FORMAT = "evergreen-rules-1"
LARGEST_FILE = 64 * 2**20
BASES = {basis.name.lower(): basis for basis in Basis}
_SET_KEYS = (
    *("format", "id", "version", "title", "title_en", "receiver", "basis", "framework", "valid_from", "valid_until"),
    *("programme", "parties", "policy", "defaults", "scale", "grade_table", "level_map", "limit", "rule"),
)
_LIMIT_KEYS = (
    "id",
    "title",
    "title_en",
    "sense",
    "unit",
    "bound",
    "base",
    "base_component",
    "counted",
    "window",
    "per",
)


def parse_toml(text: str, format: str) -> dict[str, Any]:
    """The tables of a TOML text that says it is of that format.

    Raises FileRefused: ``rulefile.toml`` (with line and column in its parameter), ``rulefile.format``.
    """
    problems, table = Problems(), {}
    if len(text) > LARGEST_FILE:
        problems.add("", "too_large", most=LARGEST_FILE // 2**20)
        problems.require_none()
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        problems.add("", "toml", detail=str(error)[:200])
    else:
        if table.get("format") != format:
            problems.add("format", "format", expected=format)
    problems.require_none()
    return table


def read_ruleset(text: str, frameworks: Mapping[str, Framework] = FRAMEWORKS) -> RuleSet:
    """Read a rule set; its ``sha256`` is that of its canonical form, whatever short forms the file uses.

    Raises FileRefused with every problem of the file, each with its place.
    """
    found, problems = surveyed(text, frameworks)
    problems.require_none()
    return sealed(found, frameworks[found.framework])


def surveyed(text: str, frameworks: Mapping[str, Framework] = FRAMEWORKS) -> tuple[RuleSet, Problems]:
    """What can be read of a rule set that may have problems, and these; what is wrong stands as if it were left out.

    Raises FileRefused for what is no TOML or of another format.
    """
    problems = Problems()
    reader = TableReader(problems, "", parse_toml(text, RULES_FORMAT), _SET_KEYS)
    framework = frameworks.get(reader.text("framework"))
    if framework is None and reader.table.get("framework"):
        reader.problem("framework", "framework_unknown", known=", ".join(frameworks))
    framework = framework or EVERGREEN
    basis = reader.word("basis", tuple(BASES))
    found = RuleSet(
        id=reader.text("id"),
        version=reader.text("version"),
        title=reader.text("title"),
        title_en=reader.text("title_en", ""),
        receiver=reader.text("receiver"),
        basis=BASES[basis],
        framework=framework.id,
        valid_from=reader.day("valid_from"),
        valid_until=reader.optional_day("valid_until"),
        programme=reader.text("programme", ""),
        parties=reader.texts("parties"),
        policy=_policy(reader.inner("policy", [one.name for one in fields(Policy)])),
        scales=tuple(map(_scale, reader.tables("scale", [one.name for one in fields(GradeScale)]))),
        grade_tables=tuple(map(_grade_table, reader.tables("grade_table", [one.name for one in fields(GradeTable)]))),
        level_maps=tuple(map(_level_map, reader.tables("level_map", [one.name for one in fields(LevelMap)]))),
        limits=tuple(_limit(one, framework) for one in reader.tables("limit", _LIMIT_KEYS)),
        rules=_rules(reader, framework),
    )
    if found.valid_until is not None and found.valid_until < found.valid_from:
        reader.problem("valid_until", "days_reversed")
    for key, things in (("scale", found.scales), ("grade_table", found.grade_tables), ("limit", found.limits)):
        _unique(problems, key, [one.id for one in things])
    _unique(problems, "rule", [one.id for one in found.rules])
    return found, problems


def sealed(ruleset: RuleSet, framework: Framework) -> RuleSet:
    """The rule set with the hash of its canonical form."""
    return replace(ruleset, sha256=digest(ruleset_table(ruleset, framework)))


def write_ruleset(ruleset: RuleSet, framework: Framework) -> str:
    """The rule set as TOML that reads back as the same, hash included."""
    return toml(ruleset_table(ruleset, framework))


def ruleset_table(ruleset: RuleSet, framework: Framework) -> dict[str, Plain]:
    """The rule set as plain values; what is as usual is left out, so that a new field changes no old hash."""
    table: dict[str, Plain] = {"format": RULES_FORMAT, "basis": ruleset.basis.name.lower()}
    for name in ("id", "version", "title", "title_en", "receiver", "framework", "valid_from", "valid_until"):
        table |= kept(name, getattr(ruleset, name))
    table |= kept("programme", ruleset.programme) | kept("parties", list(ruleset.parties))
    table |= kept("policy", _fields(ruleset.policy, Policy()))
    for key, things in (
        ("scale", ruleset.scales),
        ("grade_table", ruleset.grade_tables),
        ("level_map", ruleset.level_maps),
    ):
        table |= kept(key, [_fields(one, _USUAL[type(one)]) for one in things])
    table |= kept("limit", [_limit_table(one, framework) for one in ruleset.limits])
    return table | kept("rule", [rule_table(one, framework) for one in ruleset.rules])


def kept(name: str, value: object) -> dict[str, Plain]:
    """The entry, or nothing where the value is empty."""
    return {} if value in ("", None, [], {}) else {name: value}  # type: ignore[dict-item]


def _rules(reader: TableReader, framework: Framework) -> Any:
    defaults = reader.table.get("defaults", {})
    if not isinstance(defaults, dict):
        reader.problem("defaults", "table_expected", found="other")
        defaults = {}
    tables = RuleTables(reader.problems, defaults, framework)
    found = []
    for n, one in enumerate(reader.items("rule")):
        if isinstance(one, dict):
            found.append(tables.rule(f"rule[{n}]", one))
        else:
            reader.problem(f"rule[{n}]", "table_expected", found="other")
    return tuple(found)


def _unique(problems: Problems, key: str, ids: Iterable[str]) -> None:
    seen: dict[str, int] = {}
    for n, id in enumerate(ids):
        if id and seen.setdefault(id, n) != n:
            problems.add(f"{key}[{n}].id", "id_twice", id=id, first=f"{key}[{seen[id]}]")


def _policy(reader: TableReader) -> Policy:
    usual = Policy()
    return Policy(
        uses=reader.texts("uses") if reader.has("uses") else usual.uses,
        chain=reader.whole("chain", usual.chain),
        identity=reader.word("identity", IDENTITY_LEVELS, usual.identity),
        max_age=reader.optional_whole("max_age", least=1),
        notice_days=reader.whole("notice_days", usual.notice_days),
    )


def _scale(reader: TableReader) -> GradeScale:
    scale = GradeScale(
        id=reader.text("id"),
        passing=reader.text("passing"),
        grades=reader.texts("grades"),
        lowest=reader.whole("lowest", 0),
        highest=reader.whole("highest", 100),
    )
    if scale.grades and scale.passing not in scale.grades:
        reader.wrong_choice("passing", scale.passing, scale.grades)
    if len(set(scale.grades)) != len(scale.grades):
        reader.problem("grades", "grade_twice")
    if not scale.grades and scale.lowest >= scale.highest:
        reader.problem("highest", "scale_reversed")
    if not scale.grades and exact(scale.passing) is None:
        reader.problem("passing", "number_expected")
    return scale


def _grade_table(reader: TableReader) -> GradeTable:
    return GradeTable(
        id=reader.text("id"),
        scale=reader.text("scale"),
        target_scale=reader.text("target_scale"),
        grades=reader.words("grades"),
        counts=reader.counts("counts"),
        target_counts=reader.counts("target_counts"),
    )


def _level_map(reader: TableReader) -> LevelMap:
    return LevelMap(reader.text("source"), reader.text("target"), reader.text("version"), reader.words("levels"))


def _limit(reader: TableReader, framework: Framework) -> Limit:
    unit = reader.word("unit", ("credits", "courses", "outcomes"))
    base = reader.word("base", ("", "total", "component", "required"), "")
    if base:
        bound = reader.share("bound")
    elif unit == "credits":
        steps = reader.credits("bound", framework)
        bound = None if steps is None else Fraction(steps)
    else:
        bound = Fraction(reader.whole("bound", 0))
    if not reader.has("bound"):
        reader.problem("bound", "key_missing")
    if (base == "component") != reader.has("base_component"):
        reader.problem("base_component", "base_component")
    return Limit(
        id=reader.text("id"),
        title=reader.text("title"),
        title_en=reader.text("title_en", ""),
        sense=reader.word("sense", ("at-most", "at-least")),  # type: ignore[arg-type] # one of the words
        unit=unit,  # type: ignore[arg-type]
        bound=bound or Fraction(0),
        base=base,  # type: ignore[arg-type]
        base_component=reader.text("base_component", ""),
        counted=_counted(reader.inner("counted", [one.name for one in fields(Counted)])),
        window=reader.word("window", ("", "year", "term"), ""),  # type: ignore[arg-type]
        per=reader.word("per", ("", "institution"), ""),  # type: ignore[arg-type]
    )


def _counted(reader: TableReader) -> Counted:
    categories = [reader.member(f"categories[{n}]", Category, one) for n, one in enumerate(reader.items("categories"))]
    sources = [reader.member(f"sources[{n}]", SourceType, one) for n, one in enumerate(reader.items("sources"))]
    return Counted(
        component=reader.text("component", ""),
        required=reader.optional_flag("required"),
        categories=frozenset(one for one in categories if one),
        sources=frozenset(one for one in sources if one),
        institutions=frozenset(reader.texts("institutions")),
        own=reader.optional_flag("own"),
        min_level=reader.tenths("min_level"),
        rules=frozenset(reader.texts("rules")),
    )


def _limit_table(limit: Limit, framework: Framework) -> dict[str, Plain]:
    table = _fields(limit, _USUAL[Limit])
    if limit.base:
        table["bound"] = fraction_text(limit.bound)
    else:
        table["bound"] = framework.credits(int(limit.bound)) if limit.unit == "credits" else int(limit.bound)
    counted = _fields(limit.counted, Counted())
    if limit.counted.min_level is not None:
        counted["min_level"] = tenths_text(limit.counted.min_level)
    table.pop("counted", None)
    return table | kept("counted", counted)


def _fields(value: Any, usual: Any) -> dict[str, Plain]:
    """The fields that differ from the usual ones, as plain values."""
    found: dict[str, Plain] = {}
    for one in fields(value):
        given = getattr(value, one.name)
        if usual is not None and given == getattr(usual, one.name):
            continue
        found[one.name] = _plain(given)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Mapping):
        return dict(value)
    return value.value if isinstance(value, Enum) else value


_USUAL: dict[type, Any] = {
    GradeScale: GradeScale("", "\0"),
    GradeTable: GradeTable("", "", ""),
    LevelMap: LevelMap("\0", "\0", "\0", {}),
    Limit: Limit("", "\0", "", "\0", "\0", Fraction(-1)),  # type: ignore[arg-type] # what must stand there always does
}
