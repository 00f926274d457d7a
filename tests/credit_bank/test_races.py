"""Two commands at once, in every order that matters: what one has done, the other sees or waits for."""

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlmodel import Session, select

from credit_bank import admitting, issuing, opening, revoking, verifying
from credit_bank.admitting import Applicant
from credit_bank.bank import Bank
from credit_bank.errors import CreditBankError
from credit_bank.recognition.framework import Category
from credit_bank.report import Outcome
from credit_bank.store import credentials, institutions, learners
from credit_bank.store import outcomes as outcome_rows
from credit_bank.store.outcomes import PortfolioFilter
from credit_bank.store.tables import AdmissionApplication, PublishedStatusList
from tests.banks import code
from tests.credit_bank import cities
from web.database import Database

Step = Callable[[Session], object]


def second_waits(db: Database, first: Step, second: Step) -> list[str]:
    """Run ``first`` and leave it uncommitted while ``second`` begins; commit it; what came of ``second``, in codes.

    On SQLite the second cannot begin at all before the first has ended, which is the same to it.
    """
    came: list[str] = []
    begun = threading.Event()

    def run() -> None:
        begun.set()
        try:
            with db.writing() as session:
                second(session)
            came.append("done")
        except CreditBankError as error:
            came.append(error.code)

    thread = threading.Thread(target=run)
    with db.writing() as session:
        first(session)
        thread.start()
        begun.wait(5)
        thread.join(0.7)
    thread.join(30)
    assert not thread.is_alive()
    return came


@pytest.fixture
def college(db: Database, bank: Bank) -> UUID:
    """An institution."""
    with db.writing() as session:
        return cities.found(session, bank).id


def two_people(db: Database, bank: Bank) -> tuple[UUID, UUID, str]:
    """The ids of two accounts, and the second one's number."""
    with db.writing() as session:
        keep, absorb = cities.learner(session, bank, 1), cities.learner(session, bank, 2)
        return keep.id, absorb.id, absorb.account_number


def recorded(db: Database, bank: Bank, college: UUID, number: str) -> UUID:
    """One outcome that waits for its credential."""
    with db.writing() as session:
        return cities.record(session, bank, college, cities.row(2, number)).outcome_ids[0]


def issued(db: Database, bank: Bank, college: UUID, number: str) -> tuple[UUID, UUID]:
    """One credential: its id and its outcome's."""
    outcome = recorded(db, bank, college, number)
    with db.writing() as session:
        [made] = issuing.issue(session, bank, college, [outcome])
        return made.credential_id, outcome


def held(db: Database, learner_id: UUID) -> list[tuple[UUID, str]]:
    """A learner's outcomes with their states."""
    with db.reading() as session:
        return [(o.id, o.state) for o, _ in outcome_rows.portfolio(session, learner_id, PortfolioFilter())]


def merging(bank: Bank, keep: UUID, absorb: UUID) -> Step:
    return lambda session: opening.merge_accounts(session, bank, keep=keep, absorb=absorb, merged_by=None)


def test_issuing_while_the_account_is_merged_away(db: Database, bank: Bank, college: UUID) -> None:
    keep, absorb, number = two_people(db, bank)
    outcome = recorded(db, bank, college, number)
    came = second_waits(
        db, merging(bank, keep, absorb), lambda session: issuing.issue(session, bank, college, [outcome])
    )
    assert came == ["done"]
    assert held(db, keep) == [(outcome, "issued")]
    with db.reading() as session:
        [credential] = credentials.of_learner(session, keep)
        document = verifying.open_document(session, bank, credential)
        assert verifying.verify_document(session, bank, document).outcome is Outcome.PASS


def test_merging_while_a_credential_is_issued(db: Database, bank: Bank, college: UUID) -> None:
    keep, absorb, number = two_people(db, bank)
    outcome = recorded(db, bank, college, number)
    came = second_waits(
        db, lambda session: issuing.issue(session, bank, college, [outcome]), merging(bank, keep, absorb)
    )
    assert came == ["done"]
    assert held(db, keep) == [(outcome, "issued")]
    with db.reading() as session:
        [credential] = credentials.of_learner(session, keep)
        document = verifying.open_document(session, bank, credential)
        assert verifying.verify_document(session, bank, document).outcome is Outcome.PASS


def test_depositing_while_the_account_is_merged_away(db: Database, bank: Bank, college: UUID) -> None:
    keep, absorb, number = two_people(db, bank)
    came = second_waits(
        db,
        merging(bank, keep, absorb),
        lambda session: cities.record(session, bank, college, cities.row(2, number)),
    )
    assert came == ["done"]
    assert [state for _, state in held(db, keep)] == ["recorded"]
    assert held(db, absorb) == []


def test_merging_while_an_outcome_is_deposited(db: Database, bank: Bank, college: UUID) -> None:
    keep, absorb, number = two_people(db, bank)
    came = second_waits(
        db,
        lambda session: cities.record(session, bank, college, cities.row(2, number)),
        merging(bank, keep, absorb),
    )
    assert came == ["done"]
    assert [state for _, state in held(db, keep)] == ["recorded"]


