"""Limits as counters: R10, R11 and R12 by their real instances, R15 and R16, and what counts towards graduation."""

from datetime import date
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.errors import InvalidInput
from credit_bank.recognition.evaluation.case import Case, Choice, make_case
from credit_bank.recognition.framework import Category
from credit_bank.recognition.outcome import SourceType, Use
from credit_bank.recognition.programme import Component
from credit_bank.recognition.rules.ruleset import LevelMap
from tests.credit_bank.recognition.cases import (
    CREDIT,
    DAY,
    Made,
    allowed,
    candidate,
    cases,
    course,
    limit,
    outcome,
    programme,
    ruleset,
)


def case_of(outcomes, target, candidates, *limits, completed=(), **more) -> Case:
    return make_case(outcomes, target, [ruleset(*limits, **more)], candidates, DAY, completed)


def one_to_one(count: int, credits: int = 4, **more):
    """So many outcomes, a course for each, and a candidate for each pair."""
    held = [outcome(f"o{n}", credits, **more) for n in range(count)]
    courses = [course(f"C{n}", credits) for n in range(count)]
    return held, courses, [candidate(f"c{n}", {f"o{n}": credits}, (f"C{n}", credits)) for n in range(count)]


def taken(case: Case) -> list[str]:
    """What can be taken in the order of ids."""
    choice = Choice(case)
    for id in case.open:
        if not choice.obstacles(id):
            choice.take(id)
    return choice.taken


def test_r10_beijing_half_of_the_credits_of_graduation_and_rounded_down() -> None:
    held, courses, made = one_to_one(6)
    case = case_of(held, programme(courses, 25), made, limit("half", "1/2", base="total"))
    assert case.counters[0].bound == 250  # 12.5 credits
    assert taken(case) == ["c0", "c1", "c2"]
    obstacle = allowed(case, ["c0", "c1", "c2"]).obstacles("c3")[0]
    assert (obstacle.kind, obstacle.left, obstacle.needed) == ("limit", 10, 80)


def test_r10_a_third_of_an_odd_total_is_a_whole_number_of_steps() -> None:
    case = case_of(
        [],
        programme([], 20),
        [],
        limit("cap", "1/3", base="total"),
        limit("min", "1/3", base="total", sense="at-least"),
    )
    assert [one.bound for one in case.counters] == [133, 134]


def test_r11_ouc_35_percent_of_the_required_courses() -> None:
    courses = [course("A", 10), course("B", 10), course("C", 20, required=False)]
    case = case_of([], programme(courses), [], limit("required", "35/100", base="required", counted={"required": True}))
    assert case.counters[0].bound == 7 * CREDIT


def test_r11_shanghai_40_percent_from_self_taught_exams() -> None:
    held, courses, made = one_to_one(4, source=SourceType.SELF_TAUGHT_EXAM)
    other = outcome("p", 4, source=SourceType.PARTNER)
    made.append(candidate("d", {"p": 4}, ("free", 4)))
    cap = limit("exam", "2/5", base="required", counted={"sources": frozenset([SourceType.SELF_TAUGHT_EXAM])})
    assert taken(case_of([*held, other], programme(courses), made, cap)) == ["c0", "d"]


def test_r11_uibe_at_most_eight_courses() -> None:
    held, courses, made = one_to_one(10, 2)
    extra = candidate("z", {"e": 2}, ("free", 2))
    case = case_of([*held, outcome("e", 2)], programme(courses), [*made, extra], limit("courses", 8, unit="courses"))
    assert taken(case) == [*(f"c{n}" for n in range(8)), "z"]  # elective credit stands for no course


def test_r11_acbs_three_certificates_and_two_of_one_rule() -> None:
    held = [outcome(f"o{n}", 2, category=Category.VOCATIONAL) for n in range(5)]
    made = [candidate(f"c{n}", {f"o{n}": 2}, ("free", 2), rule="cert") for n in range(5)]
    kinds = {"categories": frozenset([Category.VOCATIONAL])}
    assert len(taken(case_of(held, programme([]), made, limit("certs", 3, unit="outcomes", counted=kinds)))) == 3
    narrow = limit("two", 2, unit="outcomes", counted={"rules": frozenset(["cert"])})
    assert len(taken(case_of(held, programme([]), made, narrow))) == 2
    elsewhere = limit("two", 2, unit="outcomes", counted={"rules": frozenset(["another"])})
    assert len(taken(case_of(held, programme([]), made, elsewhere))) == 5


def test_r11_acbs_42_a_year_and_24_a_term() -> None:
    terms = [(date(2024, 7, 1), "2024-1"), (date(2024, 12, 1), "2024-2"), (date(2025, 7, 1), "2025-1")]
    held = [outcome(f"o{n}", 12, awarded_on=day, term=term) for n, (day, term) in enumerate(terms * 2)]
    made = [candidate(f"c{n}", {f"o{n}": 12}, ("free", 12)) for n in range(6)]
    by_year = case_of(held, programme([], 140), made, limit("year", 42, window="year"))
    assert {one.parameters["window"] for one in by_year.counters} == {"2024", "2025"}
    assert taken(by_year) == ["c0", "c1", "c2", "c3", "c5"]
    by_term = case_of(held, programme([], 140), made, limit("term", 20, window="term"))
    assert taken(by_term) == ["c0", "c1", "c2"]


