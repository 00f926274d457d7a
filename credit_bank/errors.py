"""The error tree of the credit bank: a stable code and parameters, never a sentence.

Sentences for people live in ``credit_bank/sentences/*.toml``, keyed by ``error.<code>``, in zh-CN and en. A caller that
shows an error to a person looks the code up there; a caller that speaks HTTP maps ``kind`` to a status.
"""

from typing import ClassVar, Literal

ErrorKind = Literal["invalid", "forbidden", "missing", "conflict", "unavailable"]
Parameter = str | int | None


class CreditBankError(Exception):
    """A call that could not be carried out.

    ``code`` is stable, lower case, dotted (``issuing.course_unknown``); ``parameters`` are the values that its sentence
    names. ``kind`` says what sort of failure it is: invalid (the caller's input), forbidden, missing (no such thing),
    conflict (the state does not allow it), unavailable (try again later).
    """

    kind: ClassVar[ErrorKind] = "invalid"

    def __init__(self, code: str, /, **parameters: Parameter) -> None:
        super().__init__(code, parameters)
        self.code = code
        self.parameters = parameters

    def __str__(self) -> str:
        return f"{self.code} {self.parameters}" if self.parameters else self.code


class InvalidInput(CreditBankError):
    """What was given is malformed or breaks a rule."""


class Forbidden(CreditBankError):
    """The actor has no right to do this."""

    kind = "forbidden"


class Missing(CreditBankError):
    """The thing named does not exist, or not for this actor."""

    kind = "missing"


class Conflict(CreditBankError):
    """The state of the ledger does not allow it (already revoked, already used, changed meanwhile)."""

    kind = "conflict"


class Unavailable(CreditBankError):
    """It cannot be done now; nothing was changed; trying again later may work."""

    kind = "unavailable"
