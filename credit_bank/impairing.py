"""Impairing: what becomes of decisions when what they rest on is revoked or suspended (rule R27).

Nothing is removed: each decision is marked as impaired and a case is opened about it, with a day until which the
learner may bring something else; people then decide in ``correcting``. ``reach`` shows all of it beforehand.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlmodel import Session

from credit_bank import casekeeping, evaluating
from credit_bank.bank import Bank
from credit_bank.casekeeping import Opening
from credit_bank.recognition.casework import dependence, working_days
from credit_bank.recognition.casework.dependence import Link
from credit_bank.recognition.casework.kind import OPEN, CaseKind, CaseState
from credit_bank.store import cases, credentials, learners, outcomes
from credit_bank.store.tables import RecognitionCase

GRACE = 30
"""Working days that a learner has to bring something in the place of what was lost."""
_STANDING = (CaseState.APPROVED, CaseState.CONSUMED, CaseState.IMPAIRED)
Proposer = Callable[[Session, Bank, RecognitionCase, frozenset[UUID]], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Reached:
    """A case that rests on what is to be revoked: how far away, and whether its credits are consumed in an award."""

    case: RecognitionCase
    distance: int
    credits: int
    awarded: bool
    undecided: bool


def reach(session: Session, outcome_ids: Iterable[UUID]) -> list[Reached]:
    """Everything that rests on those outcomes, the nearest first; changes nothing."""
    wanted = list(set(outcome_ids))
    found = {case.id: case for case, _ in cases.resting_on(session, wanted)}
    links = _links(cases.resting_on(session, wanted))
    reached = []
    for name, distance in dependence.downstream([f"outcome:{o}" for o in wanted], links):
        case = found.get(UUID(name.removeprefix("case:"))) if name.startswith("case:") else None
        if case is not None and case.state in (*_STANDING, *OPEN):
            decision = cases.standing_decision(session, case)
            credits = _credits(decision.granted) if decision else 0
            reached.append(Reached(case, distance, credits, case.consumed, case.state in OPEN))
    return reached


def _links(rows: Sequence[tuple[RecognitionCase, UUID]]) -> list[Link]:
    """Outcome → recognition → conversion: a conversion rests on the recognition of its outcome where there is one."""
    recognised = {o: c for c, o in rows if c.kind in (CaseKind.RECOGNITION, CaseKind.RPL)}
    links = []
    for case, outcome in rows:
        upon = recognised.get(outcome)
        if case.kind == CaseKind.CONVERSION and upon is not None:
            links.append(Link(f"case:{upon.id}", f"case:{case.id}"))
        else:
            links.append(Link(f"outcome:{outcome}", f"case:{case.id}"))
    return links


def _credits(granted: Sequence[dict[str, object]]) -> int:
    total = 0
    for one in granted:
        given = one.get("given")
        amounts = [g["credits"] for g in given] if isinstance(given, list) else [one.get("credits", 0)]
        total += sum(a for a in amounts if isinstance(a, int))
    return total


def reach_of_credentials(session: Session, institution_id: UUID, credential_ids: Sequence[UUID]) -> list[Reached]:
    """``reach`` of the outcomes that carry those credentials. Raises Missing ``credential.unknown``."""
    held = credentials.many(session, institution_id, credential_ids)
    return reach(session, [c.outcome_id for c in held])


def mark(
    session: Session,
    bank: Bank,
    outcome_ids: Sequence[UUID],
    action: str,
    *,
    reason: str,
    institution_id: UUID,
    by: UUID | None,
    proposer: Proposer = evaluating.substitutes,
) -> list[RecognitionCase]:
    """Mark what rests on revoked or suspended outcomes as impaired, and open a case about each; the opened cases.

    ``action`` is revoke or suspend. What is undecided is told so. The caller holds the learners.
    """
    lost = frozenset(outcome_ids)
    happened = {"revoke": "source-revoked", "suspend": "source-suspended"}[action]
    opened = []
    for found in reach(session, outcome_ids):
        case = found.case
        said = {"by": by, "institution_id": institution_id, "reason": reason}
        if case.state in OPEN or case.state == CaseState.IMPAIRED:
            casekeeping.note(session, bank, case, happened, **said)  # type: ignore[arg-type]
            continue
        before = case.state
        casekeeping.move(session, bank, case, CaseState.IMPAIRED, happened, **said)  # type: ignore[arg-type]
        opened.append(_open(session, bank, case, before, action, lost, by, proposer))
    return opened


def _open(
    session: Session,
    bank: Bank,
    case: RecognitionCase,
    before: str,
    action: str,
    lost: frozenset[UUID],
    by: UUID | None,
    proposer: Proposer,
) -> RecognitionCase:
    grace = working_days.after(bank.today(), GRACE)
    terms: dict[str, object] = {
        "cause": action,
        "before": before,
        "awarded": case.consumed,
        "lost": sorted(str(one) for one in lost & set(cases.sources(session, case))),
        "grace_until": grace.on.isoformat(),
    }
    instead = proposer(session, bank, case, lost) if case.kind == CaseKind.CONVERSION else None
    opening = replace(Opening.against(case, CaseKind.IMPAIRMENT, terms), catalogued=True, proposal=instead)
    row = casekeeping.open_case(session, bank, learners.get(session, case.learner_id), opening, by=by)
    row.due_on, row.due_estimated = grace.on, grace.estimated
    session.add(row)
    session.flush()
    return row


def proposal_now(
    session: Session, bank: Bank, case: RecognitionCase, proposer: Proposer = evaluating.substitutes
) -> dict[str, Any] | None:
    """What the rules propose today in the place of what was lost, with what the learner brought since; or None."""
    target = cases.get(session, case.about) if case.about else None
    if target is None or target.kind != CaseKind.CONVERSION:
        return None
    lost = case.terms["lost"]
    assert isinstance(lost, list)
    return proposer(session, bank, target, frozenset(UUID(str(one)) for one in lost))


def lift(
    session: Session, bank: Bank, outcome_ids: Sequence[UUID], *, institution_id: UUID, by: UUID | None
) -> list[RecognitionCase]:
    """A suspension was lifted: what rests only on good outcomes again stands as before; the cases so restored."""
    restored = []
    for found in reach(session, outcome_ids):
        case = found.case
        good = all(outcomes.get(session, case.learner_id, o).state == "issued" for o in cases.sources(session, case))
        if case.state != CaseState.IMPAIRED or not good:
            continue
        pending = [c for c in cases.about(session, case.id) if c.kind == CaseKind.IMPAIRMENT and c.state in OPEN]
        said = {"by": by, "institution_id": institution_id}
        for one in pending:
            casekeeping.move(session, bank, one, CaseState.KEPT, "source-reinstated", **said)  # type: ignore[arg-type]
        back = CaseState.CONSUMED if case.consumed else CaseState.APPROVED
        casekeeping.move(session, bank, case, back, "source-reinstated", **said)  # type: ignore[arg-type]
        restored.append(case)
    return restored