@pytest.mark.parametrize("merge_first", [True, False])
def test_revoking_while_accounts_are_merged(db: Database, bank: Bank, college: UUID, merge_first: bool) -> None:
    keep, absorb, number = two_people(db, bank)
    credential, outcome = issued(db, bank, college, number)

    def revoke(session: Session) -> None:
        revoking.change_status(session, bank, college, credential, "revoke", reason="误发")

    steps = (merging(bank, keep, absorb), revoke) if merge_first else (revoke, merging(bank, keep, absorb))
    assert second_waits(db, *steps) == ["done"]
    assert held(db, keep) == [(outcome, "revoked")]


def test_two_merges_of_a_chain_at_once(db: Database, bank: Bank, college: UUID) -> None:
    keep, absorb, number = two_people(db, bank)
    outcome = recorded(db, bank, college, number)
    with db.writing() as session:
        third = cities.learner(session, bank, 3).id
    assert second_waits(db, merging(bank, keep, absorb), merging(bank, third, absorb)) == ["done"]
    with db.reading() as session:
        assert learners.get(session, absorb).id == third
        assert learners.get(session, keep).id == third
    assert held(db, third) == [(outcome, "recorded")]


def test_two_merges_in_opposite_directions_make_no_circle(db: Database, bank: Bank) -> None:
    one, other, _ = two_people(db, bank)
    assert second_waits(db, merging(bank, one, other), merging(bank, other, one)) == ["learner.merge_same"]
    with db.reading() as session:
        assert learners.get(session, other).id == one


@pytest.mark.parametrize(
    ("first", "then", "code", "state"),
    [
        ("revoke", "revoke", "status.already_revoked", "revoked"),
        ("revoke", "suspend", "status.already_revoked", "revoked"),
        ("suspend", "revoke", "done", "revoked"),
        ("suspend", "suspend", "status.already_suspended", "suspended"),
    ],
)
def test_two_changes_of_one_status(
    db: Database, bank: Bank, college: UUID, first: revoking.Action, then: revoking.Action, code: str, state: str
) -> None:
    keep, _, _ = two_people(db, bank)
    with db.reading() as session:
        number = learners.get(session, keep).account_number
    credential, outcome = issued(db, bank, college, number)

    def change(action: revoking.Action) -> Step:
        return lambda session: revoking.change_status(session, bank, college, credential, action, reason="误发")

    assert second_waits(db, change(first), change(then)) == [code]
    assert held(db, keep) == [(outcome, state)]


def test_a_key_is_revoked_while_a_list_is_opened(db: Database, bank: Bank, college: UUID) -> None:
    _, _, number = two_people(db, bank)
    outcome = recorded(db, bank, college, number)

    def rotate(session: Session) -> None:
        admitting.rotate_key(session, bank, institutions.get(session, college), compromised=True)

    came = second_waits(db, lambda session: issuing.issue(session, bank, college, [outcome]), rotate)
    assert came == ["done"]
    with db.reading() as session:
        current = institutions.current_key(session, college, "assertion", bank.now()).multikey
        lists = session.exec(select(PublishedStatusList)).all()
        assert len(lists) == 2
        assert all(current in served.document for served in lists)


def test_two_openings_with_one_document(db: Database, bank: Bank) -> None:
    def open_(session: Session) -> None:
        cities.learner(session, bank, 1)

    assert second_waits(db, open_, open_) == ["account.document_known"]


def apply(session: Session, bank: Bank) -> AdmissionApplication:
    applicant = Applicant("示例学院", code(7), "university", "sample", (Category.OTHER,), "甲", "甲@示例")
    return admitting.apply(session, bank, applicant)


def test_two_applications_of_one_institution(db: Database, bank: Bank) -> None:
    assert second_waits(db, lambda s: apply(s, bank), lambda s: apply(s, bank)) == ["application.known"]
    with db.writing() as session:
        [row] = institutions.applications(session)
        admitting.decide(session, bank, row.id, approve=False, reason="理由", decided_by=None)
    with db.writing() as session:
        apply(session, bank)  # after a refusal an institution may apply again


@pytest.mark.parametrize(("first", "then"), [(True, True), (True, False), (False, True), (False, False)])
def test_two_decisions_of_one_application(db: Database, bank: Bank, college: UUID, first: bool, then: bool) -> None:
    with db.writing() as session:
        application = apply(session, bank).id

    def decide(approve: bool) -> Step:
        return lambda session: admitting.decide(
            session, bank, application, approve=approve, reason="理由", decided_by=None
        )

    assert second_waits(db, decide(first), decide(then)) == ["application.decided"]
    with db.reading() as session:
        assert institutions.application(session, application).state == ("approved" if first else "refused")
        assert (institutions.by_handle(session, "sample") is not None) == first
