"""Independence, departures, evidence and what rests on what."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.errors import Forbidden, InvalidInput
from credit_bank.recognition.casework import departure, dependence, evidence, independence
from credit_bank.recognition.casework.dependence import Link
from credit_bank.recognition.casework.evidence import Criterion, Item, Judgement
from credit_bank.recognition.casework.independence import Body, Reviewer, Situation
from credit_bank.recognition.casework.kind import CaseKind, Stage

CENTRE, COLLEGE, DISTRICT = uuid4(), uuid4(), uuid4()
LEARNER = uuid4()
CASE = Situation(CaseKind.RECOGNITION, Stage.FIRST, COLLEGE, LEARNER, frozenset({COLLEGE}))


def person(*works_at: UUID, learner: UUID | None = None) -> Reviewer:
    return Reviewer(uuid4(), learner, frozenset(works_at))


def test_first_review_of_ones_own_institutions_outcome_takes_a_declaration() -> None:
    who = person(COLLEGE)
    assert independence.obstacles(who, CASE) == ("case.interest_undeclared",)
    assert independence.obstacles(who, CASE, "institution") == ()


def test_second_review_is_nobodys_of_the_awarding_institution() -> None:
    case = replace(CASE, stage=Stage.SECOND, body=CENTRE)
    assert independence.obstacles(person(CENTRE), case) == ()
    assert independence.obstacles(person(CENTRE, COLLEGE), case) == ("case.interest_excludes",)
    assert independence.obstacles(person(CENTRE), case, "institution") == ("case.interest_excludes",)


def test_four_eyes_own_case_relation_and_turn_are_all_named() -> None:
    who = person(DISTRICT, learner=LEARNER)
    found = independence.obstacles(who, replace(CASE, earlier=[who.person]), "relation")
    assert found == ("case.not_your_turn", "case.own_case", "case.reviewed_already", "case.relation_declared")
    with pytest.raises(Forbidden, match="not_your_turn"):
        independence.require(who, CASE)


def test_an_appeal_goes_to_others() -> None:
    who = person(CENTRE)
    appeal = Situation(CaseKind.APPEAL, Stage.FIRST, CENTRE, LEARNER, chain=[who.person])
    assert independence.obstacles(who, appeal) == ("case.decided_before",)
    assert independence.obstacles(person(CENTRE), appeal) == ()


def test_first_reviews_go_to_the_sub_centre_where_there_is_one() -> None:
    assert independence.first_body(Body(COLLEGE, "member", DISTRICT)) == DISTRICT
    assert independence.first_body(Body(COLLEGE, "member")) == COLLEGE
    assert independence.first_body(Body(DISTRICT, "subcentre", CENTRE)) == DISTRICT


def test_a_departure_needs_its_reason() -> None:
    found = departure.compare(["a", "b"], ["b", "c"], ["a", "b", "c"])
    assert (found.left_out, found.added) == (("a",), ("c",))
    with pytest.raises(InvalidInput, match="departure_reason_missing"):
        departure.check_reason(found, "  ")
    assert departure.check_reason(found, " 另有 考虑 ") == "另有 考虑"
    assert departure.check_reason(departure.compare(["a"], ["a"], ["a"]), "") == ""
    with pytest.raises(InvalidInput, match="candidate_unknown"):
        departure.compare(["a"], ["x"], ["a"])


GOOD = dict.fromkeys(Criterion, Judgement.MET)
DOUBTFUL = {**GOOD, Criterion.CURRENCY: Judgement.UNSURE}


def test_r23_evidence_counts_when_most_find_all_four_met() -> None:
    assert evidence.accepted([GOOD, GOOD, DOUBTFUL])
    assert not evidence.accepted([GOOD, DOUBTFUL])
    assert not evidence.accepted([])
    items = [Item("1", frozenset({"u1", "u2"})), Item("2", frozenset({"u3"}))]
    judged = {"1": [GOOD], "2": [DOUBTFUL]}
    assert evidence.coverage(["u1", "u3", "u4"], items, judged) == {"u1": True, "u3": False, "u4": False}


@pytest.mark.parametrize("left_out", [c.value for c in Criterion])
def test_each_criterion_is_judged(left_out: str) -> None:
    given = {c.value: "met" for c in Criterion if c.value != left_out}
    with pytest.raises(InvalidInput, match="judgement_missing"):
        evidence.check_judged(given)
    assert evidence.check_judged({**given, left_out: "unsure"})[Criterion(left_out)] is Judgement.UNSURE


def test_r27_everything_downstream_is_found_once_with_its_distance() -> None:
    links = [Link("o", "r"), Link("r", "c1"), Link("r", "c2"), Link("c1", "a"), Link("c2", "a"), Link("x", "y")]
    assert dependence.downstream(["o"], links) == [("r", 1), ("c1", 2), ("c2", 2), ("a", 3)]


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=30))
def test_circles_end_and_nothing_rests_on_itself(pairs: list[tuple[int, int]]) -> None:
    links = [Link(str(a), str(b)) for a, b in pairs]
    found = dependence.downstream(["0"], links)
    assert len({one for one, _ in found}) == len(found)
    assert "0" not in {one for one, _ in found}
    carried = {link.rests for link in links}
    assert {one for one, _ in found} <= carried
