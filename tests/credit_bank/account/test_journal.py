"""Journals balance in each kind of credit or are none; what a reversal is; which of two that are the same counts."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.account import movements
from credit_bank.account.amount import Credit, Denomination
from credit_bank.account.balance import Lot, Use
from credit_bank.account.journal import Decision, Journal, Movement, RuleSet, standing
from credit_bank.account.placement import Standing, places
from credit_bank.account.posting import HOLDINGS, Account, Bucket, Posting, imbalance, sums
from credit_bank.errors import InvalidInput

OTHER, HERE = Denomination("evergreen-1", "3", "other"), Denomination("evergreen-1", "4", "academic")
OUTCOME = UUID(int=5)
AT = datetime(2026, 9, 1, tzinfo=UTC)

denominations = st.builds(Denomination, st.sampled_from("ab"), st.sampled_from("34"), st.sampled_from(["x", "y"]))
credits_ = st.builds(Credit, st.integers(1, 500), denominations)
spent = st.lists(st.tuples(st.uuids(), credits_), min_size=1, max_size=4)
awards = st.lists(st.builds(movements.Award, st.uuids(), credits_), min_size=1, max_size=4)


def journal(*postings: Posting, movement: Movement = Movement.EARN, n: int = 1, **more: object) -> Journal:
    return Journal(UUID(int=n), movement, Decision(UUID(int=n), "law"), AT, postings, OUTCOME, **more)  # type: ignore[arg-type]


@given(out=spent, come=awards, exception=st.booleans())
def test_a_conversion_balances_in_each_kind_and_holds_what_it_awards(
    out: list[tuple[UUID, Credit]], come: list[movements.Award], exception: bool
) -> None:
    postings = movements.converted(UUID(int=1), out, come, exception=exception)
    assert imbalance(postings) == {}
    held = [p for p in postings if p.bucket.account is Account.HELD]
    assert sum(p.amount for p in held) == sum(a.credit.amount for a in come)
    taken = Account.EXCEPTION if exception else Account.AVAILABLE
    assert -sum(p.amount for p in postings if p.bucket.account is taken) == sum(c.amount for _, c in out)
    assert all(p.amount for p in postings)
    assert sums([*postings, *movements.reversed_(postings)]) == {}


@given(waiting=credits_, value=credits_)
def test_a_recognition_says_on_the_exchange_account_what_it_changed(waiting: Credit, value: Credit) -> None:
    stands = {Bucket(Account.EARNED, waiting.of, OUTCOME): waiting.amount}
    postings = movements.recognised(OUTCOME, stands, value)
    assert imbalance(postings) == {}
    left = sums([*(Posting(b, n) for b, n in stands.items()), *postings])
    assert {b: n for b, n in left.items() if b.account in HOLDINGS} == {
        Bucket(Account.AVAILABLE, value.of, OUTCOME): value.amount
    }
    assert any(b.account is Account.EXCHANGE for b in left) == (waiting != value)


def test_what_does_not_balance_is_no_journal() -> None:
    out, come = Bucket(Account.EARNED, OTHER, OUTCOME), Bucket(Account.AVAILABLE, HERE, OUTCOME)
    with pytest.raises(InvalidInput, match="unbalanced"):
        journal(Posting(out, -40), Posting(come, 40))  # the sum is zero, the kinds are not


@pytest.mark.parametrize("reason", ["", "Reviewed", "two words", "a" * 61, "1st", "a\n"])
def test_a_reason_is_a_code(reason: str) -> None:
    with pytest.raises(InvalidInput, match="reason_malformed"):
        Decision(UUID(int=1), reason)


def test_a_version_of_rules_has_the_digest_of_its_text() -> None:
    with pytest.raises(InvalidInput, match="rule_set_malformed"):
        RuleSet(UUID(int=1), b"short")


def test_what_was_taken_back_does_not_stand() -> None:
    first, second = journal(n=1), journal(n=2)
    back = journal(n=3, movement=Movement.REVERSE, reverses=first.id)
    assert standing([first, second, back]) == [second]


def of(n: int, state: str = "issued", *, last: date | None = None, twin: bool = False, used: bool = False) -> Standing:
    deposit = journal(n=n, expires_on=last)
    use = Use(UUID(int=n), UUID(int=n), "conversion", UUID(int=9), 40)
    lot = Lot(UUID(int=n), (deposit,), {}, (use,) if used else ())
    return Standing(UUID(int=n), state, UUID(int=1) if twin else None, lot)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ([of(1), of(2, twin=True)], [None, "duplicate"]),
        ([of(1), of(2, twin=True, used=True)], ["duplicate", None]),
        ([of(1, "revoked"), of(2, twin=True)], ["revoked", None]),
        ([of(1, "suspended"), of(2, "suspended", twin=True)], ["suspended", "suspended"]),
        ([of(1, "recorded"), of(2, twin=True)], ["duplicate", None]),
        ([of(1, last=date(2026, 8, 31)), of(2, twin=True)], ["duplicate", None]),
        ([of(1, last=date(2026, 8, 31))], ["expired"]),
        ([of(1, last=date(2026, 9, 1))], [None]),
        ([of(1, "revoked", last=date(2026, 8, 31))], ["revoked"]),
    ],
)
def test_where_unused_credits_stand(group: list[Standing], expected: list[str | None]) -> None:
    found = places(group, date(2026, 9, 1))
    assert [found[s.outcome_id] for s in group] == expected
