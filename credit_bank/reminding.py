"""Reminding: by when a learner has to do something about a case of theirs."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from credit_bank import redeeming
from credit_bank.bank import Bank
from credit_bank.recognition.casework import told
from credit_bank.recognition.casework.kind import OPEN, CaseKind, CaseState
from credit_bank.store import cases
from credit_bank.store.tables import RecognitionCase

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
