"""What is left out before a solver looks: no best choice is, and the plan is the one found without leaving anything."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import combinations
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_bank.recognition.evaluation.case import Case, make_case
from credit_bank.recognition.evaluation.precedence import rank
from credit_bank.recognition.planning import relaxing, solving
from credit_bank.recognition.planning.best import best
from credit_bank.recognition.planning.margins import binding_limits
from credit_bank.recognition.planning.model import Model, build
from credit_bank.recognition.planning.relaxing import frame_of, hold, narrow, relax, within
from tests.credit_bank.recognition.cases import (
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


def reachable(case: Case, model: Model) -> list[tuple[tuple[int, int], list[int]]]:
    """For each allowed set: what it counts and minus the outcomes it uses, and the columns that are 1."""
    found = []
    for size in range(len(case.open) + 1):
        for ids in combinations(case.open, size):
            if choice := allowed(case, ids):
                used = {one for id in ids for one in case.by_id[id].spends}
                found.append(((choice.counts()[0], -len(used)), [model.columns[0, id] for id in ids]))
    return found


def keeps(frame: relaxing.Frame, model: Model, chosen: Sequence[int]) -> bool:
    """Whether the frame still has the choice with these columns at 1 and all others of candidates at 0."""
    return all(frame.lower[at] <= (at in chosen) <= frame.upper[at] for at in model.columns.values())


@settings(max_examples=60)
@given(cases(most=6), st.integers(0, 8), st.integers(0, 6))
def test_no_choice_that_reaches_a_value_is_left_out_for_it(made: Made, below: int, columns: int) -> None:
    """For what counts; then, with that held, for few outcomes; for any value, also for one that none reaches."""
    case = made.case()
    model = build([case], [case.open])
    tried = reachable(case, model)
    frame = frame_of(model)
    most = max(worth[0] for worth, _columns in tried)
    few = solving._last_aims(model)[0]
    for place, aim in enumerate([dict(model.now), few]):
        relaxed = relax(frame, aim)
        assert relaxed is not None
        values = [worth[place] for worth, _columns in tried if place == 0 or worth[0] == most]
        assert max(values) <= relaxed.bound
        value = within(frame, relaxed, columns)
        for aimed in {relaxed.bound - below * relaxed.step, relaxed.bound if value is None else value}:
            narrower = narrow(frame, relaxed, aimed)
            for worth, chosen in tried:
                if worth[place] >= aimed and (place == 0 or worth[0] == most):
                    assert keeps(narrower, model, chosen)
        frame = hold(frame, aim, most)


@settings(max_examples=60)
@given(cases(most=6), st.data())
def test_the_bound_holds_for_prices_that_a_solver_made_badly(made: Made, data: st.DataObject) -> None:
    """The prices of the rows are drawn at random, with wrong signs too: what follows from them still holds."""
    import scipy.optimize

    real = scipy.optimize.linprog
    case = made.case()
    model = build([case], [case.open])
    prices = data.draw(st.lists(st.floats(-2, 2), min_size=len(model.rows), max_size=len(model.rows)))

    def priced(*args: object, **more: object) -> object:
        result = real(*args, **more)
        result.ineqlin.marginals[:] = prices
        return result

    with patch("scipy.optimize.linprog", priced):
        relaxed = relax(frame_of(model), dict(model.now))
    assert relaxed is not None
    tried = reachable(case, model)
    assert max(worth[0] for worth, _columns in tried) <= relaxed.bound
    value = data.draw(st.sampled_from(sorted({worth[0] for worth, _columns in tried})))
    narrower = narrow(frame_of(model), relaxed, value)
    assert all(keeps(narrower, model, chosen) for worth, chosen in tried if worth[0] >= value)


def test_a_frame_that_allows_nothing_says_so() -> None:
    case = make_case([outcome("a")], programme([course("A")]), [], [candidate("c", {"a": 4}, ("A", 4))], DAY)
    model = build([case], [case.open])
    frame = frame_of(model)
    aim = dict(model.now)
    relaxed = relax(frame, aim)
    assert relaxed is not None
    assert relax(hold(frame, aim, relaxed.bound + relaxed.step), aim) is None


def aims_of(held: Sequence[Case], chosen: Sequence[Sequence[str]]) -> tuple[int, int, int, int, int]:
    """What a plan is worth by all aims, worked out from the choice alone; the higher is the better."""
    used = {
        one: case.outcomes[one]
        for case, ids in zip(held, chosen, strict=True)
        for id in ids
        for one in spends(case, id)
    }
    days = sorted(
        {
            one.valid_until or date.max
            for case in held
            for id in case.open
            for one in map(case.outcomes.__getitem__, spends(case, id))
        }
    )
    ranks = sorted({rank(case.by_id[id]) for case in held for id in case.open})
    now, later = solving.counted(held, chosen)
    life = sum(days.index(one.valid_until or date.max) for one in used.values())
    order = sum(ranks.index(rank(case.by_id[id])) for case, ids in zip(held, chosen, strict=True) for id in ids)
    return now, later, -len(used), -life, -order


def spends(case: Case, id: str) -> Mapping[str, int]:
    return case.by_id[id].spends


WAYS = [
    pytest.param(0, 0, id="every aim by itself, few columns first"),
    pytest.param(2, 10**9, id="all aims at once, few columns first"),
    pytest.param(10**9, 0, id="every aim by itself, all columns"),
]


def whole(frame: relaxing.Frame, relaxed: relaxing.Relaxed, value: int) -> relaxing.Frame:
    """Leave nothing out."""
    return frame


@contextmanager
def nothing_left_out() -> Iterator[None]:
    """No column left out and no bound taken as reached: each aim solved on the whole model."""
    with (
        patch.object(solving, "narrow", whole),
        patch.object(solving, "_GUESSED", -1),
        patch.object(solving, "_FIRST", 10**9),
    ):
        yield


@pytest.mark.parametrize(("first", "guessed"), WAYS)
@settings(max_examples=40)
@given(made=cases(), other=cases(most=4))
def test_every_way_of_searching_gives_a_plan_of_the_same_worth(
    first: int, guessed: int, made: Made, other: Made
) -> None:
    """For one programme and for two at once, against the whole model solved aim after aim."""
    held = {each.id for each in made.outcomes}
    theirs = tuple(each for each in other.candidates if held.issuperset(each.spends))
    one = made.case()
    for together in ([one], [one, Made(made.outcomes, other.programme, other.rulesets, theirs, ()).case()]):
        with nothing_left_out():
            expected = best(together)
        with patch.object(solving, "_FIRST", first), patch.object(solving, "_GUESSED", guessed):
            plan = best(together)
        assert plan.proven and plan.settled and expected.settled
        assert aims_of(together, [p.chosen for p in plan.proposals]) == aims_of(
            together, [p.chosen for p in expected.proposals]
        )


def test_a_bound_that_no_choice_reaches_is_refuted_and_the_plan_proven() -> None:
    """Three outcomes of 3 under a cap of 8: in fractions 8 count, in whole ones 6; and two are as few as may be."""
    held = [outcome(f"o{n}", 3) for n in range(3)]
    made = [candidate(f"c{n}", {f"o{n}": 3}, ("free", 3)) for n in range(3)]
    made += [candidate("part", {"o0": 3}, ("A", 2), priority=50)]
    case = make_case(
        held, programme([course("A", 2)], 20), [ruleset(limit("cap", 8), limit("n", 2, unit="courses"))], made, DAY
    )
    plan = best([case])
    assert (plan.credits, plan.most, plan.proven, plan.settled) == (best_by_force(case)[0], plan.credits, True, True)


def test_a_cap_that_changes_nothing_is_known_without_a_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound of the relaxation is what the plan counts already: no solver looks for whole numbers."""
    held = [outcome(f"o{n}", 4) for n in range(2)]
    made = [candidate(f"c{n}", {f"o{n}": 4}, ("free", 4)) for n in range(2)]
    caps = [limit("one", "1/10", base="total"), limit("two", 1, unit="outcomes")]
    case = make_case(held, programme([]), [ruleset(*caps)], made, DAY)
    proposal = best([case]).proposals[0]
    monkeypatch.delattr("scipy.optimize.milp")
    assert [one.code for one in binding_limits(case, proposal)] == ["plan.limit_no_matter"] * 2
