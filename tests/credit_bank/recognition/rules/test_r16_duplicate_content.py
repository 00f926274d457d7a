"""R16: the same subject gives no second credit; titles are compared as Korea's credit bank does."""

import pytest

from credit_bank.recognition.evaluation.duplicates import marks, title_key
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.recognition.outcome import OutcomeState, Use
from tests.credit_bank.recognition.rules.cases import course, found, held, only, programme, rules, why_not

RULE = rules('rule = [{ from = "A: X", to = "M" }]')


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Introduction to Psychology", "Intro. to Psych"),  # abbreviation and particle
        ("Data-Structures", "Data Structures"),  # punctuation and spaces
        ("Calculus II", "Calculus 2"),  # ordinals
        ("The History of Korea", "History of Korea"),
        ("高等数学（上）", "高等数学 上"),
        ("大学 英语", "大学英语"),
    ],
)
def test_r16_titles_that_say_the_same(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Calculus I", "Calculus II"), ("高等数学（上）", "高等数学（下）"), ("English", "Spanish")]
)
def test_r16_titles_of_different_subjects(one: str, other: str) -> None:
    assert title_key(one) != title_key(other)


def test_r16_a_course_taken_here_is_not_converted_again() -> None:
    own = held("own", institution="R", code="M", title="高数")
    candidate = next(one for one in found([held(), own], RULE) if "o1" in one.spends)
    assert why_not(candidate) == ["duplicate.earned"]
    taking = held("own", institution="R", code="M7", title="课程 M", state=OutcomeState.PLANNED)
    assert why_not(only(found([held(), taking], RULE))) == ["duplicate.taken"]
    gone = held("own", institution="R", code="M", state=OutcomeState.REVOKED)
    assert only(found([held(), gone], RULE)).eligible


def test_r16_a_course_is_converted_once() -> None:
    used = held("before", code="Z", title="别的课", uses=(Use("conversion", "P", "M", EVERGREEN.amount("3")),))
    assert why_not(only(found([held(), used], RULE))) == ["duplicate.converted"]


def test_r16_the_same_subject_from_elsewhere_gives_no_second_credit() -> None:
    used = held("before", institution="B", title="高等 数学", uses=(Use("conversion", "P", "N", 60),))
    into = programme(course("M"), course("N"))
    assert why_not(only(found([held(), used], RULE, into=into))) == ["duplicate.subject"]


def test_r16_an_outcome_is_no_duplicate_of_itself() -> None:
    own = rules('rule = [{ from = "R: M", to = "M" }]')
    assert only(found([held(institution="R", code="M")], own)).eligible


def test_r16_outcomes_of_one_subject_share_a_mark() -> None:
    outcomes = [
        held("a", title="Calculus II"),
        held("b", title="Calculus 2"),
        held("c", title="Music", units=frozenset({"u@1"})),
        held("d", title="Singing", units=frozenset({"u@2"})),
        held("e", title="Painting"),
    ]
    shared = [
        {one.id for one in outcomes if mark in marks(one)} for mark in {m for one in outcomes for m in marks(one)}
    ]
    assert sorted(sorted(ids) for ids in shared if len(ids) > 1) == [["a", "b"], ["c", "d"]]
