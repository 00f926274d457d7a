"""R18: what is looked for before rules are published, each finding with the places it is about."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.recognition.programme import Programme
from credit_bank.recognition.rules.lint import Surroundings, lint, publishable
from credit_bank.recognition.rules.lint_finding import Lint
from credit_bank.recognition.rules.ruleset import RuleSet
from credit_bank.sentences import sentence
from tests.credit_bank.recognition.rules.cases import KNOWN, TODAY, course, found, held, programme, rules

LETTERS = '[[scale]]\nid = "s"\ngrades = ["F", "D", "C", "B", "A"]\npassing = "D"\n'
HUNDRED = '[[scale]]\nid = "h"\npassing = "60"\n'
INTO = programme(course("M"), course("N"), course("T", component="thesis"))


def linted(*sets: RuleSet, into: Programme | None = INTO, catalogue=None, on: date = TODAY) -> list[Lint]:  # type: ignore[no-untyped-def]
    told = list(lint(sets, Surroundings(on, (into,) if into else (), catalogue or {}, KNOWN)))
    for one in told:
        for locale in ("zh-CN", "en"):
            assert sentence(f"lint.{one.code}", locale, **one.parameters)
    return told


def codes(*sets: RuleSet, **given) -> list[str]:  # type: ignore[no-untyped-def]
    return [one.code for one in linted(*sets, **given)]


def two(first: str, second: str, more: str = "") -> RuleSet:
    return rules(f'rule = [{{ id = "a", {first} }}, {{ id = "b", {second} }}]\n{more}')


X = 'from = "A: X"'


@pytest.mark.parametrize(
    ("first", "second", "code", "severity"),
    [
        (f'{X}, to = "M"', f'{X}, to = "M"', "overlap.duplicate", "warning"),
        (
            f'{X}, to = {{ component = "free" }}',
            f'{X}, to = {{ component = "free" }}',
            "overlap.blanket",
            "warning",
        ),
        (f'{X}, to = {{ component = "free" }}', f'{X}, to = "M"', "overlap.blanket_real", "warning"),
        (f'{X}, to = "M"', f'{X}, to = "N"', "overlap.real", "error"),
        (f'{X}, to = "M"', f'{X}, to = "M", credit_limit = "1"', "overlap.real", "error"),
        (f'{X}, to = "M"', f'{X}, result = "denied"', "overlap.denied", "error"),
        ('from = "*: X", to = "M"', f'{X}, to = "N"', "overlap.real", "error"),
        ('from = ["A: X", "B: Y"], to = "M"', 'from = ["B: Y", "A: X"], to = "N"', "overlap.real", "error"),
        ('from = { same_title = true }, to = "*"', f'{X}, to = "N"', "overlap.real", "error"),
        (f'{X}, to = "M", priority = 1', f'{X}, to = "M", credit_limit = "1"', "never.hidden", "warning"),
    ],
)
def test_r18_rules_of_one_rank_that_may_meet_are_both_named(first: str, second: str, code: str, severity: str) -> None:
    finding = next(one for one in linted(two(first, second)) if one.code == code)
    assert finding.severity == severity
    assert {(one.kind, one.id) for one in finding.places} == {("rule", "a"), ("rule", "b")}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (f'{X}, to = "M", priority = 1', f'{X}, to = "N"'),
        (f'{X}, to = "M"', 'from = "B: X", to = "N"'),
        (f'{X}, to = "M"', 'from = ["A: X", "A: Y"], to = "N"'),
        ('from = { category = "vocational" }, to = "M"', 'from = { category = "academic" }, to = "N"'),
        (f'{X}, to = "M", use = "conversion"', f'{X}, to = "N", use = "admission"'),
        (
            'from = { institution = "A", course = "X", max_credits = "2" }, to = "M"',
            'from = { institution = "A", course = "X", min_credits = "2.5" }, to = "N"',
        ),
    ],
)
def test_r18_rules_that_cannot_meet_are_no_finding(first: str, second: str) -> None:
    text = '[policy]\nuses = ["conversion", "admission"]\n'
    assert [code for code in codes(two(first, second, text)) if code.startswith("overlap")] == []


def test_r18_grade_ranges_that_do_not_touch_are_no_overlap_and_those_that_do_are() -> None:
    def ranged(low: str, high: str) -> str:
        return f'from = {{ institution = "A", course = "X", min_grade = "{low}", max_grade = "{high}", scale = "s" }}'

    apart = two(ranged("D", "D") + ', to = "M"', ranged("C", "A") + ', to = "N"', LETTERS)
    touching = two(ranged("D", "C") + ', to = "M"', ranged("C", "A") + ', to = "N"', LETTERS)
    assert "overlap.real" not in codes(apart)
    assert "overlap.real" in codes(touching)


def test_r18_sets_are_held_against_each_other() -> None:
    one = rules('rule = [{ from = "A: X", to = "M" }]')
    other = rules('rule = [{ from = "A: X", to = "N" }]', id='"other"')
    later = rules('rule = [{ from = "A: X", to = "N" }]', id='"other"', valid_from="2028-01-01")
    assert "overlap.real" in codes(one, other)
    assert "overlap.real" not in codes(replace(one, valid_until=date(2027, 1, 1)), later)
    assert "overlap.real" not in codes(one, rules('rule = [{ from = "A: X", to = "N" }]', version='"2"'))


def test_r18_courses_of_two_programmes_are_no_ambiguity() -> None:
    text = rules('rule = [{ from = "A: X", to = "M" }, { from = "A: X", to = "Q" }]')
    known = Surroundings(TODAY, (programme(course("M")), programme(course("Q"), id="P2")))
    assert [one.code for one in lint([text], known) if one.code.startswith("overlap")] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('rule = [{ from = "A: X", to = "Q" }]', "course.target_missing"),
        ('rule = [{ from = "A: X", to = "T" }]', "course.not_convertible"),
        ('rule = [{ from = "A: X", to = { component = "none" } }]', "component.missing"),
        ('rule = [{ from = "A: X", to = { component = "core" } }]', "component.closed"),
        ('rule = [{ from = "A: X", to = "M", use = "admission" }]', "never.use"),
        ('rule = [{ id = "r", from = { category = "other" }, to = "*" }]', "never.target_open"),
        (
            'rule = [{ from = { institution = "A", course = "X", min_credits = "3", max_credits = "2" }, to = "M" }]',
            "never.credits",
        ),
        (
            'rule = [{ from = { institution = "A", course = "X", min_grade = "A", max_grade = "C", scale = "s" },'
            ' to = "M" }]\n' + LETTERS,
            "never.grades",
        ),
        ('rule = [{ from = { institution = "A", course = "X", min_grade = "C" }, to = "M" }]', "grades.scale_missing"),
        (
            'rule = [{ from = { institution = "A", course = "X", min_grade = "E", scale = "s" }, to = "M" }]\n'
            + LETTERS,
            "grades.unknown",
        ),
        ('rule = [{ from = "A: X", to = "M", grade = "table", grade_table = "t" }]', "grades.table_missing"),
        ('parties = ["B", "R"]\nrule = [{ from = "A: X", to = "M" }]', "never.outside"),
        ('parties = ["A", "R"]\nrule = [{ from = "R: X", to = "M" }]', "never.direction"),
        ('valid_until = 2026-09-30\nrule = [{ from = "A: X", to = "M" }]', "dates.expired"),
        (
            f'{LETTERS}{HUNDRED}[[grade_table]]\nid = "t"\nscale = "s"\ntarget_scale = "h"\n'
            'grades = { D = "60", C = "70", A = "90" }',
            "grades.hole",
        ),
        (
            f'{LETTERS}{HUNDRED}[[grade_table]]\nid = "t"\nscale = "s"\ntarget_scale = "h"\n'
            'grades = { D = "60", C = "85", B = "80", A = "90" }',
            "grades.order",
        ),
        (
            f'{LETTERS}{HUNDRED}[[grade_table]]\nid = "t"\nscale = "s"\ntarget_scale = "h"\n'
            'grades = { D = "60", C = "85", B = "80", A = "101" }',
            "grades.unknown",
        ),
        (
            '[[level_map]]\nsource = "hkqf"\ntarget = "ouc"\nversion = "1"\n'
            'levels = { 1 = "1", 2 = "3", 3 = "2", 4 = "4", 5 = "5", 6 = "6", 7 = "7" }',
            "levels.order",
        ),
        ('[[level_map]]\nsource = "hkqf"\ntarget = "ouc"\nversion = "1"\nlevels = { 1 = "12" }', "levels.unknown"),
        ('[[level_map]]\nsource = "hkqf"\ntarget = "ouc"\nversion = "1"\nlevels = { 1 = "1" }', "levels.hole"),
        (
            '[[limit]]\nid = "l"\ntitle = "x"\nsense = "at-least"\nunit = "credits"\nbound = "77"\n',
            "limit.too_much",
        ),
        (
            '[[limit]]\nid = "l"\ntitle = "x"\nsense = "at-most"\nunit = "credits"\nbound = "50%"\nbase = "total"\n'
            '[[limit]]\nid = "k"\ntitle = "x"\nsense = "at-least"\nunit = "credits"\nbound = "39"\n',
            "limit.clash",
        ),
        (
            '[[limit]]\nid = "l"\ntitle = "x"\nsense = "at-most"\nunit = "courses"\nbound = 8\n'
            'counted = { component = "zzz" }',
            "limit.component_missing",
        ),
    ],
)
def test_r18_each_fault_is_found(text: str, code: str) -> None:
    assert code in codes(rules(text))


def test_r18_fixed_credit_above_what_was_earned_is_inflation() -> None:
    text = 'rule = [{ from = "A: X", to = { course = "M", credits = "4" }, credit_source = "fixed" }]'
    assert "credit.inflated" in codes(rules(text), catalogue={("A", "X"): EVERGREEN.amount("3")})
    assert "credit.inflated" not in codes(rules(text), catalogue={("A", "X"): EVERGREEN.amount("4")})
    target = 'rule = [{ from = "A: X", to = "M" }]'
    assert "credit.larger_target" in codes(rules(target), catalogue={("A", "X"): 1})


def test_r18_a_source_course_that_its_catalogue_lacks_is_told() -> None:
    text = rules('rule = [{ from = "A: X", to = "M" }, { from = "B: X", to = "M" }]')
    missing = [one for one in linted(text, catalogue={("A", "Y"): 60}) if one.code == "course.source_missing"]
    assert [one.parameters for one in missing] == [{"institution": "A", "course": "X"}]


def test_r18_credit_that_grows_on_the_way_round_is_an_error() -> None:
    there = rules('rule = [{ from = "A: X", to = { course = "M", credits = "4" }, credit_source = "fixed" }]')
    back = rules('rule = [{ from = "R: M", to = "X", credit_source = "source" }]', id='"back"', receiver='"A"')
    catalogue = {("A", "X"): EVERGREEN.amount("3")}
    finding = next(one for one in linted(there, back, catalogue=catalogue) if one.code == "cycle.inflated")
    assert [one.ruleset for one in finding.places] == ["back", "set"] or [one.ruleset for one in finding.places] == [
        "set",
        "back",
    ]
    honest = rules('rule = [{ from = "A: X", to = "M", credit_source = "lesser" }]')
    assert not any(code.startswith("cycle") for code in codes(honest, back, catalogue=catalogue))


def test_r18_a_cycle_of_three_is_found_where_chains_are_allowed() -> None:
    chain = "[policy]\nchain = 2\n"
    names = ["A", "B", "C", "A"]
    sets = [
        rules(
            f'rule = [{{ from = "{one}: X", to = "X", credit_source = "source" }}]\n{chain}',
            id=f'"{one}"',
            receiver=f'"{other}"',
        )
        for one, other in pairwise(names)
    ]
    assert codes(*sets, into=None).count("cycle.chain") == 1


def test_r18_a_clean_set_is_publishable() -> None:
    clean = rules('rule = [{ from = "A: X", to = "M" }, { from = "A: Y", to = "N" }]')
    assert linted(clean) == []
    assert publishable(linted(clean))
    assert not publishable(linted(two('from = "A: X", to = "M"', 'from = "A: X", to = "N"')))


CODES = st.sampled_from(["X", "Y", "Z"])
ITEMS = st.one_of(
    st.builds(lambda inst, code: f'"{inst}: {code}"', st.sampled_from(["A", "B", "*"]), CODES),
    st.builds(
        lambda code, low, high: (
            f'{{ institution = "A", course = "{code}", min_grade = "{low}", max_grade = "{high}", scale = "s" }}'
        ),
        CODES,
        st.sampled_from("DCB"),
        st.sampled_from("CBA"),
    ),
    st.sampled_from(['{ category = "academic" }', "{ same_title = true }", '{ unit = "u@1" }', '{ source = "own" }']),
)
TARGETS = st.sampled_from(['"M"', '"N"', '{ component = "free" }', "[]"])


@st.composite
def small_sets(draw: st.DrawFn) -> RuleSet:
    """A few rules about few courses, so that they often meet."""
    lines = []
    for n in range(draw(st.integers(1, 5))):
        items = draw(st.lists(ITEMS, min_size=1, max_size=2))
        target = draw(TARGETS)
        result = draw(st.sampled_from(["equivalent", "denied", "pending"])) if target == "[]" else "equivalent"
        if target == "[]" and result == "equivalent":
            result = "denied"
        source = draw(st.sampled_from(["target", "source", "lesser"]))
        priority = draw(st.sampled_from([10, 100]))
        lines.append(
            f'{{ id = "r{n}", from = [{", ".join(items)}], to = {target}, result = "{result}", '
            f'credit_source = "{source}", priority = {priority} }}'
        )
    basis = draw(st.sampled_from(["programme", "unit"]))
    return rules(f"rule = [\n{', '.join(lines)}\n]\n{LETTERS}", basis=f'"{basis}"')


outcomes = st.lists(
    st.tuples(
        st.sampled_from("AB"), CODES, st.sampled_from("FDCBA"), st.sampled_from([frozenset(), frozenset({"u@1"})])
    ),
    min_size=1,
    max_size=4,
).map(
    lambda rows: [
        held(f"o{n}", institution=a, code=b, grade=c, scale="s", units=d, title="课程M", category=Category.ACADEMIC)
        for n, (a, b, c, d) in enumerate(rows)
    ]
)


@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(small_sets(), outcomes)
def test_r18_what_lint_lets_through_never_leaves_a_tie(ruleset: RuleSet, held_outcomes) -> None:  # type: ignore[no-untyped-def]
    tied = [
        one
        for one in found(held_outcomes, ruleset, into=INTO)
        if any(reason.code == "precedence.tie" for reason in one.reasons)
    ]
    if tied:
        assert not publishable(linted(ruleset))
