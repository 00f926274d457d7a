"""Establishing precedents: what a conversion that people granted says of courses, from that moment on (rule R31).

A precedent names courses and institutions, nobody. A decision that turns out wrong takes its precedents back; one that
fell because its source was revoked does not, for the courses are as alike as before.
"""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank import recording_precedents
from credit_bank.bank import Bank
from credit_bank.recognition.casework.snapshot import Offer
from credit_bank.recognition.comparison.course import Described, Equivalence
from credit_bank.recognition.framework import FRAMEWORKS
from credit_bank.recognition.programme import Programme
from credit_bank.store import institutions, outcomes
from credit_bank.store.tables import Outcome, Precedent, RecognitionCase


def of_conversion(
    session: Session, bank: Bank, case: RecognitionCase, offers: Iterable[Offer], programme: Programme, by: UUID | None
) -> list[Precedent]:
    """Record each granted offer that gives a course; elective credit names none, so it is no precedent."""
    receiver = institutions.find(session, programme.institution)
    found = []
    for offer in offers:
        codes = [str(one["course"]) for one in offer.given if one.get("course")]
        if not codes:
            continue
        rows = [outcomes.get(session, case.learner_id, UUID(outcome)) for outcome in sorted(offer.spends)]
        decision = Equivalence(
            tuple(_source(session, row) for row in rows), tuple(_target(programme, receiver.name, c) for c in codes)
        )
        found.append(
            recording_precedents.record_precedent(
                session, receiver.id, decision, now=bank.clock(), decided_by=by, case_id=case.id
            )
        )
    return found


def take_back(session: Session, case: RecognitionCase, *, reason: str, now: datetime, by: UUID | None) -> None:
    """Withdraw the precedents that a case established, since its decision was wrong."""
    rows = select(Precedent).where(
        Precedent.institution_id == case.receiver_id,
        Precedent.case_id == case.id,
        col(Precedent.withdrawn_at).is_(None),
    )
    for row in session.exec(rows).all():
        recording_precedents.withdraw(session, row.institution_id, row.id, reason=reason, now=now, by=by)


def _source(session: Session, row: Outcome) -> Described:
    awarder = institutions.awarder(session, row.institution_id)
    framework = FRAMEWORKS.get(row.framework)
    return Described(
        awarder.name,
        row.code or "",
        row.title,
        credits=None if framework is None else Fraction(row.credits, framework.steps_per_credit),
        level=row.level or "",
    )


def _target(programme: Programme, name: str, code: str) -> Described:
    course = programme.course(code)
    framework = FRAMEWORKS.get(programme.framework)
    return Described(
        name,
        course.code,
        course.title,
        credits=None if framework is None else Fraction(course.credits, framework.steps_per_credit),
        level=course.level or programme.level,
    )
