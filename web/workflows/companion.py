"""The companion at work: the library's passages for everyone, and their phrasing by a language model where it may.

The model is off unless an administrator turned it on, and then asked only for a signed-in learner who agreed, who is
old enough or whose guardian agreed, who is not being examined, and who has questions left for the day.
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from adaptive import asking
from adaptive.asking import Reply
from adaptive.companion.masking import mask
from adaptive.companion.passages import Passage
from adaptive.companion.phrasing import Phrased, keep, messages
from adaptive.store.tables import CompanionQuestion
from credit_bank.bank import Bank
from credit_bank.errors import Conflict, InvalidInput
from credit_bank.key.keyring import open_sealed, seal
from credit_bank.store.types import new_id
from web.accounts import audit, consents, people
from web.messages import CITY
from web.operations.companion_tables import CompanionIncident, CompanionModel
from web.operations.model_endpoint import Endpoint, ModelFault, addresses, complete

CONSENT = "companion"
NEVER_BELOW, ALONE_FROM = 14, 18
_SEALED_FOR = b"companion-model-key"


@dataclass(frozen=True, slots=True)
class Asker:
    """A learner who asks: what decides whether a model may be asked for them."""

    learner_id: UUID
    name: str
    in_assessment: bool


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether a model may phrase an answer now: ``refusal`` is None or a reason's code. ``left`` is for today."""

    refusal: str | None
    left: int = 0
    endpoint: Endpoint | None = None
    filing_number: str = ""


@dataclass(frozen=True, slots=True)
class PhrasedAnswer:
    """What a model made of the passages, as far as they bear it out; empty with a ``fault`` when it did not."""

    sentences: tuple[Phrased, ...]
    model: str
    filing_number: str
    fault: str | None


def settings(session: Session) -> CompanionModel | None:
    """The model that is registered, if one is."""
    return session.get(CompanionModel, 1)


def open_incident(session: Session) -> CompanionIncident | None:
    """The incident for which the model is stopped now."""
    query = select(CompanionIncident).where(col(CompanionIncident.resumed_at).is_(None))
    return session.exec(query.order_by(col(CompanionIncident.stopped_at).desc())).first()


def incidents(session: Session) -> Sequence[CompanionIncident]:
    """Every time the model was stopped, newest first."""
    return session.exec(select(CompanionIncident).order_by(col(CompanionIncident.stopped_at).desc())).all()


def running(session: Session) -> bool:
    """Whether a model may be asked at all."""
    row = settings(session)
    return row is not None and row.enabled and open_incident(session) is None


def allowance(session: Session, bank: Bank, asker: Asker, now: datetime) -> Allowance:
    """Whether a model may be asked for this learner now, and how often still today."""
    row = settings(session)
    if row is None or not row.enabled or open_incident(session) is not None:
        return Allowance("off")
    if asker.in_assessment:
        return Allowance("in_assessment")
    person = people.of_learner(session, asker.learner_id)
    of_age = person.turns_18_on if person is not None else None
    today = now.astimezone(CITY).date()
    if of_age is not None and today < _years_before(of_age, ALONE_FROM - NEVER_BELOW):
        return Allowance("too_young")
    if not consents.learner_agrees(session, asker.learner_id, CONSENT):
        return Allowance("guardian_needed" if of_age is not None and today < of_age else "consent_needed")
    begin = datetime.combine(today, datetime.min.time(), CITY)
    left = row.daily_limit - asking.asked_since(session, asker.learner_id, begin, phrased=True)
    if left <= 0:
        return Allowance("enough_today")
    key = None if row.sealed_key is None else open_sealed(row.sealed_key, bank.kek, _SEALED_FOR).decode()
    endpoint = Endpoint(row.base_url, row.model, key, row.may_leave, row.timeout_seconds)
    return Allowance(None, left, endpoint, row.filing_number)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day - timedelta(days=round(365.25 * years))


