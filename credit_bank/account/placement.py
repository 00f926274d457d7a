"""Where an outcome's unused credits stand: free, or set aside because of its credential, its last day or a duplicate.

Used credits (held, consumed) stay where people's decisions put them, whatever becomes of the outcome (rule R27).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from credit_bank.account.balance import Lot
from credit_bank.account.posting import Account

_GOOD = ("recorded", "issued")


@dataclass(frozen=True, slots=True)
class Standing:
    """An outcome with its lot, its state (recorded, issued, suspended, revoked) and what it is a duplicate of."""

    outcome_id: UUID
    state: str
    duplicate_of: UUID | None
    lot: Lot

    @property
    def root(self) -> UUID:
        """The outcome under which it and its duplicates are known."""
        return self.duplicate_of or self.outcome_id

    def lasts(self, today: date) -> bool:
        """Whether today is not after its last day."""
        return self.lot.expires_on is None or self.lot.expires_on >= today


def places(standings: Sequence[Standing], today: date) -> dict[UUID, Account | None]:
    """Where each outcome's unused credits stand today: the account, or None for free.

    All duplicates of an outcome must be among them: of these, one counts (rule R16). That is one that is good and has
    not expired, before all one that is used or recognised already.
    """
    groups: dict[UUID, list[Standing]] = {}
    for standing in standings:
        groups.setdefault(standing.root, []).append(standing)
    counting = {min(group, key=lambda s: _rank(s, today)).outcome_id for group in groups.values()}
    return {s.outcome_id: _place(s, s.outcome_id in counting, today) for s in standings}


def _rank(standing: Standing, today: date) -> tuple[bool, bool, bool, bool, bool, bool, UUID]:
    lot = standing.lot
    good = standing.state in _GOOD
    return (
        not good,
        not standing.lasts(today),
        not lot.uses,
        lot.recognition is None,
        standing.state != "issued",
        standing.duplicate_of is not None,
        standing.outcome_id,
    )


def _place(standing: Standing, counts: bool, today: date) -> Account | None:
    if standing.state == "revoked":
        return Account.REVOKED
    if standing.state == "suspended":
        return Account.SUSPENDED
    if not counts:
        return Account.DUPLICATE
    return None if standing.lasts(today) else Account.EXPIRED
