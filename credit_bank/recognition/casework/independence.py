"""Who may have a say in a case: role, body, four eyes, and interests that were declared (rule R24)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from credit_bank.errors import Forbidden
from credit_bank.recognition.casework.kind import CaseKind, Stage

Interest = Literal["none", "institution", "relation"]
"""What a reviewer declares: nothing, that their own institution awarded it, or that they know the learner closely."""


@dataclass(frozen=True, slots=True)
class Body:
    """An institution as it takes part in a case: its id, tier (centre, subcentre, member) and the one above it."""

    id: UUID
    tier: str
    parent: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who wants to vote: the person, their own learner's account if they have one, and where they work."""

    person: UUID
    learner: UUID | None
    works_at: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Situation:
    """What a say in a case is held against.

    ``body`` is the institution whose turn it is; ``awarders`` awarded what the case rests on; ``earlier`` are those
    who had a say in this round before, ``chain`` those who did in the decisions that an appeal is against, or who took
    or doubted the decision that a correction is about.
    """

    kind: CaseKind
    stage: Stage
    body: UUID
    learner: UUID
    awarders: frozenset[UUID] = frozenset()
    earlier: Collection[UUID] = ()
    chain: Collection[UUID] = ()


def obstacles(who: Reviewer, case: Situation, interest: Interest = "none") -> tuple[str, ...]:
    """Everything that keeps this person from having a say, as codes; empty where nothing does.

    A reviewer of the awarding institution may take the first review, as 成员单位 do, when they declare it; afterwards
    they may not.
    """
    found = []
    if case.body not in who.works_at:
        found.append("case.not_your_turn")
    if who.learner == case.learner:
        found.append("case.own_case")
    if who.person in case.earlier:
        found.append("case.reviewed_already")
    if case.kind in (CaseKind.APPEAL, CaseKind.CORRECTION) and who.person in case.chain:
        found.append("case.decided_before")
    if interest == "relation":
        found.append("case.relation_declared")
    own = bool(who.works_at & case.awarders)
    if case.stage is Stage.FIRST and case.kind is CaseKind.RECOGNITION:
        if own and interest == "none":
            found.append("case.interest_undeclared")
    elif case.body not in case.awarders and (own or interest == "institution"):
        found.append("case.interest_excludes")
    return tuple(found)


def require(who: Reviewer, case: Situation, interest: Interest = "none") -> None:
    """Raise Forbidden with the first obstacle's code where there is one."""
    for code in obstacles(who, case, interest):
        raise Forbidden(code)


def first_body(awarder: Body) -> UUID:
    """Whose turn the first review of a recognition is: the sub-centre above the awarding institution, or itself."""
    if awarder.tier == "member" and awarder.parent is not None:
        return awarder.parent
    return awarder.id
