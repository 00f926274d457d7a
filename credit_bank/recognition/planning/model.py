"""The best use of outcomes as an integer program: what may be chosen, what binds it, and what it is worth.

One yes or no for each open candidate of each programme. Rows: what is left of each outcome for each kind of use, over
all programmes together; one side of each exclusion; every cap. What counts towards graduation is written as the
largest number ``v`` with

* ``v ≤ Σ filled + Σ extra``, where ``filled ≤ least`` and ``extra ≤ most - least`` of each component, together at most
  what the component has, and all ``extra`` at most the total less all ``least``;
* ``v ≤ total - bound + counted`` for each minimum of rule R12.

With the choice fixed this is exactly ``Choice.counts``, by which every answer is checked.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import gcd

from credit_bank.recognition.evaluation.candidate import Candidate
from credit_bank.recognition.evaluation.case import Case, Part
from credit_bank.recognition.evaluation.precedence import rank

Row = dict[int, int]
Key = tuple[int, str]
Column = tuple[int, int]


@dataclass(slots=True)
class Model:
    """Columns with their bounds, and rows ``Σ coefficient · column ≤ bound``, all whole numbers.

    ``columns`` maps (case, candidate) to the column that says whether it is chosen; these come first. ``now`` and
    ``later`` are the columns of what counts in each case, at once and after bridges, with the steps that 1 stands for;
    those are among ``whole``, which take whole numbers too. ``spent`` has, for each outcome, the columns of which one
    is 1 where it is used, and the day until which it is good; ``standing`` the place of each candidate in the order of
    precedence, from 0.
    """

    columns: dict[Key, int] = field(default_factory=dict)
    lower: list[int] = field(default_factory=list)
    upper: list[int] = field(default_factory=list)
    rows: list[tuple[Row, int]] = field(default_factory=list)
    whole: list[int] = field(default_factory=list)
    now: list[Column] = field(default_factory=list)
    later: list[Column] = field(default_factory=list)
    spent: list[tuple[tuple[int, ...], date]] = field(default_factory=list)
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
    """At most one side. Where the candidates of a side exclude each other anyway they stand in the row themselves."""
    left = {(one.outcome, one.use): one.left for one in case.capacities}
    for exclusion in case.exclusions:
        row: Row = {}
        for side, ids in exclusion.sides.items():
            columns = [model.columns[n, id] for id in ids]
            if exclusion.taken:
                if side != exclusion.taken:
                    for at in columns:
                        model.upper[at] = 0
            elif len(columns) == 1 or _apart([case.by_id[id] for id in ids], left):
                row |= dict.fromkeys(columns, 1)
            else:
                any_of = model.column(0, 1)
                row[any_of] = 1
                for at in columns:
                    model.at_most({at: 1, any_of: -1}, 0)
        if row:
            model.at_most(row, 1)


def _apart(candidates: Sequence[Candidate], left: Mapping[tuple[str, str], int]) -> bool:
    """Whether all of these want one and the same outcome whole, for the same use."""
    shared = set.intersection(*(set(one.spends) for one in candidates))
    uses = {one.use for one in candidates}
    return len(uses) == 1 and any(
        all(2 * one.spends[id] > left[id, one.use] for one in candidates) for id in sorted(shared)
    )


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


def _measure(model: Model, n: int, case: Case, *, bridged: bool) -> Column:
    """The column of what counts, in the largest unit in which every amount of the case is whole; see the module."""
    gives: dict[str, Row] = {part.id: {} for part in case.parts}
    for id in case.open:
        for target in case.entries[id].targets:
            amount = target.credits + (target.bridged if bridged else 0)
            if amount:
                row = gives[target.component]
                row[model.columns[n, id]] = row.get(model.columns[n, id], 0) - amount
    minimums = [
        ({model.columns[n, id]: -more for id, more in one.weights.items()}, case.total - one.bound + one.already)
        for one in case.minimums
    ]
    rest = case.total - sum(part.least for part in case.parts)
    sizes = [(part.least, _beyond(part, case.total), part.have) for part in case.parts]
    amounts = [value for row in (*gives.values(), *(row for row, _bound in minimums)) for value in row.values()]
    unit = gcd(
        case.total, rest, *amounts, *(bound for _row, bound in minimums), *(one for some in sizes for one in some)
    )
    value = model.column(0, case.total // unit)
    model.whole.append(value)
    terms, shared = {value: 1}, {}
    for part, (least, beyond, have) in zip(case.parts, sizes, strict=True):
        filled, extra = model.column(0, least // unit), model.column(0, beyond // unit)
        row = {at: amount // unit for at, amount in gives[part.id].items()}
        model.rows.append(({filled: 1, extra: 1} | row, have // unit))
        terms |= {filled: -1, extra: -1}
        shared[extra] = 1
    model.rows.append((terms, 0))
    model.rows.append((shared, rest // unit))
    for row, bound in minimums:
        model.rows.append(({value: 1} | {at: amount // unit for at, amount in row.items()}, bound // unit))
    return value, unit


def _beyond(part: Part, total: int) -> int:
    return total if part.most is None else min(max(part.most - part.least, 0), total)


def _spending(model: Model, cases: Sequence[Case]) -> None:
    """What stands for each outcome being used: its candidates, if only one of them can be; else a column above them."""
    users: dict[str, list[Key]] = {}
    left = {(one.outcome, one.use): one.left for case in cases for one in case.capacities}
    for n, id in model.columns:
        for outcome in cases[n].by_id[id].spends:
            users.setdefault(outcome, []).append((n, id))
    for outcome, keys in sorted(users.items()):
        columns = [model.columns[key] for key in keys]
        until = cases[keys[0][0]].outcomes[outcome].valid_until or date.max
        if not _apart([cases[n].by_id[id] for n, id in keys], left):
            used = model.column(0, 1)
            model.rows += [({at: 1, used: -1}, 0) for at in columns]
            columns = [used]
        model.spent.append((tuple(columns), until))
