"""``credit-bank credits``: what has passed its last day is set aside; books that do not balance are found."""

import json
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, update
from sqlmodel import col, select

from credit_bank import crediting
from credit_bank.account.amount import Credit, Denomination
from credit_bank.account.journal import Decision
from credit_bank.account.movements import Award
from credit_bank.account.posting import Account
from credit_bank.crediting import Spend
from credit_bank.store import account
from credit_bank.store.tables import CreditJournal, CreditPosting
from tests.credit_bank import cities
from tests.web.cli.conftest import invoke
from web.cli import deployment

HERE = Denomination("evergreen-1", "4", "academic")


@pytest.fixture
def conversion(empty_bank: Path) -> UUID:
    """A conversion of one outcome; another outcome of the same learner is good until 10 September 2026."""
    found = deployment.open_deployment()
    with found.db.writing() as session:
        college = cities.found(session, found.bank).id
        person = cities.learner(session, found.bank)
        last = date(2026, 9, 10)
        rows = [
            cities.row(2, person.account_number),
            cities.row(3, person.account_number, course_title="急救", valid_until=last),
        ]
        outcome, _ = cities.record(session, found.bank, college, *rows).outcome_ids
        call = (session, found.bank, person.id)
        crediting.recognise(*call, outcome, Credit(40, HERE), Decision(uuid4(), "reviewed"))
        award = Award(UUID(int=1), Credit(40, HERE))
        return crediting.convert(*call, [Spend(outcome)], [award], Decision(uuid4(), "rule")).id


def test_what_has_passed_its_last_day_expires_once(conversion: UUID) -> None:
    on = ("credits", "expire", "--on")
    assert json.loads(invoke(*on, "2026-09-10", "--json").stdout) == {"on": "2026-09-10", "journals": 0, "failed": 0}
    assert json.loads(invoke(*on, "2026-09-11", "--json").stdout) == {"on": "2026-09-11", "journals": 1, "failed": 0}
    assert "记了 0 笔" in invoke(*on, "2026-09-11").stdout
    found = deployment.open_deployment()
    with found.db.reading() as session:
        [learner] = set(session.exec(select(CreditJournal.learner_id)))
        assert sum(b[Account.EXPIRED] for b in account.balance(session, learner)) == 40


def test_good_books_pass_and_each_fault_is_found(conversion: UUID) -> None:
    none: dict[str, list[str]] = {"unbalanced": [], "overdrawn": [], "used_twice": []}
    assert json.loads(invoke("credits", "check", "--json").stdout) == none
    found = deployment.open_deployment()
    with found.db.writing() as session:
        session.execute(
            update(CreditPosting)
            .where(col(CreditPosting.journal_id) == conversion, col(CreditPosting.account) == Account.HELD)
            .values(amount=-1)
        )
    result = invoke("credits", "check", "--json")
    faults = json.loads(result.stdout)
    assert result.exit_code == 1
    assert faults["unbalanced"] == [str(conversion)]
    assert len(faults["overdrawn"]) == 1 and faults["used_twice"] == []
    with found.db.writing() as session:
        recognised = col(CreditJournal.movement) == "recognise"
        ids = session.exec(select(CreditJournal.id).where(recognised)).all()
        session.execute(delete(CreditPosting).where(col(CreditPosting.journal_id).in_(ids)))
    result = invoke("credits", "check")
    assert result.exit_code == 1
    assert "用过头的成果：1 项" in result.stdout
