"""A reason: a code and the numbers and ids that its sentence names. The words are in the catalogue of sentences."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from adaptive.errors import Parameter


class Reason(NamedTuple):
    """Why something was chosen, left out or proposed.

    ``code`` names the sentence ``reason.<code>``; ``parameters`` are (name, value) pairs, so that a reason can be
    compared and hashed. Probabilities are whole percents, times whole minutes, days or weeks.
    """

    code: str
    parameters: tuple[tuple[str, Parameter], ...] = ()

    @property
    def values(self) -> dict[str, Parameter]:
        """The parameters by name."""
        return dict(self.parameters)

    def as_json(self) -> dict[str, Any]:
        """``{"code": …, "parameters": {…}}``."""
        return {"code": self.code, "parameters": dict(self.parameters)}

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> "Reason":
        """Read what ``as_json`` wrote."""
        return cls(given["code"], tuple(given["parameters"].items()))


def because(code: str, /, **parameters: Parameter) -> Reason:
    """A reason with its parameters by name."""
    return Reason(code, tuple(parameters.items()))


def codes(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """Their codes, in order."""
    return tuple(reason.code for reason in reasons)
