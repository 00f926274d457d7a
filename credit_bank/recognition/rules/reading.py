"""Reading a TOML table strictly: every problem is kept with its place, and reading goes on to find the others.

A place is written as a person counts and points: ``rule[3].from[0].min_grade``, the first being number 0 as in TOML.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from credit_bank.errors import CreditBankError, InvalidInput, Parameter
from credit_bank.recognition.framework import Framework
from credit_bank.recognition.rules.writing import key_text

TEXT_LENGTH = 300
LARGEST = 10**6
LONGEST_NUMBER = 20

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One thing wrong with a file; ``code`` keys its sentence ``rulefile.<code>``."""

    place: str
    code: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """The problem as plain JSON values."""
        return {"place": self.place, "code": self.code, "parameters": dict(self.parameters)}


class FileRefused(CreditBankError):
    """A file of rules, of a programme or of a framework has problems; ``problems`` lists them all."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("rulefile.refused", problems=len(self.problems))


class Problems:
    """The problems found so far."""

    def __init__(self) -> None:
        self.found: list[FileProblem] = []

    def add(self, place: str, code: str, **parameters: Parameter) -> None:
        """Keep one."""
        self.found.append(FileProblem(place, code, parameters))

    def require_none(self) -> None:
        """Raises FileRefused where there are any."""
        if self.found:
            raise FileRefused(self.found)


class TableReader:
    """A table at ``place`` in which the keys ``known`` may stand.

    Each method takes a key and gives its value, or the default where it is absent or wrong; what is wrong is kept.
    A key without a default is required.
    """

    def __init__(self, problems: Problems, place: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
        self.problems, self.table = problems, table
        self._prefix = f"{place}." if place else ""
        names = tuple(known)
        for key in table:
            if key not in names:
                near = get_close_matches(key, names, n=1, cutoff=0.6)
                if near:
                    self.problem(key_text(key), "key_unknown_near", near=near[0])
                else:
                    self.problem(key_text(key), "key_unknown", known=", ".join(names))

    def place(self, key: str) -> str:
        """Where the value of that key stands."""
        return self._prefix + key

    def problem(self, key: str, code: str, **parameters: Parameter) -> None:
        """Keep a problem with the value of that key."""
        self.problems.add(self.place(key), code, **parameters)

    def has(self, key: str) -> bool:
        """Whether the key stands in the table."""
        return key in self.table

    def text(self, key: str, default: str | None = None) -> str:
        """A line of text; a whole number counts as its digits."""
        value = self._given(key, default)
        if value is None:
            return default or ""
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if value == "" and default is None:
            self.problem(key, "key_missing")
        return self.line(key, value) or default or ""

    def line(self, key: str, value: object) -> str:
        """A value that must be one line of text."""
        if not isinstance(value, str):
            self.problem(key, "text_expected", found=_kind(value))
        elif len(value) > TEXT_LENGTH:
            self.problem(key, "text_too_long", most=TEXT_LENGTH)
        elif value != value.strip() or not value.isprintable():
            self.problem(key, "text_spaces")
        else:
            return value
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of lines, empty where there is none."""
        values = self.items(key)
        return tuple(self.line(f"{key}[{n}]", value) for n, value in enumerate(values))

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self.table.get(key, default)
        if isinstance(value, bool):
            return value
        self.problem(key, "flag_expected", found=_kind(value))
        return default

    def optional_flag(self, key: str) -> bool | None:
        """true, false or absent."""
        return self.flag(key, False) if key in self.table else None

    def whole(self, key: str, default: int | None = None, *, least: int = 0) -> int:
        """A whole number."""
        value = self._given(key, default)
        if value is None:
            return default or least
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST:
            self.problem(key, "whole_expected", least=least, most=LARGEST)
            return default or least
        return value

    def optional_whole(self, key: str, *, least: int = 0) -> int | None:
        """A whole number or None."""
        return self.whole(key, least=least) if key in self.table else None

    def day(self, key: str) -> date:
        """A required day."""
        return self.optional_day(key, required=True) or date.max

    def optional_day(self, key: str, *, required: bool = False) -> date | None:
        """A day, written without quotes."""
        value = self._given(key, None if required else "")
        if value is None or value == "":
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.problem(key, "day_expected")
        return None

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E | None:
        """A member of an enumeration, "" being none."""
        value = self.table.get(key, default)
        if value is None or value == "":
            return default
        return self.member(key, kind, value) or default

    def member(self, key: str, kind: type[E], value: object) -> E | None:
        """The member that a value names."""
        try:
            return kind(str(value))
        except ValueError:
            self.wrong_choice(key, value, [one.value for one in kind])
            return None

    def word(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """One of a few words."""
        value = self._given(key, default)
        if value in choices:
            return str(value)
        if value is not None:
            self.wrong_choice(key, value, choices)
        return default if default is not None else choices[0]

    def wrong_choice(self, key: str, value: object, choices: Iterable[str]) -> None:
        """Keep that a value is none of the choices, with the nearest."""
        names = [one for one in choices if one]
        near = get_close_matches(str(value), names, n=1, cutoff=0.5)
        shown = str(value)[:40]
        if near:
            self.problem(key, "choice_near", value=shown, near=near[0])
        else:
            self.problem(key, "choice", value=shown, known=", ".join(names))

    def share(self, key: str, default: Fraction | None = None) -> Fraction | None:
        """A share from 0 to 1: "1/2" or "50%"."""
        value = self.table.get(key)
        if value is None:
            return default
        found = exact(value)
        if found is None or not 0 <= found <= 1:
            self.problem(key, "share_expected")
            return default
        return found

    def credits(self, key: str, framework: Framework) -> int | None:
        """Credits, "2.5" or 3, in the framework's smallest step; None where absent."""
        value = self.table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | str):
            self.problem(key, "credits_expected")
            return None
        try:
            return framework.amount(value)
        except InvalidInput as error:
            code = error.code.rpartition(".")[2]
            self.problem(key, code, **error.parameters)
            return None

    def tenths(self, key: str, default: int | None = None) -> int | None:
        """A number of levels with at most one decimal, "4.5", as tenths."""
        value = self.table.get(key)
        if value is None:
            return default
        found = exact(value)
        if found is None or found < 0 or (found * 10).denominator != 1 or found > 1000:
            self.problem(key, "tenths_expected")
            return default
        return int(found * 10)

    def inner(self, key: str, known: Iterable[str]) -> "TableReader":
        """The table that stands under a key; an empty one where there is none."""
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            self.problem(key, "table_expected", found=_kind(value))
            value = {}
        return TableReader(self.problems, self.place(key), value, known)

    def words(self, key: str) -> dict[str, str]:
        """A table from text to text, such as grades; whole numbers count as their digits."""
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            self.problem(key, "table_expected", found=_kind(value))
            return {}
        whole = {name: str(one) if type(one) is int else one for name, one in value.items()}
        return {name: self.line(f"{key}.{name}", one) for name, one in whole.items()}

    def counts(self, key: str) -> dict[str, int]:
        """A table from text to whole numbers."""
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            self.problem(key, "table_expected", found=_kind(value))
            return {}
        found = {}
        for name, one in value.items():
            if type(one) is not int or not 0 <= one <= LARGEST:
                self.problem(f"{key}.{name}", "whole_expected", least=0, most=LARGEST)
            else:
                found[name] = one
        return found

    def shares(self, key: str) -> dict[str, Fraction]:
        """A table from text to shares."""
        reader = self.inner(key, self.table[key] if isinstance(self.table.get(key), dict) else ())
        return {name: found for name in reader.table if (found := reader.share(name)) is not None}

    def items(self, key: str) -> list[Any]:
        """A list, empty where there is none."""
        value = self.table.get(key, [])
        if isinstance(value, list):
            return value
        self.problem(key, "list_expected", found=_kind(value))
        return []

    def tables(self, key: str, known: Iterable[str]) -> list["TableReader"]:
        """A list of tables."""
        names, found = tuple(known), []
        for n, value in enumerate(self.items(key)):
            if isinstance(value, dict):
                found.append(TableReader(self.problems, self.place(f"{key}[{n}]"), value, names))
            else:
                self.problem(f"{key}[{n}]", "table_expected", found=_kind(value))
        return found

    def _given(self, key: str, default: object) -> Any:
        if key not in self.table and default is None:
            self.problem(key, "key_missing")
        return self.table.get(key, default)


def exact(value: object) -> Fraction | None:
    """A whole number, "2.5", "1/2" or "50%" as an exact number; None for anything else, floats too."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if not isinstance(value, str) or len(value) > 20:
        return None
    text, percent = value.strip(), Fraction(1)
    if text.endswith("%"):
        text, percent = text[:-1].strip(), Fraction(1, 100)
    upper, slash, lower = text.partition("/")
    try:
        number = _fraction(upper)
        return number / _fraction(lower) * percent if slash else number * percent
    except (InvalidOperation, ValueError, ZeroDivisionError, OverflowError):
        return None


def _fraction(text: str) -> Fraction:
    """A decimal as it is; "1e99999999" would take minutes to write out, and is none."""
    number = Decimal(text)
    if abs(number.adjusted()) > LONGEST_NUMBER:
        raise ValueError
    return Fraction(number)


def _kind(value: object) -> str:
    names: dict[type, str] = {
        bool: "flag", int: "number", float: "number", str: "text", list: "list", dict: "table", date: "day",
    }  # fmt: skip
    return names.get(type(value), "other")
