"""The best use: equal to brute force, never worse than greedy, the same every time, honest when time runs out."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings

from credit_bank.recognition.evaluation.case import Choice, make_case
from credit_bank.recognition.evaluation.precedence import rank
from credit_bank.recognition.planning.best import best, closest
from credit_bank.recognition.planning.solving import choices, counted
from tests.credit_bank.recognition.cases import (
    CREDIT,
    DAY,
    Made,
    allowed,
    best_by_force,
    candidate,
    cases,
    course,
    limit,
    outcome,
    programme,
    ruleset,
)


@settings(max_examples=150)
@given(cases())
def test_the_plan_equals_brute_force_and_is_never_worse_than_greedy(made: Made) -> None:
    case = made.case()
    plan = best([case])
    proposal = plan.proposals[0]
    choice = allowed(case, proposal.chosen)
    assert choice is not None
    assert choice.counts() == (proposal.credits, proposal.credits + proposal.bridged) == best_by_force(case)
    assert plan.greedy <= plan.credits == proposal.credits == case.total - proposal.missing
    assert plan.proven and plan.settled and plan.gap == 0
    for id in set(case.open) - set(proposal.chosen):
        assert choice.obstacles(id) or choice.gain(id) <= (0, 0)


@settings(max_examples=40)
@given(cases(most=4), cases(most=4))
def test_two_programmes_at_once_equal_brute_force_over_both(one: Made, other: Made) -> None:
    """The second programme is the first's neighbour: the same outcomes, its own courses and rules."""
    held = {each.id for each in one.outcomes}
    theirs = tuple(each for each in other.candidates if held.issuperset(each.spends))
    pair = [one.case(), Made(one.outcomes, other.programme, other.rulesets, theirs, ()).case()]
    plan = best(pair)
    tried = [
        counted(pair, [left, right])[0]
        for left, right in product(*(_subsets(case.open) for case in pair))
        if choices(pair, [left, right]) is not None
    ]
    assert plan.credits == max(tried) == sum(each.credits for each in plan.proposals)
    assert plan.greedy <= plan.credits


def _subsets(ids: tuple[str, ...]) -> list[list[str]]:
    return [[id for id, kept in zip(ids, bits, strict=True) if kept] for bits in product((0, 1), repeat=len(ids))]


@settings(max_examples=30)
@given(cases())
def test_the_same_input_in_another_order_gives_the_same_plan(made: Made) -> None:
    turned = Made(made.outcomes[::-1], made.programme, made.rulesets, made.candidates[::-1], made.completed)
    assert best([made.case()]) == best([made.case()]) == best([turned.case()])


@settings(max_examples=40)
@given(cases())
def test_later_aims_are_decided_in_their_order(made: Made) -> None:
    """Against every allowed set that counts as much: fewest outcomes, then soonest lost, then precedence."""
    case = made.case()
    ranks = sorted({rank(case.by_id[id]) for id in case.open})
    days = sorted({case.outcomes[o].valid_until or date.max for id in case.open for o in case.by_id[id].spends})

    def order(ids: list[str]) -> tuple[int, int, int]:
        used = sorted({one for id in ids for one in case.by_id[id].spends})
        life = sum(days.index(case.outcomes[one].valid_until or date.max) for one in used)
        return len(used), life, sum(ranks.index(rank(case.by_id[id])) for id in ids)

    top = best_by_force(case)
    rivals = [ids for ids in _subsets(case.open) if (choice := allowed(case, ids)) and choice.counts() == top]
    assert order(list(best([case]).proposals[0].chosen)) == min(map(order, rivals))


def test_what_is_lost_sooner_is_spent_first_and_the_higher_rule_is_followed() -> None:
    held = [outcome("late"), outcome("soon", valid_until=date(2027, 1, 1))]
    made = [candidate(one.id, {one.id: 4}, ("A", 4), rule="r") for one in held]
    made.append(candidate("worse", {"soon": 4}, ("A", 4), priority=200))
    assert best([make_case(held, programme([course("A")]), [], made, DAY)]).proposals[0].chosen == ("soon",)


def test_closest_puts_first_what_lacks_least_and_both_at_once_share_outcomes() -> None:
    held, targets = [outcome("o", 4)], [programme([course("A")], 10), programme([course("A", 2)], 5)]
    made = [[candidate("c", {"o": 4}, ("A", credits))] for credits in (4, 2)]
    pair = [make_case(held, target, [], some, DAY) for target, some in zip(targets, made, strict=True)]
    assert [plan.proposals[0].missing for plan in closest(pair)] == [3 * CREDIT, 6 * CREDIT]
    both = best(pair)
    assert [one.chosen for one in both.proposals] == [("c",), ()]
    assert [one.code for one in both.proposals[1].reasons["o"]] == ["choice.outcome_spent_elsewhere"]


def many(count: int) -> Choice:
    """Outcomes whose credits fill a cap badly when taken in order."""
    held = [outcome(f"o{n:03}", 3 + n % 7) for n in range(count)]
    made = [candidate(f"c{n:03}", {f"o{n:03}": 3 + n % 7}, ("free", 3 + n % 7)) for n in range(count)]
    return Choice(make_case(held, programme([], 500), [ruleset(limit("cap", 101))], made, DAY))


def test_when_time_runs_out_the_plan_says_so_and_is_no_worse_than_greedy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver is given no time at all: what it says of itself is kept honest."""
    import scipy.optimize

    real = scipy.optimize.milp
    monkeypatch.setattr(
        scipy.optimize,
        "milp",
        lambda *args, **more: real(*args, **more | {"options": {"time_limit": 0.0, "presolve": False}}),
    )
    case = many(60).case
    plan = best([case])
    assert plan.credits >= plan.greedy > 0
    assert plan.most >= plan.credits
    assert plan.proven == (plan.gap == 0)
    assert not plan.settled


def test_an_answer_that_breaks_a_limit_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver is made to say that everything may be had: the whole-number check refuses, greedy stands."""
    import scipy.optimize

    real = scipy.optimize.milp

    def liar(*args: object, **more: object) -> object:
        result = real(*args, **more)
        result.x[:] = 1
        return result

    monkeypatch.setattr(scipy.optimize, "milp", liar)
    plan = best([many(60).case])
    assert plan.credits == plan.greedy > 0
    assert not plan.settled


def test_scipy_is_loaded_only_for_a_plan() -> None:
    import subprocess
    import sys

    code = (
        "import sys, credit_bank.recognition.planning.best, credit_bank.recognition.planning.margins;"
        "sys.exit('scipy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
