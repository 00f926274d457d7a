"""Laws of evaluation: pure, the same in any order, more rules take nothing away, the index finds what a scan finds."""

import copy
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_bank.recognition.evaluation.book import RuleBook, item_key, outcome_keys, selects
from credit_bank.recognition.evaluation.finding import stands
from credit_bank.recognition.evaluation.matching import NEAR_MISSES
from credit_bank.recognition.outcome import HeldOutcome
from credit_bank.recognition.rules.ruleset import RuleSet
from tests.credit_bank.recognition.rules.cases import KNOWN, TODAY, course, found, held, programme, rules, why_not
from tests.credit_bank.recognition.rules.made_rules import items, rulesets
from tests.credit_bank.recognition.rules.test_r18_lint import INTO, outcomes, small_sets

LAW = settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))


@LAW
@given(st.lists(small_sets(), min_size=1, max_size=2), outcomes, st.integers(0, 99))
def test_evaluation_is_pure_and_does_not_depend_on_order(
    sets: list[RuleSet], held_ones: list[HeldOutcome], seed: int
) -> None:
    before = copy.deepcopy(held_ones)
    first = found(held_ones, sets[0], into=INTO)
    assert held_ones == before
    shuffled = random.Random(seed).sample(held_ones, len(held_ones))
    assert found(shuffled, sets[0], into=INTO) == first


@LAW
@given(small_sets(), outcomes)
def test_a_candidate_is_eligible_exactly_where_its_reasons_stand(
    ruleset: RuleSet, held_ones: list[HeldOutcome]
) -> None:
    for one in found(held_ones, ruleset, into=INTO):
        assert one.eligible == stands(one.reasons)
        assert one.reasons and all(reason.rule.startswith("R") for reason in one.reasons)
        if one.eligible:
            assert one.given and one.spends


@LAW
@given(items, outcomes, rulesets)
def test_whatever_an_item_speaks_of_is_found_under_its_key(
    item,
    held_ones: list[HeldOutcome],
    ruleset: RuleSet,  # type: ignore[no-untyped-def]
) -> None:
    for outcome in held_ones:
        if selects(item, outcome, ruleset):
            assert item_key(item) in set(outcome_keys(outcome))


@LAW
@given(rulesets, outcomes)
def test_whatever_rules_are_made_nothing_breaks(ruleset: RuleSet, held_ones: list[HeldOutcome]) -> None:
    into = programme(course("M"), institution=ruleset.receiver, id=ruleset.programme or "P")
    for one in found(held_ones, ruleset, into=into, on=ruleset.valid_from):
        assert one.rule.sha256 == ruleset.sha256


def test_of_what_cannot_be_the_nearest_misses_are_told_and_no_more() -> None:
    lines = [f'{{ id = "r{n}", from = "A: X", to = "Q{n}" }}' for n in range(20)]
    near = '{ id = "near", from = { institution = "A", course = "X", min_credits = "4" }, to = "M" }'
    text = f"rule = [{', '.join([*lines, near])}]"
    told = found([held(level="4")], rules(text))  # far: course not there and level; near: level and credits
    assert len(told) == NEAR_MISSES and not any(one.eligible for one in told)
    low = found([held()], rules(text))
    assert [why_not(one) for one in low if one.rule.rule == "near"] == [["credits.too_few"]]


def test_the_fewest_reasons_against_come_first_among_near_misses() -> None:
    far = [f'{{ id = "a{n}", from = {{ institution = "A", course = "X" }}, to = "Q{n}" }}' for n in range(9)]
    near = '{ id = "z", from = { institution = "A", course = "X", level = "any", min_credits = "4" }, to = "M" }'
    told = found([held(level="1")], rules(f"rule = [{', '.join([*far, near])}]"))
    assert "z" in {one.rule.rule for one in told} and len(told) == NEAR_MISSES


def test_a_book_may_be_empty() -> None:
    assert len(RuleBook([], KNOWN)) == 0
    assert found([held()], on=TODAY) == ()
