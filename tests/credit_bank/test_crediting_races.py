"""Two transactions on one account at the same moment: exactly one of two conversions is posted."""

import threading
from uuid import UUID, uuid4

import pytest

from credit_bank import crediting, issuing, revoking
from credit_bank.account.amount import Credit, Denomination
from credit_bank.account.journal import Decision
from credit_bank.account.movements import Award
from credit_bank.account.posting import Account
from credit_bank.bank import Bank
from credit_bank.crediting import Spend
from credit_bank.errors import CreditBankError
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.store import account, credentials
from tests.credit_bank import cities
from web.database import Database

HERE = Denomination(EVERGREEN.id, "4", "academic")
ROUNDS = 12


@pytest.fixture
def books(db: Database, bank: Bank) -> tuple[UUID, list[UUID]]:
    """A learner, and an outcome of 40 steps for each round, recognised."""
    with db.writing() as session:
        college = cities.found(session, bank).id
        person = cities.learner(session, bank)
        rows = [cities.row(n, person.account_number, course_title=f"第 {n} 门") for n in range(ROUNDS)]
        outcomes = cities.record(session, bank, college, *rows).outcome_ids
        issuing.issue(session, bank, college, outcomes)
        for outcome in outcomes:
            crediting.recognise(session, bank, person.id, outcome, Credit(40, HERE), Decision(uuid4(), "reviewed"))
        return person.id, list(outcomes)


def at_once(db: Database, bank: Bank, learner: UUID, spends: list[Spend], decisions: list[Decision]) -> list[str]:
    """What came of converting each spend in a transaction of its own, all begun at the same moment: codes, sorted."""
    came: list[str] = []
    start = threading.Barrier(len(spends))

    def run(spend: Spend, decision: Decision) -> None:
        award = Award(UUID(int=1), Credit(spend.part or 40, HERE))
        start.wait(10)
        try:
            with db.writing() as session:
                crediting.convert(session, bank, learner, [spend], [award], decision)
            came.append("done")
        except CreditBankError as error:
            came.append(error.code)

    threads = [threading.Thread(target=run, args=pair) for pair in zip(spends, decisions, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return sorted(came)


def on(db: Database, learner: UUID, wanted: Account) -> int:
    with db.reading() as session:
        return sum(balance[wanted] for balance in account.balance(session, learner))


def test_of_two_conversions_of_one_outcome_exactly_one_is_posted(
    db: Database, bank: Bank, books: tuple[UUID, list[UUID]]
) -> None:
    learner, outcomes = books
    for n, outcome in enumerate(outcomes, start=1):
        decisions = [Decision(uuid4(), "rule") for _ in range(2)]
        came = at_once(db, bank, learner, [Spend(outcome)] * 2, decisions)
        assert came == ["account.already_used", "done"]
        assert on(db, learner, Account.HELD) == 40 * n


def test_parts_spent_at_once_are_never_more_than_there_is(
    db: Database, bank: Bank, books: tuple[UUID, list[UUID]]
) -> None:
    learner, outcomes = books
    for n, outcome in enumerate(outcomes, start=1):
        decisions = [Decision(uuid4(), "rule") for _ in range(3)]
        came = at_once(db, bank, learner, [Spend(outcome, 15)] * 3, decisions)
        assert came == ["account.not_enough", "done", "done"]
        assert on(db, learner, Account.AVAILABLE) == 40 * ROUNDS - 30 * n


def test_one_command_sent_twice_at_once_is_carried_out_once(
    db: Database, bank: Bank, books: tuple[UUID, list[UUID]]
) -> None:
    learner, outcomes = books
    for n, outcome in enumerate(outcomes, start=1):
        came = at_once(db, bank, learner, [Spend(outcome)] * 2, [Decision(uuid4(), "rule")] * 2)
        assert came == ["done", "done"]
        assert on(db, learner, Account.HELD) == 40 * n


def test_converting_while_the_credential_is_revoked(db: Database, bank: Bank, books: tuple[UUID, list[UUID]]) -> None:
    learner, outcomes = books
    with db.reading() as session:
        held = {c.outcome_id: (c.institution_id, c.id) for c in credentials.of_learner(session, learner)}
    for outcome in outcomes:
        came: list[str] = []
        start = threading.Barrier(2)

        def revoke(outcome: UUID = outcome, start: threading.Barrier = start) -> None:
            start.wait(10)
            with db.writing() as session:
                revoking.change_status(session, bank, *held[outcome], "revoke", reason="误发")

        def convert(outcome: UUID = outcome, start: threading.Barrier = start, came: list[str] = came) -> None:
            start.wait(10)
            award = Award(UUID(int=1), Credit(40, HERE))
            try:
                with db.writing() as session:
                    crediting.convert(session, bank, learner, [Spend(outcome)], [award], Decision(uuid4(), "rule"))
                came.append("done")
            except CreditBankError as error:
                came.append(error.code)

        threads = [threading.Thread(target=work) for work in (revoke, convert)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()
        with db.reading() as session:
            found = {b.account for b in account.lots(session, [learner], [outcome])[outcome].standing_at}
        # used before it was revoked, or revoked before it could be used; never free, never both
        holdings = found - {Account.SOURCE, Account.EXCHANGE}
        assert (came, holdings) in ((["done"], set()), (["account.not_good"], {Account.REVOKED}))
    assert on(db, learner, Account.AVAILABLE) == 0
    assert on(db, learner, Account.HELD) + on(db, learner, Account.REVOKED) == 40 * ROUNDS
