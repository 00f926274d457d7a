"""Reminding: by when a learner has to do something about a case of theirs, and to use credits."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from credit_bank import redeeming, settling
from credit_bank.account.placement import places
from credit_bank.bank import Bank
from credit_bank.recognition.casework import told, working_days
from credit_bank.recognition.casework.kind import OPEN, CaseKind, CaseState
from credit_bank.store import account, cases, outcomes
from credit_bank.store.tables import Outcome, RecognitionCase

What = Literal["more", "grace", "promise", "redeem"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """What is to be done about a case until the day ``on``, which for a returned case may have passed.

    ``more``: hand in what was missing; ``grace``: bring an outcome in the place of one that was lost; ``promise``: take
    the course that was agreed on; ``redeem``: it was taken, so apply for what was agreed.
    """

    case: RecognitionCase
    what: What
    on: date


def deadlines(session: Session, bank: Bank, learner_id: UUID) -> list[Deadline]:
    """What a learner can do, what is due first coming first; of a grace and a promise only when they soon end."""
    today, found = bank.today(), []
    for case in cases.of_learner(session, learner_id):
        if case.state == CaseState.RETURNED and case.due_on is not None:
            found.append(Deadline(case, "more", case.due_on))
        elif case.kind == CaseKind.IMPAIRMENT and case.state in OPEN and case.about is not None:
            last = date.fromisoformat(str(case.terms["grace_until"]))
            if told.is_near(today, last, told.GRACE_NEAR):
                found.append(Deadline(cases.get(session, case.about), "grace", last))
        elif case.kind == CaseKind.EX_ANTE and case.state == CaseState.APPROVED:
            last = date.fromisoformat(str(case.terms["latest"]))
            if any(is_recognised for _, is_recognised in redeeming.redeemable(session, case)):
                found.append(Deadline(case, "redeem", last))
            elif told.is_near(today, last, told.PROMISE_NEAR):
                found.append(Deadline(case, "promise", last))
    return sorted(found, key=lambda one: (one.on, one.case.id))


@dataclass(frozen=True, slots=True)
class Ending:
    """An outcome whose unused credits can be applied with until the day ``on``, which is near."""

    outcome: Outcome
    on: date


def ending(session: Session, bank: Bank, learner_id: UUID) -> list[Ending]:
    """The outcomes whose unused credits soon expire, the soonest first.

    Without what an undecided application asks to use, for that is measured on the day of the application (rule R14).
    """
    today = bank.today()
    after = working_days.after(today, told.CREDITS_NEAR).on + timedelta(days=1)
    named = account.due_of(session, learner_id, after)
    if not named:
        return []
    asked = {
        outcome
        for case, outcome in cases.resting_on(session, named)
        if case.kind == CaseKind.CONVERSION and case.state in OPEN
    }
    standings = settling.standings(session, [(learner_id, outcome) for outcome in named])[learner_id]
    place, found = places(standings, today), []
    for one in standings:
        last = one.lot.expires_on
        if last is None or last >= after or place[one.outcome_id] is not None or one.outcome_id in asked:
            continue
        if sum(one.lot.free.values()) > 0:
            found.append(Ending(outcomes.get(session, learner_id, one.outcome_id), last))
    return sorted(found, key=lambda one: (one.on, one.outcome.id))
