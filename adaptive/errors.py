"""The error tree of the adaptive library: a stable code and parameters, never a sentence.

Sentences for people live in ``adaptive/sentences/*.toml``, keyed by ``error.<code>``, in zh-CN and English.
"""

from typing import ClassVar, Literal

ErrorKind = Literal["invalid", "forbidden", "missing", "conflict", "unavailable"]
Parameter = str | int | None


class AdaptiveError(Exception):
    """A call that could not be carried out.

    ``code`` is stable, lower case, dotted (``content.item_unknown``); ``parameters`` are the values that its sentence
    names. ``kind`` says what sort of failure it is, for an edge that speaks HTTP.
    """

    kind: ClassVar[ErrorKind] = "invalid"

    def __init__(self, code: str, /, **parameters: Parameter) -> None:
        super().__init__(code, parameters)
        self.code = code
        self.parameters = parameters

    def __str__(self) -> str:
        return f"{self.code} {self.parameters}" if self.parameters else self.code


class InvalidInput(AdaptiveError):
    """What was given is malformed or breaks a rule."""


class Forbidden(AdaptiveError):
    """The actor has no right to do this."""

    kind = "forbidden"


class Missing(AdaptiveError):
    """The thing named does not exist, or not for this actor."""

    kind = "missing"


class Conflict(AdaptiveError):
    """The state does not allow it (answered already, finished, changed meanwhile)."""

    kind = "conflict"


class Unavailable(AdaptiveError):
    """It cannot be done now; nothing was changed; trying again later may work."""

    kind = "unavailable"
