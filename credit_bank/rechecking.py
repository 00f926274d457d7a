"""Rechecking: the standing of what learners brought from another city, in its issuers' newest signed lists."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from credit_bank import impairing, settling
from credit_bank.account.journal import Decision
from credit_bank.bank import Bank
from credit_bank.credential.bundle import Bundle, parse_bundle
from credit_bank.credential.evidence import StatusLists, StatusSource
from credit_bank.credential.verify import verify
from credit_bank.errors import CreditBankError, Missing
from credit_bank.key.trust import key_resolver
from credit_bank.report import Outcome as Finding
from credit_bank.report import VerificationReport
from credit_bank.store import institutions, learners, outcomes, regions
from credit_bank.store.tables import MovedCredential, Outcome
from credit_bank.store.types import new_id

_REASONS = {
    "revoked": "credential_revoked",
    "suspended": "credential_suspended",
    "issued": "credential_reinstated",
}


def check(session: Session, bank: Bank, bundle: Bundle, subject: str) -> VerificationReport:
    """Verify a credential of a recognised region with the lists and the receipt that came along, all signed."""
    trust = institutions.StoredTrust(session)
    return verify(
        bundle.credential,
        now=bank.clock(),
        trust=trust,
        keys=key_resolver(trust),
        status_lists=StatusLists(bundle.status_lists),
        log=bundle.log,
        subject=subject,
    )


AT_ONCE = 100
"""Credentials in one transaction: so long nobody else writes to an embedded database."""


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What looking at a region's credentials again found: how many were looked at, and whose standing changed.

    ``changed`` are (learner, outcome, new state) triples; ``unknown`` could not be checked or changed, so nothing
    became of them; ``last`` is the row after which to go on, None at the end.
    """

    looked_at: int
    changed: tuple[tuple[UUID, UUID, str], ...]
    unknown: int
    last: UUID | None


def recheck(
    session: Session, bank: Bank, region_id: UUID, lists: StatusSource, *, after: UUID | None = None
) -> Rechecked:
    """Look at the status of what was brought from a region, in its issuers' newest signed lists; some at a time.

    A credential that was revoked or suspended there is so here; one that was lifted counts again; where a list cannot
    be had or believed nothing changes. Run it again with ``after=last`` until that is None. Raises Missing
    ``region.unknown``.
    """
    region = regions.get(session, region_id)
    changed: list[tuple[UUID, UUID, str]] = []
    unknown = 0
    page = regions.moved_of_region(session, region.id, after, AT_ONCE)
    for row, outcome in page:
        try:
            with session.begin_nested():
                state = _state_now(session, bank, row, lists)
                if state is not None:
                    changed += _change(session, bank, row, outcome, state)
        except CreditBankError:
            state = None
        unknown += state is None
    session.flush()
    return Rechecked(len(page), tuple(changed), unknown, page[-1][0].id if len(page) == AT_ONCE else None)


def _change(
    session: Session, bank: Bank, row: MovedCredential, outcome: Outcome, state: str
) -> list[tuple[UUID, UUID, str]]:
    """Let the state count; the change, unless it stood so already. Raises Missing for an account merged meanwhile."""
    regions.mark_checked(session, row, bank.now())
    if state == outcome.state or outcome.state == "revoked":
        return []
    if learners.hold_current(session, [row.learner_id], to_change=True)[row.learner_id].id != row.learner_id:
        raise Missing("moved.unknown")
    session.refresh(outcome)  # as it stands now that nobody else can change it
    if state == outcome.state or outcome.state == "revoked":
        return []
    named = (row.learner_id, row.outcome_id)
    outcomes.mark_state(session, [named], state)
    settling.settle(session, bank, [named], Decision(new_id(), _REASONS[state]))
    _downstream(session, bank, outcome, state)
    return [(*named, state)]


def _downstream(session: Session, bank: Bank, outcome: Outcome, state: str) -> None:
    """What rests on it is marked or stands again, as for a credential of this bank's own (rule R27)."""
    session.flush()
    if state == "issued":
        impairing.lift(session, bank, [outcome.id], institution_id=outcome.institution_id, by=None)
    else:
        action = "revoke" if state == "revoked" else "suspend"
        said = f"credential_{state}"
        impairing.mark(session, bank, [outcome.id], action, reason=said, institution_id=outcome.institution_id, by=None)


def _state_now(session: Session, bank: Bank, row: MovedCredential, lists: StatusSource) -> str | None:
    bundle = parse_bundle(regions.open_bundle(session, bank.kek, row))
    trust = institutions.StoredTrust(session)
    report = verify(
        bundle.credential, now=bank.clock(), trust=trust, keys=key_resolver(trust), status_lists=lists, log=bundle.log
    )
    found = report.check("status")
    if found.outcome is Finding.PASS:
        return "issued"
    return {"status.revoked": "revoked", "status.suspended": "suspended"}.get(found.code)
