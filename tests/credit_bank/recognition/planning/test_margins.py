"""What would change the plan: caps that bind, and what to do next, against solving afresh."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from credit_bank.recognition.evaluation.candidate import Candidate
from credit_bank.recognition.evaluation.case import make_case
from credit_bank.recognition.evaluation.proposal import Proposal
from credit_bank.recognition.outcome import HeldOutcome, OutcomeState
from credit_bank.recognition.planning.best import best
from credit_bank.recognition.planning.margins import Next, binding_limits, next_steps
from credit_bank.sentences import sentence
from tests.credit_bank.recognition.cases import (
    CREDIT,
    DAY,
    Made,
    best_by_force,
    candidate,
    cases,
    course,
    limit,
    outcome,
    programme,
    ruleset,
)


def test_a_cap_that_binds_says_what_a_little_more_would_bring() -> None:
    held = [outcome(f"o{n}", 4) for n in range(3)]
    made = [candidate(f"c{n}", {f"o{n}": 4}, ("free", 4)) for n in range(3)]
    caps = [limit("tight", 7), limit("count", 1, unit="courses"), limit("outcomes", 3, unit="outcomes")]
    case = make_case(held, programme([]), [ruleset(*caps)], made, DAY)
    (reason,) = binding_limits(case, best([case]).proposals[0])
    assert (reason.rule, reason.code) == ("R11", "plan.limit_higher_credits")
    assert (reason.parameters["more"], reason.parameters["gain"]) == ("1", "4")
    assert "4 学分" in sentence(f"finding.{reason.code}", "zh-CN", **reason.parameters)


def test_of_two_caps_that_both_bind_neither_alone_matters() -> None:
    held = [outcome(f"o{n}", 4) for n in range(2)]
    made = [candidate(f"c{n}", {f"o{n}": 4}, ("free", 4)) for n in range(2)]
    caps = [limit("one", "1/10", base="total"), limit("two", 1, unit="outcomes")]
    case = make_case(held, programme([]), [ruleset(*caps)], made, DAY)
    found = binding_limits(case, best([case]).proposals[0])
    assert [(one.rule, one.code) for one in found] == [("R10", "plan.limit_no_matter"), ("R11", "plan.limit_no_matter")]
    for locale in ("zh-CN", "en"):
        assert sentence(f"finding.{found[0].code}", locale, **found[0].parameters)


def planned(id: str, credits: int = 4) -> HeldOutcome:
    return outcome(id, credits, state=OutcomeState.PLANNED)


def next_of(held, wanted, target, candidates, proposal: Proposal, *limits, **more) -> tuple[Next, ...]:
    known = {one.id for one in held}
    mine = [one for one in candidates if known.issuperset(one.spends)]
    case = make_case(held, target, [ruleset(*limits)], mine, DAY)
    return next_steps(case, proposal, wanted, candidates, **more)


def test_next_come_courses_of_the_programme_and_planned_outcomes_the_most_first() -> None:
    held = [outcome("a")]
    target = programme([course("A"), course("B", 5), course("T", 6, convertible=False)], 30)
    made = [candidate("ca", {"a": 4}, ("A", 4))]
    wanted = [planned("p", 3), planned("q", 2)]
    more = [candidate("cp", {"p": 3}, ("B", 5)), candidate("cq", {"q": 2}, ("free", 2))]
    proposal = best([make_case(held, target, [], made, DAY)]).proposals[0]
    found = next_of(held, wanted, target, [*made, *more], proposal)
    assert [(one.kind, one.id, one.gain // CREDIT, one.exact) for one in found] == [
        ("course", "T", 6, True),
        ("course", "B", 5, True),
        ("outcome", "p", 5, True),
        ("outcome", "q", 2, True),
    ]


def test_a_course_that_frees_an_outcome_for_another_brings_more_than_nothing() -> None:
    """Taking A here sets free the outcome that stands for A, which may then become B."""
    held = [outcome("a", 4)]
    target = programme([course("A", 4), course("B", 4)], 30)
    made = [candidate("ca", {"a": 4}, ("A", 4)), candidate("cb", {"a": 4}, ("B", 3), priority=110)]
    proposal = best([make_case(held, target, [], made, DAY)]).proposals[0]
    assert proposal.chosen == ("ca",)
    assert [(one.id, one.gain // CREDIT) for one in next_of(held, [], target, made, proposal)] == [("B", 4)]


def test_a_cap_that_is_full_leaves_only_what_is_studied_here() -> None:
    held = [outcome("a")]
    target = programme([course("A"), course("B")], 30)
    made = [candidate("ca", {"a": 4}, ("A", 4)), candidate("cp", {"p": 4}, ("B", 4))]
    proposal = best([make_case(held, target, [ruleset(limit("cap", 4))], made[:1], DAY)]).proposals[0]
    found = next_of(held, [planned("p")], target, made, proposal, limit("cap", 4))
    assert [(one.kind, one.id) for one in found] == [("course", "B")]


@settings(max_examples=40)
@given(cases(most=5), st.data())
def test_what_comes_next_brings_what_solving_afresh_says(made: Made, data: st.DataObject) -> None:
    """Each gain against brute force on the case with that one outcome recognised, or that one course completed."""
    later = data.draw(st.sampled_from(made.outcomes)).id
    now = tuple(one for one in made.outcomes if one.id != later)
    able: tuple[Candidate, ...] = tuple(one for one in made.candidates if later not in one.spends)
    before = replace_parts(made, now, able)
    proposal = best([before.case()]).proposals[0]
    wanted = next(one for one in made.outcomes if one.id == later)
    found = next_steps(before.case(), proposal, [wanted], made.candidates, solves=20)
    gains = {(one.kind, one.id): one.gain for one in found}
    base = best_by_force(before.case())[0]
    assert gains.get(("outcome", later), 0) == best_by_force(made.case())[0] - base
    for one in made.programme.courses:
        given = {given.course for id in proposal.chosen for given in before.case().by_id[id].given}
        if one.code not in given and one.code not in made.completed:
            more = replace(before, completed=(*made.completed, one.code))
            studied = best_by_force(more.case())[0] - base
            assert gains.get(("course", one.code), 0) == max(studied, 0)


def replace_parts(made: Made, outcomes: tuple[HeldOutcome, ...], candidates: tuple[Candidate, ...]) -> Made:
    return replace(made, outcomes=outcomes, candidates=candidates)


def test_what_is_not_solved_again_is_a_lower_bound() -> None:
    held = [outcome("a", 4)]
    target = programme([course("A", 4), course("B", 4)], 30)
    made = [
        candidate("ca", {"a": 4}, ("A", 4)),
        candidate("cb", {"a": 4}, ("B", 4), priority=110),
        candidate("cp", {"p": 4}, ("A", 4), rule="x"),
    ]
    proposal = best([make_case(held, target, [], made[:2], DAY)]).proposals[0]
    wanted = [planned("p")]
    assert ("outcome", "p") not in {(n.kind, n.id) for n in next_of(held, wanted, target, made, proposal, solves=0)}
    assert ("outcome", "p") in {(n.kind, n.id) for n in next_of(held, wanted, target, made, proposal)}
