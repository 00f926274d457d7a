"""Merging two accounts of one person: the ledger's part, and the two ways in."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from adaptive import answering
from credit_bank import opening
from credit_bank.bank import Bank
from credit_bank.store import learners
from credit_bank.store.tables import Learner
from web.accounts import audit, consents, people, sessions
from web.accounts.tables import Person
from web.operations import groups, proposals
from web.workflows import mastery_credit, received_outcomes


def merge(session: Session, bank: Bank, *, keep: UUID, absorb: UUID, merged_by: UUID, now: datetime) -> Learner:
    """Merge ``absorb`` into ``keep``: all outcomes move, the old number goes on finding the account kept.

    One way in remains: the kept account's PIN, or, when nobody ever signed in to that one, the other's. Whoever works
    here by a sign-in name goes on doing so. Raises Conflict ``learner.merge_same``; Missing ``learner.unknown``.
    """
    # Either may name an account that was merged before: what counts is who holds it now.
    current = learners.hold_current(session, [keep, absorb], to_change=True)
    staying, going = (people.of_learner(session, current[i].id) for i in (keep, absorb))
    going_id = current[absorb].id
    survivor = opening.merge_accounts(session, bank, keep=keep, absorb=absorb, merged_by=merged_by)
    answering.join(session, keep=survivor.id, absorb=going_id)
    mastery_credit.move(session, going_id, survivor.id, by=merged_by, now=now)
    received_outcomes.move(session, going_id, survivor.id)
    if going is not None:
        if staying is None:
            going.learner_id = survivor.id
            going.display_name = survivor.name
            session.add(going)
            consents.move(session, going.id, survivor.id)
        else:
            _end(session, going, now)
    session.flush()
    groups.move(session, current[absorb].id, survivor.id, now)
    proposals.close_between(session, keep, absorb, decided_by=merged_by, now=now)
    audit.record(session, "account.merged", now=now, person_id=merged_by, subject_id=survivor.id, absorbed=str(absorb))
    return survivor


def _end(session: Session, person: Person, now: datetime) -> None:
    for given in consents.current(session, person.id):
        consents.withdraw(session, person_id=person.id, purpose=given.purpose, now=now)
    sessions.end_all(session, person.id, now)
    if person.sign_in_name is None:
        people.disable(session, person.id, now)
    else:
        person.learner_id = None
        session.add(person)
