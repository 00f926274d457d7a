"""How cases move, and where votes lead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.errors import Conflict
from credit_bank.recognition.casework import flow
from credit_bank.recognition.casework.kind import OPEN, REVIEWED, CaseKind, CaseState, Stage, Vote

S = CaseState


def reached(kind: CaseKind) -> set[CaseState]:
    """Every state that a case of that kind can come to."""
    found, waiting = set(), [flow.first(kind)]
    while waiting:
        state = waiting.pop()
        if state not in found:
            found.add(state)
            waiting += flow.next_states(kind, state)
    return found


@pytest.mark.parametrize("kind", list(CaseKind))
def test_every_state_that_is_left_can_be_reached_and_every_open_one_leads_on(kind: CaseKind) -> None:
    states = reached(kind)
    for state in states & OPEN:
        assert flow.next_states(kind, state), state
    assert all(state in states for state in CaseState if flow.next_states(kind, state))


@pytest.mark.parametrize("kind", list(CaseKind))
def test_nothing_is_decided_without_a_second_pair_of_eyes(kind: CaseKind) -> None:
    """From the first state no decision in the learner's favour, nor a reversal, is one step away (R24)."""
    favourable = {S.APPROVED, S.UPHELD, S.VARIED, S.ANNULLED, S.REVERSED, S.SUBSTITUTED, S.CONSUMED, S.NOTICE}
    if kind is not CaseKind.CORRECTION:  # it begins with somebody who says what is wrong: another one decides
        assert not flow.next_states(kind, flow.first(kind)) & favourable


def test_a_recognition_goes_from_first_to_second_review() -> None:
    flow.check_move(CaseKind.RECOGNITION, S.FIRST_REVIEW, S.SECOND_REVIEW)
    flow.check_move(CaseKind.RECOGNITION, S.SECOND_REVIEW, S.APPROVED)
    with pytest.raises(Conflict, match="move_not_allowed"):
        flow.check_move(CaseKind.RECOGNITION, S.FIRST_REVIEW, S.APPROVED)


@pytest.mark.parametrize("state", [S.APPROVED, S.CONSUMED])
def test_what_was_converted_is_impaired_first_and_never_simply_gone(state: CaseState) -> None:
    assert S.IMPAIRED in flow.next_states(CaseKind.CONVERSION, state)
    assert S.WITHDRAWN not in flow.next_states(CaseKind.CONVERSION, state)


def test_r24_quorum() -> None:
    assert flow.quorum(Stage.PANEL, catalogued=True) == 3
    assert flow.quorum(Stage.SECOND, catalogued=False) == 3
    assert flow.quorum(Stage.SECOND, catalogued=True) == flow.quorum(Stage.FIRST, catalogued=False) == 1


@pytest.mark.parametrize(
    ("votes", "needed", "comes_to"),
    [
        ([], 1, None),
        ([Vote.AGREE], 1, Vote.AGREE),
        ([Vote.AGREE, Vote.AGREE], 3, None),
        ([Vote.AGREE, Vote.AGREE, Vote.DISAGREE], 3, Vote.AGREE),
        ([Vote.AGREE, Vote.DISAGREE, Vote.DISAGREE], 3, Vote.DISAGREE),
        ([Vote.AGREE, Vote.AGREE, Vote.DISAGREE, Vote.DISAGREE], 3, None),
        ([Vote.AGREE, Vote.RETURN], 3, Vote.RETURN),
    ],
)
def test_results(votes: list[Vote], needed: int, comes_to: Vote | None) -> None:
    assert flow.result(votes, needed) is comes_to


@given(st.lists(st.sampled_from(list(Vote)), max_size=9), st.integers(1, 5))
def test_a_result_does_not_hang_on_the_order_of_votes(votes: list[Vote], needed: int) -> None:
    assert flow.result(votes, needed) is flow.result(votes[::-1], needed)
    if Vote.RETURN not in votes and len(votes) < needed:
        assert flow.result(votes, needed) is None


def test_reviewed_states_are_those_with_a_stage() -> None:
    assert {state.value for state in REVIEWED} == {stage.value for stage in Stage}
