"""From mastery to credit: a learner asks with evidence, the issuer's rule or a person decides, the credential is there.

What a request brings commits together: request, consent, decision, outcome, log leaf, credential. One writer of an
institution's log at a time (``credit_bank.issuing``) makes askers queue, and the request's unique key stands behind it:
learner × institution course × version is credited once, however often it is asked.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from adaptive.answering import Learning
from adaptive.mastering import Evidence, Proposal, Rule, evidence_of, propose
from credit_bank.bank import Bank
from credit_bank.errors import Conflict, Forbidden, InvalidInput, Missing
from credit_bank.store import courses, learners, log, outcomes
from credit_bank.store.tables import Course, Outcome
from credit_bank.store.types import new_id
from web.messages import catalogue
from web.operations import mastery_rows
from web.operations.mastery_tables import CourseAdoption, EvidenceRelease, MasteryRequest
from web.workflows.mastery_award import audited, award, day_of, decided

RELEASE_VERSION = 2
"""Of the text ``mastery.release.*``; a changed text is a new version."""
RELEASE_PARTS = ("what", "why", "how_long")
REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the person, their account, and the language in which they read what they agree to."""

    person_id: UUID
    learner_id: UUID
    language: str


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides for the institution; ``learner_id`` is their own account, if they have one."""

    person_id: UUID
    learner_id: UUID | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a learner stands with one institution for one course of the library.

    ``course`` is the institution's own, as it reads now; None when its catalogue has it no more. ``held`` is the
    outcome by which the learner has its credit already, from wherever it came.
    """

    adoption: CourseAdoption
    rule: Rule
    course: Course | None
    evidence: Evidence
    proposal: Proposal
    request: MasteryRequest | None
    held: Outcome | None = None


def release_sha256(language: str) -> str:
    """What names the text that a learner agrees to: SHA-256 (hex) of its parts, a line each."""
    short = "en" if language == "en" else "zh"
    text = "\n".join(catalogue()[f"mastery.release.{part}"][short] for part in RELEASE_PARTS)
    return hashlib.sha256(text.encode()).hexdigest()


def standing(session: Session, learning: Learning, learner_id: UUID, adoption: CourseAdoption) -> Standing:
    """How a learner stands with an institution for a course. Reads only."""
    rule = Rule.from_json(adoption.rule)
    course = courses.current(session, adoption.institution_id, [adoption.course_code]).get(adoption.course_code)
    evidence = evidence_of(session, learning, learner_id, rule.skills, day_of)
    asked = mastery_rows.request_for(session, learner_id, adoption.institution_id, course.id) if course else None
    held = _held(session, learner_id, adoption.institution_id, course.id) if course else None
    return Standing(adoption, rule, course, evidence, propose(evidence, rule), asked, held)


def ask(
    session: Session,
    bank: Bank,
    learning: Learning,
    asker: Asker,
    *,
    institution_id: UUID,
    library_course: str,
    evidence_sha256: str,
) -> MasteryRequest:
    """Ask an institution for a course's credit, agreeing that this evidence goes there.

    Where its rule decides, the credential is issued here and now; else the request waits for a person. Asked again
    while it waits or after it was granted, nothing more happens. Raises Missing ``mastery.not_adopted``; Conflict
    ``mastery.course_gone``, ``mastery.held_already``, ``mastery.not_yet``, or ``mastery.evidence_changed`` when the
    evidence is no longer what the learner saw; and what issuing raises.
    """
    log.locked(session, institution_id)  # the order in which issuing locks, too
    learner = learners.hold_current(session, [asker.learner_id])[asker.learner_id]
    adoption = mastery_rows.adopted(session, institution_id, library_course)
    if adoption is None:
        raise Missing("mastery.not_adopted")
    found = standing(session, learning, learner.id, adoption)
    if found.course is None:
        raise Conflict("mastery.course_gone")
    if found.request is not None and found.request.state in ("waiting", "issued"):
        return found.request
    _refuse_held(session, learner.id, institution_id, found.course.id)
    if found.evidence.digest != evidence_sha256:
        raise Conflict("mastery.evidence_changed")
    if found.proposal.verdict == "not_yet":
        raise Conflict("mastery.not_yet")
    now = bank.now()
    row = _asked(session, found, learner.id, now)
    _release(session, row, asker, learner.id, now)
    audited(session, "mastery.asked", row, asker.person_id, now)
    if found.proposal.verdict == "rule":
        award(session, bank, row, found.course, learner, found.rule, None)
    return row


def _refuse_held(session: Session, learner_id: UUID, institution_id: UUID, course_id: UUID) -> None:
    if _held(session, learner_id, institution_id, course_id) is not None:
        raise Conflict("mastery.held_already")


def _held(session: Session, learner_id: UUID, institution_id: UUID, course_id: UUID) -> Outcome | None:
    """The same version of the same course may have come from a file or the desk."""
    wanted = outcomes.PortfolioFilter(institution_id=institution_id)
    for outcome, _name in outcomes.portfolio(session, learner_id, wanted):
        if outcome.course_id == course_id and outcome.state != "revoked":
            return outcome
    return None


