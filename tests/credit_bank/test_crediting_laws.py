"""Laws of credits: whatever is asked in whatever order, the books balance and nothing is spent twice."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func
from sqlmodel import Session, col, select

from credit_bank import crediting, settling
from credit_bank.account import movements
from credit_bank.account.amount import Credit, Denomination
from credit_bank.account.balance import balances
from credit_bank.account.journal import Decision, Journal, Movement
from credit_bank.account.movements import Award
from credit_bank.account.placement import places
from credit_bank.account.posting import FREE, HOLDINGS, PARKED, Account, imbalance, sums
from credit_bank.crediting import Purpose, Spend
from credit_bank.errors import CreditBankError
from credit_bank.store import account, account_audit, outcomes
from credit_bank.store.tables import CreditPosting, Outcome
from tests.banks import Clock, fixed_bank
from tests.credit_bank import cities
from web.database import Database

FULL = os.environ.get("FULL") == "1"
EXAMPLES = settings(
    max_examples=150 if FULL else 20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
OUTCOMES = 3
STATES = ("recorded", "issued", "suspended", "revoked")

denominations = st.builds(
    Denomination,
    st.sampled_from(["evergreen-1", "elsewhere-1"]),
    st.sampled_from(["", "3", "4"]),
    st.sampled_from(["academic", "vocational", "other"]),
)
credits_ = st.builds(Credit, st.integers(1, 120), denominations)
days = st.one_of(st.none(), st.integers(0, 40).map(lambda n: date(2026, 9, 1) + timedelta(days=n)))
chosen = st.integers(0, OUTCOMES - 1)
purposes = st.sampled_from([Purpose(), Purpose("admission", exception=True), Purpose("second")])
spends = st.lists(st.tuples(chosen, st.one_of(st.none(), st.integers(1, 60))), min_size=1, max_size=2)
commands = st.one_of(
    st.tuples(st.just("recognise"), chosen, credits_, days),
    st.tuples(st.just("recognise"), chosen, credits_, st.none()),
    st.tuples(st.just("convert"), spends, st.lists(credits_, min_size=1, max_size=2), purposes),
    st.tuples(st.just("convert"), spends, st.lists(credits_, min_size=1, max_size=2), st.just(Purpose())),
    st.tuples(st.just("consume"), st.integers(0, 5)),
    st.tuples(st.just("reverse"), st.integers(0, 12)),
    st.tuples(st.just("state"), chosen, st.sampled_from(STATES)),
    st.tuples(st.just("revalidate"), chosen, days),
    st.tuples(st.just("expire"), st.integers(0, 10)),
)


class Teller:
    """Carries commands out on the books of one learner, the third outcome being a duplicate of the first."""

    def __init__(self, session: Session) -> None:
        self.clock = Clock(datetime(2026, 9, 1, 4, 0, tzinfo=UTC))
        self.session, self.bank = session, fixed_bank(self.clock)
        college = cities.found(session, self.bank).id
        person = cities.learner(session, self.bank)
        rows = [cities.row(n, person.account_number, course_title=f"第 {n} 门") for n in range(OUTCOMES)]
        self.learner = person.id
        self.outcomes = list(cities.record(session, self.bank, college, *rows).outcome_ids)
        twin = outcomes.get(session, self.learner, self.outcomes[2])
        twin.duplicate_of = self.outcomes[0]
        session.add(twin)
        session.flush()
        settling.settle(session, self.bank, [(self.learner, self.outcomes[2])], self.decision())

    def decision(self) -> Decision:
        return Decision(uuid4(), "law", UUID(int=1), UUID(int=2))

    def journals(self, *wanted: Movement) -> list[Journal]:
        found = reversed(account.journals(self.session, self.learner))
        return [j for j in found if not wanted or j.movement in wanted]

    def call(self, command: tuple[object, ...]) -> Callable[[], object] | None:
        """The command as something that can be carried out more than once; None where there is nothing to do it to."""
        match command:
            case ("recognise", int(n), Credit() as credit, last):
                made = self.decision()
                return lambda: (
                    crediting.recognise(
                        self.session,
                        self.bank,
                        self.learner,
                        self.outcomes[n],
                        credit,
                        made,
                        expires_on=last,  # type: ignore[arg-type]
                    ).id
                )
            case ("convert", list(some), list(given_), Purpose() as purpose):
                made = self.decision()
                wanted = [Spend(self.outcomes[n], part) for n, part in some]
                awards = [Award(UUID(int=n), credit) for n, credit in enumerate(given_)]
                return lambda: (
                    crediting.convert(self.session, self.bank, self.learner, wanted, awards, made, purpose=purpose).id
                )
            case ("consume", int(n)):
                return self.on(n, self.journals(Movement.CONVERT), crediting.consume)
            case ("reverse", int(n)):
                return self.on(n, self.journals(), crediting.reverse)
            case ("revalidate", int(n), last):
                made = self.decision()
                return lambda: (
                    crediting.revalidate(
                        self.session,
                        self.bank,
                        self.learner,
                        self.outcomes[n],
                        last,
                        made,  # type: ignore[arg-type]
                    ).id
                )
            case ("state", int(n), str(state)):
                return lambda: self.state(self.outcomes[n], state)
            case ("expire", int(n)):
                self.clock.advance(days=n)
                return lambda: settling.expire(self.session, self.bank, self.bank.today()).last
        raise AssertionError(command)

    def on(self, n: int, journals: list[Journal], use_case: Callable[..., Journal]) -> Callable[[], object] | None:
        if n >= len(journals):
            return None
        made = self.decision()
        return lambda: use_case(self.session, self.bank, self.learner, journals[n].id, made).id

    def state(self, outcome: UUID, state: str) -> None:
        outcomes.mark_state(self.session, [(self.learner, outcome)], state)
        settling.settle(self.session, self.bank, [(self.learner, outcome)], self.decision())

    def attempt(self, call: Callable[[], object]) -> object:
        """Carry a command out as the edge does: all of it or, when it raises, nothing."""
        before = self.books()
        try:
            with self.session.begin_nested():
                return call()
        except CreditBankError as error:
            assert self.books() == before
            return error.code

    def books(self) -> dict[object, int]:
        return {b: n for b, n in sums(p for j in self.journals() for p in j.postings).items() if b.account in HOLDINGS}


def check(teller: Teller, *, day_ended: bool = False) -> None:
    """What is always so."""
    journals = teller.journals()
    by_id = {j.id: j for j in journals}
    assert all(imbalance(j.postings) == {} for j in journals)
    assert imbalance(p for j in journals for p in j.postings) == {}
    summed = teller.session.execute(
        select(CreditPosting.framework, func.sum(CreditPosting.amount)).group_by(col(CreditPosting.framework))
    )
    assert all(total == 0 for _, total in summed)
    assert account.balance(teller.session, teller.learner) == balances(p for j in journals for p in j.postings)
    assert all(amount > 0 for amount in teller.books().values())
    assert not any(account_audit.faults(teller.session).values())
    for journal in journals:
        if journal.movement is Movement.REVERSE:
            assert journal.reverses is not None
            assert Counter(movements.reversed_(journal.postings)) == Counter(by_id[journal.reverses].postings)
    standings = settling.standings(teller.session, [(teller.learner, o) for o in teller.outcomes])[teller.learner]
    placed = places(standings, teller.bank.today())
    for standing in standings:
        lot = standing.lot
        whole = lot.recognised.amount if lot.recognised else 0
        used: Counter[str] = Counter()
        for use in lot.uses:
            used[use.use] += use.amount
            assert use.split or sum(u.use == use.use for u in lot.uses) == 1
        assert all(amount <= whole for amount in used.values())
        drawn = sum(amount for name, amount in used.items() if name != "admission")
        assert drawn <= whole
        if lot.recognition is not None:
            assert sum(lot.on(Account.AVAILABLE, *PARKED).values()) + drawn == whole
        # What has just passed its last day waits for the day's end, and its twin with it.
        if day_ended or placed[standing.outcome_id] in (Account.SUSPENDED, Account.REVOKED):
            assert (lot.on(*FREE) == {}) or placed[standing.outcome_id] is None
            assert lot.parked_at in (None, placed[standing.outcome_id])


def with_books(template: Path, run: Callable[[Teller], None]) -> None:
    with tempfile.TemporaryDirectory(prefix="evergreen-laws-") as folder:
        path = Path(folder) / "laws.sqlite"
        shutil.copy(template, path)
        database = Database(f"sqlite:///{path}")
        try:
            with database.writing() as session:
                run(Teller(session))
        finally:
            database.dispose()


@EXAMPLES
@given(given_=st.lists(commands, max_size=25))
def test_whatever_is_asked_the_books_balance(sqlite_template: Path, given_: list[tuple[object, ...]]) -> None:
    def run(teller: Teller) -> None:
        for command in given_:
            call = teller.call(command)
            if call is None:
                continue
            first = teller.attempt(call)
            check(teller, day_ended=command[0] == "expire")
            if command[0] in ("recognise", "convert", "consume", "reverse", "revalidate") and isinstance(first, UUID):
                after = teller.books()
                assert teller.attempt(call) == first  # sent again, it changes nothing
                assert teller.books() == after

    with_books(sqlite_template, run)


@EXAMPLES
@given(given_=st.lists(commands, max_size=20))
def test_taking_everything_back_leaves_the_deposits(sqlite_template: Path, given_: list[tuple[object, ...]]) -> None:
    def run(teller: Teller) -> None:
        deposited = teller.books()
        for command in given_:
            call = teller.call(command)
            if call is not None:
                teller.attempt(call)
        for kind in (Movement.CONSUME, Movement.CONVERT, Movement.RECOGNISE):
            for journal in teller.journals(kind):
                if account.reversal(teller.session, teller.learner, journal.id) is None:
                    crediting.reverse(teller.session, teller.bank, teller.learner, journal.id, teller.decision())
        for outcome in teller.outcomes:
            last = None
            crediting.revalidate(teller.session, teller.bank, teller.learner, outcome, last, teller.decision())
            teller.state(outcome, "recorded")
        check(teller)
        assert teller.books() == deposited
        assert all(o.state == "recorded" for o in teller.session.exec(select(Outcome)))

    with_books(sqlite_template, run)
