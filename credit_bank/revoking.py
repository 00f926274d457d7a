"""Revoking, suspending, reinstating: a change of status is logged like an issue; it marks, never erases (R27, R28)."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from credit_bank import admitting, impairing, settling, status_listing
from credit_bank.account.journal import Decision
from credit_bank.bank import Bank
from credit_bank.credential import canonical, status
from credit_bank.credential.instant import format_instant
from credit_bank.errors import Conflict, InvalidInput, Missing
from credit_bank.log import leaf
from credit_bank.store import credentials, institutions, learners, log, outcomes
from credit_bank.store import status as status_rows
from credit_bank.store.tables import Credential, StatusChange
from credit_bank.store.types import new_id

Action = Literal["revoke", "suspend", "reinstate"]
_EFFECT: dict[Action, tuple[status.Purpose, bool, str]] = {
    "revoke": ("revocation", True, "revoked"),
    "suspend": ("suspension", True, "suspended"),
    "reinstate": ("suspension", False, "issued"),
}

_REASON: dict[Action, str] = {
    "revoke": "credential_revoked",
    "suspend": "credential_suspended",
    "reinstate": "credential_reinstated",
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
    """Revoke, suspend or reinstate one credential of the institution's own, with a reason; as ``change_statuses``."""
    [change] = change_statuses(
        session, bank, institution_id, [credential_id], action, reason=reason, changed_by=changed_by
    )
    return change


def change_statuses(
    session: Session,
    bank: Bank,
    institution_id: UUID,
    credential_ids: Iterable[UUID],
    action: Action,
    *,
    reason: str,
    changed_by: UUID | None = None,
) -> list[StatusChange]:
    """Revoke, suspend or reinstate credentials of the institution's own: all of them or, when it raises, none.

    In one transaction: the rows, a leaf of each in the log, each list signed anew once, and the credits that nobody has
    used set aside or given back. Raises Missing
    ``credential.unknown`` for another's credential; InvalidInput ``status.reason_missing``; Conflict
    ``status.already_revoked``, ``status.already_suspended`` or ``status.not_suspended``.
    """
    plain = " ".join(reason.split())[:500]
    if not plain:
        raise InvalidInput("status.reason_missing")
    # One writer of a log at a time, whatever the purpose: or two could both find the credential unrevoked.
    log.locked(session, institution_id)
    ids = list(dict.fromkeys(credential_ids))
    held = credentials.many(session, institution_id, ids)
    learners.hold_current(session, {c.learner_id for c in held}, to_change=True)
    held = credentials.many(session, institution_id, ids)  # an account may have been merged meanwhile
    if not held:
        return []
    purpose, value, state = _EFFECT[action]
    before = credentials.changes_of(session, institution_id, ids)
    for credential in held:
        _check_allowed(before.get(credential.id, []), action)

    changes = _log_changes(session, bank, held, purpose, value, plain, changed_by)
    _sign_lists(session, bank, institution_id, held, purpose, value)
    named = [(c.learner_id, c.outcome_id) for c in held]
    outcomes.mark_state(session, named, state)
    session.flush()
    settling.settle(session, bank, named, Decision(changes[0].id, _REASON[action], institution_id, changed_by))
    _downstream(session, bank, [c.outcome_id for c in held], action, plain, institution_id, changed_by)
    return changes


def _downstream(
    session: Session,
    bank: Bank,
    outcome_ids: Sequence[UUID],
    action: Action,
    reason: str,
    institution_id: UUID,
    by: UUID | None,
) -> None:
    """Tell what rests on these outcomes (rule R27): impaired, with a case opened, or restored."""
    if action == "reinstate":
        impairing.lift(session, bank, outcome_ids, institution_id=institution_id, by=by)
    else:
        impairing.mark(session, bank, outcome_ids, action, reason=reason, institution_id=institution_id, by=by)


def _log_changes(
    session: Session,
    bank: Bank,
    held: Sequence[Credential],
    purpose: status.Purpose,
    value: bool,
    reason: str,
    changed_by: UUID | None,
) -> list[StatusChange]:
    now, institution_id = bank.now(), held[0].institution_id
    salts = [bank.random_bytes(leaf.SALT_LENGTH) for _ in held]
    entries = []
    for credential, salt in zip(held, salts, strict=True):
        facts = {"credential": credential.id.urn, "purpose": purpose, "value": value, "at": format_instant(now, "at")}
        entries.append(leaf.commit("status", hashlib.sha256(canonical.canonical_json(facts)).digest(), salt))
    first = log.append(session, institution_id, entries, now)
    owners = enumerate(zip(held, salts, strict=True))
    log.keep_openings(session, institution_id, [(first + n, c.learner_id, salt) for n, (c, salt) in owners])
    changes = [
        StatusChange(
            institution_id=institution_id,
            credential_id=credential.id,
            purpose=purpose,
            value=value,
            reason=reason,
            changed_at=now,
            changed_by=changed_by,
            log_sequence=first + n,
        )
        for n, credential in enumerate(held)
    ]
    session.add_all(changes)
    return changes


def _sign_lists(
    session: Session, bank: Bank, institution_id: UUID, held: Sequence[Credential], purpose: status.Purpose, value: bool
) -> None:
    """Set the bits and sign each list that holds one of them, once."""
    institution = institutions.get(session, institution_id)
    key = admitting.signing_key(session, bank, institution, "assertion")
    indexes: dict[UUID, list[int]] = {}
    for credential in held:
        indexes.setdefault(credential.status_list_id, []).append(credential.status_index)
    for list_id in sorted(indexes):
        listed = status_rows.locked(session, institution_id, list_id, purpose)
        bits = status.set_bits(listed.bits, indexes[list_id], value)
        status_listing.sign(session, bank, institution, key, list_id, purpose, bits, bank.now())


def _check_allowed(changes: Sequence[StatusChange], action: Action) -> None:
    state = standing(changes).state
    if state == "revoked":
        raise Conflict("status.already_revoked")
    if action == "suspend" and state == "suspended":
        raise Conflict("status.already_suspended")
    if action == "reinstate" and state != "suspended":
        raise Conflict("status.not_suspended")


def withdraw_recorded(session: Session, bank: Bank, institution_id: UUID, outcome_id: UUID) -> bool:
    """Take back an outcome that has no credential yet; False where it has one, or is taken back already.

    It stays in the portfolio as revoked and can be recorded anew, put right (rule R28). Nothing was signed, so nothing
    is logged. Raises Missing ``outcome.unknown``.
    """
    log.locked(session, institution_id)  # issuing locks it, too: an outcome is either issued or taken back
    found = outcomes.by_id(session, institution_id, [outcome_id])
    if not found:
        raise Missing("outcome.unknown", outcome=str(outcome_id))
    if found[0].state != "recorded":
        return False
    learners.hold_current(session, [found[0].learner_id], to_change=True)
    [row] = outcomes.by_id(session, institution_id, [outcome_id])  # an account may have been merged meanwhile
    outcomes.mark_state(session, [(row.learner_id, row.id)], "revoked")
    session.flush()
    decision = Decision(new_id(), "deposit_taken_back", institution_id)
    settling.settle(session, bank, [(row.learner_id, row.id)], decision)
    session.refresh(row)
    return True
