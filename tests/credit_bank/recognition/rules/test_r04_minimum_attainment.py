"""R4: grades are compared on their scale, both ends included; attendance too. What is not known is not guessed."""

from fractions import Fraction

import pytest

from tests.credit_bank.recognition.rules.cases import found, held, only, rules, why_not

LETTERS = '[[scale]]\nid = "letters"\ngrades = ["F", "D", "C-", "C", "C+", "B", "A"]\npassing = "D"\n'
HUNDRED = '[[scale]]\nid = "hundred"\npassing = "60"\n'


def asking(more: str, scales: str = LETTERS):  # type: ignore[no-untyped-def]
    return rules(f'rule = [{{ from = {{ institution = "A", course = "X", {more} }}, to = "M" }}]\n{scales}')


@pytest.mark.parametrize(
    ("grade", "why"),
    [("C", []), ("A", []), ("C-", ["grade.too_low"]), ("E", ["grade.unknown"]), ("", ["grade.missing"])],
)
def test_r04_usually_a_c_is_asked(grade: str, why: list[str]) -> None:
    text = asking('min_grade = "C", scale = "letters"')
    assert why_not(only(found([held(grade=grade, scale="letters")], text))) == why


def test_r04_acbs_asks_for_60_and_attendance_of_80_percent() -> None:
    text = asking('min_grade = 60, scale = "hundred", min_attendance = "80%"', HUNDRED)

    def case(grade: str, attendance: Fraction | None) -> list[str]:
        return why_not(only(found([held(grade=grade, scale="hundred", attendance=attendance)], text)))

    assert case("60", Fraction(4, 5)) == []
    assert case("59.5", Fraction(4, 5)) == ["grade.too_low"]
    assert case("60", Fraction(79, 100)) == ["attendance.too_low"]
    assert case("40", Fraction(1, 2)) == ["grade.too_low", "attendance.too_low"]  # all reasons, not the first
    assert case("60", None) == ["attendance.missing"]
    assert case("101", Fraction(1)) == ["grade.unknown"]


@pytest.mark.parametrize(("grade", "why"), [("D", []), ("C+", []), ("B", ["grade.too_high"]), ("F", ["grade.too_low"])])
def test_r04_cunys_ranges_have_two_ends(grade: str, why: list[str]) -> None:
    text = asking('min_grade = "D", max_grade = "C+", scale = "letters"')
    assert why_not(only(found([held(grade=grade, scale="letters")], text))) == why


def test_r04_another_scale_is_not_compared_unless_a_table_leads_to_it() -> None:
    outcome = held(grade="85", scale="hundred")
    text = 'min_grade = "C", scale = "letters"'
    assert why_not(only(found([outcome], asking(text, LETTERS + HUNDRED)))) == ["grade.scale_differs"]
    table = '[[grade_table]]\nid = "t"\nscale = "hundred"\ntarget_scale = "letters"\ngrades = { 85 = "B", 65 = "D" }\n'
    with_table = asking(text, LETTERS + HUNDRED + table)
    assert only(found([outcome], with_table)).eligible
    assert why_not(only(found([held(grade="65", scale="hundred")], with_table))) == ["grade.too_low"]


def test_r04_a_grade_that_did_not_pass_needs_no_rule_to_say_so() -> None:
    text = rules('rule = [{ from = "A: X", to = "M" }]\n' + HUNDRED)
    assert why_not(only(found([held(grade="45", scale="hundred")], text))) == ["grade.not_passing"]


def test_r04_without_its_scale_a_grade_counts_only_where_the_rule_names_the_course() -> None:
    named = asking('min_grade = "C", scale = "letters"')
    assert only(found([held(grade="B")], named)).eligible
    wide = rules(
        'rule = [{ id = "r", from = { same_title = true, min_grade = "C", scale = "letters" }, to = "*" }]\n' + LETTERS
    )
    assert why_not(only(found([held(grade="B", title="课程M")], wide))) == ["grade.scale_differs"] or why_not(
        only(found([held(grade="B", title="课程M")], wide))
    ) == ["grade.scale_unknown"]


@pytest.mark.parametrize(("credits", "why"), [("3", []), ("2", ["credits.too_few"]), ("5", ["credits.too_many"])])
def test_r04_credits_of_a_source_may_be_bounded_as_cunys_are(credits: str, why: list[str]) -> None:
    text = asking('min_credits = "2.5", max_credits = "4.5"')
    assert why_not(only(found([held(credits=credits)], text))) == why