def test_r11_a_term_without_a_year_is_one_of_its_year() -> None:
    held = [
        outcome(f"o{n}", 12, awarded_on=date(2023 + n // 2, 7, 1), term=("秋", "秋", "秋", "")[n]) for n in range(4)
    ]
    made = [candidate(f"c{n}", {f"o{n}": 12}, ("free", 12)) for n in range(4)]
    case = case_of(held, programme([]), made, limit("term", 12, window="term"))
    assert [one.parameters["window"] for one in case.counters] == ["2023 秋", "2024", "2024 秋"]
    assert taken(case) == ["c0", "c2", "c3"]


def test_r11_acbs_105_per_institution() -> None:
    held = [outcome(f"o{n}", 60, institution=("x", "y")[n % 2]) for n in range(4)]
    made = [candidate(f"c{n}", {f"o{n}": 60}, ("free", 60)) for n in range(4)]
    assert taken(case_of(held, programme([], 400), made, limit("each", 105, per="institution"))) == ["c0", "c1"]


def test_r12_acbs_18_credits_from_accredited_courses_keep_place_in_the_total() -> None:
    held, courses, made = one_to_one(5)
    least = limit("own", 6, sense="at-least", counted={"own": True})
    case = case_of(held, programme(courses, 20), made, least)
    assert allowed(case, ["c0", "c1", "c2", "c3"]).counts() == (14 * CREDIT, 14 * CREDIT)
    passed = case_of(held, programme(courses, 20), made, least, completed=["C4"])
    assert allowed(passed, ["c0", "c1", "c2", "c3"]).counts() == (18 * CREDIT, 18 * CREDIT)


def test_r12_scqf_60_at_level_9_by_the_map_of_levels() -> None:
    held = [
        outcome("low", 8, level="5"),
        outcome("high", 8, level="SCQF9", framework="scqf"),
        outcome("none", 8, level=""),
    ]
    made = [candidate(one.id, {one.id: 8}, ("free", 8)) for one in held]
    least = limit("level", 8, sense="at-least", counted={"min_level": 70})
    maps = (LevelMap("scqf", "evergreen-1", "1", {"SCQF9": "7"}),)
    case = case_of(held, programme([]), made, least, level_maps=maps)
    assert dict(case.counters[0].weights) == {"high": 8 * CREDIT}


def test_what_was_decided_before_counts_and_closes_its_course() -> None:
    held, courses, made = one_to_one(4)
    held[0] = outcome("o0", 4, uses=(Use("conversion", "home-1", "C0", 80),))
    held[3] = outcome("o3", 4, uses=(Use("conversion", "elsewhere", "X", 80),))
    more = candidate("again", {"o1": 4}, ("C0", 4), priority=110)
    case = case_of(held, programme(courses), [*made, more], limit("cap", 8))
    assert case.counters[0].already == 80
    assert taken(case) == ["c1"]
    assert {one.kind for one in Choice(case).obstacles("c0")} == {"outcome", "course"}
    assert [one.kind for one in Choice(case).obstacles("c3")] == ["outcome"]  # spent in another programme


def test_a_course_decided_from_two_outcomes_counts_once() -> None:
    use = Use("conversion", "home-1", "A", 40)
    case = case_of([outcome("a", 2, uses=(use,)), outcome("b", 2, uses=(use,))], programme([course("A", 5)]), [])
    assert Choice(case).counts() == (100, 100)
    elective = Use("conversion", "home-1", "free", 40)
    assert Choice(case_of([outcome("a", 2, uses=(elective,))], programme([]), [])).counts() == (40, 40)


def test_r15_one_use_of_each_kind_and_parts_only_as_spent() -> None:
    held = [outcome("o", 6)]
    made = [
        candidate("a", {"o": 3}, ("A", 3)),
        candidate("b", {"o": 2}, ("B", 2)),
        candidate("c", {"o": 3}, ("C", 3)),
        candidate("d", {"o": 6}, ("free", 1), use="admission"),
    ]
    case = case_of(held, programme([course(code) for code in "ABC"]), made)
    assert taken(case) == ["a", "b", "d"]


def test_r15_an_outcome_without_credits_is_used_once() -> None:
    made = [candidate("a", {"o": 0}, ("A", 3)), candidate("b", {"o": 0}, ("B", 2), priority=110)]
    courses = programme([course("A"), course("B")])
    assert taken(case_of([outcome("o", 0)], courses, made)) == ["a"]
    used = outcome("o", 0, uses=(Use("conversion", "elsewhere", "X", 0),))
    assert taken(case_of([used], courses, made)) == []


def test_r16_titles_in_other_spellings_and_the_same_units_count_once() -> None:
    held = [
        outcome("a", title="Calculus II"),
        outcome("b", title="CALCULUS 2"),
        outcome("c", title="Calculus 3"),
        outcome("d", units=frozenset(["u@1", "v@1"])),
        outcome("e", units=frozenset(["u@2"])),
        outcome("f", units=frozenset(["u@2"]), unit_shares={"u@2": Fraction(1, 2)}),
    ]
    made = [candidate(one.id, {one.id: 4}, ("free", 4)) for one in held]
    assert taken(case_of(held, programme([]), made)) == ["a", "c", "d", "f"]


def test_r16_a_subject_passed_in_the_programme_is_not_earned_again() -> None:
    held = [outcome("a", title="Statistics"), outcome("b")]
    made = [candidate("a", {"a": 4}, ("free", 4)), candidate("b", {"b": 4}, ("S", 4))]
    target = programme([course("S", title="statistics")])
    assert taken(case_of(held, target, made, completed=["S"])) == []
    assert taken(case_of(held, target, made)) == ["a"]  # one subject, one credit


def test_r16_two_parts_of_one_outcome_are_not_twice_the_same() -> None:
    made = [candidate("a", {"o": 2}, ("S", 2)), candidate("b", {"o": 2}, ("free", 2))]
    target = programme([course("S", title="Statistics")])
    assert taken(case_of([outcome("o", title="Statistics")], target, made)) == ["a", "b"]


def test_credit_that_several_outcomes_bring_is_split_and_rounded_against_the_learner() -> None:
    held = [outcome("a", 1, source=SourceType.ONLINE), outcome("b", 2)]
    made = [candidate("c", {"a": 1, "b": 2}, ("A", 5))]
    online = {"sources": frozenset([SourceType.ONLINE])}
    limits = [
        limit("cap", 9, counted=online),
        limit("least", 9, sense="at-least", counted=online),
        limit("courses", 9, unit="courses", counted=online),
        limit("passed", 9, unit="courses", sense="at-least", counted=online),
    ]
    case = case_of(held, programme([course("A", 5)]), made, *limits)
    assert [one.weights.get("c", 0) for one in case.counters] == [34, 33, 1, 0]  # a third of 100 steps


def test_credit_behind_a_bridge_counts_under_a_cap_and_not_yet_towards_a_minimum() -> None:
    made = [candidate("c", {"a": 4}, ("A", 3), bridged=2)]
    limits = [limit("cap", 9), limit("least", 9, sense="at-least")]
    case = case_of([outcome("a")], programme([course("A", 5)]), made, *limits)
    assert [one.weights["c"] for one in case.counters] == [100, 60]
    assert allowed(case, ["c"]).counts() == (60, 100)


def test_a_share_of_a_component_needs_the_component() -> None:
    with pytest.raises(InvalidInput) as error:
        case_of([], programme([]), [], limit("x", "1/2", base="component"))
    assert error.value.code == "limit.base_component_missing"


amounts = st.integers(0, 5)


@given(st.lists(st.tuples(amounts, st.one_of(st.none(), amounts), amounts), min_size=1, max_size=3), st.integers(0, 12))
def test_what_counts_is_the_total_less_the_fewest_credits_that_still_make_it(
    parts: list[tuple[int, int | None, int]], total: int
) -> None:
    """``missing`` is found by trying every way to earn more."""
    components = [
        Component(f"p{n}", "", "", least, None if most is None else max(most, least))
        for n, (least, most, _have) in enumerate(parts)
    ]
    target = programme([], total, components)
    target = type(target)(**{name: getattr(target, name) for name in target.__slots__} | {"total": total})
    held = [
        outcome(f"o{n}", uses=(Use("conversion", "home-1", f"p{n}", have),)) for n, (_l, _m, have) in enumerate(parts)
    ]
    case = case_of(held, target, [])
    counted, _later = Choice(case).counts()

    def graduates(more: tuple[int, ...]) -> bool:
        have = [one[2] + extra for one, extra in zip(parts, more, strict=True)]
        capped = [h if c.maximum is None else min(h, c.maximum) for h, c in zip(have, components, strict=True)]
        enough = sum(
            max(k, c.minimum) if h >= c.minimum else k for h, k, c in zip(have, capped, components, strict=True)
        )
        return enough >= case.total and all(h >= c.minimum for h, c in zip(have, components, strict=True))

    ways = [sum(more) for more in product(range(case.total + 1), repeat=len(parts)) if graduates(more)]
    if ways:  # maximums may keep the total out of reach
        assert case.total - counted == min(ways)


@given(cases())
def test_what_is_taken_away_never_stands_in_the_way(made: Made) -> None:
    """Limits only forbid more: a set that is allowed stays allowed without any of its members."""
    case = made.case()
    ids = taken(case)
    for gone in ids:
        assert allowed(case, [id for id in ids if id != gone]) is not None
