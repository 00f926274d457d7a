"""One-time codes for a lost PIN: centre staff see the learner's document and hand out a code; the learner sets a PIN.

Eight digits, good for thirty minutes and once. Tries are counted apart from sign-in: someone who forgot the PIN has
probably used up those already.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank.errors import Conflict
from web.accounts import attempts, memberships
from web.accounts.attempts import AttemptCounter
from web.accounts.secrets import normalise
from web.accounts.tables import TemporaryCode

VALID = timedelta(minutes=30)
DIGITS = 8


def issue(session: Session, counter: AttemptCounter, *, person_id: UUID, issued_by: UUID | None, now: datetime) -> str:
    """A new code, shown once and kept as a keyed digest; earlier ones of the person stop working.

    Raises Conflict ``temporary_code.works_here`` for someone with a role at any institution: who stands at a counter
    may not take over the powers of those who work elsewhere.
    """
    if memberships.active_of(session, person_id, now):
        raise Conflict("temporary_code.works_here")
    for row in _open(session, person_id, now):
        row.expires_at = now
        session.add(row)
    attempts.forget(session, [counter.code(str(person_id))])
    code = "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))
    session.add(
        TemporaryCode(
            person_id=person_id,
            digest=counter.code_digest(person_id, code),
            issued_by=issued_by,
            issued_at=now,
            expires_at=now + VALID,
        )
    )
    session.flush()
    return code


def redeem(session: Session, counter: AttemptCounter, *, person_id: UUID, code: str, now: datetime) -> bool:
    """Use a code up; False when it is wrong, spent or too old. The caller has counted the try."""
    plain = "".join(c for c in normalise(code) if c.isdigit())
    wanted = counter.code_digest(person_id, plain)
    for row in _open(session, person_id, now):
        if hmac.compare_digest(row.digest, wanted):
            row.used_at = now
            session.add(row)
            session.flush()
            return True
    return False


def _open(session: Session, person_id: UUID, now: datetime) -> list[TemporaryCode]:
    statement = select(TemporaryCode).where(
        col(TemporaryCode.person_id) == person_id,
        col(TemporaryCode.used_at).is_(None),
        col(TemporaryCode.expires_at) > now,
    )
    return list(session.exec(statement.with_for_update()))
