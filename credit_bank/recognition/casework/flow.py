"""How a case moves: the transitions of each kind, and where a round of votes leads."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from credit_bank.errors import Conflict
from credit_bank.recognition.casework.kind import CaseKind, CaseState, Stage, Vote

K, S = CaseKind, CaseState

PANEL_QUORUM = 3
"""A case panel has at least three members (北京开放大学 学分认定管理办法, 2018)."""
STANDARDS_QUORUM = 5
"""A group that sets a standard has at least five."""

_REVIEW: Mapping[CaseState, frozenset[CaseState]] = MappingProxyType(
    {
        S.FIRST_REVIEW: frozenset({S.SECOND_REVIEW, S.REFUSED, S.RETURNED, S.WITHDRAWN}),
        S.SECOND_REVIEW: frozenset({S.APPROVED, S.REFUSED, S.RETURNED, S.WITHDRAWN}),
        S.RETURNED: frozenset({S.FIRST_REVIEW, S.WITHDRAWN}),
        S.APPROVED: frozenset({S.IMPAIRED, S.REVERSED}),
        S.IMPAIRED: frozenset({S.APPROVED, S.REVERSED}),
        S.REFUSED: frozenset({S.APPROVED, S.FIRST_REVIEW}),
        S.REVERSED: frozenset({S.APPROVED}),
    }
)


def _with(*absent: CaseState, **changes: frozenset[CaseState]) -> Mapping[CaseState, frozenset[CaseState]]:
    merged = {**_REVIEW, **{S[name]: to for name, to in changes.items()}}
    return MappingProxyType({state: to for state, to in merged.items() if state not in absent})


_FLOWS: Mapping[CaseKind, Mapping[CaseState, frozenset[CaseState]]] = MappingProxyType(
    {
        K.RECOGNITION: _REVIEW,
        K.CONVERSION: _with(
            SECOND_REVIEW=frozenset({S.APPROVED, S.NOTICE, S.REFUSED, S.RETURNED, S.WITHDRAWN}),
            NOTICE=frozenset({S.APPROVED, S.REFUSED, S.SECOND_REVIEW}),
            APPROVED=frozenset({S.CONSUMED, S.IMPAIRED, S.REVERSED}),
            CONSUMED=frozenset({S.IMPAIRED, S.REVERSED}),
            IMPAIRED=frozenset({S.APPROVED, S.CONSUMED, S.REVERSED}),
        ),
        K.RPL: _with(
            S.FIRST_REVIEW,
            PANEL=frozenset({S.SECOND_REVIEW, S.REFUSED, S.RETURNED, S.WITHDRAWN}),
            RETURNED=frozenset({S.PANEL, S.WITHDRAWN}),
            REFUSED=frozenset({S.APPROVED, S.PANEL}),
        ),
        K.EX_ANTE: _with(S.IMPAIRED, APPROVED=frozenset({S.CONSUMED, S.REVERSED}), CONSUMED=frozenset({S.APPROVED})),
        K.APPEAL: MappingProxyType(
            {
                S.FIRST_REVIEW: frozenset({S.SECOND_REVIEW, S.RETURNED, S.WITHDRAWN}),
                S.SECOND_REVIEW: frozenset({S.UPHELD, S.VARIED, S.ANNULLED, S.RETURNED, S.WITHDRAWN}),
                S.RETURNED: frozenset({S.FIRST_REVIEW, S.WITHDRAWN}),
            }
        ),
        K.IMPAIRMENT: MappingProxyType(
            {
                S.FIRST_REVIEW: frozenset({S.SECOND_REVIEW, S.KEPT}),
                S.SECOND_REVIEW: frozenset({S.KEPT, S.SUBSTITUTED, S.REVERSED}),
                S.KEPT: frozenset({S.FIRST_REVIEW}),
                S.SUBSTITUTED: frozenset({S.FIRST_REVIEW}),
            }
        ),
        # Whoever asks is the first pair of eyes.
        K.CORRECTION: MappingProxyType({S.SECOND_REVIEW: frozenset({S.UPHELD, S.VARIED, S.ANNULLED})}),
    }
)


def first(kind: CaseKind) -> CaseState:
    """The state in which a case of that kind begins, and to which it comes back after more was handed in."""
    return {K.RPL: S.PANEL, K.CORRECTION: S.SECOND_REVIEW}.get(kind, S.FIRST_REVIEW)


def next_states(kind: CaseKind, state: CaseState) -> frozenset[CaseState]:
    """Where a case of that kind may go from there; empty where it rests."""
    return _FLOWS[kind].get(state, frozenset())


def check_move(kind: CaseKind, state: CaseState, to: CaseState) -> None:
    """Raise Conflict ``case.move_not_allowed`` unless a case of that kind may go from ``state`` to ``to``."""
    if to not in next_states(kind, state):
        raise Conflict("case.move_not_allowed", kind=kind.value, state=state.value, to=to.value)


def quorum(stage: Stage, *, catalogued: bool) -> int:
    """How many must vote at a stage.

    A panel is at least three. A single reviewer suffices at each review where the catalogue holds the outcome or a
    published rule says what becomes of it (``catalogued``); otherwise the second review is a panel of three.
    """
    if stage is Stage.PANEL or (stage is Stage.SECOND and not catalogued):
        return PANEL_QUORUM
    return 1


def result(votes: Sequence[Vote], needed: int) -> Vote | None:
    """What a round of votes comes to: None while it is open.

    One return ends the round. Otherwise ``needed`` votes must be in and one side lead; a tie waits for another vote.
    """
    if Vote.RETURN in votes:
        return Vote.RETURN
    agreeing, against = votes.count(Vote.AGREE), votes.count(Vote.DISAGREE)
    if agreeing + against < needed or agreeing == against:
        return None
    return Vote.AGREE if agreeing > against else Vote.DISAGREE
