"""What an import or export says besides its result: what was left out, and what was changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from adaptive.errors import Parameter

Loss = Literal["left_out", "changed"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something of a file that does not arrive as it was.

    ``file`` is the path inside the package ("" for a file that is not one), ``place`` what people find it by there: an
    identifier, a title, a line. The sentence is ``fault.exchange.<code>``. ``loss`` is ``left_out`` for what is not
    taken at all, ``changed`` for what is taken in a simpler shape.
    """

    file: str
    place: str
    code: str
    loss: Loss = "left_out"
    parameters: Mapping[str, Parameter] = field(default_factory=dict)


class Problems:
    """Problems as they are found while reading one file of a package; ``at`` gives the same list for another file."""

    def __init__(self, file: str = "", found: list[Problem] | None = None) -> None:
        self.file = file
        self._found: list[Problem] = [] if found is None else found

    def at(self, file: str) -> "Problems":
        """The same problems, found in another file from now on."""
        return Problems(file, self._found)

    def left_out(self, place: str, code: str, **parameters: Parameter) -> None:
        """Note something that is not taken."""
        self._add(Problem(self.file, place, code, "left_out", parameters))

    def changed(self, place: str, code: str, **parameters: Parameter) -> None:
        """Note something that is taken in a simpler shape."""
        self._add(Problem(self.file, place, code, "changed", parameters))

    def _add(self, problem: Problem) -> None:
        if problem not in self._found:
            self._found.append(problem)

    def all(self) -> tuple[Problem, ...]:
        """What was found, in its order."""
        return tuple(self._found)
