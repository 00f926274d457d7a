"""Webhooks: an institution's own program is told, signed and in order, that a decision was taken.

What is sent names ids alone; the program reads the rest with its token. Signed as Standard Webhooks 1.0 has it
(HMAC-SHA256 over id, timestamp and body). An address is asked until it answers 2xx, later and later, so each decision
is told at least once and none is skipped. Addresses are held to the rules of every outgoing request (``fetching``).
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from credit_bank.bank import Bank
from credit_bank.errors import Conflict, CreditBankError, Missing
from credit_bank.key.keyring import open_sealed, seal
from credit_bank.store import cases
from credit_bank.store.tables import CaseDecision, Institution, RecognitionCase
from credit_bank.store.types import new_id
from web.connections.fetching import check_address, request
from web.connections.hook_tables import Webhook
from web.database import Database

PREFIX = "whsec_"
SECRET_BYTES = 32
MOST = 100
"""Decisions in one request."""
MOST_ADDRESSES = 10
LEASE = timedelta(minutes=2)
LONGEST_PAUSE = timedelta(hours=6)
SETTLED = timedelta(seconds=30)
"""A decision is told this long after it was taken, when no transaction can still bring an earlier one."""
_FIRST = UUID(int=0)
_PLACE = b"webhook:"


@dataclass(frozen=True, slots=True)
class Message:
    """One request to be sent: where to, its headers and body, and the last decision that it tells of."""

    address: str
    headers: Mapping[str, str]
    body: bytes
    until: datetime
    last_id: UUID


def make(
    session: Session, bank: Bank, institution_id: UUID, address: str, *, private: bool, made_by: UUID | None
) -> tuple[str, Webhook]:
    """Register an address; the secret, shown once, and the row. It is told of decisions from now on.

    Raises InvalidInput ``lti.address``; Conflict ``webhook.too_many`` or ``webhook.known``.
    """
    check_address(address, private=private)
    live = [row for row in of_institution(session, institution_id) if row.withdrawn_at is None]
    if len(live) >= MOST_ADDRESSES:
        raise Conflict("webhook.too_many", most=MOST_ADDRESSES)
    if any(row.address == address for row in live):
        raise Conflict("webhook.known")
    now, secret, hook_id = bank.clock(), bank.random_bytes(SECRET_BYTES), new_id()
    row = Webhook(
        institution_id=institution_id,
        id=hook_id,
        address=address,
        sealed_secret=seal(secret, bank.kek, _PLACE + hook_id.bytes, nonce=bank.random_bytes(12)),
        made_at=now,
        made_by=made_by,
        told_until=now,
        told_id=_FIRST,
        next_at=now,
    )
    session.add(row)
    session.flush()
    return PREFIX + base64.b64encode(secret).decode(), row


def of_institution(session: Session, institution_id: UUID) -> Sequence[Webhook]:
    """An institution's addresses, the newest first, withdrawn ones included."""
    query = select(Webhook).where(Webhook.institution_id == institution_id)
    return session.exec(query.order_by(col(Webhook.made_at).desc(), col(Webhook.id))).all()


def get(session: Session, institution_id: UUID, hook_id: UUID) -> Webhook:
    """One of an institution's addresses. Raises Missing ``webhook.unknown``."""
    row = session.get(Webhook, (institution_id, hook_id))
    if row is None:
        raise Missing("webhook.unknown")
    return row


def withdraw(session: Session, institution_id: UUID, hook_id: UUID, now: datetime) -> Webhook:
    """Tell an address nothing more. Raises Missing ``webhook.unknown``; Conflict ``webhook.withdrawn``."""
    row = get(session, institution_id, hook_id)
    if row.withdrawn_at is not None:
        raise Conflict("webhook.withdrawn")
    row.withdrawn_at = now
    session.add(row)
    session.flush()
    return row


