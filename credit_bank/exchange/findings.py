"""What an import found: problems, which stop it, and notices, which the person should see but which stop nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from credit_bank.errors import Parameter
from credit_bank.exchange.mapping import ColumnMapping
from credit_bank.report import ImportRefused, RowProblem

MAX_PROBLEMS = 1000
_ROWS_NAMED = 10

RowType = TypeVar("RowType")


@dataclass(frozen=True, slots=True)
class Notice:
    """Something unusual that was taken as it stands: once per code and column, with the number of rows it was seen in.

    ``rows`` names the first ten of them; ``code`` keys the sentence ``row.<code>``, filled in from ``parameters``.
    """

    code: str
    column: str | None
    count: int
    rows: tuple[int, ...]
    parameters: dict[str, Parameter] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """The notice as plain JSON values."""
        return {
            "code": self.code,
            "column": self.column,
            "count": self.count,
            "rows": list(self.rows),
            "parameters": dict(self.parameters),
        }


@dataclass(frozen=True, slots=True)
class Reading(Generic[RowType]):
    """What came of reading a table: its rows as values, or the problems for which nothing of it may be taken.

    ``problems`` holds at most 1,000; where there were more (``more``), the last one says how many
    (``more_problems``). ``rows`` holds the rows without a problem, for a preview; importing takes ``require()``.
    """

    rows: tuple[RowType, ...]
    problems: tuple[RowProblem, ...]
    more: int
    notices: tuple[Notice, ...]
    mapping: ColumnMapping

    def require(self) -> tuple[RowType, ...]:
        """All rows, if there is no problem at all; raises ImportRefused otherwise."""
        if self.problems:
            raise ImportRefused(self.problems)
        return self.rows


class Findings:
    """Collects problems (up to a limit, counting the rest) and notices (grouped by code and column)."""

    def __init__(self, limit: int = MAX_PROBLEMS) -> None:
        self._limit = limit
        self._problems: list[RowProblem] = []
        self._more = 0
        self._notices: dict[tuple[str, str | None], tuple[list[int], list[int], dict[str, Parameter]]] = {}

    @property
    def count(self) -> int:
        """How many problems there are by now, those beyond the limit included."""
        return len(self._problems) + self._more

    def add(self, problem: RowProblem) -> None:
        """Take a problem."""
        if len(self._problems) < self._limit:
            self._problems.append(problem)
        else:
            self._more += 1

    def problem(
        self, row: int, column: str | None, code: str, parameters: Mapping[str, Parameter] | None = None
    ) -> None:
        """Take a problem by its parts."""
        self.add(RowProblem(row, column, code, dict(parameters or {})))

    def notice(
        self, row: int, column: str | None, code: str, parameters: Mapping[str, Parameter] | None = None
    ) -> None:
        """Take a notice; the parameters of the first of its kind are kept."""
        counter, rows, _ = self._notices.setdefault((code, column), ([0], [], dict(parameters or {})))
        counter[0] += 1
        if row and len(rows) < _ROWS_NAMED:
            rows.append(row)

    def reading(self, rows: list[RowType], mapping: ColumnMapping) -> Reading[RowType]:
        """Close the collection."""
        problems = list(self._problems)
        if self._more:
            problems.append(RowProblem(0, None, "more_problems", {"count": self._more}))
        notices = tuple(
            Notice(code, column, counter[0], tuple(named), parameters)
            for (code, column), (counter, named, parameters) in self._notices.items()
        )
        return Reading(tuple(rows), tuple(problems), self._more, notices, mapping)
