"""The greedy answer: the order of R17, and a reason for every outcome and every course."""

from dataclasses import replace

from hypothesis import given

from credit_bank.recognition.evaluation.book import RuleBook
from credit_bank.recognition.evaluation.candidate import Reason
from credit_bank.recognition.evaluation.case import make_case
from credit_bank.recognition.evaluation.proposal import Proposal
from credit_bank.recognition.evaluation.proposing import greedy, proposal_of, propose
from credit_bank.recognition.outcome import Use
from credit_bank.recognition.programme import Component
from credit_bank.recognition.rules.rule import Award, Item, Result, Rule
from credit_bank.recognition.rules.ruleset import Basis
from credit_bank.report import Outcome as Finding
from credit_bank.sentences import sentence
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


def proposal(held, target, made, *limits, completed=()) -> Proposal:
    case = make_case(held, target, [ruleset(*limits)], made, DAY, completed)
    return proposal_of(case, greedy(case))


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [one.code for one in reasons]


def test_r17_the_order_of_what_rules_rest_on() -> None:
    bases = [Basis.ELECTIVE, Basis.UNIT, Basis.ALLIANCE, Basis.AGREEMENT, Basis.PROGRAMME, Basis.PERSON]
    for n, basis in enumerate(bases):
        made = [candidate(f"c{m}", {"o": 4}, (f"C{m}", 4), basis=one) for m, one in enumerate(bases[: n + 1])]
        done = proposal([outcome("o")], programme([course(f"C{m}") for m in range(6)]), made)
        assert done.chosen == (f"c{n}",), basis


def test_r17_priority_then_the_larger_set_then_a_real_course() -> None:
    held, target = [outcome("a"), outcome("b")], programme([course("A"), course("B")])
    series = candidate("series", {"a": 4, "b": 4}, ("A", 4))
    single = candidate("single", {"a": 4}, ("B", 4))
    blanket = candidate("blanket", {"a": 4}, ("free", 4))
    first = candidate("first", {"a": 4}, ("free", 4), priority=90)
    assert proposal(held, target, [blanket, single]).chosen == ("single",)
    assert proposal(held, target, [blanket, single, series]).chosen == ("series",)
    assert proposal(held, target, [blanket, single, series, first]).chosen == ("first",)


def test_every_reason_is_told_and_can_be_said() -> None:
    failed = Reason("R4", Finding.FAIL, "choice.no_rule", "bad")
    held = [
        outcome("a"),
        outcome("b"),
        outcome("c", title="Subject a"),
        outcome("d", 9),
        outcome("bad"),
        outcome("lone"),
        outcome("e", uses=(Use("conversion", "x", "X", 80),)),
        outcome("f"),
    ]
    made = [
        candidate("ca", {"a": 4}, ("A", 4), bridged=1),
        candidate("ca2", {"a": 4}, ("B", 4), priority=110),
        candidate("cb", {"b": 4}, ("A", 4), priority=110),
        candidate("cc", {"c": 4}, ("free", 4)),
        candidate("cd", {"d": 9}, ("D", 9)),
        candidate("ce", {"e": 4}, ("E", 4)),
        candidate("cf", {"f": 4, "a": 4}, ("F", 4), priority=120),
        candidate("cbad", {"bad": 4}, ("B", 4), eligible=False, reasons=(failed,)),
        candidate("cno", {"bad": 4}, ("C", 0), result=Result.DENIED),
    ]
    courses = [course(code) for code in "ABCDEF"] + [course("T", convertible=False), course("G")]
    done = proposal(held, programme(courses), made, limit("cap", 13), completed=["G"])
    assert {id: codes(some) for id, some in done.reasons.items()} == {
        "a": ["choice.used_with_bridge", "choice.other_way", "choice.other_way"],
        "b": ["choice.course_given"],
        "c": ["choice.same_content"],
        "d": ["choice.limit_credits"],
        "bad": ["choice.no_rule"],
        "lone": ["choice.no_rule"],
        "e": ["choice.outcome_spent_before"],
        "f": ["choice.outcome_spent"],
    }
    assert codes(done.courses["G"]) == ["course.before"]
    assert codes(done.courses["T"]) == ["course.not_convertible"]
    assert (done.credits, done.bridged, done.missing) == (8 * CREDIT, CREDIT, 32 * CREDIT)
    for reasons in (*done.reasons.values(), *done.courses.values()):
        for one in reasons:
            for locale in ("zh-CN", "en"):
                assert sentence(f"finding.{one.code}", locale, **one.parameters)
    said = done.reasons["d"][0]
    assert (said.rule, said.parameters["left"], said.parameters["needed"]) == ("R11", "8", "9")


def test_what_adds_nothing_is_left_for_another_day() -> None:
    parts = [Component("core", "必修", "Core"), Component("free", "选修", "Free", 0, 4 * CREDIT)]
    held = [outcome("a", 3), outcome("b", 3), outcome("c", 3)]
    made = [candidate(f"c{one.id}", {one.id: 3}, ("free", 3)) for one in held]
    done = proposal(held, programme([], 40, parts), made)
    assert (done.chosen, done.credits) == (("ca", "cb"), 4 * CREDIT)
    assert codes(done.reasons["c"]) == ["choice.adds_nothing"]
    assert "选修" in sentence("finding.choice.adds_nothing", "zh-CN", **done.reasons["c"][0].parameters)
    assert "Free" in sentence("finding.choice.adds_nothing", "en", **done.reasons["c"][0].parameters)


@given(cases())
def test_the_greedy_answer_is_allowed_full_and_explained(made: Made) -> None:
    case = made.case()
    done = proposal_of(case, greedy(case))
    choice = allowed(case, done.chosen)
    assert choice is not None
    assert (done.credits, done.credits + done.bridged) == choice.counts() <= best_by_force(case)
    for id in set(case.open) - set(done.chosen):
        assert choice.obstacles(id) or choice.gain(id) <= (0, 0)
    assert done.reasons.keys() == {one.id for one in made.outcomes}
    assert done.courses.keys() == {one.code for one in made.programme.courses}
    for outcome_id, reasons in done.reasons.items():
        touching = [one for one in made.candidates if outcome_id in one.spends]
        assert reasons or any(not one.eligible for one in touching)
    turned = Made(made.outcomes[::-1], made.programme, made.rulesets, made.candidates[::-1], made.completed).case()
    assert done == proposal_of(turned, greedy(turned))


def test_rules_become_a_proposal_and_courses_of_the_college_itself_count() -> None:
    """From published rules to a proposal: an agreement's rule, a tie that is refused, a course passed here."""
    rules = (
        Rule("calc", "", "", (((Item("other", "MATH 101"),),),), (Award("M1"),)),
        Rule("x", "", "", (((Item("other", "ART 1"),),),), (Award("A1"),)),
        Rule("y", "", "", (((Item("other", "ART 1"),),),), (Award("A2"),)),
    )
    target = programme([course("M1"), course("A1"), course("A2"), course("OWN 1", 3)], 20)
    held = [
        outcome("m", code="Math  101"),
        outcome("a", code="ART 1"),
        outcome("own", 3, code="own 1", institution="home"),
    ]
    book = RuleBook([replace(ruleset(limit("half", "1/2", base="total")), rules=rules)])
    done = propose(held, target, book, DAY, "document-seen")
    assert done.chosen == ("set/calc:m>M1",)
    assert (done.credits, done.missing) == (7 * CREDIT, 13 * CREDIT)
    assert "precedence.tie" in codes(done.reasons["a"])
    assert codes(done.courses["OWN 1"]) == ["course.before"]
    assert done.rulesets == ("set@1",)