def _asked(session: Session, found: Standing, learner_id: UUID, now: datetime) -> MasteryRequest:
    if found.course is None:
        raise AssertionError("asked for a course that is gone")
    row = found.request
    if row is None:
        row = MasteryRequest(
            institution_id=found.adoption.institution_id,
            id=new_id(),
            learner_id=learner_id,
            adoption_id=found.adoption.id,
            library_course=found.adoption.library_course,
            course_id=found.course.id,
            state="waiting",
            asked_at=now,
            times_asked=0,
            rule_sha256="",
            evidence_sha256="",
        )
    row.adoption_id, row.rule_sha256 = found.adoption.id, found.rule.digest
    row.state, row.asked_at, row.times_asked = "waiting", now, row.times_asked + 1
    row.reasons = [reason.as_json() for reason in found.proposal.reasons]
    row.evidence, row.evidence_sha256 = found.evidence.as_json(), found.evidence.digest
    row.decided_at, row.answer = None, ""
    session.add(row)
    session.flush()
    return row


def _release(session: Session, row: MasteryRequest, asker: Asker, learner_id: UUID, now: datetime) -> None:
    session.add(
        EvidenceRelease(
            learner_id=learner_id,
            person_id=asker.person_id,
            institution_id=row.institution_id,
            request_id=row.id,
            version=RELEASE_VERSION,
            language=asker.language,
            text_sha256=release_sha256(asker.language),
            evidence_sha256=row.evidence_sha256,
            given_at=now,
        )
    )
    session.flush()


def accept(
    session: Session, bank: Bank, institution_id: UUID, request_id: UUID, *, evidence_sha256: str, by: Decider
) -> MasteryRequest:
    """A person grants a request, on the evidence that they looked at: the credential is issued at once.

    Raises Conflict ``mastery.decided``, ``mastery.evidence_changed``, ``mastery.course_gone`` or
    ``mastery.held_already``; Forbidden ``mastery.own_request``; Missing ``mastery.request_unknown``.
    """
    row = _to_decide(session, institution_id, request_id, by)
    if row.evidence is None or row.evidence_sha256 != evidence_sha256:
        raise Conflict("mastery.evidence_changed")
    adoption = mastery_rows.adoption(session, institution_id, row.adoption_id)
    course = courses.current(session, institution_id, [adoption.course_code]).get(adoption.course_code)
    if course is None:
        raise Conflict("mastery.course_gone")
    learner = learners.hold_current(session, [row.learner_id])[row.learner_id]
    _refuse_held(session, learner.id, institution_id, course.id)
    if course.id != row.course_id:  # the catalogue has a new version since: that is what is granted
        if mastery_rows.request_for(session, learner.id, institution_id, course.id) is not None:
            raise Conflict("mastery.held_already")
        row.course_id = course.id
    award(session, bank, row, course, learner, Rule.from_json(adoption.rule), by.person_id)
    return row


def decline(
    session: Session, bank: Bank, institution_id: UUID, request_id: UUID, *, reason: str, by: Decider
) -> MasteryRequest:
    """A person declines a request, with a reason that the learner reads; the learner may ask again.

    Raises InvalidInput ``mastery.reason_missing``; Conflict ``mastery.decided``; Forbidden ``mastery.own_request``.
    """
    plain = " ".join(reason.split())
    if not plain:
        raise InvalidInput("mastery.reason_missing")
    row = _to_decide(session, institution_id, request_id, by)
    row.state, row.answer, row.decided_at = "declined", plain[:REASON_LENGTH], bank.now()
    session.add(row)
    decided(session, row, by.person_id, row.decided_at)
    audited(session, "mastery.declined", row, by.person_id, row.decided_at)
    return row


def _to_decide(session: Session, institution_id: UUID, request_id: UUID, by: Decider) -> MasteryRequest:
    log.locked(session, institution_id)
    row = mastery_rows.request_of(session, institution_id, request_id)
    if row.state != "waiting":
        raise Conflict("mastery.decided")
    if by.learner_id is not None and by.learner_id == row.learner_id:
        raise Forbidden("mastery.own_request")
    return row


def take_back(
    session: Session, learner_id: UUID, request_id: UUID, *, by: UUID | None, now: datetime
) -> MasteryRequest:
    """Take back the evidence that went to an institution: a waiting request ends; what was issued goes on standing.

    Raises Missing ``mastery.request_unknown``.
    """
    row = mastery_rows.own_request(session, learner_id, request_id)
    log.locked(session, row.institution_id)
    session.refresh(row)
    _end(session, row, by, now)
    audited(session, "mastery.withdrawn", row, by, now)
    return row


def forget(session: Session, learner_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """Take back all evidence of a learner, whose account closes. Credentials stay what they are."""
    for row in mastery_rows.requests_by(session, learner_id):
        if row.evidence is not None:
            take_back(session, learner_id, row.id, by=by, now=now)


def move(session: Session, absorbed: UUID, kept: UUID, *, by: UUID, now: datetime) -> None:
    """Two accounts became one, with the requests of both; of two for the same course the granted one counts."""
    for row in mastery_rows.requests_by(session, absorbed):
        other = mastery_rows.request_for(session, kept, row.institution_id, row.course_id)
        if other is None:
            row.learner_id = kept
        elif row.state == "issued" and other.state != "issued":
            row.learner_id, other.learner_id = new_id(), absorbed  # the unique key allows no direct exchange
            session.add_all((row, other))
            session.flush()
            row.learner_id = kept
            _end(session, other, by, now)
        else:
            _end(session, row, by, now)
        session.add(row)
        session.flush()


def _end(session: Session, row: MasteryRequest, by: UUID | None, now: datetime) -> None:
    """The evidence goes; a request that waits ends."""
    row.evidence = None
    mastery_rows.end_releases(session, row, now)
    if row.state == "waiting":
        row.state, row.decided_at = "withdrawn", now
        decided(session, row, by, now)
    session.add(row)
