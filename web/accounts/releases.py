"""Releases: a consent of its own for each time that a learner's data go to another handler (个人信息保护法, Art. 23).

The text that was shown is kept by digest. It stands in ``web/translations/release.toml`` and names the recipient.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from credit_bank.errors import Missing
from web.accounts.tables import Release
from web.messages import catalogue

What = Literal["record", "application", "promise"]
PARTS = ("what", "why", "how_long")


def text(what: What, recipient: str, locale: str) -> dict[str, str]:
    """The parts of the text (what, why, how_long) in one language, with the recipient's name in them."""
    short = "en" if locale == "en" else "zh"
    return {part: catalogue()[f"release.{what}.{part}"][short].replace("{recipient}", recipient) for part in PARTS}


def give(
    session: Session,
    *,
    learner_id: UUID,
    person_id: UUID | None,
    what: What,
    recipient_id: UUID,
    recipient_name: str,
    language: str,
    now: datetime,
    subject_id: UUID | None = None,
    assisted_by: UUID | None = None,
) -> Release:
    """Record that a learner agreed to the text as it is shown now; ``subject_id`` is what it was about: a case."""
    shown = "\n".join(text(what, recipient_name, language).values())
    row = Release(
        learner_id=learner_id,
        person_id=person_id,
        what=what,
        recipient_id=recipient_id,
        recipient_name=recipient_name,
        subject_id=subject_id,
        language=language,
        text_sha256=hashlib.sha256(shown.encode()).digest(),
        given_at=now,
        given_via="counter" if assisted_by else "online",
        assisted_by=assisted_by,
    )
    session.add(row)
    session.flush()
    return row


def of_learner(session: Session, learner_id: UUID) -> Sequence[Release]:
    """Everything that a learner ever let go to others, the newest first."""
    query = select(Release).where(Release.learner_id == learner_id)
    return session.exec(query.order_by(col(Release.given_at).desc(), col(Release.id))).all()


def withdraw(session: Session, learner_id: UUID, release_id: UUID, now: datetime) -> Release:
    """Record that a learner no longer agrees; what was handed over stays there. Raises Missing ``release.unknown``."""
    row = session.get(Release, (learner_id, release_id))
    if row is None or row.withdrawn_at is not None:
        raise Missing("release.unknown")
    row.withdrawn_at = now
    session.add(row)
    session.flush()
    return row


def move(session: Session, absorbed: UUID, kept: UUID) -> None:
    """Let what one account agreed to count for the account into which it was merged."""
    session.execute(update(Release).where(col(Release.learner_id) == absorbed).values(learner_id=kept))
