"""A fault of a content folder: where it is, what it is, and how much it matters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from adaptive.errors import Parameter

Severity = Literal["error", "notice"]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file, at a line counted from 1 (0 where the whole file is meant).

    ``code`` is stable (``content.skill_unknown``); its sentence is ``fault.<code>``. An error keeps content out of a
    library; a notice is for the author to look at.
    """

    file: str
    line: int
    code: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    severity: Severity = "error"


class Faults:
    """Collects faults while a folder is read; all of them, not the first."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def error(self, file: str, line: int, code: str, /, **parameters: Parameter) -> None:
        """Something that has to be put right."""
        self.found.append(Fault(file, line, code, parameters))

    def notice(self, file: str, line: int, code: str, /, **parameters: Parameter) -> None:
        """Something to look at."""
        self.found.append(Fault(file, line, code, parameters, "notice"))

    def in_order(self) -> tuple[Fault, ...]:
        """By file and line; each once."""
        once = {(f.file, f.line, f.code, tuple(sorted(f.parameters.items(), key=str))): f for f in self.found}
        return tuple(sorted(once.values(), key=lambda f: (f.file, f.line, f.code)))
