"""Reports: what was checked, what came of each check, and what to do next.

A question such as "is this credential good?" has no yes or no; it has a list of named checks, all of them run, each
with an outcome of its own. An import has a list of row problems. Neither has a truth value.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn

from credit_bank.errors import CreditBankError, Parameter


class Outcome(StrEnum):
    """What came of one check, or of a whole report."""

    PASS = "pass"  # noqa: S105 - the outcome's name
    FAIL = "fail"
    UNCHECKED = "could-not-be-checked"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class Check:
    """One numbered check of a verification.

    ``number`` and ``name`` identify the check in code, docs and pages alike; ``code`` says what was found
    (``proof.signature_mismatch``) and keys its sentence ``check.<code>``; ``required`` says whether a verdict of "pass"
    needs this check to pass (a pending log receipt, for one, does not stop a verdict).
    """

    number: int
    name: str
    outcome: Outcome
    code: str
    parameters: dict[str, Parameter] = field(default_factory=dict)
    required: bool = True

    def as_dict(self) -> dict[str, object]:
        """The check as plain JSON values."""
        return {
            "number": self.number,
            "name": self.name,
            "outcome": self.outcome.value,
            "code": self.code,
            "parameters": dict(self.parameters),
            "required": self.required,
        }


class VerificationFailed(CreditBankError):
    """A report was required to pass and did not; ``report`` holds every check."""

    def __init__(self, report: "VerificationReport") -> None:
        worst = next((c for c in report.checks if c.outcome is Outcome.FAIL and c.required), None) or next(
            c for c in report.checks if c.required and c.outcome is Outcome.UNCHECKED
        )
        super().__init__("verification.failed", check=worst.name, finding=worst.code)
        self.report = report


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """Every check of one credential, in order. It has no truth value: read ``outcome`` or call ``require``."""

    checks: tuple[Check, ...]

    @property
    def outcome(self) -> Outcome:
        """FAIL if any check failed; else UNCHECKED if a required one could not be checked; else PASS."""
        if any(c.outcome is Outcome.FAIL for c in self.checks):
            return Outcome.FAIL
        if any(c.outcome is Outcome.UNCHECKED and c.required for c in self.checks):
            return Outcome.UNCHECKED
        return Outcome.PASS

    def check(self, name: str) -> Check:
        """The check of that name. Raises KeyError when the report has none."""
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(name)

    def require(self) -> "VerificationReport":
        """Return the report itself when its outcome is PASS; raise VerificationFailed otherwise."""
        if self.outcome is not Outcome.PASS:
            raise VerificationFailed(self)
        return self

    def as_dict(self) -> dict[str, object]:
        """The report as plain JSON values: ``{"outcome": …, "checks": […]}``."""
        return {"outcome": self.outcome.value, "checks": [c.as_dict() for c in self.checks]}

    def __bool__(self) -> NoReturn:
        raise TypeError("a report has no truth value; read .outcome or call .require()")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One thing wrong with an imported file.

    ``row`` is the row as the file's own program numbers it (the header is row 1; 0 means the file as a whole; for JSON,
    the index of the element, from 1); ``column`` is the header as written in the file, or None for the whole row;
    ``code`` keys its sentence ``row.<code>``.
    """

    row: int
    column: str | None
    code: str
    parameters: dict[str, Parameter] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """The problem as plain JSON values."""
        return {"row": self.row, "column": self.column, "code": self.code, "parameters": dict(self.parameters)}


class ImportRefused(CreditBankError):
    """An import found problems, so nothing of it was taken; ``problems`` lists them all."""

    def __init__(self, problems: Iterable[RowProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("import.refused", problems=len(self.problems))

    def __iter__(self) -> Iterator[RowProblem]:
        return iter(self.problems)
