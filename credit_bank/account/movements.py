"""The postings of each movement. What goes out in one kind and comes in as another passes over the exchange account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from credit_bank.account.amount import Credit
from credit_bank.account.posting import Account, Bucket, Posting, imbalance


@dataclass(frozen=True, slots=True)
class Award:
    """What a conversion gives: a credit of the target's kind, held for it (a programme or course, by its id)."""

    target_id: UUID
    credit: Credit


def earned(outcome_id: UUID, credit: Credit) -> tuple[Posting, ...]:
    """An outcome is deposited: its credit comes from outside and waits to be recognised."""
    if not credit.amount:
        return ()
    return (
        Posting(Bucket(Account.SOURCE, credit.of, outcome_id), -credit.amount),
        Posting(Bucket(Account.EARNED, credit.of, outcome_id), credit.amount),
    )


def recognised(outcome_id: UUID, waiting: Mapping[Bucket, int], credit: Credit) -> tuple[Posting, ...]:
    """What waited is recognised as ``credit``: amount, level, category and framework may all differ."""
    out = [Posting(bucket, -amount) for bucket, amount in waiting.items()]
    come = Posting(Bucket(Account.AVAILABLE, credit.of, outcome_id), credit.amount)
    return _exchanged([*out, come], outcome_id)


def converted(
    conversion_id: UUID, spent: Sequence[tuple[UUID, Credit]], awards: Sequence[Award], *, exception: bool
) -> tuple[Posting, ...]:
    """Outcomes' credits are spent and the awards held for their targets.

    ``exception``: the rules let these credits count a second time, so the available ones stay as they are and what is
    spent comes from the account of exceptions.
    """
    account = Account.EXCEPTION if exception else Account.AVAILABLE
    out = [Posting(Bucket(account, credit.of, outcome_id), -credit.amount) for outcome_id, credit in spent]
    come = [Posting(_held(conversion_id, award), award.credit.amount) for award in awards]
    return _exchanged([*out, *come], None)


def _held(conversion_id: UUID, award: Award) -> Bucket:
    return Bucket(Account.HELD, award.credit.of, None, conversion_id, award.target_id)


def moved(balances: Mapping[Bucket, int], account: Account) -> tuple[Posting, ...]:
    """All of these balances go to another account, as what they are."""
    found: list[Posting] = []
    for bucket, amount in balances.items():
        to = Bucket(account, bucket.of, bucket.outcome_id, bucket.conversion_id, bucket.target_id)
        found += [Posting(bucket, -amount), Posting(to, amount)]
    return tuple(found)


def reversed_(postings: Sequence[Posting]) -> tuple[Posting, ...]:
    """Exactly what takes these postings back."""
    return tuple(Posting(p.bucket, -p.amount) for p in postings)


def _exchanged(postings: Sequence[Posting], outcome_id: UUID | None) -> tuple[Posting, ...]:
    """The postings, and on the exchange account what each denomination lacks to zero."""
    rest = sorted(imbalance(postings).items())
    return (*postings, *(Posting(Bucket(Account.EXCHANGE, of, outcome_id), -amount) for of, amount in rest))
