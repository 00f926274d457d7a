"""Consents: each purpose apart, the text that was shown kept by version and digest, withdrawn as easily as given.

The texts stand in ``web/translations/consent.toml``. A changed text is a new version of its purpose here; a test holds
the digests of the present ones, so that no text changes under a version that people agreed to.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank.errors import Conflict, InvalidInput, Missing
from web.accounts.tables import Consent, Person
from web.messages import CITY, catalogue

Via = Literal["online", "counter"]
PARTS = ("title", "what", "why", "how_long")


@dataclass(frozen=True, slots=True)
class Purpose:
    """Something that personal data is used for. A required one ends together with the account."""

    code: str
    version: int
    required: bool
    at_opening: bool = True
    """Whether it is asked when an account is opened; otherwise where it is first needed."""


# Identity documents are sensitive personal information, so they are agreed to apart (个人信息保护法, Art. 29).
PURPOSES = {
    p.code: p
    for p in (
        Purpose("account", 1, required=True),
        Purpose("identity", 1, required=True),
        Purpose("counter_help", 1, required=False),
        Purpose("learning", 2, required=False),
        Purpose("companion", 1, required=False),
        Purpose("fairness", 1, required=False, at_opening=False),
        Purpose("study_group", 1, required=False, at_opening=False),
        Purpose("neighbours", 1, required=False, at_opening=False),
        Purpose("assistant", 1, required=False, at_opening=False),
        Purpose("voice", 1, required=False, at_opening=False),
    )
}
AT_OPENING = tuple(p.code for p in PURPOSES.values() if p.at_opening)
REQUIRED = tuple(p.code for p in PURPOSES.values() if p.required)
# What a minor agrees to only together with a guardian, at a counter.
WITH_GUARDIAN = frozenset({"companion"})
OPTIONAL = tuple(p.code for p in PURPOSES.values() if not p.required)


def text(purpose: str, locale: str) -> dict[str, str]:
    """The parts of a purpose's text (title, what, why, how_long) in one language."""
    short = "en" if locale == "en" else "zh"
    return {part: catalogue()[f"consent.{purpose}.{part}"][short] for part in PARTS}


def text_sha256(purpose: str, locale: str) -> bytes:
    """The SHA-256 of a purpose's text: its parts in order, a line each, in UTF-8."""
    return hashlib.sha256("\n".join(text(purpose, locale).values()).encode()).digest()


def check_required(given: Sequence[str]) -> None:
    """Raise InvalidInput ``consent.required`` unless every required purpose is among those given."""
    if any(code not in given for code in REQUIRED):
        raise InvalidInput("consent.required")


def give(
    session: Session,
    *,
    person_id: UUID,
    learner_id: UUID | None,
    purpose: str,
    language: str,
    now: datetime,
    via: Via = "online",
    assisted_by: UUID | None = None,
) -> Consent:
    """Record that a person agreed to the present text; the same text agreed to again changes nothing.

    Raises Missing ``consent.unknown``; Conflict ``consent.guardian_needed`` where a minor would agree alone.
    """
    if purpose not in PURPOSES:
        raise Missing("consent.unknown")
    if purpose in WITH_GUARDIAN and via == "online":
        person = session.get(Person, person_id)
        if person is not None and person.turns_18_on is not None and now.astimezone(CITY).date() < person.turns_18_on:
            raise Conflict("consent.guardian_needed")
    version = PURPOSES[purpose].version
    for row in current(session, person_id):
        if row.purpose == purpose:
            if row.version == version:
                return row
            row.withdrawn_at = now
            session.add(row)
    row = Consent(
        person_id=person_id,
        learner_id=learner_id,
        purpose=purpose,
        version=version,
        language=language,
        text_sha256=text_sha256(purpose, language),
        given_at=now,
        given_via=via,
        assisted_by=assisted_by,
    )
    session.add(row)
    session.flush()
    return row


def withdraw(session: Session, *, person_id: UUID, purpose: str, now: datetime) -> Consent:
    """Record that a person no longer agrees. Raises Missing ``consent.not_given``."""
    for row in current(session, person_id):
        if row.purpose == purpose:
            row.withdrawn_at = now
            session.add(row)
            session.flush()
            return row
    raise Missing("consent.not_given")


def renew(
    session: Session,
    *,
    person_id: UUID,
    learner_id: UUID,
    agreed: Sequence[str],
    language: str,
    now: datetime,
    assisted_by: UUID,
) -> None:
    """Record what a person agrees to after everything was read out again at a counter; what went before ends with it.

    Raises InvalidInput ``consent.required``; Missing ``consent.unknown``.
    """
    check_required(agreed)
    for row in current(session, person_id):
        row.withdrawn_at = now
        session.add(row)
    session.flush()
    for purpose in agreed:
        give(
            session,
            person_id=person_id,
            learner_id=learner_id,
            purpose=purpose,
            language=language,
            now=now,
            via="counter",
            assisted_by=assisted_by,
        )


def current(session: Session, person_id: UUID) -> list[Consent]:
    """What a person agrees to now."""
    statement = select(Consent).where(col(Consent.person_id) == person_id, col(Consent.withdrawn_at).is_(None))
    return list(session.exec(statement.order_by(col(Consent.given_at), col(Consent.id))))


def history(session: Session, person_id: UUID) -> list[Consent]:
    """Everything a person ever agreed to, the oldest first."""
    statement = select(Consent).where(col(Consent.person_id) == person_id)
    return list(session.exec(statement.order_by(col(Consent.given_at), col(Consent.id))))


def learner_agrees(session: Session, learner_id: UUID, purpose: str, *, at_least: int = 1) -> bool:
    """Whether the holder of a learner's account agrees to a purpose now, in a text of ``at_least`` that version."""
    statement = select(Consent.id).where(
        col(Consent.learner_id) == learner_id,
        col(Consent.purpose) == purpose,
        col(Consent.version) >= at_least,
        col(Consent.withdrawn_at).is_(None),
    )
    return session.exec(statement).first() is not None


def move(session: Session, person_id: UUID, learner_id: UUID) -> None:
    """Let what a person agreed to count for the account into which theirs was merged."""
    for row in history(session, person_id):
        row.learner_id = learner_id
        session.add(row)
    session.flush()


def carry_over(session: Session, *, from_person: UUID, to_person: UUID, learner_id: UUID) -> None:
    """Two ways in of one person became one: what was agreed to with the first counts for the second, unless something
    was said with that one already, which then stands.
    """
    said = {row.purpose for row in history(session, to_person)}
    for row in current(session, from_person):
        if row.purpose not in said:
            kept = row.model_dump(exclude={"id", "person_id", "learner_id"})
            session.add(Consent(person_id=to_person, learner_id=learner_id, **kept))
    session.flush()
