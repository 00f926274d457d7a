"""R21: a bilateral agreement, or both sides aligned with one version of a 认证单元 that each covers far enough."""

from fractions import Fraction

from tests.credit_bank.recognition.rules.cases import course, found, held, only, programme, rules, why_not

UNIT = "express-delivery-4@2"
RULE = 'rule = [{ id = "unit", from = { unit = "*", min_coverage = "80%" }, to = "*" }]'
SETS = rules(RULE, basis='"unit"', receiver='"R"')
INTO = programme(course("M", units=frozenset({UNIT})), course("N"))


def test_r21_both_sides_are_aligned_with_one_unit() -> None:
    candidate = only(found([held(units=frozenset({UNIT}))], SETS, into=INTO))
    assert candidate.eligible and [one.course for one in candidate.given] == ["M"]
    aligned = next(one for one in candidate.reasons if one.code == "unit.aligned")
    assert aligned.parameters == {"unit": UNIT, "coverage": "100"}


def test_r21_each_side_must_cover_enough() -> None:
    partly = held(units=frozenset({UNIT}), unit_shares={UNIT: Fraction(3, 4)})
    assert why_not(only(found([partly], SETS, into=INTO))) == ["unit.covers_less"]
    other = programme(course("M", units=frozenset({UNIT}), unit_shares={UNIT: Fraction(1, 2)}))
    assert why_not(only(found([held(units=frozenset({UNIT}))], SETS, into=other))) == ["unit.covers_less"]


def test_r21_another_version_of_the_unit_does_not_count() -> None:
    text = 'rule = [{ id = "unit", from = { unit = "express-delivery-4" }, to = "M" }]'
    older = held(units=frozenset({"express-delivery-4@1"}))
    assert why_not(only(found([older], rules(text, basis='"unit"'), into=INTO))) == ["unit.other_version"]


def test_r21_an_alliance_serves_each_of_its_parties() -> None:
    text = 'parties = ["A", "B", "R"]\nrule = [{ id = "r", from = { same_title = true }, to = "*" }]'
    alliance = rules(text, basis='"alliance"', receiver='"*"')
    for institution in ("R", "B"):
        into = programme(course("M", title="高等数学"), institution=institution)
        candidate = only(found([held()], alliance, into=into))
        assert candidate.eligible and "agreement.party" in [one.code for one in candidate.reasons]
    assert found([held()], alliance, into=programme(course("M", title="高等数学"), institution="Z")) == ()


def test_r21_courses_of_the_same_title_as_uibe_takes_them() -> None:
    text = rules('rule = [{ id = "same", from = { same_title = true, level = "same" }, to = "*" }]')
    into = programme(course("M", title="高等 数学"), course("N", title="英语"))
    assert [one.course for one in only(found([held()], text, into=into)).given] == ["M"]
    assert found([held(title="线性代数")], text, into=into) == ()
