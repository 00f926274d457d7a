"""Issuing: recorded outcomes become signed credentials, each with its status entry and its leaf in the log.

What commits together: the credentials, the status indices, the sequenced leaves with their openings, and the outcomes'
new state. Nothing is handed out that this bank's own verifier does not accept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlmodel import Session, col, select

from credit_bank import admitting, composing, status_listing
from credit_bank.bank import CITY, Bank
from credit_bank.credential import parse, template, verify
from credit_bank.credential.compose import compose
from credit_bank.credential.evidence import credential_digest
from credit_bank.credential.model import AchievementSpec, Award, EvidenceNote, IssuerProfile, StatusEntry
from credit_bank.credential.securing.cryptosuite import SuiteName
from credit_bank.credential.securing.data_integrity import add_proof
from credit_bank.errors import Conflict, Forbidden, InvalidInput, Missing
from credit_bank.key import keyring
from credit_bank.key.keyring import SigningKey
from credit_bank.key.trust import IssuerRecord, TrustList
from credit_bank.log import leaf
from credit_bank.store import courses, credentials, institutions, learners, log, outcomes
from credit_bank.store import status as status_rows
from credit_bank.store.tables import Credential, Institution, Learner, Outcome, Subject

CHECKED_EACH = 20  # up to this many credentials, each is verified; of more, one of every shape and every fiftieth
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Issued:
    """A credential that was just issued; ``document`` are the bytes to hand out."""

    credential_id: UUID
    learner_id: UUID
    outcome_id: UUID
    document: bytes


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every credential of one call shares."""

    institution: Institution
    record: IssuerRecord
    profile: IssuerProfile
    key: SigningKey
    suite: SuiteName
    now: datetime


@dataclass(frozen=True, slots=True)
class _Made:
    """A credential that was signed and not yet stored."""

    issued: Issued
    sealed: bytes
    digest: bytes
    salt: bytes
    list_id: UUID
    index: int


def issue(
    session: Session,
    bank: Bank,
    institution_id: UUID,
    wanted: Iterable[UUID],
    *,
    issued_by: UUID | None = None,
    progress: Progress | None = None,
    evidence: Mapping[UUID, EvidenceNote] = MappingProxyType({}),
) -> list[Issued]:
    """Issue credentials for an institution's recorded outcomes, named by id; all of them or, when it raises, none.

    ``evidence`` says of an outcome, by its id, on what it rests.
    Raises Missing ``outcome.unknown`` for an outcome of another institution; Conflict ``issuing.not_recorded`` for one
    that has a credential already; Forbidden ``issuing.not_accredited``; Conflict ``institution.closed`` or
    ``learner.erased``; VerificationFailed when the bank's own check does not pass.
    """
    ids = list(dict.fromkeys(wanted))
    # One writer of a log at a time: whoever comes second reads what the first has done, and issues nothing twice.
    log.locked(session, institution_id)
    found = _held(session, institution_id, ids)
    missing = [i for i in ids if i not in found]
    if missing:
        raise Missing("outcome.unknown", outcome=str(missing[0]))
    rows = [found[i] for i in ids]
    if not rows:
        return []
    desk = _open_desk(session, bank, institutions.get(session, institution_id))
    _check_may_issue(desk, rows)
    return _issue_rows(session, bank, desk, rows, issued_by, progress, evidence)


def _held(session: Session, institution_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Outcome]:
    """The outcomes by id, their learners kept from being merged away until the transaction ends."""
    while True:
        found = {o.id: o for o in outcomes.by_id(session, institution_id, ids)}
        people = learners.hold(session, {o.learner_id for o in found.values()})
        if all(person.merged_into is None for person in people.values()):
            return found


def _open_desk(session: Session, bank: Bank, institution: Institution) -> _Desk:
    if institution.closed_at is not None:
        raise Conflict("institution.closed", institution=institution.name)
    suite: SuiteName = "eddsa-jcs-2022" if institution.cryptosuite == "eddsa-jcs-2022" else "eddsa-rdfc-2022"
    return _Desk(
        institution=institution,
        record=institutions.issuer_record(session, institution),
        profile=IssuerProfile(institution.did, institution.name, bank.url(f"/institutions/{institution.handle}")),
        key=admitting.signing_key(session, bank, institution, "assertion"),
        suite=suite,
        now=bank.now(),
    )


def _check_may_issue(desk: _Desk, rows: Sequence[Outcome]) -> None:
    allowed = {
        a.category
        for a in desk.record.accreditations
        if a.valid_from <= desk.now and (a.valid_to is None or desk.now < a.valid_to)
    }
    for row in rows:
        if row.state != "recorded":
            raise Conflict("issuing.not_recorded", title=row.title, state=row.state)
        if row.category not in allowed:
            raise Forbidden("issuing.not_accredited", institution=desk.institution.name, category=row.category)
        if row.valid_until is not None and row.valid_until < desk.now.astimezone(CITY).date():
            raise InvalidInput("issuing.already_expired", title=row.title)


