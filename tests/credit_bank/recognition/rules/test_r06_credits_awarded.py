"""R6: whose credits count: the target's, the source's, a fixed number, the lesser; or all that was earned."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.rules.rule import CreditSource
from tests.credit_bank.recognition.rules.cases import course, credits, found, held, only, programme, rules, why_not


def gives(more: str, brought: str, target: str = "3", to: str = '"M"'):  # type: ignore[no-untyped-def]
    text = f'rule = [{{ from = "A: X", to = {to}, {more} }}]'
    return only(found([held(credits=brought)], rules(text), into=programme(course("M", target))))


@pytest.mark.parametrize(
    ("source", "brought", "target", "given"),
    [
        ("target", "5", "3", "3"),  # 国开: the replaced course's value
        ("target", "2", "3", "3"),
        ("source", "5", "3", "5"),
        ("lesser", "5", "3", "3"),
        ("lesser", "2", "3", "2"),
        ("conserve", "5", "3", "5"),  # CUNY: what is awarded is what was earned
        ("conserve", "2", "3", "2"),
    ],
)
def test_r06_each_source_of_credit(source: str, brought: str, target: str, given: str) -> None:
    assert credits(gives(f'credit_source = "{source}"', brought, target)) == given


def test_r06_the_replaced_course_must_not_be_larger_where_the_rule_says_so() -> None:
    assert why_not(gives("not_less = true", "2")) == ["credits.less_than_target"]
    assert gives("not_less = true", "3").eligible
    assert gives("not_less = true", "4.5").eligible


def test_r06_a_fixed_number() -> None:
    fixed = 'credit_source = "fixed"'
    assert credits(gives(fixed, "5", to='{ course = "M", credits = "1.5" }')) == "1.5"
    assert why_not(gives(fixed, "5", to='{ component = "free" }')) == ["credits.not_fixed"]


def test_r06_at_most_n() -> None:
    assert credits(gives('credit_source = "source", credit_limit = "4"', "6")) == "4"
    assert credits(gives('credit_source = "conserve", credit_limit = "4"', "6")) == "4"


def test_r06_what_is_left_over_becomes_elective_credit() -> None:
    candidate = gives('credit_source = "conserve", residue_component = "free"', "5")
    assert [(one.course, one.component, EVERGREEN.credits(one.credits)) for one in candidate.given] == [
        ("M", "core", "3"),
        ("", "free", "2"),
    ]
    closed = gives('credit_source = "conserve", residue_component = "core"', "5")
    assert credits(closed) == "3" and "credits.residue_lost" in [one.code for one in closed.reasons]


def test_r06_a_courier_certificate_becomes_three_courses_of_eight_credits() -> None:
    into = programme(course("KD1", "3"), course("KD2", "3"), course("KD3", "2"))
    text = 'rule = [{ from = "youzheng: 快递员", to = ["KD1", "KD2", "KD3"], title = "快递员职业证书" }]'
    certificate = held(institution="youzheng", code="快递员", title="快递员职业技能等级证书", credits="8")
    candidate = only(found([certificate], rules(text), into=into))
    assert candidate.eligible and credits(candidate) == "8"
    assert [EVERGREEN.credits(one.credits) for one in candidate.given] == ["3", "3", "2"]


def test_r06_two_courses_share_what_was_earned_in_proportion_and_nothing_is_lost() -> None:
    into = programme(course("K", "1"), course("L", "2"))
    text = 'rule = [{ from = "A: X", to = ["K", "L"], credit_source = "source" }]'
    candidate = only(found([held(credits="4")], rules(text), into=into))
    assert sum(one.credits for one in candidate.given) == EVERGREEN.amount("4")
    assert [one.credits for one in candidate.given] == [27, 53]


def test_r06_a_rule_that_splits_leaves_the_rest() -> None:
    candidate = gives("splits = true", "5")
    assert dict(candidate.spends) == {"o1": EVERGREEN.amount("3")}


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=3),
    st.lists(st.integers(0, 400), min_size=1, max_size=3),
    st.sampled_from([one for one in CreditSource if one is not CreditSource.FIXED]),
    st.one_of(st.none(), st.integers(0, 400)),
    st.booleans(),
)
def test_r06_never_more_than_the_rule_says(brought, targets, source, limit, splits) -> None:  # type: ignore[no-untyped-def]
    sources = ", ".join(f'"A: S{n}"' for n in range(len(brought)))
    into = programme(*(course(f"T{n}", EVERGREEN.credits(amount)) for n, amount in enumerate(targets)))
    names = ", ".join(f'"T{n}"' for n in range(len(targets)))
    bound = "" if limit is None else f', credit_limit = "{EVERGREEN.credits(limit)}"'
    text = (
        f'rule = [{{ id = "r", from = [{sources}], to = [{names}], credit_source = "{source}", '
        f"splits = {str(splits).lower()}{bound} }}]"
    )
    amounts = [EVERGREEN.credits(amount) for amount in brought]
    held_ones = [held(f"o{n}", code=f"S{n}", title=f"甲{n}", credits=one) for n, one in enumerate(amounts)]
    candidate = only(found(held_ones, rules(text), into=into))
    given, earned, wanted = candidate.credits, sum(brought), sum(targets)
    most = {"target": wanted, "source": earned, "lesser": min(earned, wanted), "conserve": earned}[source.value]
    assert given == (most if limit is None else min(most, limit))
    for outcome in held_ones:
        assert 0 <= candidate.spends[outcome.id] <= outcome.credits
    if source is not CreditSource.TARGET:
        assert sum(candidate.spends.values()) >= given
