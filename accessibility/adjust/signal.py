"""What may be noticed of how a person gets on: which page, how often, how long; never what was written or said.

Kept as sums for each day, page and kind, so that what is kept stays small and is readable by the person it is about.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import median
from types import MappingProxyType
from typing import Literal

Kind = Literal[
    "zoomed",
    "missed",
    "wrong_press",
    "sideways",
    "lingered",
    "went_back",
    "refused_form",
    "replayed",
    "slowed",
    "asked_again",
    "chose_easy",
    "chose_sound",
]

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "zoomed": "a page was enlarged by hand",
        "missed": "a press came down beside a control",
        "wrong_press": "a press was undone within a few seconds",
        "sideways": "a page was pushed sideways to be read",
        "lingered": "seconds for a hundred characters of a page",
        "went_back": "the reader went back up by a screen",
        "refused_form": "a form came back with what was missing",
        "replayed": "a sentence or a listening question was heard again",
        "slowed": "the reading voice was stopped or slowed",
        "asked_again": "the person said that they had not understood",
        "chose_easy": "the easy version was chosen by hand",
        "chose_sound": "a text was listened to that could be read",
    }
)
KINDS = frozenset(MEANINGS)
MOST_A_DAY = 200  # of one kind on one page: more than this is a script
MOST_AT_ONCE = 10_000  # what a page may tell of one kind, far beyond what is kept
LONGEST = 1800.0  # seconds for a hundred characters: nobody was reading any more
WINDOW = timedelta(days=14)
"""How far back what was noticed counts, and after which it is forgotten, except for one's own usual pace."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What was noticed on a day on a page: how often, and the sum of the amounts where a kind has one (seconds)."""

    day: date
    kind: str
    page: str
    count: int = 1
    amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a change: how often, on how many pages, on how many days, and how many times one's own pace."""

    kind: str
    count: int
    pages: int
    days: int
    ratio: float | None = None


def add(there: Noticed | None, new: Noticed) -> Noticed:
    """The sum of both, at most ``MOST_A_DAY``; what comes beyond it is left out with its amount.

    Raises ValueError for a kind that is not kept, for a count below one or an amount that cannot be.
    """
    if new.kind not in KINDS or not 1 <= new.count <= MOST_AT_ONCE or not 0 <= new.amount <= LONGEST * new.count:
        raise ValueError("not something that is kept")
    if there is None:
        taken = min(new.count, MOST_A_DAY)
        return replace(new, count=taken, amount=new.amount * taken / new.count)
    taken = min(new.count, MOST_A_DAY - there.count)
    return replace(there, count=there.count + taken, amount=there.amount + new.amount * taken / new.count)


def evidence(noticed: Iterable[Noticed], kind: str, since: date) -> Evidence:
    """How often something was noticed from that day on."""
    rows = [row for row in noticed if row.kind == kind and row.day >= since]
    return Evidence(kind, sum(r.count for r in rows), len({r.page for r in rows}), len({r.day for r in rows}))


def slowing(noticed: Sequence[Noticed], since: date) -> Evidence:
    """How much longer reading takes from that day on than it did before, against the person's own median only.

    ``count`` is the pages read since; ``ratio`` is None while there are fewer than five readings before or three since.
    """
    paces = [(row.day, row.amount / row.count, row) for row in noticed if row.kind == "lingered"]
    before = [pace for day, pace, _row in paces if day < since]
    rows = [(pace, row) for day, pace, row in paces if day >= since]
    ratio = None
    if len(before) >= 5 and len(rows) >= 3 and median(before) > 0:
        ratio = median([pace for pace, _row in rows]) / median(before)
    return Evidence("lingered", len(rows), len({r.page for _, r in rows}), len({r.day for _, r in rows}), ratio)
