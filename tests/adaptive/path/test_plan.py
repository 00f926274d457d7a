"""Plans: topological, complete, explained, and planned again as life goes."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adaptive.content.graph import SkillGraph
from adaptive.content.model import Library
from adaptive.errors import Missing
from adaptive.path.plan import (
    Goal,
    Pace,
    Plan,
    Standing,
    compare,
    goal_of_course,
    goal_of_skill,
    goal_of_skills,
    graph_of,
    make_plan,
    own_pace,
)
from adaptive.reason import Reason, codes
from adaptive.sentences import sentence
from tests.adaptive.libraries import REQUIRES, small_library

LIBRARY = small_library()
MASTERED = Standing(0.95, mastered=True, begun=True)


@st.composite
def situations(draw: st.DrawFn) -> tuple[Library, Goal, dict[str, Standing], set[str]]:
    """Any acyclic library, goal, standing and things set aside."""
    count = draw(st.integers(1, 9))
    keys = [f"{draw(st.sampled_from('ab'))}.s{n}" for n in range(count)]
    requires = {
        key: tuple(draw(st.lists(st.sampled_from(keys[:n]), max_size=2, unique=True))) if n else ()
        for n, key in enumerate(keys)
    }
    missing = frozenset(draw(st.sets(st.sampled_from(keys), max_size=2)))
    library = small_library(requires, without_items=missing)
    goal = goal_of_skills(library, "goal", draw(st.lists(st.sampled_from(keys), min_size=1, unique=True)))
    some = st.builds(Standing, st.floats(0.1, 0.99), st.booleans(), st.just(True))
    standings = draw(st.dictionaries(st.sampled_from(keys), some))
    return library, goal, standings, draw(st.sets(st.sampled_from(keys), max_size=2))


def said(reason: Reason) -> str:
    return sentence(f"reason.{reason.code}", "zh-CN", **reason.values)


@settings(max_examples=150, deadline=None)
@given(situations())
def test_a_plan_is_in_order_complete_and_explained(
    situation: tuple[Library, Goal, dict[str, Standing], set[str]],
) -> None:
    library, goal, standings, aside = situation
    graph = SkillGraph(library.skills)
    plan = make_plan(library, goal, standings, not_now=aside)
    order = [step.skill_id for step in plan.steps]
    mastered = {key for key, standing in standings.items() if standing.mastered}
    wanted = graph.missing(goal.skills, mastered)
    assert set(order) | set(plan.skipped) == set(wanted)
    assert not set(order) & set(plan.skipped)
    assert len(set(order)) == len(order)
    assert not set(order) & mastered
    for place, key in enumerate(order):
        for before in graph.requires(key):
            assert before in order[:place] or before in mastered or plan.skipped[before].code == "plan.no_item"
    assert set(plan.done) <= mastered
    reasons = [reason for step in plan.steps for reason in step.reasons]
    reasons += [*plan.done.values(), *plan.skipped.values(), *plan.notes]
    assert all(said(reason) for reason in reasons)
    assert all(step.reasons and step.item_ids and step.minutes > 0 for step in plan.steps)
    assert [step.week for step in plan.steps] == sorted(step.week for step in plan.steps)
    assert plan.weeks >= (plan.steps[-1].week if plan.steps else 0)
    assert json.loads(json.dumps(plan.as_json())) == plan.as_json()


@settings(deadline=None)
@given(situations(), st.floats(1.01, 3.0))
def test_who_goes_slower_needs_longer_and_who_masters_something_never_more(
    situation: tuple[Library, Goal, dict[str, Standing], set[str]], factor: float
) -> None:
    library, goal, standings, aside = situation
    plan = make_plan(library, goal, standings, not_now=aside)
    assert make_plan(library, goal, standings, Pace(factor), not_now=aside).minutes >= plan.minutes
    if plan.steps:
        after = make_plan(library, goal, {**standings, plan.steps[0].skill_id: MASTERED}, not_now=aside)
        assert len(after.steps) < len(plan.steps)
        assert after.minutes <= plan.minutes


def test_a_course_with_a_credential_is_a_plan_to_its_skills() -> None:
    plan = make_plan(LIBRARY, goal_of_course(LIBRARY, "pay"), {})
    assert plan.goal.skills == ("pay.refund",)
    assert [step.skill_id for step in plan.steps] == [
        "phone.power", "phone.lock", "phone.touch", "pay.wallet", "pay.scan", "pay.refund",
    ]  # fmt: skip
    assert codes(plan.steps[0].reasons) == ("plan.before",)
    assert codes(plan.steps[-1].reasons) == ("plan.goal",)
    assert plan.minutes == 78
    assert plan.weeks == 2
    assert goal_of_course(LIBRARY, "phone").skills == ("phone.power", "phone.touch", "phone.call", "phone.lock")


def test_planned_again_it_tells_what_changed() -> None:
    goal = goal_of_skill(LIBRARY, "pay.refund")
    before = make_plan(LIBRARY, goal, {})
    standings = {"phone.power": MASTERED, "phone.touch": MASTERED}
    after = make_plan(LIBRARY, goal, standings, not_now=["pay.scan"])
    change = compare(before, after, standings)
    assert change.mastered == ("phone.power", "phone.touch")
    assert after.skipped["pay.scan"].code == "plan.not_now"
    assert after.skipped["pay.refund"].code == "plan.waits"
    assert codes(change.reasons)[:2] == ("replan.mastered", "replan.set_aside")
    assert all(said(reason) for reason in change.reasons)
    assert codes(compare(after, after, standings).reasons) == ("replan.same",)
    back = compare(after, before, {})
    assert set(back.added) == {"phone.power", "phone.touch", "pay.scan", "pay.refund"}
    assert all(said(reason) for reason in back.reasons)


def test_what_is_reached_is_said() -> None:
    goal = goal_of_skill(LIBRARY, "phone.power")
    plan = make_plan(LIBRARY, goal, {"phone.power": MASTERED})
    assert isinstance(plan, Plan)
    assert codes(plan.notes) == ("plan.reached",)
    assert plan.weeks == plan.minutes == 0


def test_what_an_item_needs_beyond_the_graph_comes_first() -> None:
    library = small_library(item_requires={"phone.call": ("phone.lock",)})
    order = [step.skill_id for step in make_plan(library, goal_of_skill(library, "phone.call"), {}).steps]
    assert order.index("phone.lock") < order.index("phone.call")
    assert "phone.lock" in graph_of(library).requires("phone.call")


def test_ones_own_pace_counts_from_three_items_on_and_stays_within_reason() -> None:
    assert own_pace([(30, 10), (30, 10)]).factor == 1.0
    assert own_pace([(20, 10)] * 3).factor == 2.0
    assert own_pace([(900, 10)] * 3).factor == 3.0
    assert own_pace([(1, 10)] * 3).factor == 0.5


def test_a_goal_that_does_not_exist() -> None:
    for code, goal in (
        ("skill_unknown", lambda: goal_of_skill(LIBRARY, "no.such")),
        ("course_unknown", lambda: goal_of_course(LIBRARY, "none")),
        ("nothing_known", lambda: goal_of_skills(LIBRARY, "program", ["no.such"])),
    ):
        with pytest.raises(Missing, match=code):
            goal()
    assert goal_of_skills(LIBRARY, "program", ["no.such", "phone.power", "phone.power"]).skills == ("phone.power",)
    assert len(REQUIRES) == 7
