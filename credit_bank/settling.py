"""Settling: deposits posted, and unused credits put where their outcomes stand now.

Whoever changes an outcome's state (deposit, revoke, suspend, reinstate, merge), and the day's end, calls this in the
same transaction. What is set aside is a journal; what comes back reverses it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel import Session, col, or_, select

from credit_bank.account import movements
from credit_bank.account.amount import Credit, Denomination
from credit_bank.account.journal import Decision, Journal, Movement
from credit_bank.account.placement import Standing, places
from credit_bank.account.posting import Account
from credit_bank.bank import Bank
from credit_bank.store import account, learners
from credit_bank.store.tables import Outcome
from credit_bank.store.types import new_id

_MOVEMENT = {
    Account.EXPIRED: Movement.EXPIRE,
    Account.SUSPENDED: Movement.SUSPEND,
    Account.REVOKED: Movement.REVOKE,
    Account.DUPLICATE: Movement.SET_ASIDE,
}
_REASON = {
    Account.EXPIRED: "last_day_passed",
    Account.SUSPENDED: "credential_suspended",
    Account.REVOKED: "credential_revoked",
    Account.DUPLICATE: "held_twice",
}
FOLLOWS = "settled"
"""The reason of what follows from another journal: setting credits aside then has the reason of where they go."""
_CHUNK = 500


def earn(session: Session, bank: Bank, outcomes: Sequence[dict[str, object]], decision: Decision) -> None:
    """Post the deposit of outcomes that were just inserted, given as their columns: a journal each, in bulk."""
    now = bank.clock()
    journals = []
    for row in outcomes:
        learner_id, outcome_id, last = row["learner_id"], row["id"], row.get("valid_until")
        amount = row["credits"]
        assert isinstance(learner_id, UUID) and isinstance(outcome_id, UUID) and isinstance(amount, int)
        assert last is None or isinstance(last, date)
        of = Denomination(str(row["framework"]), str(row["level"] or ""), str(row["category"]))
        posted = movements.earned(outcome_id, Credit(amount, of))
        journal = Journal(outcome_id, Movement.EARN, decision, now, posted, outcome_id, expires_on=last)
        journals.append((learner_id, journal))
    account.write(session, journals)


def standings(session: Session, named: Iterable[tuple[UUID, UUID]]) -> dict[UUID, list[Standing]]:
    """Those (learner, outcome) with all their duplicates, by learner, as they stand in this transaction."""
    wanted: dict[UUID, set[UUID]] = {}
    for learner_id, outcome_id in named:
        wanted.setdefault(learner_id, set()).add(outcome_id)
    rows = _group(session, wanted)
    lots = account.lots(session, wanted, [o.id for o in rows])
    found: dict[UUID, list[Standing]] = {}
    for row in rows:
        found.setdefault(row.learner_id, []).append(Standing(row.id, row.state, row.duplicate_of, lots[row.id]))
    return found


def _group(session: Session, wanted: dict[UUID, set[UUID]]) -> list[Outcome]:
    """The outcomes wanted, and whatever shares a root with one of them."""
    people = sorted(wanted)
    found: dict[UUID, Outcome] = {}
    ids = sorted(i for some in wanted.values() for i in some)
    for start in range(0, len(ids), _CHUNK):
        found.update(_of(session, people, ids[start : start + _CHUNK], duplicates=False))
    roots = sorted({row.duplicate_of or row.id for row in found.values()})
    for start in range(0, len(roots), _CHUNK):
        found.update(_of(session, people, roots[start : start + _CHUNK], duplicates=True))
    return list(found.values())


def _of(session: Session, people: Sequence[UUID], ids: Sequence[UUID], *, duplicates: bool) -> dict[UUID, Outcome]:
    known = col(Outcome.id).in_(ids)
    query = select(Outcome).where(
        col(Outcome.learner_id).in_(people), or_(known, col(Outcome.duplicate_of).in_(ids)) if duplicates else known
    )
    return {row.id: row for row in session.exec(query.execution_options(populate_existing=True))}


def settle(
    session: Session, bank: Bank, named: Iterable[tuple[UUID, UUID]], decision: Decision, *, on: date | None = None
) -> int:
    """Put the unused credits of each (learner, outcome) and of its duplicates where they stand ``on`` that day.

    The caller holds the learners (``learners.hold_current(to_change=True)``). Returns how many journals were posted.
    """
    day = on or bank.today()
    posted: list[tuple[UUID, Journal]] = []
    for learner_id, group in standings(session, named).items():
        wanted = places(group, day)
        clerk = _Clerk(bank, decision)
        for standing in group:
            clerk.place(standing, wanted[standing.outcome_id])
        posted += [(learner_id, journal) for journal in clerk.journals]
    account.write(session, posted)
    return len(posted)


@dataclass
class _Clerk:
    """Makes the journals that bring lots to where they belong."""

    bank: Bank
    decision: Decision

    def __post_init__(self) -> None:
        self.journals: list[Journal] = []

    def place(self, standing: Standing, to: Account | None) -> None:
        free = dict(standing.lot.free)
        for parked in standing.lot.parking:
            if to is None or parked.movement is not _MOVEMENT[to]:
                back = reversal(self.bank, parked, self.decision)
                self.journals.append(back)
                for posting in back.postings:
                    if posting.amount > 0:
                        free[posting.bucket] = free.get(posting.bucket, 0) + posting.amount
        if to is not None and free:
            reason = _REASON[to] if self.decision.reason == FOLLOWS else self.decision.reason
            decision = replace(self.decision, reason=reason)
            postings = movements.moved(free, to)
            self.journals.append(
                Journal(new_id(), _MOVEMENT[to], decision, self.bank.clock(), postings, standing.outcome_id)
            )


def reversal(bank: Bank, journal: Journal, decision: Decision) -> Journal:
    """The journal that takes this one back exactly."""
    postings = movements.reversed_(journal.postings)
    return Journal(
        new_id(), Movement.REVERSE, decision, bank.clock(), postings, journal.outcome_id, reverses=journal.id
    )


@dataclass(frozen=True, slots=True)
class Expired:
    """What a run of ``expire`` did: how many journals it posted, and the learner after whom to go on (None: done)."""

    journals: int
    last: UUID | None


def expire(session: Session, bank: Bank, on: date, *, after: UUID | None = None, limit: int = 200) -> Expired:
    """Set the free credits aside whose last day is before ``on`` (rule R14), of at most ``limit`` learners.

    Credits that are held or consumed do not expire. Run it again with ``after=last`` until that is None.
    """
    named = account.due(session, on, after=after, limit=limit)
    if not named:
        return Expired(0, None)
    held = learners.hold(session, {learner for learner, _ in named}, to_change=True)
    ours = [(learner, outcome) for learner, outcome in named if held[learner].merged_into is None]
    decision = Decision(new_id(), "last_day_passed")
    return Expired(settle(session, bank, ours, decision, on=on), max(held))


def merged(session: Session, bank: Bank, *, keep: UUID, absorb: UUID, decision: Decision) -> None:
    """The books of an account that was absorbed are the kept one's now; what is held twice counts once (rule R16)."""
    account.move(session, absorb, keep)
    twice = session.exec(
        select(Outcome.id).where(Outcome.learner_id == keep, col(Outcome.duplicate_of).is_not(None))
    ).all()
    settle(session, bank, [(keep, outcome) for outcome in twice], decision)
