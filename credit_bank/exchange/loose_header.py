"""The header of a table of equivalences as people lay it out: below a title, on two lines, with names that repeat.

``Limits(header=equivalence_header)`` reads a table so, for measuring; what is imported has one plain header.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from itertools import islice

from credit_bank.exchange.equivalence_columns import map_equivalences
from credit_bank.exchange.rows import trimmed_header

LOOKED_AT = 15


def equivalence_header(rows: Iterable[tuple[int, Sequence[str]]]) -> tuple[int, tuple[str, ...]] | None:
    """The number of the header's last row, and the columns: the first among fifteen rows that says what is needed.

    Otherwise the first row of two cells or more; None where there is none.
    """
    looked = [(number, [" ".join(c.split()) for c in cells]) for number, cells in islice(rows, LOOKED_AT)]
    choices: list[tuple[int, tuple[str, ...]]] = []
    for n, (number, cells) in enumerate(looked):
        if n + 1 < len(looked) and (both := _on_two_lines(cells, looked[n + 1][1])):
            choices.append((looked[n + 1][0], _distinct(both)))
        choices.append((number, _distinct(list(trimmed_header(cells)))))
    for number, columns in choices:
        if sum(map(bool, columns)) > 1 and not map_equivalences(columns, {}, number).problems:
            return number, columns
    filled = [choice for choice in choices if sum(map(bool, choice[1])) > 1] or choices
    return next((choice for choice in filled if any(choice[1])), None)


def _on_two_lines(upper: Sequence[str], lower: Sequence[str]) -> list[str] | None:
    """Groups above and names below ("原修课程 | |" over "名称 | 学分"), put together; None if it is no such."""
    upper = [*upper, *[""] * (len(lower) - len(upper))]
    gaps = [n for n, cell in enumerate(lower) if cell and not upper[n]]
    if not gaps or sum(map(bool, upper)) < 2 or any(c.isdigit() for cell in lower for c in cell):
        return None
    found, group = [], ""
    for n, cell in enumerate(upper):
        below = lower[n] if n < len(lower) else ""
        group = cell or (group if below else "")
        found.append(f"{group} {below}".strip())
    return found


def _distinct(columns: Sequence[str]) -> tuple[str, ...]:
    """With a number behind names that came before, so that each column has a name of its own."""
    seen: dict[str, int] = {}
    found = []
    for column in columns:
        name = unicodedata.normalize("NFKC", column)[:200]
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 or not name else f"{name[:190]} #{'I' * seen[name]}")
    return tuple(found)
