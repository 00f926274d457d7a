"""Allocating places in status lists: each once, over the end of a list into the next."""

import secrets

from sqlmodel import select, update

from credit_bank import issuing, revoking, verifying
from credit_bank.bank import Bank
from credit_bank.report import Outcome
from credit_bank.store import status
from credit_bank.store.tables import Credential, PublishedStatusList, StatusList
from tests.credit_bank import cities
from web.database import Database


def test_a_batch_that_passes_the_end_of_a_list_goes_on_in_a_new_one(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        people = [cities.learner(session, bank, n) for n in range(1, 7)]
        recorded = cities.record(
            session, bank, college.id, *(cities.row(n, p.account_number) for n, p in enumerate(people))
        )
        issuing.issue(session, bank, college.id, recorded.outcome_ids[:1])
        session.execute(update(StatusList).values(next_position=status.LENGTH - 2))
        made = issuing.issue(session, bank, college.id, recorded.outcome_ids[1:])
    with db.writing() as session:
        places = session.exec(select(Credential.status_list_id, Credential.status_index)).all()
        assert len(set(places)) == 6
        assert len({list_id for list_id, _ in places}) == 2
        assert all(0 <= index < status.LENGTH for _, index in places)
        assert len(session.exec(select(PublishedStatusList)).all()) == 4
        revoking.change_status(session, bank, college.id, made[-1].credential_id, "revoke", reason="误发")
    with db.reading() as session:
        found = [verifying.verify_document(session, bank, m.document).outcome for m in made]
    assert found == [Outcome.PASS] * 4 + [Outcome.FAIL]


def test_the_places_of_a_whole_list_are_all_different(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        places, opened = status.allocate(session, college.id, status.LENGTH + 3, secrets.randbelow)
    assert len(opened) == 2
    assert len(set(places)) == len(places) == status.LENGTH + 3
