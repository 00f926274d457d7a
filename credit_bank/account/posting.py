"""Postings: one signed amount on one account of a learner's books.

What a learner has stands on the learner's accounts, which never fall below zero. What comes in, goes out or changes its
kind passes over the other accounts, which may: so every journal sums to zero in each denomination.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from credit_bank.account.amount import Denomination


class Account(StrEnum):
    """The chart of accounts (ADR 22)."""

    EARNED = "earned"  # deposited, not recognised yet
    AVAILABLE = "available"  # recognised, may be converted
    HELD = "held"  # converted: held for a programme or course
    CONSUMED = "consumed"  # 兑换: counted towards it, for good
    EXPIRED = "expired"  # past its last day, not revoked
    SUSPENDED = "suspended"  # its credential is suspended
    REVOKED = "revoked"  # its credential was revoked, or the outcome taken back
    DUPLICATE = "duplicate"  # the same learning counts elsewhere in this account
    SOURCE = "source"  # where credits come from
    EXCHANGE = "exchange"  # what a recognition or conversion changed: amount, level, category, framework
    EXCEPTION = "exception"  # what a rule lets count a second time


HOLDINGS = (
    Account.EARNED,
    Account.AVAILABLE,
    Account.HELD,
    Account.CONSUMED,
    Account.EXPIRED,
    Account.SUSPENDED,
    Account.REVOKED,
    Account.DUPLICATE,
)
FREE = (Account.EARNED, Account.AVAILABLE)
PARKED = (Account.EXPIRED, Account.SUSPENDED, Account.REVOKED, Account.DUPLICATE)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where an amount stands: on which account, as what, and of which outcome or for which conversion's target."""

    account: Account
    of: Denomination
    outcome_id: UUID | None = None
    conversion_id: UUID | None = None
    target_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount put into a bucket (positive) or taken out of it (negative), in smallest steps; never zero."""

    bucket: Bucket
    amount: int


def sums(postings: Iterable[Posting]) -> dict[Bucket, int]:
    """The balance of each bucket; those that are empty are absent."""
    found: dict[Bucket, int] = {}
    for posting in postings:
        found[posting.bucket] = found.get(posting.bucket, 0) + posting.amount
    return {bucket: amount for bucket, amount in found.items() if amount}


def imbalance(postings: Iterable[Posting]) -> dict[Denomination, int]:
    """What each denomination sums to over all accounts, where that is not zero."""
    found: dict[Denomination, int] = {}
    for posting in postings:
        found[posting.bucket.of] = found.get(posting.bucket.of, 0) + posting.amount
    return {of: amount for of, amount in found.items() if amount}
