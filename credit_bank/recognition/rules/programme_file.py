"""Programmes and frameworks as TOML files, read as strictly as rules and written so that they read back the same."""

from collections.abc import Mapping
from dataclasses import fields
from fractions import Fraction

from credit_bank.recognition.framework import EVERGREEN, FRAMEWORKS, Framework, Level
from credit_bank.recognition.programme import Component, Programme, TargetCourse
from credit_bank.recognition.rules.file import kept, parse_toml
from credit_bank.recognition.rules.reading import Problems, TableReader, exact
from credit_bank.recognition.rules.writing import Plain, fraction_text, tenths_text, toml

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


def write_programme(programme: Programme, framework: Framework) -> str:
    """The programme as TOML that reads back as the same."""
    table: dict[str, Plain] = {"format": PROGRAMME_FORMAT}
    for name in ("id", "version", "institution", "title", "title_en", "framework", "level"):
        table |= kept(name, getattr(programme, name))
    table["total"] = framework.credits(programme.total)
    table |= kept("valid_from", programme.valid_from) | kept("valid_until", programme.valid_until)
    table |= kept("component", [_component_table(one, framework) for one in programme.components])
    return toml(table | kept("course", [_course_table(one, framework) for one in programme.courses]))


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


def write_framework(framework: Framework) -> str:
    """The framework as TOML that reads back as the same."""
    hours = _number_text(Fraction(framework.hours_per_credit))
    if framework.hours_per_credit_most is not None:
        hours += f"-{_number_text(Fraction(framework.hours_per_credit_most))}"
    table: dict[str, Plain] = {"format": FRAMEWORK_FORMAT, "id": framework.id, "name_zh": framework.name_zh}
    table |= kept("name_en", framework.name_en)
    table |= {"steps_per_credit": framework.steps_per_credit, "hours_per_credit": hours}
    table |= {"hour_kind": framework.hour_kind, "rounding_step": framework.rounding_step}
    table["rounding"] = framework.rounding
    levels: list[Plain] = [
        {"code": one.code, "rank": tenths_text(one.rank), "name_zh": one.name_zh, **kept("name_en", one.name_en)}
        for one in framework.levels
    ]
    return toml(table | kept("level", levels))


def _hours(reader: TableReader) -> tuple[Fraction, Fraction | None]:
    lower, dash, upper = reader.text("hours_per_credit").partition("-")
    least, most = exact(lower), exact(upper) if dash else None
    if least is None or least <= 0 or (dash and (most is None or most <= least)):
        reader.problem("hours_per_credit", "hours_expected")
        return Fraction(1), None
    return least, most


def _number_text(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


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


def _component_table(one: Component, framework: Framework) -> dict[str, Plain]:
    table: dict[str, Plain] = {"id": one.id, "title": one.title, **kept("title_en", one.title_en)}
    if one.minimum:
        table["minimum"] = framework.credits(one.minimum)
    if one.maximum is not None:
        table["maximum"] = framework.credits(one.maximum)
    if one.elective:
        table["elective"] = True
    return table if one.convertible else {**table, "convertible": False}


def _course_table(one: TargetCourse, framework: Framework) -> dict[str, Plain]:
    table: dict[str, Plain] = {"code": one.code, "title": one.title, "component": one.component}
    table["credits"] = framework.credits(one.credits)
    table |= kept("level", one.level) | kept("units", sorted(one.units))
    if not one.required:
        table["required"] = False
    if not one.convertible:
        table["convertible"] = False
    return table | kept("unit_shares", {unit: fraction_text(share) for unit, share in one.unit_shares.items()})
