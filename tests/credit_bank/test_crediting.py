"""Credits in double entry: recognised, converted, consumed, expired, taken back; no credit twice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func
from sqlmodel import Session, col, select

from credit_bank import crediting, issuing, opening, revoking, settling
from credit_bank.account.amount import Credit, Denomination
from credit_bank.account.balance import balances
from credit_bank.account.journal import Decision, Journal, Movement, RuleSet
from credit_bank.account.movements import Award
from credit_bank.account.posting import Account
from credit_bank.bank import Bank
from credit_bank.crediting import Purpose, Spend
from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.store import account
from credit_bank.store.tables import CreditPosting
from tests.banks import Clock
from tests.credit_bank import cities
from web.database import Database

DEPOSITED = Denomination(EVERGREEN.id, "3", Category.OTHER.value)
HERE = Denomination(EVERGREEN.id, "4", Category.ACADEMIC.value)
THERE = Denomination("elsewhere-1", "6", Category.ACADEMIC.value)
RULES = RuleSet(UUID(int=9), b"r" * 32)


def decided(reason: str = "reviewed") -> Decision:
    """A decision of its own."""
    return Decision(uuid4(), reason, UUID(int=1), UUID(int=2), RULES)


@dataclass
class Books:
    """One learner's books, with an outcome of 40 steps deposited."""

    session: Session
    bank: Bank
    college: UUID
    learner: UUID
    number: str
    outcome: UUID

    def recognise(self, amount: int = 40, outcome: UUID | None = None, **more: date) -> Journal:
        credit = Credit(amount, HERE)
        return crediting.recognise(
            self.session, self.bank, self.learner, outcome or self.outcome, credit, decided(), **more
        )

    def convert(self, *spends: Spend, award: int = 40, of: Denomination = HERE, **more: object) -> Journal:
        awards = [Award(UUID(int=77), Credit(award, of))]
        decision = more.pop("decision", None) or decided("rule")
        wanted = spends or (Spend(self.outcome),)
        return crediting.convert(self.session, self.bank, self.learner, wanted, awards, decision, **more)  # type: ignore[arg-type]

    def has(self) -> dict[tuple[str, str], int]:
        """What stands on each account, by level: by the database's sum and by our own."""
        summed = account.balance(self.session, self.learner)
        journals = account.journals(self.session, self.learner)
        assert summed == balances(p for j in journals for p in j.postings)
        return {(b.of.level, a.value): n for b in summed for a, n in b.amounts.items()}


def deposit(session: Session, bank: Bank, college: UUID, number: str, title: str, **values: object) -> UUID:
    row = cities.row(2, number, course_title=title, **values)
    [outcome] = cities.record(session, bank, college, row).outcome_ids
    return outcome


@pytest.fixture
def books(db: Database, bank: Bank) -> Iterator[Books]:
    with db.writing() as session:
        college = cities.found(session, bank).id
        person = cities.learner(session, bank)
        outcome = deposit(session, bank, college, person.account_number, "书法入门")
        yield Books(session, bank, college, person.id, person.account_number, outcome)


def test_a_deposit_waits_to_be_recognised(books: Books) -> None:
    assert books.has() == {("3", "earned"): 40}
    [journal] = account.journals(books.session, books.learner)
    assert (journal.movement, journal.id, journal.decision.reason) == (Movement.EARN, books.outcome, "deposited")
    assert journal.decision.institution_id == books.college


def test_from_deposit_to_consumption_and_back(books: Books) -> None:
    recognised = books.recognise(30)
    assert books.has() == {("4", "available"): 30}
    converted = books.convert(award=25, of=THERE)
    assert books.has() == {("6", "held"): 25}
    assert converted.decision.rule_set == RULES
    consumed = crediting.consume(books.session, books.bank, books.learner, converted.id, decided())
    assert books.has() == {("6", "consumed"): 25}
    for journal, code in ((recognised, "in_use"), (converted, "in_use")):
        with pytest.raises(Conflict, match=code):
            crediting.reverse(books.session, books.bank, books.learner, journal.id, decided())
    for journal in (consumed, converted, recognised):
        crediting.reverse(books.session, books.bank, books.learner, journal.id, decided("appeal"))
    assert books.has() == {("3", "earned"): 40}
    with pytest.raises(Conflict, match="already_reversed"):
        crediting.reverse(books.session, books.bank, books.learner, converted.id, decided())
    with pytest.raises(Conflict, match="not_reversible"):
        crediting.reverse(books.session, books.bank, books.learner, books.outcome, decided())
    with pytest.raises(Missing, match="journal_unknown"):
        crediting.reverse(books.session, books.bank, books.learner, uuid4(), decided())


