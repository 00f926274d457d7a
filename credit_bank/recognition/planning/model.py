"""The best use of outcomes as an integer program: what may be chosen, what binds it, and what it is worth.

One yes or no for each open candidate of each programme. Rows: what is left of each outcome for each kind of use, over
all programmes together; one side of each exclusion; every cap. What counts towards graduation is written as the
largest number ``v`` with

* ``v ≤ Σ filled + Σ extra``, where ``filled ≤ least`` and ``extra ≤ most - least`` of each component, together at most
  what the component has, and all ``extra`` at most the total less all ``least``;
* ``v ≤ total - bound + counted`` for each minimum of rule R12.

With the choice fixed this is exactly ``Choice.counts``, by which every answer is checked.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import gcd

from credit_bank.recognition.evaluation.case import Case, Part
from credit_bank.recognition.evaluation.precedence import rank

Row = dict[int, int]
Key = tuple[int, str]


@dataclass(slots=True)
class Model:
    """Columns with their bounds, and rows ``Σ coefficient · column ≤ bound``, all whole numbers.

    ``columns`` maps (case, candidate) to the column that says whether it is chosen; these come first. ``now`` and
    ``later`` are the columns of what counts in each case, at once and after bridges. ``spent`` has, for each outcome,
    the column that is 1 where it is used and the day until which it is good; ``standing`` the place of each candidate
    in the order of precedence, from 0.
    """

    columns: dict[Key, int] = field(default_factory=dict)
    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    rows: list[tuple[Row, int]] = field(default_factory=list)
    now: list[int] = field(default_factory=list)
    later: list[int] = field(default_factory=list)
    spent: list[tuple[int, date]] = field(default_factory=list)
    standing: dict[int, int] = field(default_factory=dict)

    def column(self, lower: int, upper: int) -> int:
        """A new column with these bounds."""
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.lower) - 1

    def at_most(self, row: Row, bound: int) -> None:
        """A row, unless its columns cannot exceed the bound; divided by what divides all of its coefficients."""
        highest = sum(value * (self.upper[at] if value > 0 else self.lower[at]) for at, value in row.items())
        if highest <= bound:
            return
        divisor = gcd(*row.values())
        whole = all(at < len(self.columns) for at in row)
        self.rows.append(
            ({at: value // divisor for at, value in row.items()}, bound // divisor) if whole else (row, bound)
        )


def build(cases: Sequence[Case], open: Sequence[Collection[str]]) -> Model:
    """The model of these programmes together; ``open`` names the candidates of each case that may be chosen."""
    model = Model()
    for n, case in enumerate(cases):
        for id in case.open:
            model.columns[n, id] = model.column(0, int(id in open[n]))
    _capacities(model, cases)
    for n, case in enumerate(cases):
        _exclusions(model, n, case)
        _caps(model, n, case)
    for n, case in enumerate(cases):
        model.now.append(_measure(model, n, case, bridged=False))
        bridged = any(target.bridged for id in open[n] for target in case.entries[id].targets)
        model.later.append(_measure(model, n, case, bridged=True) if bridged else model.now[-1])
    _spending(model, cases)
    ranks = sorted({rank(case.by_id[id]) for case in cases for id in case.open})
    place = {each: number for number, each in enumerate(ranks)}
    model.standing = {at: place[rank(cases[n].by_id[id])] for (n, id), at in model.columns.items()}
    return model


def _capacities(model: Model, cases: Sequence[Case]) -> None:
    rows: dict[tuple[str, str], Row] = {}
    left: dict[tuple[str, str], int] = {}
    for n, case in enumerate(cases):
        for capacity in case.capacities:
            key = (capacity.outcome, capacity.use)
            rows.setdefault(key, {}).update({model.columns[n, id]: load for id, load in capacity.loads.items()})
            left[key] = capacity.left
    for key, row in rows.items():
        model.at_most(row, left[key])


def _exclusions(model: Model, n: int, case: Case) -> None:
    for exclusion in case.exclusions:
        row: Row = {}
        for side, ids in exclusion.sides.items():
            columns = [model.columns[n, id] for id in ids]
            if exclusion.taken:
                if side != exclusion.taken:
                    for at in columns:
                        model.upper[at] = 0
            elif len(columns) == 1:
                row[columns[0]] = 1
            else:
                any_of = model.column(0, 1)
                row[any_of] = 1
                for at in columns:
                    model.at_most({at: 1, any_of: -1}, 0)
        if row:
            model.at_most(row, 1)


def _caps(model: Model, n: int, case: Case) -> None:
    for counter in case.counters:
        if counter.sense != "at-most":
            continue
        bound = counter.bound - counter.already
        row = {model.columns[n, id]: weight for id, weight in counter.weights.items() if (n, id) in model.columns}
        for at, weight in row.items():
            if weight > bound:
                model.upper[at] = 0
        fitting = {at: weight for at, weight in row.items() if weight <= bound}
        if fitting:
            model.at_most(fitting, bound)


def _measure(model: Model, n: int, case: Case, *, bridged: bool) -> int:
    """The column of what counts; see the module."""
    value = model.column(0, case.total)
    terms: Row = {value: 1}
    shared: Row = {}
    for part in case.parts:
        filled, extra = model.column(0, part.least), model.column(0, _beyond(part, case.total))
        row: Row = {filled: 1, extra: 1}
        for id in case.open:
            gives = sum(
                target.credits + (target.bridged if bridged else 0)
                for target in case.entries[id].targets
                if target.component == part.id
            )
            if gives:
                row[model.columns[n, id]] = -gives
        model.rows.append((row, part.have))
        terms |= {filled: -1, extra: -1}
        shared[extra] = 1
    model.rows.append((terms, 0))
    model.rows.append((shared, case.total - sum(part.least for part in case.parts)))
    for counter in case.minimums:
        weights = {model.columns[n, id]: -more for id, more in counter.weights.items() if (n, id) in model.columns}
        model.rows.append(({value: 1} | weights, case.total - counter.bound + counter.already))
    return value


def _beyond(part: Part, total: int) -> int:
    return total if part.most is None else min(max(part.most - part.least, 0), total)


def _spending(model: Model, cases: Sequence[Case]) -> None:
    """A column for each outcome that is at least each candidate that uses it."""
    users: dict[str, list[int]] = {}
    until: dict[str, date] = {}
    for (n, id), at in model.columns.items():
        for outcome in cases[n].by_id[id].spends:
            users.setdefault(outcome, []).append(at)
            until[outcome] = cases[n].outcomes[outcome].valid_until or date.max
    for outcome, columns in sorted(users.items()):
        used = columns[0] if len(columns) == 1 else model.column(0, 1)
        for at in columns if len(columns) > 1 else ():
            model.rows.append(({at: 1, used: -1}, 0))
        model.spent.append((used, until[outcome]))
