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


def _beside(**facts: object) -> float:
    """The probability of the first of two courses of one name, the asked one being of level 6, 4 credits, 72 hours."""
    asked = Described("职校", "X", "护理", "", Fraction(4), "6", frozenset({"u-1", "u-2"}), Fraction(72))
    given = {"credits": None, "level": "", "units": frozenset(), "hours": None, **facts}
    courses = [Described("大学", "N 1", "护理", **given), Described("大学", "N 2", "护理")]  # type: ignore[arg-type]
    found = compare([asked], CourseIndex(courses), None, shipped_models())
    return next(one.probability for one in found.candidates if one.course.code == "N 1")


def test_levels_units_credits_and_hours_only_ever_help_what_is_alike() -> None:
    assert _beside(level="6") > _beside(level="5") > _beside(level="3")
    assert _beside(level="6") > _beside() > _beside(level="3")
    one, both = frozenset({"u-1"}), frozenset({"u-1", "u-2"})
    assert _beside(units=both) > _beside(units=one) > _beside(units=frozenset({"u-9"})) == _beside()
    assert _beside(credits=Fraction(4)) > _beside(credits=Fraction(3)) > _beside(credits=Fraction(1))
    assert _beside(hours=Fraction(72)) > _beside(hours=Fraction(54)) > _beside(hours=Fraction(18))


def test_a_denial_speaks_against_a_course_and_the_latest_word_of_a_school_counts() -> None:
    asked = Described("丙校", "X", "程序设计实践")
    taken = [Equivalence((Described(f"校{n}", "Z", "程序设计实践"),), (UNIVERSITY[4],)) for n in range(4)]
    denied = [Equivalence(one.sources, one.targets, denied=True) for one in taken]
    votes = Precedents(taken).votes([asked])["CS 102"]
    against = Precedents([*taken, *denied[:2]]).votes([asked])["CS 102"]
    assert (votes.weight, votes.denied) == (4, 0) and (against.weight, against.denied) == (2, 2)
    assert against.share < votes.share and against.denied_share > 0
    later = Precedents([*taken, *denied]).with_more(taken[:1]).votes([asked])["CS 102"]
    assert (later.weight, later.denied) == (1, 3)
    nothing = Equivalence((Described("校9", "Z", "程序设计实践"),), (), denied=True)
    assert Precedents([*taken, nothing]).votes([asked])["CS 102"].share < votes.share
    index = CourseIndex(UNIVERSITY)
    for fewer, more in ((denied, taken), ([*taken, *denied[:2]], taken)):
        chances = [
            next(c.probability for c in compare([asked], index, Precedents(given), shipped_models()).candidates
                 if c.course.code == "CS 102")
            for given in (fewer, more)
        ]  # fmt: skip
        assert chances[0] < chances[1]


def test_later_precedents_count_like_those_from_the_beginning() -> None:
    decisions = published(6)
    whole, grown = Precedents(decisions), Precedents(decisions[:20]).with_more(decisions[20:])
    asked = [Described("C9", "S 1", "Module CCC of the programme")]
    assert whole.votes(asked) == grown.votes(asked) and grown.pieces == 2
    assert whole.subjects(asked) == grown.subjects(asked)


def test_none_is_surer_than_the_one_before_it() -> None:
    found = compare([Described("职校", "X", "数学")], CourseIndex(UNIVERSITY), None, shipped_models())
    sure = [one.confidence for one in found.candidates]
    assert sure[0] == found.confidence and sure == sorted(sure, reverse=True)


def test_precedents_that_are_divided_make_less_sure() -> None:
    """Ten institutions for one course and none for another, against five and five: the same first, but not as sure."""
    taken = [UNIVERSITY[0]] * 10, [UNIVERSITY[0]] * 5 + [UNIVERSITY[2]] * 5
    agreed, divided = (
        compare(
            [Described("Other", "A 1", UNIVERSITY[0].title)],
            CourseIndex(UNIVERSITY),
            Precedents(
                [
                    Equivalence((Described(f"C{n}", "A 1", UNIVERSITY[0].title),), (target,))
                    for n, target in enumerate(targets)
                ]
            ),
            shipped_models(),
        )
        for targets in taken
    )
    assert agreed.candidates[0].course == divided.candidates[0].course == UNIVERSITY[0]
    assert min(agreed.candidates[0].probability, divided.candidates[0].probability) > 0.99
    assert agreed.confidence > divided.confidence + 0.03
