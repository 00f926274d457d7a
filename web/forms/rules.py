"""Forms of the rule editor: one for each kind of entry, one for the whole set, and one for an outcome to try."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Length

from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.recognition.outcome import SourceType
from credit_bank.recognition.rules.rule import CreditSource, GradeStrategy
from credit_bank.recognition.rules.rule_table import LEVELS
from credit_bank.recognition.rules.ruleset import IDENTITY_LEVELS, Basis
from web.forms.base import CivilDateField, Form, Required, label
from web.messages import locale, t

_FLAGS = ("one_institution", "not_less", "splits", "counts_in_gpa")
_NUMBERS = (
    *("priority", "min_credits", "max_credits", "credit_limit", "shelf_life", "within", "bound"),
    *("lowest", "highest", "notice_days", "max_age", "chain"),
)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a draft offers for choice: its scales and tables, and the parts of the programmes, each with its name."""

    scales: Sequence[tuple[str, str]] = ()
    tables: Sequence[tuple[str, str]] = ()
    components: Sequence[tuple[str, str]] = ()
    programmes: Sequence[tuple[str, str]] = ()


def _words(key: str, values: Sequence[str]) -> list[tuple[str, str]]:
    return [(value, t(f"{key}.{value}")) for value in values]


def _categories() -> list[tuple[str, str]]:
    return _words("site.category", [one.value for one in Category])


def _sources() -> list[tuple[str, str]]:
    return _words("rules.source", [one.value for one in SourceType])


def _selects(known: Choices) -> Mapping[str, Callable[[], list[tuple[str, str]]]]:
    none = ("", t("rules.choose_none"))
    return {
        "mode": lambda: _words("rules.mode", ["all", "any"]),
        "level": lambda: _words("rules.level", LEVELS),
        "category": lambda: [none, *_categories()],
        "source": lambda: [none, *_sources()],
        "result": lambda: _words("rules.result", ["denied", "pending", "none"]),
        "credit_source": lambda: _words("rules.credits_by", [one.value for one in CreditSource]),
        "grade": lambda: _words("rules.grade_as", [one.value for one in GradeStrategy]),
        "scale": lambda: [none, *known.scales],
        "from_scale": lambda: [none, *known.scales],
        "target_scale": lambda: [none, *known.scales],
        "grade_table": lambda: [none, *known.tables],
        "component": lambda: [none, *known.components],
        "residue_component": lambda: [none, *known.components],
        "base_component": lambda: [none, *known.components],
        "counted_component": lambda: [none, *known.components],
        "programme": lambda: [("", t("rules.every_programme")), *known.programmes],
        "unit_of": lambda: _words("rules.unit", ["credits", "courses", "outcomes"]),
        "base": lambda: _words("rules.base_of", ["number", "total", "component", "required"]),
        "window": lambda: _words("rules.window", ["none", "year", "term"]),
        "per": lambda: _words("rules.per", ["none", "institution"]),
        "basis": lambda: _words("rules.basis_of", [one.name.lower() for one in Basis]),
        "identity": lambda: _words("rules.identity", IDENTITY_LEVELS),
    }


_TICKED = {"counted_categories": _categories, "counted_sources": _sources}
_EMPTY = {"base": "number", "window": "none", "per": "none"}
"""Choices that stand for an empty text in the file."""


def entry_form(
    names: Sequence[str],
    lines: Sequence[str],
    known: Choices,
    *,
    section: str = "rule",
    values: Mapping[str, Any] | None = None,
) -> Form:
    """A form with these fields; with ``values`` it shows them, else it has what was sent."""
    selects = _selects(known)
    built: dict[str, Any] = {}
    for name in names:
        said = t(f"rules.field.{_label(section, name)}", **_row(name))
        kind = "unit_of" if name == "unit" and section == "limit" else name
        given = str((values or {}).get(name, ""))
        if kind in selects:
            built[name] = _select(said, selects[kind](), given, _EMPTY.get(name))
        elif name in _TICKED:
            built[name] = SelectMultipleField(said, choices=_TICKED[name], validate_choice=False)
        elif name in _FLAGS:
            built[name] = BooleanField(said)
        elif name in lines:
            built[name] = TextAreaField(said, validators=[Length(max=5000)])
        elif name in ("valid_from", "valid_until"):
            built[name] = CivilDateField(said, validators=[Required()] if name == "valid_from" else [])
        else:
            most = 9 if name in _NUMBERS else 300
            keywords = {"inputmode": "decimal"} if name in _NUMBERS else {}
            built[name] = StringField(said, validators=[Length(max=most)], render_kw=keywords)
    form: Form = type("EntryForm", (Form,), built)(**({"formdata": None, "data": values} if values is not None else {}))
    return form


def _select(said: str, choices: list[tuple[str, str]], given: str, empty: str | None) -> Any:
    """A choice of one; what stands in the text and is no choice is one all the same."""
    if empty is not None:
        choices = [("" if value == empty else value, words) for value, words in choices]
    if given and given not in [value for value, _words_ in choices]:
        choices = [*choices, (given, given)]
    return SelectField(said, choices=lambda: choices, validate_choice=False)


def _label(section: str, name: str) -> str:
    """The last part of the key of a field's label."""
    if name.startswith(("from", "to")) and any(sign.isdecimal() for sign in name):
        return "".join(sign for sign in name if not sign.isdecimal())
    return "unit_of" if name == "unit" and section == "limit" else name


def _row(name: str) -> dict[str, int]:
    number = "".join(sign for sign in name if sign.isdecimal())
    return {"number": int(number) + 1} if number else {}


def _levels() -> list[tuple[str, str]]:
    named = [(v.code, v.name_en if locale() == "en" else v.name_zh) for v in EVERGREEN.levels]
    return [("", t("rules.choose_none")), *named]


class OutcomeForm(Form):
    """An outcome to try a draft on, and for which programme."""

    try_programme = SelectField(label("rules.try.programme"), validate_choice=False)
    try_institution = StringField(label("rules.try.institution"), validators=[Required(), Length(max=100)])
    try_course = StringField(label("rules.try.code"), validators=[Length(max=60)])
    try_title = StringField(label("rules.try.course_title"), validators=[Required(), Length(max=100)])
    try_category = SelectField(label("rules.try.category"), choices=_categories, validate_choice=False)
    try_credits = StringField(label("rules.try.credits"), validators=[Required(), Length(max=9)])
    try_hours = StringField(label("rules.try.hours"), validators=[Length(max=9)])
    try_level = SelectField(label("rules.try.level"), choices=_levels, validate_choice=False)
    try_grade = StringField(label("rules.try.grade"), validators=[Length(max=30)])
    try_scale = StringField(label("rules.try.scale"), validators=[Length(max=60)])
    try_awarded_on = CivilDateField(label("rules.try.awarded_on"), validators=[Required()])
