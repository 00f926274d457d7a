"""Programmes and frameworks as TOML files, read as strictly as rules."""

from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction

from credit_bank.recognition.framework import EVERGREEN, FRAMEWORKS, Framework, Level
from credit_bank.recognition.programme import Component, Programme, TargetCourse
from credit_bank.recognition.rules.file import parse_toml
from credit_bank.recognition.rules.reading import Problems, TableReader, exact

PROGRAMME_FORMAT = "evergreen-programme-1"
FRAMEWORK_FORMAT = "evergreen-framework-1"
_PROGRAMME_KEYS = (
    *("format", "id", "version", "institution", "title", "title_en", "framework", "level", "total"),
    *("valid_from", "valid_until", "component", "course"),
)
_FRAMEWORK_KEYS = (
    *("format", "id", "name_zh", "name_en", "steps_per_credit", "hours_per_credit", "hour_kind"),
    *("rounding_step", "rounding", "level"),
)


def read_programme(text: str, frameworks: Mapping[str, Framework] = FRAMEWORKS) -> Programme:
    """Read a programme. Raises FileRefused with every problem of the file, each with its place."""
    problems = Problems()
    reader = TableReader(problems, "", parse_toml(text, PROGRAMME_FORMAT), _PROGRAMME_KEYS)
    framework = frameworks.get(reader.text("framework"))
    if framework is None and reader.table.get("framework"):
        reader.problem("framework", "framework_unknown", known=", ".join(frameworks))
    framework = framework or EVERGREEN
    components = tuple(
        _component(one, framework) for one in reader.tables("component", [f.name for f in fields(Component)])
    )
    courses = tuple(_course(one, framework) for one in reader.tables("course", [f.name for f in fields(TargetCourse)]))
    programme = Programme(
        id=reader.text("id"),
        version=reader.text("version"),
        institution=reader.text("institution"),
        title=reader.text("title"),
        title_en=reader.text("title_en", ""),
        framework=framework.id,
        level=_level(reader, framework),
        total=_needed(reader, "total", framework),
        components=components,
        courses=courses,
        valid_from=reader.optional_day("valid_from"),
        valid_until=reader.optional_day("valid_until"),
    )
    _check(problems, programme)
    problems.require_none()
    return programme


def read_framework(text: str) -> Framework:
    """Read a framework. Raises FileRefused with every problem of the file, each with its place."""
    problems = Problems()
    reader = TableReader(problems, "", parse_toml(text, FRAMEWORK_FORMAT), _FRAMEWORK_KEYS)
    least, most = _hours(reader)
    levels = []
    for one in reader.tables("level", [f.name for f in fields(Level)]):
        if not one.has("rank"):
            one.problem("rank", "key_missing")
        levels.append(Level(one.text("code"), one.tenths("rank") or 0, one.text("name_zh"), one.text("name_en", "")))
    ranks = [level.rank for level in levels]
    if ranks != sorted(set(ranks)):
        reader.problem("level", "levels_order")
    found = Framework(
        id=reader.text("id"),
        name_zh=reader.text("name_zh"),
        name_en=reader.text("name_en", ""),
        steps_per_credit=reader.whole("steps_per_credit", 20, least=1),
        hours_per_credit=least,
        hour_kind=reader.word("hour_kind", ("contact", "notional")),  # type: ignore[arg-type] # one of the words
        levels=tuple(levels),
        hours_per_credit_most=most,
        rounding_step=reader.whole("rounding_step", 1, least=1),
        rounding=reader.word("rounding", ("down", "half-up", "up"), "down"),  # type: ignore[arg-type] # likewise
    )
    problems.require_none()
    return found


def _hours(reader: TableReader) -> tuple[Fraction, Fraction | None]:
    lower, dash, upper = reader.text("hours_per_credit").partition("-")
    least, most = exact(lower), exact(upper) if dash else None
    if least is None or least <= 0 or (dash and (most is None or most <= least)):
        reader.problem("hours_per_credit", "hours_expected")
        return Fraction(1), None
    return least, most


def _needed(reader: TableReader, key: str, framework: Framework) -> int:
    if not reader.has(key):
        reader.problem(key, "key_missing")
    return reader.credits(key, framework) or 0


def _level(reader: TableReader, framework: Framework) -> str:
    code = reader.text("level", "")
    known = [level.code for level in framework.levels]
    if code and code not in known:
        reader.wrong_choice("level", code, known)
    return code


def _component(reader: TableReader, framework: Framework) -> Component:
    return Component(
        id=reader.text("id"),
        title=reader.text("title"),
        title_en=reader.text("title_en", ""),
        minimum=reader.credits("minimum", framework) or 0,
        maximum=reader.credits("maximum", framework),
        elective=reader.flag("elective", False),
        convertible=reader.flag("convertible", True),
    )


def _course(reader: TableReader, framework: Framework) -> TargetCourse:
    return TargetCourse(
        code=reader.text("code"),
        title=reader.text("title"),
        component=reader.text("component"),
        credits=_needed(reader, "credits", framework),
        level=_level(reader, framework),
        units=frozenset(reader.texts("units")),
        required=reader.flag("required", True),
        convertible=reader.flag("convertible", True),
        unit_shares=reader.shares("unit_shares"),
    )


def _check(problems: Problems, programme: Programme) -> None:
    """What belongs together in the file: components that courses name, ids that stand once, days in order."""
    components = [one.id for one in programme.components]
    for key, name, values in (
        ("component", "id", components),
        ("course", "code", [one.code for one in programme.courses]),
    ):
        seen: dict[str, int] = {}
        for n, value in enumerate(values):
            if value and seen.setdefault(value, n) != n:
                problems.add(f"{key}[{n}].{name}", "id_twice", id=value, first=f"{key}[{seen[value]}]")
    known = set(components)
    for n, course in enumerate(programme.courses):
        if course.component and course.component not in known:
            problems.add(f"course[{n}].component", "component_unknown", component=course.component)
    if programme.valid_from and programme.valid_until and programme.valid_until < programme.valid_from:
        problems.add("valid_until", "days_reversed")
