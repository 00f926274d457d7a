"""Revoking, suspending, reinstating: a change of status is logged like an issue; it marks, never erases (R27, R28)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col

from credit_bank import admitting, status_listing
from credit_bank.bank import Bank
from credit_bank.credential import canonical, status
from credit_bank.credential.instant import format_instant
from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.log import leaf
from credit_bank.store import credentials, institutions, learners, log
from credit_bank.store import status as status_rows
from credit_bank.store.tables import Credential, Outcome, StatusChange

Action = Literal["revoke", "suspend", "reinstate"]
_EFFECT: dict[Action, tuple[status.Purpose, bool, str]] = {
    "revoke": ("revocation", True, "revoked"),
    "suspend": ("suspension", True, "suspended"),
    "reinstate": ("suspension", False, "issued"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a credential stands by the bank's own record: issued, suspended or revoked, since when and why."""

    state: str
    since: StatusChange | None


def standing(changes: Sequence[StatusChange]) -> Standing:
    """How a credential stands after these changes, the oldest first. Revocation is final."""
    for change in changes:
        if change.purpose == "revocation" and change.value:
            return Standing("revoked", change)
    suspensions = [c for c in changes if c.purpose == "suspension"]
    if suspensions and suspensions[-1].value:
        return Standing("suspended", suspensions[-1])
    return Standing("issued", suspensions[-1] if suspensions else None)


def change_status(
    session: Session,
    bank: Bank,
    institution_id: UUID,
    credential_id: UUID,
    action: Action,
    *,
    reason: str,
    changed_by: UUID | None = None,
) -> StatusChange:
    """Revoke, suspend or reinstate one credential of the institution's own, with a reason.

    In one transaction: the row, its leaf in the log, and the list signed anew. Raises Missing ``credential.unknown``
    for another's credential; InvalidInput ``status.reason_missing``; Conflict ``status.already_revoked``,
    ``status.already_suspended`` or ``status.not_suspended``.
    """
    plain = " ".join(reason.split())[:500]
    if not plain:
        raise InvalidInput("status.reason_missing")
    # One writer of a log at a time, whatever the purpose: or two could both find the credential unrevoked.
    log.locked(session, institution_id)
    credential = credentials.get(session, credential_id)
    if credential.institution_id != institution_id:
        raise Missing("credential.unknown", credential=str(credential_id))
    learners.hold_current(session, [credential.learner_id])
    credential = credentials.get(session, credential_id)  # the account may have been merged meanwhile
    purpose, value, state = _EFFECT[action]
    listed = status_rows.locked(session, institution_id, credential.status_list_id, purpose)
    _check_allowed(session, credential, action)

    now = bank.now()
    salt = bank.random_bytes(leaf.SALT_LENGTH)
    facts = {"credential": credential_id.urn, "purpose": purpose, "value": value, "at": format_instant(now, "at")}
    digest = hashlib.sha256(canonical.canonical_json(facts)).digest()
    sequence = log.append(session, institution_id, [leaf.commit("status", digest, salt)], now)
    log.keep_openings(session, institution_id, [(sequence, credential.learner_id, salt)])
    change = StatusChange(
        institution_id=institution_id,
        credential_id=credential_id,
        purpose=purpose,
        value=value,
        reason=plain,
        changed_at=now,
        changed_by=changed_by,
        log_sequence=sequence,
    )
    session.add(change)

    institution = institutions.get(session, institution_id)
    key = admitting.signing_key(session, bank, institution, "assertion")
    bits = status.set_bit(listed.bits, credential.status_index, value)
    status_listing.sign(session, bank, institution, key, credential.status_list_id, purpose, bits, now)
    session.execute(
        update(Outcome)
        .where(col(Outcome.learner_id) == credential.learner_id, col(Outcome.id) == credential.outcome_id)
        .values(state=state)
    )
    session.flush()
    return change


def _check_allowed(session: Session, credential: Credential, action: Action) -> None:
    state = standing(credentials.changes(session, credential)).state
    if state == "revoked":
        raise Conflict("status.already_revoked")
    if action == "suspend" and state == "suspended":
        raise Conflict("status.already_suspended")
    if action == "reinstate" and state != "suspended":
        raise Conflict("status.not_suspended")
