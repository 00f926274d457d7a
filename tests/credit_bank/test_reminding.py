"""Of which credits a learner is told that they soon expire (rule R14)."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlmodel import Session

from credit_bank import applying, crediting, issuing, reminding, revoking, settling
from credit_bank.account.journal import Decision
from credit_bank.bank import Bank
from credit_bank.recognition.casework import told, working_days
from tests.credit_bank import casework_city as world
from tests.credit_bank import cities
from tests.credit_bank.casework_city import City, credential
from web.database import Database


def lasting(session: Session, city: City, last: date | None, course: str = "INTRO", title: str = "书法入门") -> UUID:
    """An outcome with its credential, good until that day."""
    row = cities.row(2, city.account, course_code=course, course_title=title, valid_until=last)
    [outcome] = cities.record(session, city.bank, city.college, row).outcome_ids
    issuing.issue(session, city.bank, city.college, [outcome])
    return outcome


def told_of(session: Session, city: City) -> list[tuple[str, date]]:
    return [(one.outcome.title, one.on) for one in reminding.ending(session, city.bank, city.learner)]


def test_r14_credits_are_told_of_from_so_many_working_days_before_their_last_day(db: Database, bank: Bank) -> None:
    near = working_days.after(bank.today(), told.CREDITS_NEAR).on
    with db.writing() as session:
        city = world.build(session, bank)
        assert told_of(session, city) == []
        lasting(session, city, near, "A", "篆书")
        lasting(session, city, near + timedelta(days=1), "B", "隶书")
        lasting(session, city, None, "C", "楷书")
        lasting(session, city, bank.today(), "D", "行书")
        assert told_of(session, city) == [("行书", bank.today()), ("篆书", near)]
        settling.expire(session, bank, bank.today() + timedelta(days=1))
        assert told_of(session, city) == [("篆书", near)]


def test_r14_a_new_last_day_or_a_revocation_ends_the_telling(db: Database, bank: Bank) -> None:
    last = bank.today() + timedelta(days=7)
    with db.writing() as session:
        city = world.build(session, bank)
        renewed, revoked = lasting(session, city, last, "A", "篆书"), lasting(session, city, last, "B", "隶书")
        assert len(told_of(session, city)) == 2
        crediting.revalidate(session, bank, city.learner, renewed, None, Decision(uuid4(), "revalidated"))
        assert told_of(session, city) == [("隶书", last)]
        revoking.change_status(
            session, bank, city.college, credential(session, revoked).id, "revoke", reason="录错", changed_by=uuid4()
        )
        assert told_of(session, city) == []


def test_r14_what_was_applied_with_in_time_is_not_told_of(db: Database, bank: Bank) -> None:
    last = bank.today() + timedelta(days=7)
    with db.writing() as session:
        city = world.build(session, bank)
        world.recognised(session, city, lasting(session, city, last))
        assert told_of(session, city) == [("书法入门", last)]
        case = world.applied(session, city)
        assert told_of(session, city) == []
        applying.withdraw(session, bank, city.learner, case.id, by=None)
        assert told_of(session, city) == [("书法入门", last)]
        world.converted(session, city)
        assert told_of(session, city) == []