def test_every_change_of_kind_passes_over_the_exchange_account(books: Books) -> None:
    books.recognise(30)
    books.convert(award=25, of=THERE)
    rows = books.session.execute(
        select(CreditPosting.framework, func.sum(CreditPosting.amount)).group_by(col(CreditPosting.framework))
    )
    assert dict(map(tuple, rows)) == {EVERGREEN.id: 0, THERE.framework: 0}
    found = books.session.execute(
        select(CreditPosting.level, func.sum(CreditPosting.amount))
        .where(col(CreditPosting.account) == Account.EXCHANGE)
        .group_by(col(CreditPosting.level))
    )
    assert dict(map(tuple, found)) == {"3": 40, "4": 0, "6": -25}


def test_an_outcome_is_used_once(books: Books) -> None:
    with pytest.raises(Conflict, match="not_recognised"):
        books.convert()
    books.recognise()
    with pytest.raises(Conflict, match="already_recognised"):
        books.recognise()
    first = books.convert()
    for more in ({}, {"award": 5}):
        with pytest.raises(Conflict, match="already_used"):
            books.convert(**more)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="already_used"):
        books.convert(Spend(books.outcome, 5))
    crediting.reverse(books.session, books.bank, books.learner, first.id, decided())
    books.convert()
    assert books.has() == {("4", "held"): 40}


def test_only_a_rule_that_splits_spends_a_part_and_never_more_than_there_is(books: Books) -> None:
    books.recognise()
    books.convert(Spend(books.outcome, 15), award=15)
    books.convert(Spend(books.outcome, 20), award=20)
    with pytest.raises(Conflict, match="not_enough") as caught:
        books.convert(Spend(books.outcome, 6), award=6)
    assert (caught.value.parameters["asked"], caught.value.parameters["left"]) == (6, 5)
    with pytest.raises(Conflict, match="already_used"):
        books.convert()
    assert books.has() == {("4", "available"): 5, ("4", "held"): 35}


def test_a_declared_exception_counts_once_beside_the_conversion(books: Books) -> None:
    books.recognise()
    admission = Purpose("admission", exception=True)
    books.convert(purpose=admission)
    assert books.has() == {("4", "available"): 40, ("4", "held"): 40}
    books.convert()
    with pytest.raises(Conflict, match="already_used"):
        books.convert(purpose=admission)
    assert books.has() == {("4", "held"): 80}
    with pytest.raises(InvalidInput, match="use_malformed"):
        Purpose(exception=True)


def test_several_outcomes_become_several_courses(books: Books) -> None:
    other = deposit(books.session, books.bank, books.college, books.number, "合唱", credits=60)
    books.recognise()
    books.recognise(60, other)
    courses = [UUID(int=1), UUID(int=2)]
    awards = [Award(course, Credit(45, THERE)) for course in courses]
    spends = [Spend(books.outcome), Spend(other)]
    made = crediting.convert(books.session, books.bank, books.learner, spends, awards, decided())
    crediting.consume(books.session, books.bank, books.learner, made.id, decided(), targets=courses[:1])
    assert books.has() == {("6", "held"): 45, ("6", "consumed"): 45}
    for targets in (courses[:1], [UUID(int=3)], courses):
        with pytest.raises(Conflict, match="nothing_held"):
            crediting.consume(books.session, books.bank, books.learner, made.id, decided(), targets=targets)
    crediting.consume(books.session, books.bank, books.learner, made.id, decided())
    assert books.has() == {("6", "consumed"): 90}
    assert {u.outcome_id for u in account.live_uses(books.session, books.learner, conversion_id=made.id)} == {
        books.outcome,
        other,
    }


