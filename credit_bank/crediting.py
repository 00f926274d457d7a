"""Crediting: recognised, converted, consumed, taken back. Each posts one journal in double entry and flushes.

Every command locks the learner's account first, so that two of them never spend the same credit; sending one again (the
same decision) changes nothing and gives the same journal. ``settling`` posts deposits, expiries and what becomes of an
outcome's state.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel import Session

from credit_bank import settling
from credit_bank.account import amount, movements
from credit_bank.account.amount import Credit
from credit_bank.account.balance import Lot, Use
from credit_bank.account.journal import Decision, Journal, Movement, is_code
from credit_bank.account.movements import Award
from credit_bank.account.placement import Standing, places
from credit_bank.account.posting import Account
from credit_bank.bank import Bank
from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.store import account, learners, outcomes
from credit_bank.store.types import new_id

CONVERSION = "conversion"


@dataclass(frozen=True, slots=True)
class Spend:
    """An outcome to be spent: whole, or ``part`` smallest steps of it where the rule splits the credit."""

    outcome_id: UUID
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Purpose:
    """What outcomes are spent for, by name; an ``exception`` is one that the rules let count beside the conversion.

    Raises InvalidInput ``account.use_malformed`` for a name that is no code, or the conversion itself as an exception.
    """

    name: str = CONVERSION
    exception: bool = False

    def __post_init__(self) -> None:
        if not is_code(self.name) or (self.exception and self.name == CONVERSION):
            raise InvalidInput("account.use_malformed", use=self.name[:60])


def recognise(
    session: Session,
    bank: Bank,
    learner_id: UUID,
    outcome_id: UUID,
    credit: Credit,
    decision: Decision,
    *,
    expires_on: date | None = None,
    applied_on: date | None = None,
) -> Journal:
    """Recognise a deposited outcome as a credit value, level and category (rule R3), good until ``expires_on``.

    Without ``expires_on`` the outcome's own last day stays. ``applied_on`` is the day by which its last day is measured
    (rule R14; today without it). Raises Missing ``outcome.unknown``; InvalidInput as ``amount.checked``; Conflict
    ``account.already_recognised``, ``account.not_good``, ``account.expired`` or ``account.decision_reused``.
    """
    amount.checked(credit)
    desk = _Desk(session, bank, learner_id, decision, Movement.RECOGNISE, str(outcome_id))
    if (before := desk.before(credit, expires_on)) is not None:
        return before
    standing = desk.good(outcome_id, applied_on)
    lot = standing.lot
    if lot.recognition is not None:
        raise Conflict("account.already_recognised", title=desk.title(outcome_id))
    last = expires_on or lot.expires_on
    postings = movements.recognised(outcome_id, lot.on(Account.EARNED), credit)
    journal = Journal(new_id(), Movement.RECOGNISE, decision, bank.clock(), postings, outcome_id, expires_on=last)
    return desk.post(journal, [outcome_id])


def convert(
    session: Session,
    bank: Bank,
    learner_id: UUID,
    spends: Sequence[Spend],
    awards: Sequence[Award],
    decision: Decision,
    *,
    purpose: Purpose = Purpose(),
    applied_on: date | None = None,
) -> Journal:
    """Spend recognised outcomes and hold the awards for their targets; the journal's id is the conversion's.

    Each outcome is used once for each purpose (rule R15), whole unless ``Spend.part`` says that the rule splits it.
    ``applied_on`` is the day of the application, by which last days are measured (rule R14; today without it). Raises
    Conflict ``account.already_used``, ``account.not_recognised``, ``account.not_enough``, ``account.not_good``,
    ``account.expired`` or ``account.decision_reused``; InvalidInput ``account.nothing_to_convert`` or as
    ``amount.checked``; Missing ``outcome.unknown``.
    """
    if not spends or not awards or len({s.outcome_id for s in spends}) != len(spends):
        raise InvalidInput("account.nothing_to_convert")
    for award in awards:
        amount.checked(award.credit)
    desk = _Desk(session, bank, learner_id, decision, Movement.CONVERT, purpose.name)
    if (before := desk.before(sorted(map(repr, spends)), sorted(map(repr, awards)), purpose.exception)) is not None:
        return before
    conversion = new_id()
    spent: list[tuple[UUID, Credit]] = []
    uses: list[Use] = []
    for spend in spends:
        lot = desk.good(spend.outcome_id, applied_on).lot
        credit = _spent(desk, lot, spend, purpose)
        spent.append((spend.outcome_id, credit))
        part, split = lot.next_part(purpose.name), spend.part is not None
        uses.append(Use(new_id(), spend.outcome_id, purpose.name, conversion, credit.amount, part, split))
    postings = movements.converted(conversion, spent, awards, exception=purpose.exception)
    journal = Journal(conversion, Movement.CONVERT, decision, bank.clock(), postings, use=purpose.name)
    return desk.post(journal, [s.outcome_id for s in spends], uses)


def _spent(desk: "_Desk", lot: Lot, spend: Spend, purpose: Purpose) -> Credit:
    """What the spending takes of the lot. Raises as ``convert``."""
    whole = lot.recognised
    title = desk.title(lot.outcome_id)
    if whole is None:
        raise Conflict("account.not_recognised", title=title)
    same = [u for u in desk.uses_of_its_kind(lot.outcome_id) if u.use == purpose.name]
    if any(u.outcome_id != lot.outcome_id or not u.split or spend.part is None for u in same):
        raise Conflict("account.already_used", title=title)
    asked = Credit(whole.amount if spend.part is None else spend.part, whole.of)
    amount.checked(asked)
    left = lot.left_for(purpose.name)
    if not purpose.exception:
        left = min(left, sum(lot.on(Account.AVAILABLE).values()))
    if asked.amount > left:
        raise Conflict("account.not_enough", title=title, asked=asked.amount, left=left)
    return asked


def consume(
    session: Session,
    bank: Bank,
    learner_id: UUID,
    conversion_id: UUID,
    decision: Decision,
    *,
    targets: Sequence[UUID] | None = None,
) -> Journal:
    """兑换: what a conversion holds (or what it holds for some of its targets) is consumed.

    Raises Missing ``account.journal_unknown``; Conflict ``account.nothing_held`` or ``account.decision_reused``.
    """
    wanted = None if targets is None else sorted(set(targets))
    desk = _Desk(session, bank, learner_id, decision, Movement.CONSUME, str(conversion_id))
    if (before := desk.before(wanted)) is not None:
        return before
    account.get(session, desk.learner_id, conversion_id)
    held = {
        bucket: steps
        for bucket, steps in account.held_for(session, desk.learner_id, conversion_id).items()
        if bucket.account is Account.HELD and (wanted is None or bucket.target_id in wanted)
    }
    if not held or (wanted is not None and {bucket.target_id for bucket in held} != set(wanted)):
        raise Conflict("account.nothing_held")
    postings = movements.moved(held, Account.CONSUMED)
    return desk.post(Journal(new_id(), Movement.CONSUME, decision, bank.clock(), postings), [])


def reverse(session: Session, bank: Bank, learner_id: UUID, journal_id: UUID, decision: Decision) -> Journal:
    """Take a recognition, conversion or consumption back by a journal that reverses it exactly (rule R28).

    What rests on it is taken back first: the consumption before the conversion, the conversion before the recognition.
    Raises Missing ``account.journal_unknown``; Conflict ``account.already_reversed``, ``account.not_reversible``,
    ``account.in_use`` or ``account.decision_reused``.
    """
    desk = _Desk(session, bank, learner_id, decision, Movement.REVERSE, str(journal_id))
    if (before := desk.before()) is not None:
        return before
    journal = account.get(session, desk.learner_id, journal_id)
    if journal.movement not in (Movement.RECOGNISE, Movement.CONVERT, Movement.CONSUME):
        raise Conflict("account.not_reversible", movement=journal.movement.value)
    if account.reversal(session, desk.learner_id, journal_id) is not None:
        raise Conflict("account.already_reversed")
    back = settling.reversal(bank, journal, decision)
    touched: list[UUID] = []
    if journal.movement is Movement.RECOGNISE:
        assert journal.outcome_id is not None
        touched = [journal.outcome_id]
        if account.live_uses(session, desk.learner_id, outcome_id=journal.outcome_id):
            raise Conflict("account.in_use")
        desk.free(journal.outcome_id)
    elif journal.movement is Movement.CONVERT:
        if any(b.account is Account.CONSUMED for b in account.held_for(session, desk.learner_id, journal_id)):
            raise Conflict("account.in_use")
        uses = account.live_uses(session, desk.learner_id, conversion_id=journal_id)
        touched = [use.outcome_id for use in uses]
        account.release(session, desk.learner_id, journal_id, back.id)
    return desk.post(back, touched)


def revalidate(
    session: Session, bank: Bank, learner_id: UUID, outcome_id: UUID, expires_on: date | None, decision: Decision
) -> Journal:
    """Give an outcome's credits a new last day (None: none); where they had expired, the expiry is reversed (R14).

    Raises Missing ``outcome.unknown``; Conflict ``account.decision_reused``.
    """
    desk = _Desk(session, bank, learner_id, decision, Movement.REVALIDATE, str(outcome_id))
    if (before := desk.before(expires_on)) is not None:
        return before
    outcomes.get(session, desk.learner_id, outcome_id)
    now = bank.clock()
    journal = Journal(new_id(), Movement.REVALIDATE, decision, now, (), outcome_id, expires_on=expires_on)
    return desk.post(journal, [outcome_id])


class _Desk:
    """One command on one learner's books: the account locked, the command known by its key."""

    def __init__(
        self, session: Session, bank: Bank, learner_id: UUID, decision: Decision, movement: Movement, about: str
    ) -> None:
        self._session, self._bank, self._decision = session, bank, decision
        self.learner_id = learners.hold_current(session, [learner_id], to_change=True)[learner_id].id
        self._key = f"{movement.value}:{decision.id}:{about}"
        self._asked = b""
        self._standings: dict[UUID, Standing] = {}

    def before(self, *asked: object) -> Journal | None:
        """The journal of the same command, if it was carried out before.

        Raises Conflict ``account.decision_reused`` when something else was asked for under its name.
        """
        self._asked = hashlib.sha256(repr((asked, self._decision)).encode()).digest()
        found = account.by_key(self._session, self.learner_id, self._key)
        if found is None:
            return None
        journal, asked_then = found
        if asked_then != self._asked:
            raise Conflict("account.decision_reused")
        return journal

    def title(self, outcome_id: UUID) -> str:
        """What the outcome is called."""
        return outcomes.get(self._session, self.learner_id, outcome_id).title

    def good(self, outcome_id: UUID, applied_on: date | None) -> Standing:
        """The outcome with its credits free, as of the day of the application.

        Raises Missing ``outcome.unknown``; Conflict ``account.not_good`` (suspended, revoked, a duplicate) or
        ``account.expired``.
        """
        day = applied_on or self._bank.today()
        wanted = self._load(outcome_id, day)
        if wanted is Account.EXPIRED:
            last = self._standings[outcome_id].lot.expires_on
            raise Conflict("account.expired", title=self.title(outcome_id), day=last.isoformat() if last else None)
        if wanted is not None:
            raise Conflict("account.not_good", title=self.title(outcome_id), account=wanted.value)
        if self._standings[outcome_id].lot.parking:
            self.free(outcome_id)
            self._load(outcome_id, day)
        return self._standings[outcome_id]

    def _load(self, outcome_id: UUID, day: date) -> Account | None:
        group = settling.standings(self._session, [(self.learner_id, outcome_id)]).get(self.learner_id, [])
        self._standings.update((s.outcome_id, s) for s in group)
        if outcome_id not in self._standings:
            raise Missing("outcome.unknown", outcome=str(outcome_id))
        return places(group, day)[outcome_id]

    def free(self, outcome_id: UUID) -> None:
        """Take back what set the outcome's credits aside; ``post`` settles it anew."""
        lot = account.lots(self._session, [self.learner_id], [outcome_id])[outcome_id]
        back = [settling.reversal(self._bank, parked, self._decision) for parked in lot.parking]
        account.write(self._session, [(self.learner_id, journal) for journal in back])

    def uses_of_its_kind(self, outcome_id: UUID) -> list[Use]:
        """The live uses of the outcome and of its duplicates: the same learning counts once (rule R16)."""
        root = self._standings[outcome_id].root
        return [use for s in self._standings.values() if s.root == root for use in s.lot.uses]

    def post(self, journal: Journal, touched: Sequence[UUID], uses: Sequence[Use] = ()) -> Journal:
        """Write the journal, and put what it touched where it stands now."""
        account.write(self._session, [(self.learner_id, journal)], key=self._key, command_sha256=self._asked)
        if uses:
            account.write_uses(self._session, self.learner_id, uses)
        settled = replace(self._decision, id=journal.id, reason=settling.FOLLOWS)
        settling.settle(self._session, self._bank, [(self.learner_id, i) for i in touched], settled)
        self._session.flush()
        return journal
