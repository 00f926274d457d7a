"""The error tree of the accessibility library: a stable code and parameters, never a sentence.

Sentences for people stand in ``accessibility/sentences``, keyed by ``error.<code>``.
"""

from typing import ClassVar, Literal

ErrorKind = Literal["invalid", "forbidden", "missing", "conflict", "unavailable"]
Parameter = str | int | None


class AccessibilityError(Exception):
    """A call that could not be carried out.

    ``code`` is stable, lower case, dotted (``voice.too_long``); ``parameters`` are the values that its sentence names.
    ``kind`` says what sort of failure it is, for an edge that speaks HTTP.
    """

    kind: ClassVar[ErrorKind] = "invalid"

    def __init__(self, code: str, /, **parameters: Parameter) -> None:
        super().__init__(code, parameters)
        self.code = code
        self.parameters = parameters

    def __str__(self) -> str:
        return f"{self.code} {self.parameters}" if self.parameters else self.code


class InvalidInput(AccessibilityError):
    """What was given is malformed or breaks a rule."""


class Unavailable(AccessibilityError):
    """It cannot be done here or now: a package or a model is absent or does not load."""

    kind = "unavailable"