def signature(secret: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature`` (Standard Webhooks 1.0): ``v1,`` and the MAC in base64."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def tell_due(db: Database, bank: Bank, *, private: bool) -> int:
    """Tell every address that is due, each in turn; how many requests were answered 2xx.

    Nothing is sent inside a transaction: an address is taken with a lease first, so that of several processes one asks.
    """
    told = 0
    while (row := _take(db, bank.clock())) is not None:
        message = _message(db, bank, row)
        if message is None:
            _rest(db, row, bank.clock())
            continue
        status = _send(message, private)
        good = status is not None and 200 <= status < 300
        _note(db, row, message if good else None, status, bank.clock())
        told += good
    return told


def _take(db: Database, now: datetime) -> Webhook | None:
    """An address whose turn it is, with a lease on it; None when there is none."""
    with db.writing() as session:
        due = select(Webhook).where(col(Webhook.withdrawn_at).is_(None), col(Webhook.next_at) <= now)
        for row in session.exec(due.order_by(col(Webhook.next_at)).limit(20)):
            taken = session.execute(
                update(Webhook)
                .where(
                    col(Webhook.institution_id) == row.institution_id,
                    col(Webhook.id) == row.id,
                    col(Webhook.next_at) == row.next_at,
                )
                .values(next_at=now + LEASE)
            )
            if taken.rowcount == 1:  # type: ignore[attr-defined]
                session.expire(row)
                session.refresh(row)
                session.expunge(row)
                return row
    return None


def _message(db: Database, bank: Bank, row: Webhook) -> Message | None:
    """What it is to be told now, or None when there is nothing new."""
    now = bank.clock()
    with db.reading() as session:
        found = cases.decided_after(session, row.institution_id, (row.told_until, row.told_id), limit=MOST)
        settled = [(decision, case) for decision, case in found if decision.decided_at <= now - SETTLED]
        if not settled:
            return None
        handle = session.get_one(Institution, row.institution_id).handle
        items = [_item(decision, case) for decision, case in settled]
        until, last_id = settled[-1][0].decided_at, settled[-1][0].id
    message_id, stamp = f"msg_{last_id}", int(now.timestamp())
    body = json.dumps(
        {
            "type": "decision.taken",
            "timestamp": now.astimezone(UTC).isoformat(),
            "data": {
                "institution": handle,
                "read": bank.url(f"/api/v1/institutions/{handle}/decisions"),
                "decisions": items,
            },
        },
        separators=(",", ":"),
    ).encode()
    secret = open_sealed(row.sealed_secret, bank.kek, _PLACE + row.id.bytes)
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature(secret, message_id, stamp, body),
    }
    return Message(row.address, headers, body, until, last_id)


def _item(decision: CaseDecision, case: RecognitionCase) -> dict[str, str | None]:
    return {
        "id": str(decision.id),
        "case": str(case.id),
        "kind": case.kind,
        "verdict": decision.verdict,
        "supersedes": str(decision.supersedes) if decision.supersedes else None,
    }


def _send(message: Message, private: bool) -> int | None:
    try:
        status, _ = request("POST", message.address, private=private, headers=message.headers, body=message.body)
    except CreditBankError:
        return None
    return status


def _rest(db: Database, row: Webhook, now: datetime) -> None:
    """Nothing new: look again in a while."""
    _change(db, row, next_at=now + timedelta(seconds=20))


def _note(db: Database, row: Webhook, told: Message | None, status: int | None, now: datetime) -> None:
    if told is not None:
        _change(
            db,
            row,
            told_until=told.until,
            told_id=told.last_id,
            failures=0,
            last_status=status,
            last_at=now,
            next_at=now,
        )
        return
    failures = row.failures + 1
    pause = min(timedelta(seconds=30) * 2 ** min(failures - 1, 12), LONGEST_PAUSE)
    _change(db, row, failures=failures, last_status=status, last_at=now, next_at=now + pause)


def _change(db: Database, row: Webhook, **values: object) -> None:
    with db.writing() as session:
        session.execute(
            update(Webhook)
            .where(col(Webhook.institution_id) == row.institution_id, col(Webhook.id) == row.id)
            .values(**values)
        )