def phrase(reply: Reply, allowed: Allowance, asker: Asker, *, locale: str) -> tuple[PhrasedAnswer, CompanionQuestion]:
    """Have a model put the passages into a few sentences; the answer, and the row for the log, which is not yet kept.

    It holds no transaction: a model takes its time. What names the person is masked before anything is sent.
    """
    endpoint = allowed.endpoint
    if endpoint is None or not reply.found:
        raise ValueError("nothing to phrase, or not allowed")
    passages = [found.passage for found in reply.found]
    masked = mask(reply.question, [asker.name])
    began = time.monotonic()
    sentences: tuple[Phrased, ...] = ()
    fault: str | None = None
    try:
        mark = f"≡≡{secrets.token_hex(8)}≡≡"
        sentences = keep(complete(endpoint, messages(masked.text, passages, locale=locale, mark=mark)), passages)
        fault = None if sentences else "not_borne_out"
    except ModelFault as error:
        fault = error.code
    row = _row(asker.learner_id, masked.text, masked.kinds, passages, "phrased" if sentences else "passages")
    row.model, row.filing_number, row.fault = endpoint.model, allowed.filing_number, fault
    row.milliseconds = round((time.monotonic() - began) * 1000)
    return PhrasedAnswer(sentences, endpoint.model, allowed.filing_number, fault), row


def _row(
    learner_id: UUID, question: str, kinds: dict[str, int], passages: Sequence[Passage], outcome: str
) -> CompanionQuestion:
    return CompanionQuestion(
        learner_id=learner_id,
        id=new_id(),
        asked_at=datetime.fromtimestamp(0, CITY),
        question=question,
        masked=dict(kinds),
        passages=[passage.id for passage in passages],
        outcome=outcome,
    )


def record(session: Session, row: CompanionQuestion, now: datetime) -> None:
    """Keep what was asked of the model and what became of it."""
    row.asked_at = now
    asking.record(session, row)


def register(
    session: Session,
    bank: Bank,
    *,
    base_url: str,
    model: str,
    filing_number: str,
    key: str | None,
    may_leave: bool,
    enabled: bool,
    daily_limit: int,
    changed_by: UUID,
    now: datetime,
) -> CompanionModel:
    """Say which model may be asked. A missing ``key`` keeps the one that is there while the address stays the same.

    Raises InvalidInput ``companion.address_malformed``, ``companion.not_local``, ``companion.not_encrypted`` or
    ``companion.filing_number_missing``; Conflict ``companion.stopped`` to turn it on while an incident is open.
    """
    if not filing_number.strip() or not model.strip():
        raise InvalidInput("companion.filing_number_missing")
    try:
        addresses(Endpoint(base_url, model, None, may_leave))
    except ModelFault as fault:
        if fault.code != "unreachable":  # it may be started later
            raise InvalidInput(f"companion.{fault.code}") from None
    if enabled and open_incident(session) is not None:
        raise Conflict("companion.stopped")
    before = settings(session)
    sealed = before.sealed_key if before is not None and before.base_url == base_url else None
    if key:
        sealed = seal(key.encode(), bank.kek, _SEALED_FOR, nonce=bank.random_bytes(12))
    row = CompanionModel(
        base_url=base_url.rstrip("/"),
        model=model.strip(),
        filing_number=filing_number.strip(),
        sealed_key=sealed,
        may_leave=may_leave,
        enabled=enabled,
        daily_limit=daily_limit,
        changed_at=now,
        changed_by=changed_by,
    )
    kept = session.merge(row)
    session.flush()
    audit.record(
        session,
        "companion.registered",
        now=now,
        person_id=changed_by,
        model=row.model,
        enabled=str(enabled),
        may_leave=str(may_leave),
    )
    return kept


def stop(session: Session, *, reason: str, by: UUID, now: datetime) -> CompanionIncident:
    """Stop the model everywhere at once, and record the incident. Raises Conflict ``companion.stopped_already``."""
    if open_incident(session) is not None:
        raise Conflict("companion.stopped_already")
    incident = CompanionIncident(stopped_at=now, stopped_by=by, reason=reason)
    session.add(incident)
    row = settings(session)
    if row is not None:
        row.enabled = False
        session.add(row)
    session.flush()
    audit.record(session, "companion.stopped", now=now, person_id=by, reason=reason)
    return incident


def resume(session: Session, *, finding: str, by: UUID, now: datetime) -> None:
    """Close the incident with what was found; the model stays off until it is turned on again.

    Raises Conflict ``companion.not_stopped``.
    """
    incident = open_incident(session)
    if incident is None:
        raise Conflict("companion.not_stopped")
    incident.resumed_at, incident.resumed_by, incident.finding = now, by, finding
    session.add(incident)
    session.flush()
    audit.record(session, "companion.incident_closed", now=now, person_id=by, finding=finding)
