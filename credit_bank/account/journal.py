"""Journals: one movement of credits, whole, with who decided it, when, by which rules and why (rules R15, R19, R28)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from credit_bank.account.posting import Posting, imbalance
from credit_bank.errors import InvalidInput

_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")


def is_code(text: str) -> bool:
    """Whether it can name a reason or a use: lower case, figures, underscores; at most 60 characters."""
    return bool(_CODE.match(text))


class Movement(StrEnum):
    """What a journal does."""

    EARN = "earn"
    RECOGNISE = "recognise"
    CONVERT = "convert"
    CONSUME = "consume"
    EXPIRE = "expire"
    SUSPEND = "suspend"
    REVOKE = "revoke"
    SET_ASIDE = "set-aside"
    REVALIDATE = "revalidate"
    REVERSE = "reverse"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The version of the rules that a decision was taken under: its id, and the SHA-256 of its text (32 bytes)."""

    id: UUID
    sha256: bytes

    def __post_init__(self) -> None:
        if len(self.sha256) != 32:
            raise InvalidInput("account.rule_set_malformed")


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided a movement and why.

    ``id`` names the decision, so that sending it again changes nothing; ``reason`` is a code; ``institution_id`` and
    ``by`` say which institution and who there, None for the bank itself acting by date. Raises InvalidInput
    ``account.reason_malformed``.
    """

    id: UUID
    reason: str
    institution_id: UUID | None = None
    by: UUID | None = None
    rule_set: RuleSet | None = None

    def __post_init__(self) -> None:
        if not is_code(self.reason):
            raise InvalidInput("account.reason_malformed", reason=self.reason[:60])


@dataclass(frozen=True, slots=True)
class Journal:
    """One movement; its postings sum to zero in each denomination.

    ``outcome_id`` names the outcome that it is about, where it is about one; ``reverses`` the journal that it takes
    back; ``expires_on`` the last day of the outcome's credits from this movement on (None: no last day, or unchanged by
    it); ``use`` what a conversion uses its outcomes for. Raises InvalidInput ``account.unbalanced``.
    """

    id: UUID
    movement: Movement
    decision: Decision
    posted_at: datetime
    postings: tuple[Posting, ...]
    outcome_id: UUID | None = None
    reverses: UUID | None = None
    expires_on: date | None = None
    use: str = ""

    def __post_init__(self) -> None:
        if imbalance(self.postings):
            raise InvalidInput("account.unbalanced", movement=self.movement.value)


def standing(journals: Sequence[Journal]) -> list[Journal]:
    """The journals that count: neither taken back nor taking back another."""
    gone = {j.reverses for j in journals if j.movement is Movement.REVERSE}
    return [j for j in journals if j.id not in gone and j.movement is not Movement.REVERSE]
