"""Balances: what a learner has, by denomination and account, as a projection of the postings; and a learner's lots.

Nothing is stored but postings, so no sum can drift from them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from credit_bank.account.amount import Credit, Denomination
from credit_bank.account.journal import Journal, Movement, standing
from credit_bank.account.posting import FREE, HOLDINGS, PARKED, Account, Bucket, Posting, sums


@dataclass(frozen=True, slots=True)
class Balance:
    """What stands in one denomination on each account that holds credits for the learner, in smallest steps."""

    of: Denomination
    amounts: Mapping[Account, int]

    def __getitem__(self, account: Account) -> int:
        return self.amounts.get(account, 0)


def balances(postings: Iterable[Posting]) -> list[Balance]:
    """The balances by denomination, in the order of their codes; denominations with nothing in them are absent."""
    found: dict[Denomination, dict[Account, int]] = {}
    for bucket, amount in sums(postings).items():
        if bucket.account in HOLDINGS:
            accounts = found.setdefault(bucket.of, {})
            accounts[bucket.account] = accounts.get(bucket.account, 0) + amount
    return [Balance(of, found[of]) for of in sorted(found)]


@dataclass(frozen=True, slots=True)
class Use:
    """A live use of an outcome: for what, by which conversion, how much of it; ``part`` 1 unless the rule splits it."""

    id: UUID
    outcome_id: UUID
    use: str
    conversion_id: UUID
    amount: int
    part: int = 1
    split: bool = False


@dataclass(frozen=True, slots=True)
class Lot:
    """One outcome's credits: the journals about it, all balances that name it, and its live uses."""

    outcome_id: UUID
    journals: tuple[Journal, ...]
    standing_at: Mapping[Bucket, int]
    uses: tuple[Use, ...] = field(default=())

    def on(self, *accounts: Account) -> dict[Bucket, int]:
        """The balances on these accounts."""
        return {bucket: amount for bucket, amount in self.standing_at.items() if bucket.account in accounts}

    @property
    def free(self) -> dict[Bucket, int]:
        """What is neither used nor parked: waiting to be recognised, or available."""
        return self.on(*FREE)

    @property
    def live(self) -> list[Journal]:
        """The journals that count, the oldest first."""
        return sorted(standing(self.journals), key=lambda j: (j.posted_at, j.id))

    @property
    def parking(self) -> list[Journal]:
        """The journals that set its credits aside and still count, the oldest first."""
        moves = (Movement.EXPIRE, Movement.SUSPEND, Movement.REVOKE, Movement.SET_ASIDE)
        return [j for j in self.live if j.movement in moves]

    @property
    def parked_at(self) -> Account | None:
        """The account on which its credits are set aside, if they are."""
        return next((b.account for b in self.on(*PARKED)), None)

    @property
    def recognition(self) -> Journal | None:
        """The recognition that counts, if there is one."""
        return next((j for j in self.live if j.movement is Movement.RECOGNISE), None)

    @property
    def recognised(self) -> Credit | None:
        """The credit as it was recognised, used or not."""
        found = self.recognition
        if found is None:
            return None
        [posting] = [p for p in found.postings if p.bucket.account is Account.AVAILABLE]
        return Credit(posting.amount, posting.bucket.of)

    @property
    def expires_on(self) -> date | None:
        """The last day on which its credits may be applied with, as the last movement that set one says."""
        setting = (Movement.EARN, Movement.RECOGNISE, Movement.REVALIDATE)
        return next((j.expires_on for j in reversed(self.live) if j.movement in setting), None)

    def left_for(self, use: str) -> int:
        """How much of the recognised credit that use has not taken yet, in smallest steps."""
        whole = self.recognised
        return (whole.amount if whole else 0) - sum(u.amount for u in self.uses if u.use == use)

    def next_part(self, use: str) -> int:
        """The lowest number that no live use of that name has; 1 where there is none."""
        taken = {u.part for u in self.uses if u.use == use}
        return next(n for n in range(1, len(taken) + 2) if n not in taken)
