"""A learner's credit account for the download of everything: what there is, and every movement, whole."""

from uuid import UUID

from sqlmodel import Session

from credit_bank.account.amount import Denomination
from credit_bank.account.journal import Journal
from credit_bank.recognition.framework import FRAMEWORKS
from credit_bank.store import account, outcomes


def everything(session: Session, learner_id: UUID) -> dict[str, object]:
    """The balance by kind and account, and the movements, the oldest first; who at an institution decided is withheld.

    ``steps`` are the framework's smallest steps, ``credits`` the same as a decimal number, absent where the bank does
    not know the framework.
    """
    movements = account.journals(session, learner_id)[::-1]
    places = {j.decision.institution_id for j in movements if j.decision.institution_id}
    names = outcomes.institution_names(session, places)
    return {
        "balance": [
            {**_kind(balance.of), "account": on.value, **_amount(balance.of, steps)}
            for balance in account.balance(session, learner_id)
            for on, steps in sorted(balance.amounts.items())
        ],
        "movements": [_movement(journal, names) for journal in movements],
    }


def _movement(journal: Journal, names: dict[UUID, str]) -> dict[str, object]:
    decision = journal.decision
    rules = decision.rule_set
    return {
        "id": str(journal.id),
        "movement": journal.movement.value,
        "posted_at": journal.posted_at.isoformat(),
        "decision": str(decision.id),
        "reason": decision.reason,
        "institution": names.get(decision.institution_id) if decision.institution_id else None,
        "rule_set": str(rules.id) if rules else None,
        "rule_set_sha256": rules.sha256.hex() if rules else None,
        "outcome": str(journal.outcome_id) if journal.outcome_id else None,
        "reverses": str(journal.reverses) if journal.reverses else None,
        "expires_on": journal.expires_on.isoformat() if journal.expires_on else None,
        "use": journal.use or None,
        "postings": [
            {
                "account": posting.bucket.account.value,
                **_kind(posting.bucket.of),
                **_amount(posting.bucket.of, posting.amount),
                "outcome": str(posting.bucket.outcome_id) if posting.bucket.outcome_id else None,
                "conversion": str(posting.bucket.conversion_id) if posting.bucket.conversion_id else None,
                "target": str(posting.bucket.target_id) if posting.bucket.target_id else None,
            }
            for posting in journal.postings
        ],
    }


def _kind(of: Denomination) -> dict[str, object]:
    return {"framework": of.framework, "level": of.level or None, "category": of.category}


def _amount(of: Denomination, steps: int) -> dict[str, object]:
    known = FRAMEWORKS.get(of.framework)
    return {"steps": steps, **({"credits": known.credits(steps)} if known else {})}