def _issue_rows(
    session: Session,
    bank: Bank,
    desk: _Desk,
    rows: Sequence[Outcome],
    issued_by: UUID | None,
    progress: Progress | None,
    evidence: Mapping[UUID, EvidenceNote],
) -> list[Issued]:
    people = {i: learners.get(session, i) for i in {o.learner_id for o in rows}}
    keys = {i: credentials.document_key(person, bank.kek) for i, person in people.items()}
    subjects = _subjects(session, desk.institution.id, people.values())
    specs = _specs(session, bank, desk, rows)
    places, opened = status_rows.allocate(session, desk.institution.id, len(rows), bank.randbelow)
    status_listing.open_lists(session, bank, desk.institution, desk.key, opened, desk.now)
    check = _OwnCheck(desk, each=len(rows) <= CHECKED_EACH)
    made: list[_Made] = []
    for n, (row, (list_id, index)) in enumerate(zip(rows, places, strict=True)):
        entry = StatusEntry(status_listing.list_url(bank, list_id, "revocation"), index)
        award = composing.award(row, subjects[row.learner_id], desk.now, evidence.get(row.id))
        credential_id = uuid4()
        signed = _sign(desk, credential_id, specs[row.id], award, entry)
        shape = (specs[row.id].id, award.grade is None, award.term is None, award.valid_until is None)
        check(signed, shape=shape, n=n)
        salt = bank.random_bytes(leaf.SALT_LENGTH)
        document, digest = parse.as_bytes(signed), credential_digest(signed)
        place = credentials.document_place(credential_id)
        sealed = keyring.seal(document, keys[row.learner_id], place, nonce=bank.random_bytes(12))
        issued = Issued(credential_id, row.learner_id, row.id, document)
        made.append(_Made(issued, sealed, digest, salt, list_id, index))
        if progress is not None and n % 100 == 99:
            progress(n + 1, len(rows))
    _store(session, desk, made, issued_by)
    for row in rows:
        session.expire(row)
    if progress is not None:
        progress(len(rows), len(rows))
    return [m.issued for m in made]


def _sign(
    desk: _Desk, credential_id: UUID, spec: AchievementSpec, award: Award, entry: StatusEntry
) -> dict[str, object]:
    unsigned = compose(credential_id.urn, desk.profile, spec, award, entry)
    quads = template.canonical_quads(unsigned) if desk.suite == "eddsa-rdfc-2022" else None
    return add_proof(unsigned, desk.key, desk.now, desk.suite, canonical=quads)


def _store(session: Session, desk: _Desk, made: Sequence[_Made], issued_by: UUID | None) -> None:
    """Write what was signed: leaves, credentials, what opens the leaves, and the outcomes' new state."""
    institution_id = desk.institution.id
    entries = [leaf.commit("issue", m.digest, m.salt) for m in made]
    first = log.append(session, institution_id, entries, desk.now)
    session.execute(
        insert(Credential),
        [
            {
                "institution_id": institution_id,
                "id": m.issued.credential_id,
                "learner_id": m.issued.learner_id,
                "outcome_id": m.issued.outcome_id,
                "sealed_document": m.sealed,
                "document_sha256": m.digest,
                "verification_method": desk.key.verification_method,
                "issued_at": desk.now,
                "issued_by": issued_by,
                "log_sequence": first + n,
                "status_list_id": m.list_id,
                "status_index": m.index,
            }
            for n, m in enumerate(made)
        ],
    )
    log.keep_openings(session, institution_id, [(first + n, m.issued.learner_id, m.salt) for n, m in enumerate(made)])
    outcomes.mark_issued(session, [(m.issued.learner_id, m.issued.outcome_id, m.issued.credential_id) for m in made])


def _subjects(session: Session, institution_id: UUID, people: Iterable[Learner]) -> dict[UUID, UUID]:
    """The pairwise id of each learner at the institution; random, so that two institutions' ids cannot be joined."""
    known = learners.subjects(session, institution_id, [p.id for p in people])
    for person in people:
        if person.id not in known:
            known[person.id] = uuid4()
            session.add(Subject(learner_id=person.id, id=known[person.id], institution_id=institution_id))
    session.flush()
    return known


def _specs(session: Session, bank: Bank, desk: _Desk, rows: Sequence[Outcome]) -> dict[UUID, AchievementSpec]:
    wanted = {o.course_id for o in rows if o.course_id is not None}
    found = {c: courses.get(session, desk.institution.id, c) for c in wanted}
    return {o.id: composing.achievement(bank, o, found[o.course_id] if o.course_id else None) for o in rows}


class _OwnCheck:
    """Verifies what was just signed, as a stranger would; a fresh index is known to be unset, so lists are not read."""

    def __init__(self, desk: _Desk, *, each: bool) -> None:
        self._desk = desk
        self._trust = TrustList([desk.record])
        self._each = each
        self._shapes: set[object] = set()

    def __call__(self, document: dict[str, object], *, shape: object, n: int) -> None:
        if not self._each and shape in self._shapes and n % 50:
            return
        self._shapes.add(shape)
        required = verify.BEFORE_HANDING_OUT
        verify.verify(document, now=self._desk.now, trust=self._trust, required=required).require()


def recorded_ids(session: Session, institution_id: UUID, batch_id: UUID | None = None) -> list[UUID]:
    """The outcomes of an institution (or of one imported file) that wait for their credential, the oldest first."""
    query = select(Outcome.id).where(Outcome.institution_id == institution_id, Outcome.state == "recorded")
    if batch_id is not None:
        query = query.where(Outcome.batch_id == batch_id)
    return list(session.exec(query.order_by(col(Outcome.recorded_at), col(Outcome.id))))
