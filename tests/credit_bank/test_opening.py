"""Accounts: opened once a person, changed, merged."""

from datetime import date, timedelta

import pytest

from credit_bank import depositing, issuing, opening, revoking, sharing, verifying
from credit_bank.bank import Bank
from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.identity import account_number
from credit_bank.identity.document import DocumentType
from credit_bank.report import ImportRefused, Outcome
from credit_bank.store import credentials, learners
from credit_bank.store import outcomes as outcome_rows
from credit_bank.store.outcomes import PortfolioFilter
from tests.banks import Clock, resident_id
from tests.credit_bank import cities
from web.database import Database

TODAY = date(2026, 9, 1)


def test_an_account_has_a_number_of_its_own_and_no_identity_number(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        person = cities.learner(session, bank)
    assert account_number.parse(person.account_number) == person.account_number
    assert resident_id(1) not in repr(person)
    with db.reading() as session:
        [seen] = learners.documents(session, person.id)
        assert seen.document_type == "resident-id"
        assert resident_id(1).encode() not in seen.digest
        assert len(seen.digest) == 32


def test_one_document_opens_one_account_however_it_is_typed(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        cities.learner(session, bank)
        typed = resident_id(1).lower()
        with pytest.raises(Conflict, match="document_known"):
            opening.open_account(
                session,
                bank,
                name="示例乙",
                document_type=DocumentType.RESIDENT_ID,
                document_number=f"{typed[:6]} {typed[6:14]} {typed[14:]}",
            )


def test_an_account_opened_under_an_older_identity_key_is_still_found(db: Database, bank: Bank) -> None:
    from dataclasses import replace

    newer = replace(bank, identity_keys={1: b"i" * 32, 2: b"j" * 32})
    with db.writing() as session:
        cities.learner(session, bank)
        with pytest.raises(Conflict, match="document_known"):
            cities.learner(session, newer)


@pytest.mark.parametrize("name", ["", "   ", "甲" * 81, "甲\x00乙", "甲\u202e乙"])
def test_a_name_that_cannot_be_shown_is_refused(db: Database, bank: Bank, name: str) -> None:
    with db.writing() as session, pytest.raises(InvalidInput, match=r"learner\.name"):
        cities.learner(session, bank, name=name)


def test_a_changed_name_is_kept_beside_the_new_one_and_still_matches_a_file(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person = cities.learner(session, bank, name="示例 旧名")
        opening.change_name(session, bank, person.id, name="示例新名", reason="户口簿更名", changed_by=None)
        assert [f.name for f in learners.former_names(session, person.id)] == ["示例 旧名"]
        cities.record(session, bank, college.id, cities.row(2, person.account_number, name="示例旧名"))
        with pytest.raises(ImportRefused) as caught:
            cities.record(session, bank, college.id, cities.row(2, person.account_number, name="别人"))
        assert [p.code for p in caught.value.problems] == ["name_differs"]
        with pytest.raises(Conflict, match="name_same"):
            opening.change_name(session, bank, person.id, name=" 示例新名 ", reason="", changed_by=None)


def test_a_new_document_counts_and_anothers_is_refused(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        person, other = cities.learner(session, bank, 1), cities.learner(session, bank, 2)
        opening.change_document(
            session, bank, person.id, document_type=DocumentType.PASSPORT, document_number="E12345678"
        )
        assert {d.document_type for d in learners.documents(session, person.id)} == {"resident-id", "passport"}
        assert learners.get(session, person.id).identity_level == "document-seen"
        for number, code in ((resident_id(2), "document_known"), (resident_id(1), "document_same")):
            with pytest.raises(Conflict, match=code):
                opening.change_document(
                    session, bank, person.id, document_type=DocumentType.RESIDENT_ID, document_number=number
                )
        assert other.id != person.id


def test_two_accounts_of_one_person_become_one_that_holds_everything(db: Database, bank: Bank, clock: Clock) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        keep, absorb = cities.learner(session, bank, 1), cities.learner(session, bank, 2, "示例甲（曾用名）")
        both = date(2026, 5, 1)
        recorded = cities.record(
            session,
            bank,
            college.id,
            cities.row(2, keep.account_number, course_title="太极", awarded=both),
            cities.row(3, absorb.account_number, course_title="太极", awarded=both),
            cities.row(4, absorb.account_number, course_title="合唱"),
        )
        issued = issuing.issue(session, bank, college.id, recorded.outcome_ids)
        sharing.create(session, bank, absorb.id, issued[2].credential_id, lifetime=timedelta(days=7))
        old_number = absorb.account_number
    with db.writing() as session:
        merged = opening.merge_accounts(session, bank, keep=keep.id, absorb=absorb.id, merged_by=None)
        assert merged.id == keep.id
    with db.reading() as session:
        held = outcome_rows.portfolio(session, keep.id, PortfolioFilter())
        assert sorted(o.title for o, _ in held) == ["合唱", "太极", "太极"]
        [total] = outcome_rows.totals(session, keep.id, TODAY)
        assert (total.outcomes, total.credits) == (2, 80)
        found = learners.by_account_number(session, old_number)
        assert found is not None
        assert found.id == keep.id
        for item in issued:
            row = credentials.get(session, item.credential_id)
            assert row.learner_id == keep.id
            assert verifying.open_document(session, bank, row) == item.document
            assert verifying.verify_document(session, bank, item.document).outcome is Outcome.PASS
    with db.writing() as session:
        with pytest.raises(Conflict, match="document_known"):
            cities.learner(session, bank, 2)
        with pytest.raises(Conflict, match="merge_same"):
            opening.merge_accounts(session, bank, keep=keep.id, absorb=absorb.id, merged_by=None)


def test_a_link_is_followed_until_it_expires_or_is_withdrawn(db: Database, bank: Bank, clock: Clock) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        person, other = cities.learner(session, bank, 1), cities.learner(session, bank, 2)
        recorded = cities.record(session, bank, college.id, cities.row(2, person.account_number))
        [issued] = issuing.issue(session, bank, college.id, recorded.outcome_ids)
        week, week_token = sharing.create(
            session, bank, person.id, issued.credential_id, lifetime=timedelta(days=7), label="给单位"
        )
        open_end, token = sharing.create(session, bank, person.id, issued.credential_id, lifetime=None)
        with pytest.raises(Missing):
            sharing.create(session, bank, other.id, issued.credential_id, lifetime=None)
        assert sharing.token(bank, week) == week_token
        assert sharing.follow(session, bank, week_token)[2] == issued.document
        clock.advance(days=7)
        with pytest.raises(Missing, match="expired"):
            sharing.follow(session, bank, week_token)
        assert sharing.follow(session, bank, token)[0].opened_count == 1
        with pytest.raises(Missing):
            sharing.withdraw(session, bank, other.id, open_end.id)
        sharing.withdraw(session, bank, person.id, open_end.id)
        with pytest.raises(Missing, match="withdrawn"):
            sharing.follow(session, bank, token)
        with pytest.raises(Missing, match="unknown"):
            sharing.follow(session, bank, "x" * 22)


def test_an_outcome_is_the_same_by_institution_course_and_day() -> None:
    from uuid import UUID

    one = depositing.fingerprint(UUID(int=1), "ABC 101", "2026-01-01")
    assert one == depositing.fingerprint(UUID(int=1), "abc 101", "2026-01-01")
    assert one != depositing.fingerprint(UUID(int=2), "ABC 101", "2026-01-01")
    assert one != depositing.fingerprint(UUID(int=1), "ABC 101", "2026-01-02")


def test_the_age_that_a_document_tells() -> None:
    assert opening.age_on(DocumentType.RESIDENT_ID, resident_id(1, "20130902"), date(2026, 9, 1)) == 12
    assert opening.age_on(DocumentType.RESIDENT_ID, resident_id(1, "20120901"), date(2026, 9, 1)) == 14
    assert opening.age_on(DocumentType.PASSPORT, "E12345678", date(2026, 9, 1)) is None


def test_an_outcome_held_twice_counts_as_long_as_one_of_the_two_is_good(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        college = cities.found(session, bank)
        people = [cities.learner(session, bank, n) for n in (1, 2, 3)]
        rows = [cities.row(n, p.account_number) for n, p in enumerate(people, start=2)]
        recorded = cities.record(session, bank, college.id, *rows)
        issued = issuing.issue(session, bank, college.id, recorded.outcome_ids)
        ids = [p.id for p in people]
    with db.writing() as session:  # a chain: the third into the second, the second into the first
        opening.merge_accounts(session, bank, keep=ids[1], absorb=ids[2], merged_by=None)
        opening.merge_accounts(session, bank, keep=ids[0], absorb=ids[1], merged_by=None)
    for revoked, counted in ((0, 1), (2, 1), (1, 0)):
        with db.writing() as session:
            [total] = outcome_rows.totals(session, ids[0], TODAY)
            assert (total.outcomes, total.credits) == (1, 40)
            revoking.change_status(session, bank, college.id, issued[revoked].credential_id, "revoke", reason="误发")
            assert sum(t.outcomes for t in outcome_rows.totals(session, ids[0], TODAY)) == counted


def test_what_has_expired_is_not_in_the_sums_and_hides_nothing_that_counts(db: Database, bank: Bank) -> None:
    last = date(2026, 9, 10)
    with db.writing() as session:
        college = cities.found(session, bank)
        keep, absorb = cities.learner(session, bank, 1), cities.learner(session, bank, 2)
        rows = (
            cities.row(2, keep.account_number, valid_until=last),
            cities.row(3, absorb.account_number, valid_until=date(2027, 9, 10)),  # the same outcome, held for longer
            cities.row(4, keep.account_number, course_title="合唱", valid_until=last),
            cities.row(5, keep.account_number, course_title="太极"),
        )
        recorded = cities.record(session, bank, college.id, *rows)
        issuing.issue(session, bank, college.id, recorded.outcome_ids)
    with db.writing() as session:
        opening.merge_accounts(session, bank, keep=keep.id, absorb=absorb.id, merged_by=None)
    with db.reading() as session:

        def counted(today: date) -> list[tuple[int, int]]:
            return [(t.outcomes, t.credits) for t in outcome_rows.totals(session, keep.id, today)]

        assert counted(last) == [(3, 120)] and outcome_rows.expired_count(session, keep.id, last) == 0
        assert counted(date(2026, 9, 11)) == [(2, 80)]
        assert outcome_rows.expired_count(session, keep.id, date(2026, 9, 11)) == 2
        assert counted(date(2028, 1, 1)) == [(1, 40)]


def test_the_oldest_number_of_a_long_chain_still_finds_the_account(db: Database, bank: Bank) -> None:
    with db.writing() as session:
        people = [cities.learner(session, bank, n) for n in range(1, 21)]
        first_number = people[0].account_number
        ids = [p.id for p in people]
        for n in range(19):
            opening.merge_accounts(session, bank, keep=ids[n + 1], absorb=ids[n], merged_by=None)
        found = learners.by_account_number(session, first_number)
        assert found is not None
        assert found.id == ids[-1]
        assert found.merged_into is None
