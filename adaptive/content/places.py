"""Where in the files each part of a library stands, so that a fault found later can still name its line."""

from dataclasses import dataclass, field
from pathlib import Path

from adaptive.content.fault import Fault
from adaptive.content.model import Library
from adaptive.content.record import Record


@dataclass(slots=True)
class Place:
    """A record of a file: its first line, and the lines of its keys (``requires`` or ``requires phone.unlock``)."""

    file: str
    line: int
    keys: dict[str, int] = field(default_factory=dict)


class Places:
    """The places of skills, courses, items, forms and questions, by kind and id."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], Place] = {}

    def add(self, kind: str, id: str, record: Record, *lists: str) -> None:
        """Remember a record; of ``lists`` the line of each entry too."""
        place = Place(record.file, record.line, {key: record.line_of(key) for key in record.names()})
        for key in lists:
            for node in record.nodes(key):
                value = getattr(node, "value", None)
                if isinstance(value, str):
                    place.keys.setdefault(f"{key} {value.strip()}", node.line)
        self._places[kind, id] = place

    def put(self, kind: str, id: str, file: str, line: int) -> None:
        """Remember a part that is no record: a form's body."""
        self._places[kind, id] = Place(file, line)

    def holds(self, kind: str, id: str) -> bool:
        """Whether such a part was read."""
        return (kind, id) in self._places

    def of(self, kind: str, id: str, key: str | None = None, entry: str | None = None) -> tuple[str, int]:
        """File and line of a part, or of a key or a list's entry in it."""
        place = self._places[kind, id]
        line = place.keys.get(f"{key} {entry}") if entry is not None else None
        if line is None:
            line = place.keys.get(key, place.line) if key is not None else place.line
        return place.file, line


@dataclass(frozen=True, slots=True)
class Loaded:
    """A library as it was read: the faults found on the way, where everything stands, and each item's folder."""

    library: Library
    faults: tuple[Fault, ...]
    places: Places
    folders: dict[str, Path]
