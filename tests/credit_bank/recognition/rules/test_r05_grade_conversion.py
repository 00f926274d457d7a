"""R5: what becomes of the grade: kept, by table, by percentile, pass, 免考; always a suggestion."""

import pytest

from credit_bank.recognition.evaluation.candidate import Candidate
from tests.credit_bank.recognition.rules.cases import found, held, only, rules, why_not

UIBE = """
[[scale]]
id = "words"
grades = ["不合格", "合格", "良好", "优秀"]
passing = "合格"
[[scale]]
id = "hundred"
passing = "60"
[[grade_table]]
id = "uibe"
scale = "words"
target_scale = "hundred"
grades = { "合格" = "60", "良好" = "80", "优秀" = "80" }
"""
EGRACONS = """
[[scale]]
id = "italy"
passing = "18"
lowest = 0
highest = 30
[[scale]]
id = "sweden"
grades = ["U", "G", "VG"]
passing = "G"
[[grade_table]]
id = "years"
scale = "italy"
target_scale = "sweden"
counts = { 18 = 10, 24 = 40, 27 = 30, 30 = 20 }
target_counts = { G = 70, VG = 30 }
"""


def made(strategy: str, tables: str = UIBE, **outcome: str) -> Candidate:
    text = f'rule = [{{ from = "A: X", to = "M", {strategy} }}]\n{tables}'
    return only(found([held(**outcome)], rules(text)))


@pytest.mark.parametrize(("grade", "becomes"), [("合格", "60"), ("良好", "80"), ("优秀", "80")])
def test_r05_uibes_table(grade: str, becomes: str) -> None:
    candidate = made('grade = "table", grade_table = "uibe"', grade=grade, scale="words")
    assert candidate.eligible and [one.grade for one in candidate.given] == [becomes]
    assert not candidate.given[0].counts_in_gpa


def test_r05_a_grade_that_the_table_lacks_goes_to_a_person() -> None:
    candidate = made('grade = "table", grade_table = "uibe"', grade="通过", scale="words")
    assert why_not(candidate) == ["suggestion.not_in_table"]


def test_r05_exempt_as_the_open_university_records_it() -> None:
    assert made('grade = "exempt"').given[0].grade == "免考"


def test_r05_pass_and_keep() -> None:
    assert made('grade = "pass"', grade="92").given[0].grade == "通过"
    kept = made('grade = "keep", counts_in_gpa = true', grade="92", scale="hundred")
    assert (kept.given[0].grade, kept.given[0].counts_in_gpa) == ("92", True)
    assert why_not(made('grade = "keep"')) == ["grade.missing"]


@pytest.mark.parametrize(("grade", "becomes"), [("30", "VG"), ("27", "G"), ("24", "G"), ("18", "G")])
def test_r05_percentile_compares_the_shares_of_passing_grades(grade: str, becomes: str) -> None:
    # 30: the best 20 %, middle 10 % → VG (the best 30 %); 27: 20 to 50 %, middle 35 % → G
    candidate = made('grade = "percentile", grade_table = "years"', EGRACONS, grade=grade, scale="italy")
    assert [one.grade for one in candidate.given] == [becomes]


def test_r05_a_grade_nobody_got_has_no_percentile() -> None:
    candidate = made('grade = "percentile", grade_table = "years"', EGRACONS, grade="29", scale="italy")
    assert why_not(candidate) == ["suggestion.not_in_table"]


def test_r05_of_several_sources_the_lowest_grade_counts() -> None:
    text = f'rule = [{{ id = "r", from = ["A: X", "A: Y"], to = "M", grade = "keep" }}]\n{UIBE}'
    pair = [held("o1", grade="良好", scale="words"), held("o2", code="Y", title="英语", grade="合格", scale="words")]
    assert only(found(pair, rules(text))).given[0].grade == "合格"
    mixed = [pair[0], held("o2", code="Y", title="英语", grade="90", scale="hundred")]
    assert why_not(only(found(mixed, rules(text)))) == ["suggestion.scales_differ"]
