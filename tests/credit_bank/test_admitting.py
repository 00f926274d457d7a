"""Institutions' keys and rights through time, down to the second."""

from credit_bank import admitting, issuing, verifying
from credit_bank.bank import Bank
from credit_bank.recognition.framework import Category
from credit_bank.report import Outcome
from credit_bank.store import institutions
from tests.banks import Clock
from tests.credit_bank import cities
from web.database import Database


def test_the_key_in_use_is_the_newest_even_after_two_changes_within_a_second(db: Database, bank: Bank) -> None:
    for _ in range(6):  # multikeys are random, and the wrong one would be taken half of the time
        with db.writing() as session:
            college = institutions.by_handle(session, "test-college") or cities.found(session, bank)
            fresh = [admitting.rotate_key(session, bank, college).multikey for _ in range(3)]
            assert institutions.current_key(session, college.id, "assertion", bank.now()).multikey == fresh[-1]
            assert [k.multikey for k in institutions.keys(session, college.id) if k.valid_to is None] == [fresh[-1]]


def test_the_key_that_is_revoked_is_the_one_in_use(db: Database, bank: Bank) -> None:
    for _ in range(6):
        with db.writing() as session:
            college = institutions.by_handle(session, "test-college") or cities.found(session, bank)
            used = admitting.rotate_key(session, bank, college).multikey
            admitting.rotate_key(session, bank, college, compromised=True)
            [row] = [k for k in institutions.keys(session, college.id) if k.multikey == used]
            assert row.revoked_at is not None


def test_what_was_issued_in_the_very_second_in_which_the_right_ended_stays_good(
    db: Database, bank: Bank, clock: Clock
) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        people = [cities.learner(session, bank, n) for n in (1, 2)]
        recorded = cities.record(
            session, bank, college.id, *(cities.row(n, p.account_number) for n, p in enumerate(people))
        )
        clock.advance(milliseconds=200)
        [first] = issuing.issue(session, bank, college.id, recorded.outcome_ids[:1])
        clock.advance(milliseconds=200)
        admitting.withdraw_accreditation(session, bank, college, Category.OTHER)
        admitting.accredit(session, bank, college, Category.OTHER)
        [second] = issuing.issue(session, bank, college.id, recorded.outcome_ids[1:])
        admitting.close(session, bank, college)
        clock.advance(days=1)
        for made in (first, second):
            assert verifying.verify_document(session, bank, made.document).outcome is Outcome.PASS
