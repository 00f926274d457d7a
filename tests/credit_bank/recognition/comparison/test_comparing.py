"""Comparing courses: by text, by precedents, and knowing when to say nothing."""

from fractions import Fraction

import pytest

from credit_bank.recognition.comparison.comparing import compare
from credit_bank.recognition.comparison.course import Described, Equivalence
from credit_bank.recognition.comparison.evaluating import evaluate
from credit_bank.recognition.comparison.index import CourseIndex
from credit_bank.recognition.comparison.model import Models, shipped_models
from credit_bank.recognition.comparison.precedent import Precedents, Voter

UNIVERSITY = [
    Described("大学", "MATH 101", "高等数学（一）", credits=Fraction(4)),
    Described("大学", "MATH 102", "高等数学（二）", credits=Fraction(4)),
    Described("大学", "MATH 201", "线性代数", credits=Fraction(3)),
    Described("大学", "CS 101", "Introduction to Computer Science"),
    Described("大学", "CS 102", "Data Structures"),
    Described("大学", "NUR 110", "老年护理基础", "老年人日常照护、用药安全与心理支持"),
    Described("大学", "ENG 1", "大学英语"),
]
TITLES = (
    *("Calculus I", "Calculus II", "Linear Algebra", "Statistics"),
    *("General Chemistry", "Physics", "Biology", "World History"),
)


def best(course: Described, decisions: list[Equivalence] | None = None) -> str:
    found = compare([course], CourseIndex(UNIVERSITY), Precedents(decisions or []), shipped_models())
    return found.candidates[0].course.code


@pytest.mark.parametrize(
    ("title", "code"),
    [("高数 2", "MATH 102"), ("Intro. Comp Sci", "CS 101"), ("线性代数", "MATH 201"), ("老年人护理入门", "NUR 110")],
)
def test_the_text_finds_it(title: str, code: str) -> None:
    assert best(Described("职校", "X", title)) == code


def test_precedents_say_what_no_text_says() -> None:
    course = Described("甲校", "IT 3", "程序设计实践")
    assert best(course) != "CS 102"
    decisions = [Equivalence((Described(f"学校{n}", "Z", "程序设计实践"),), (UNIVERSITY[4],)) for n in range(3)]
    index, precedents = CourseIndex(UNIVERSITY), Precedents(decisions)
    found = compare([course], index, precedents, shipped_models())
    first = found.candidates[0]
    assert first.course.code == "CS 102"
    assert first.vote is not None
    assert {institution for institution, _title in first.vote.decided_by} == {"学校0", "学校1", "学校2"}
    assert first.reasons[0][0].startswith("precedent")


def test_an_institution_has_one_vote_and_its_other_courses_none() -> None:
    one = Described("甲校", "A 1", "计算机应用")
    many = [Equivalence((Described("乙校", f"B {n}", "计算机应用"),), (UNIVERSITY[3],)) for n in range(9)]
    own = [Equivalence((Described("甲校", "A 2", "计算机应用进阶"),), (UNIVERSITY[6],))]
    votes = Precedents([*many, *own]).votes([one])
    assert set(votes) == {"CS 101"} and votes["CS 101"].weight == 1
    assert not Precedents(many).votes([one], frozenset({Voter("乙校")}))


def test_shared_outcome_units_tell_courses_of_one_name_apart() -> None:
    courses = [Described("大学", f"N {n}", "护理", units=frozenset({f"unit-{n}", "care"})) for n in range(4)]
    asked = Described("职校", "X", "护理", units=frozenset({"unit-2", "care"}))
    found = compare([asked], CourseIndex(courses), None, shipped_models())
    assert found.candidates[0].course.code == "N 2" and ("units", 4.0) in found.candidates[0].reasons


def test_unsure_is_no_suggestion() -> None:
    found = compare([Described("职校", "X", "陶艺")], CourseIndex(UNIVERSITY), None, shipped_models())
    assert found.suggested(0.95) is None and found.candidates
    assert compare([Described("职校", "X", "陶艺")], CourseIndex([]), None, shipped_models()).candidates == ()


def test_direction_matters() -> None:
    """What B took from A says nothing of what A takes from B (rule R20): precedents are those of one target."""
    there = Equivalence((Described("甲校", "A 1", "计算机应用"),), (UNIVERSITY[3],))
    assert "A 1" not in Precedents([there]).votes([Described("大学", "CS 101", "Introduction to Computer Science")])


def published(institutions: int) -> list[Equivalence]:
    """Colleges that call everything otherwise, alike among themselves: texts tell little, precedents all."""
    targets = [Described("U", f"T {n}", title) for n, title in enumerate(TITLES)]
    called = [f"Module {letter * 3} of the programme" for letter in "ABCDEFGH"]
    return [
        Equivalence((Described(f"C{i}", f"S {90 - n}", called[n]),), (target,), row=n)
        for i in range(institutions)
        for n, target in enumerate(targets)
    ]


def test_evaluation_leaves_out_what_it_asks_about() -> None:
    found = evaluate(published(20), shipped_models())
    assert found.held_out == "institutions" and found.targets == {"U": 8}
    assert found.all["precedents"].mrr.value > 0.95 > 0.6 > found.all["text"].mrr.value
    assert found.all["precedents"].best_coverage.value == 1 == found.all["precedents"].precision.value
    # One institution alone has no precedents of others: its answers would be known only by leaking.
    alone = evaluate(published(1), shipped_models())
    assert alone.held_out == "rows"
    assert alone.all["precedents"].mrr.value < 0.6


def test_models_go_through_json_unchanged() -> None:
    models = evaluate(published(12), shipped_models()).models
    again = Models.from_json(models.as_json())
    assert again.as_json() == models.as_json()
    assert shipped_models().precedents.weights != shipped_models().text.weights
