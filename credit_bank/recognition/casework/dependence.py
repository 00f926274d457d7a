"""What rests on what: from an outcome to recognitions, conversions and awards; how far a revocation reaches (R27)."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """``upon`` carries ``rests``: both are ids of outcomes or cases."""

    upon: str
    rests: str


def downstream(source: Iterable[str], links: Iterable[Link]) -> list[tuple[str, int]]:
    """Everything that rests on the sources, directly or not, with its distance, the nearest first; a circle ends."""
    found: dict[str, int] = {}
    carried: dict[str, list[str]] = {}
    for link in links:
        carried.setdefault(link.upon, []).append(link.rests)
    waiting = deque((one, 0) for one in source)
    begun = {one for one, _ in waiting}
    while waiting:
        here, far = waiting.popleft()
        for there in carried.get(here, []):
            if there not in begun:
                begun.add(there)
                found[there] = far + 1
                waiting.append((there, far + 1))
    return sorted(found.items(), key=lambda entry: (entry[1], entry[0]))
