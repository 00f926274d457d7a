"""What was deposited before there were credit accounts is posted by the migration as it would be today."""

from datetime import date
from uuid import UUID

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import delete
from sqlmodel import Session, select

from credit_bank import issuing, opening, revoking
from credit_bank.bank import Bank
from credit_bank.store import account, account_audit
from credit_bank.store.tables import CreditJournal, CreditPosting, Learner
from tests.credit_bank import cities
from web import migrating
from web.database import Database


def books(session: Session) -> dict[UUID, object]:
    """What every learner has, and how many movements posted it."""
    people = session.exec(select(Learner.id)).all()
    return {p: (account.balance(session, p), account.journal_count(session, p)) for p in people}


def test_deposits_of_every_state_are_posted(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank).id
        keep, absorb = cities.learner(session, bank, 1), cities.learner(session, bank, 2)
        rows = [
            cities.row(2, keep.account_number),
            cities.row(3, keep.account_number, course_title="太极"),
            cities.row(4, keep.account_number, course_title="合唱", credits=60, level=None),
            cities.row(5, keep.account_number, course_title="急救", valid_until=date(2030, 1, 1)),
            cities.row(6, absorb.account_number),  # the same as the first, held twice once the accounts are merged
        ]
        recorded = cities.record(session, bank, college, *rows).outcome_ids
        made = issuing.issue(session, bank, college, recorded[:3])
        opening.merge_accounts(session, bank, keep=keep.id, absorb=absorb.id, merged_by=None)
        for issued, action in ((made[1], "suspend"), (made[2], "revoke")):
            revoking.change_status(session, bank, college, issued.credential_id, action, reason="误发")  # type: ignore[arg-type]
    with db.writing() as session:
        before = books(session)
        session.execute(delete(CreditPosting))
        session.execute(delete(CreditJournal))
    engine = db.engine.execution_options(writes=True)
    with engine.connect() as connection:
        script = ScriptDirectory.from_config(migrating._config(connection))
        with Operations.context(MigrationContext.configure(connection)):
            script.get_revision("0017").module._deposits()
        connection.commit()
    with db.reading() as session:
        assert books(session) == before
        assert not any(account_audit.faults(session).values())
