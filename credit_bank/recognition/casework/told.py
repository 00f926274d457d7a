"""Which steps of a case its learner is told of, and which days of theirs draw near."""

from datetime import date

from credit_bank.recognition.casework import working_days
from credit_bank.recognition.casework.kind import CaseKind, CaseState

_TOLD = frozenset(
    {
        "returned",
        "approved",
        "refused",
        "noticed",
        "objected",
        "not-posted",
        "consumed",
        "source-revoked",
        "source-suspended",
        "source-reinstated",
        "kept",
        "substituted",
        "reversed",
        "upheld",
        "varied",
        "annulled",
        "correction-asked",
        "correction-upheld",
        "correction-annulled",
        "corrected",
    }
)
GRACE_NEAR = 10
"""Working days before the end of a grace from which on it is shown."""
PROMISE_NEAR = 20
"""Working days before the last day of a promise from which on it is shown."""
CREDITS_NEAR = 40
"""Working days before the last day of credits from which on it is shown: time to choose a programme and to apply."""


def concerns_learner(kind: CaseKind, action: str, to: CaseState) -> bool:
    """Whether the learner is to be told of a step that led to the state ``to``.

    What a case about a revocation or a correction comes to is told of the decision that it is about, so that nothing is
    told twice.
    """
    if kind in (CaseKind.IMPAIRMENT, CaseKind.CORRECTION):
        return False
    return action in _TOLD or (action == "not-passed" and to is CaseState.REFUSED)


def is_near(today: date, last: date, days: int) -> bool:
    """Whether a day is still to come and at most so many working days away."""
    return today <= last <= working_days.after(today, days).on