def test_a_command_sent_again_changes_nothing(books: Books) -> None:
    credit, decision = Credit(40, HERE), decided()
    call = (books.session, books.bank, books.learner, books.outcome)
    first = crediting.recognise(*call, credit, decision)
    assert crediting.recognise(*call, credit, decision).id == first.id
    with pytest.raises(Conflict, match="decision_reused"):
        crediting.recognise(*call, replace(credit, amount=39), decision)
    rule = decided("rule")
    converted = books.convert(decision=rule)
    assert books.convert(decision=rule).id == converted.id
    taken = decided()
    one = crediting.consume(books.session, books.bank, books.learner, converted.id, taken)
    assert crediting.consume(books.session, books.bank, books.learner, converted.id, taken) == one
    back = decided()
    undone = crediting.reverse(books.session, books.bank, books.learner, one.id, back)
    assert crediting.reverse(books.session, books.bank, books.learner, one.id, back).id == undone.id
    assert account.journal_count(books.session, books.learner) == 5


@pytest.mark.parametrize(
    ("credit", "code"),
    [
        (Credit(0, HERE), "amount_malformed"),
        (Credit(-1, HERE), "amount_malformed"),
        (Credit(True, HERE), "amount_malformed"),
        (Credit(1.5, HERE), "amount_malformed"),  # type: ignore[arg-type]
        (Credit(1, replace(HERE, category="sport")), "category_unknown"),
        (Credit(1, replace(HERE, level="11")), "level_unknown"),
        (Credit(1, replace(HERE, framework=" ")), "framework_missing"),
    ],
)
def test_what_is_no_credit_is_not_posted(books: Books, credit: Credit, code: str) -> None:
    with pytest.raises(InvalidInput, match=code):
        crediting.recognise(books.session, books.bank, books.learner, books.outcome, credit, decided())
    assert books.has() == {("3", "earned"): 40}


def test_a_conversion_names_its_outcomes_once_and_anothers_are_unknown(books: Books) -> None:
    for spends in ([], [Spend(books.outcome)] * 2):
        with pytest.raises(InvalidInput, match="nothing_to_convert"):
            awards = [Award(UUID(int=1), Credit(1, HERE))]
            crediting.convert(books.session, books.bank, books.learner, spends, awards, decided())
    other = cities.learner(books.session, books.bank, 2)
    with pytest.raises(Missing, match=r"outcome\.unknown"):
        crediting.convert(books.session, books.bank, other.id, [Spend(books.outcome)], awards, decided())
    with pytest.raises(Missing, match=r"outcome\.unknown"):
        books.recognise(outcome=uuid4())


def test_credits_expire_after_their_last_day_and_come_back_when_made_valid_again(books: Books, clock: Clock) -> None:
    last = date(2026, 9, 10)
    books.recognise(expires_on=last)
    assert settling.expire(books.session, books.bank, last).journals == 0
    done = settling.expire(books.session, books.bank, date(2026, 9, 11))
    assert (done.journals, done.last) == (1, books.learner)
    assert settling.expire(books.session, books.bank, date(2026, 9, 11), after=done.last).last is None
    assert books.has() == {("4", "expired"): 40}
    assert settling.expire(books.session, books.bank, date(2026, 9, 11)).journals == 0
    clock.advance(days=11)
    with pytest.raises(Conflict, match=r"account\.expired"):
        books.convert()
    again = crediting.revalidate(
        books.session, books.bank, books.learner, books.outcome, date(2027, 1, 1), decided("looked_at_anew")
    )
    assert again.expires_on == date(2027, 1, 1)
    assert books.has() == {("4", "available"): 40}
    books.convert()
    assert settling.expire(books.session, books.bank, date(2030, 1, 1)).journals == 0  # held credits do not expire
    assert books.has() == {("4", "held"): 40}


def test_an_application_in_time_counts_although_it_is_decided_later(books: Books, clock: Clock) -> None:
    books.recognise(expires_on=date(2026, 9, 10))
    clock.advance(days=30)
    settling.expire(books.session, books.bank, books.bank.today())
    made = books.convert(Spend(books.outcome, 10), award=10, applied_on=date(2026, 9, 10))
    assert books.has() == {("4", "held"): 10, ("4", "expired"): 30}
    crediting.reverse(books.session, books.bank, books.learner, made.id, decided())
    assert books.has() == {("4", "expired"): 40}


