"""Merging two accounts of one person: the ledger's part, and the two ways in."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from accessibility.store import adjustments
from adaptive import answering
from adaptive.store import fairness, personal_data
from credit_bank import opening
from credit_bank.bank import Bank
from credit_bank.store import learners
from credit_bank.store.tables import Learner
from web.accounts import audit, consents, display_preferences, people, releases, sessions
from web.accounts.tables import Person
from web.connections import personal_data as connected_data
from web.connections import received
from web.operations import (
    groups,
    help_requests,
    joining,
    neighbour_endings,
    neighbours,
    proposals,
    voice_commands,
    voice_messages,
)
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
    connected_data.move_learner(session, keep=survivor.id, absorb=going_id, now=now)
    if going is not None:
        if staying is None:
            going.learner_id = survivor.id
            going.display_name = survivor.name
            session.add(going)
            consents.move(session, going.id, survivor.id)
        else:
            consents.carry_over(session, from_person=going.id, to_person=staying.id, learner_id=survivor.id)
            if going.sign_in_name is None:
                display_preferences.move(session, going.id, staying.id)
                adjustments.move(session, going.id, staying.id)
                _move_voice(session, bank, going.id, staying.id)
            voice_messages.move(session, bank.kek, absorbed=going_id, from_person=going.id, to_person=staying.id)
            _end(session, going, now)
    help_requests.move(session, absorbed=going_id, kept=survivor.id, kept_person=staying.id if staying else None)
    joining.move(session, absorbed=going_id, kept=survivor.id)
    neighbour_endings.move(session, absorbed=going_id, kept=survivor.id)
    releases.move(session, going_id, survivor.id)
    session.flush()
    _keep_what_is_agreed_to(session, survivor.id, now)
    groups.move(session, current[absorb].id, survivor.id, now)
    proposals.close_between(session, keep, absorb, decided_by=merged_by, now=now)
    audit.record(session, "account.merged", now=now, person_id=merged_by, subject_id=survivor.id, absorbed=str(absorb))
    return survivor


def _keep_what_is_agreed_to(session: Session, learner_id: UUID, now: datetime) -> None:
    """Where one account agreed to keeping something and the other took that back, nothing of it is kept."""
    if not consents.learner_agrees(session, learner_id, received.CONSENT):
        personal_data.erase_learner(session, learner_id)
        connected_data.erase_learner(session, learner_id)
    elif not consents.learner_agrees(session, learner_id, "fairness"):
        fairness.forget(session, learner_id)
    if not neighbours.agrees(session, learner_id):
        neighbour_endings.step_out(session, now, learner_id=learner_id)


def _move_voice(session: Session, bank: Bank, going: UUID, staying: UUID) -> None:
    """Spoken commands move with their consent: where the one who stays took it back, they go."""
    if any(row.purpose == voice_commands.CONSENT for row in consents.current(session, staying)):
        voice_commands.move(session, bank.kek, going, staying)
    voice_commands.erase(session, going)


def _end(session: Session, person: Person, now: datetime) -> None:
    for given in consents.current(session, person.id):
        consents.withdraw(session, person_id=person.id, purpose=given.purpose, now=now)
    sessions.end_all(session, person.id, now)
    if person.sign_in_name is None:
        people.disable(session, person.id, now)
    else:
        person.learner_id = None
        session.add(person)
