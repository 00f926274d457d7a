"""Where a decision departs from what was proposed: it may, with a reason (rule R31)."""

from collections.abc import Collection
from dataclasses import dataclass

from credit_bank.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Departure:
    """Candidates that were proposed and are not granted, and granted ones that were not proposed, in order."""

    left_out: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def is_one(self) -> bool:
        """Whether the decision differs at all."""
        return bool(self.left_out or self.added)


def compare(proposed: Collection[str], granted: Collection[str], known: Collection[str]) -> Departure:
    """How the granted candidates differ from those proposed.

    Raises InvalidInput ``case.candidate_unknown`` for one that was no candidate.
    """
    for one in granted:
        if one not in known:
            raise InvalidInput("case.candidate_unknown", candidate=one[:80])
    return Departure(tuple(c for c in proposed if c not in granted), tuple(c for c in granted if c not in proposed))


def check_reason(departure: Departure, reason: str) -> str:
    """The reason, trimmed. Raises InvalidInput ``case.departure_reason_missing`` for a departure without one."""
    plain = " ".join(reason.split())
    if departure.is_one and len(plain) < 2:
        raise InvalidInput("case.departure_reason_missing")
    return plain