def test_an_outcome_expires_before_it_is_recognised_too(books: Books) -> None:
    deposit(books.session, books.bank, books.college, books.number, "急救", credits=20, valid_until=date(2026, 9, 10))
    settling.expire(books.session, books.bank, date(2026, 9, 11))
    assert books.has() == {("3", "earned"): 40, ("3", "expired"): 20}


def test_suspending_and_revoking_set_aside_what_is_not_used(books: Books) -> None:
    [made] = issuing.issue(books.session, books.bank, books.college, [books.outcome])
    books.recognise()
    converted = books.convert(Spend(books.outcome, 10), award=10)

    def change(action: revoking.Action) -> None:
        revoking.change_status(
            books.session, books.bank, books.college, made.credential_id, action, reason="误发", changed_by=None
        )

    change("suspend")
    assert books.has() == {("4", "suspended"): 30, ("4", "held"): 10}
    with pytest.raises(Conflict, match="not_good"):
        books.convert(Spend(books.outcome, 5), award=5)
    change("reinstate")
    assert books.has() == {("4", "available"): 30, ("4", "held"): 10}
    change("revoke")
    assert books.has() == {("4", "revoked"): 30, ("4", "held"): 10}  # what is held is for people to decide (R27)
    crediting.reverse(books.session, books.bank, books.learner, converted.id, decided("source_revoked"))
    assert books.has() == {("4", "revoked"): 40}
    reasons = [j.decision.reason for j in account.journals(books.session, books.learner)]
    assert {"credential_suspended", "credential_reinstated", "credential_revoked"} <= set(reasons)


def test_a_deposit_that_is_taken_back_counts_no_more(books: Books) -> None:
    assert revoking.withdraw_recorded(books.session, books.bank, books.college, books.outcome)
    assert books.has() == {("3", "revoked"): 40}
    with pytest.raises(Conflict, match="not_good"):
        books.recognise()


def test_merged_accounts_have_one_set_of_books_in_which_nothing_counts_twice(books: Books) -> None:
    session, bank = books.session, books.bank
    other = cities.learner(session, bank, 2)
    twin = deposit(session, bank, books.college, other.account_number, "书法入门")
    more = deposit(session, bank, books.college, other.account_number, "合唱", credits=60)
    crediting.recognise(session, bank, other.id, twin, Credit(40, HERE), decided())
    crediting.recognise(session, bank, other.id, more, Credit(60, HERE), decided())
    crediting.convert(session, bank, other.id, [Spend(more)], [Award(UUID(int=1), Credit(60, HERE))], decided())
    opening.merge_accounts(session, bank, keep=books.learner, absorb=other.id, merged_by=None)
    # of the two the recognised one counts, and either may be asked for by the account that is gone
    assert books.has() == {("3", "duplicate"): 40, ("4", "available"): 40, ("4", "held"): 60}
    with pytest.raises(Conflict, match="not_good"):
        books.recognise()
    crediting.convert(session, bank, other.id, [Spend(twin)], [Award(UUID(int=1), Credit(40, HERE))], decided())
    assert books.has() == {("3", "duplicate"): 40, ("4", "held"): 100}


def test_learning_that_was_used_in_both_accounts_is_not_used_a_third_time(books: Books) -> None:
    session, bank = books.session, books.bank
    other = cities.learner(session, bank, 2)
    twin = deposit(session, bank, books.college, other.account_number, "书法入门")
    books.recognise()
    crediting.recognise(session, bank, other.id, twin, Credit(40, HERE), decided())
    books.convert(Spend(books.outcome, 10), award=10)
    opening.merge_accounts(session, bank, keep=books.learner, absorb=other.id, merged_by=None)
    assert books.has() == {("4", "available"): 30, ("4", "held"): 10, ("4", "duplicate"): 40}
    with pytest.raises(Conflict, match="not_good"):
        books.convert(Spend(twin))
    books.convert(Spend(books.outcome, 30), award=30)
