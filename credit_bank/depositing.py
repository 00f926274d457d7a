"""Depositing: an institution's catalogue and the outcomes that it awarded, from a file that was read (all or nothing).

The file's own faults are found by ``exchange``; here the rows meet the ledger: do these learners have accounts, are the
names theirs, does the catalogue know these courses, is the outcome new. Every problem is named by row and column.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Insert, insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from credit_bank import settling
from credit_bank.account.journal import Decision
from credit_bank.bank import Bank
from credit_bank.errors import Conflict
from credit_bank.exchange.catalogue import CourseRow
from credit_bank.exchange.outcomes import OutcomeRow
from credit_bank.identity.name import plain_name
from credit_bank.recognition.framework import EVERGREEN, Category
from credit_bank.report import ImportRefused, RowProblem
from credit_bank.store import batches, courses, institutions, learners, outcomes, precedents
from credit_bank.store.tables import Course, ImportBatch, Institution, Learner, Outcome
from credit_bank.store.types import new_id

MAX_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file that rows came from: its name, the SHA-256 of its bytes, and its headers by field name."""

    name: str
    sha256: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CatalogueImport:
    """What came of importing a catalogue: how many courses are new, changed (a new version each) or as they were."""

    batch_id: UUID
    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True, slots=True)
class OutcomeImport:
    """What came of importing outcomes: the batch, and the outcomes in the order of the file, waiting to be issued."""

    batch_id: UUID
    outcome_ids: tuple[UUID, ...]


def import_catalogue(
    session: Session,
    bank: Bank,
    institution_id: UUID,
    rows: Sequence[CourseRow],
    source: SourceFile,
    *,
    default_category: Category | None = None,
    imported_by: UUID | None = None,
) -> CatalogueImport:
    """Take a catalogue whole. A course whose code is known and whose facts differ gets a new version.

    ``default_category`` stands in where a row names none; without it the institution's only accredited category does.
    Raises ImportRefused with ``category_missing`` for rows that leave it open; Conflict ``institution.closed``.
    """
    institution = _open_institution(session, institution_id)
    fallback = default_category or _only_category(session, institution)
    problems = [
        RowProblem(r.row, source.headers.get("category"), "category_missing")
        for r in rows
        if r.category is None and fallback is None
    ]
    _refuse(problems)
    now = bank.clock()
    known = courses.current(session, institution_id)
    fresh: list[dict[str, object]] = []
    superseded: list[UUID] = []
    unchanged = 0
    for row in rows:
        facts = _course_facts(row, fallback)
        before = known.get(row.code)
        if before is not None and all(getattr(before, name) == value for name, value in facts.items()):
            unchanged += 1
            continue
        if before is not None:
            superseded.append(before.id)
        version = before.version + 1 if before else 1
        own = {"id": new_id(), "version": version, "created_at": now, "criteria": before.criteria if before else ""}
        fresh.append({"institution_id": institution_id, **own, **facts})
    for course_id in superseded:
        session.execute(
            update(Course)
            .where(col(Course.institution_id) == institution_id, col(Course.id) == course_id)
            .values(superseded_at=now)
        )
    if fresh:
        _insert(session, insert(Course), fresh)
        precedents.courses_changed(session, institution_id)
    batch = _batch(session, institution_id, "catalogue", len(rows), source, now, imported_by)
    return CatalogueImport(batch, len(fresh) - len(superseded), len(superseded), unchanged)


def _course_facts(row: CourseRow, fallback: Category | None) -> dict[str, object]:
    category = row.category or fallback
    return {
        "code": row.code,
        "title": row.title,
        "description": row.description,
        "subject": row.subject or None,
        "prerequisites": row.prerequisites or None,
        "language": row.language or "zh-CN",
        "category": category.value if category else "",
        "framework": EVERGREEN.id,
        "credits_min": row.credits_min,
        "credits_max": row.credits_max,
        "hours": row.hours,
        "hour_kind": row.hour_kind,
        "level": row.level,
    }


def _open_institution(session: Session, institution_id: UUID) -> Institution:
    found = institutions.get(session, institution_id)
    if found.closed_at is not None:
        raise Conflict("institution.closed", institution=found.name)
    return found


def _only_category(session: Session, institution: Institution) -> Category | None:
    found = {a.category for a in institutions.accreditations(session, institution.id) if a.valid_to is None}
    return Category(found.pop()) if len(found) == 1 else None


def _refuse(problems: Sequence[RowProblem]) -> None:
    if len(problems) > MAX_PROBLEMS:
        rest = RowProblem(0, None, "more_problems", {"count": len(problems) - MAX_PROBLEMS})
        raise ImportRefused([*problems[:MAX_PROBLEMS], rest])
    if problems:
        raise ImportRefused(sorted(problems, key=lambda p: p.row))


def _insert(session: Session, statement: Insert, values: list[dict[str, object]]) -> None:
    """Insert rows that were found to be new; whoever deposited the same meanwhile was first."""
    try:
        session.execute(statement, values)
    except IntegrityError as error:
        raise ImportRefused([RowProblem(0, None, "deposited_meanwhile")]) from error


def _batch(
    session: Session,
    institution_id: UUID,
    kind: str,
    rows: int,
    source: SourceFile,
    now: datetime,
    imported_by: UUID | None,
) -> UUID:
    batch = ImportBatch(
        institution_id=institution_id,
        kind=kind,
        file_name=source.name[:200],
        file_sha256=source.sha256,
        rows=rows,
        imported_at=now,
        imported_by=imported_by,
    )
    return batches.add(session, batch)


def record_outcomes(
    session: Session,
    bank: Bank,
    institution_id: UUID,
    rows: Sequence[OutcomeRow],
    source: SourceFile,
    *,
    imported_by: UUID | None = None,
    origin: str = "file",
) -> OutcomeImport:
    """Take the outcomes of a file whole, as recorded; ``issuing.issue`` makes credentials of them.

    Each one's deposit is posted to its learner's credits in the same transaction.

    Raises ImportRefused with ``account_unknown``, ``document_unknown``, ``name_differs``, ``course_unknown``,
    ``credits_missing``, ``credits_outside_course``, ``category_missing``, ``category_not_accredited`` or
    ``outcome_known``, each by row and column; Conflict ``institution.closed``.
    """
    institution = _open_institution(session, institution_id)
    desk = _Desk(session, bank, institution, rows, source.headers)
    while any(p.merged_into is not None for p in learners.hold(session, desk.learner_ids).values()):
        desk = _Desk(session, bank, institution, rows, source.headers)
    values = [value for row in rows if (value := desk.outcome(row)) is not None]
    _refuse(desk.problems)
    now = bank.clock()
    batch = _batch(session, institution_id, "outcomes", len(rows), source, now, imported_by)
    shared = {"batch_id": batch, "source": origin, "recorded_at": now, "recorded_by": imported_by}
    _insert(session, insert(Outcome), [{**value, **shared} for value in values])
    settling.earn(session, bank, values, Decision(batch, "deposited", institution_id, imported_by))
    return OutcomeImport(batch, tuple(UUID(str(value["id"])) for value in values))


def preview_outcomes(
    session: Session, bank: Bank, institution_id: UUID, rows: Sequence[OutcomeRow], headers: Mapping[str, str]
) -> list[RowProblem]:
    """What ``record_outcomes`` would refuse, without writing anything."""
    desk = _Desk(session, bank, _open_institution(session, institution_id), rows, headers)
    for row in rows:
        desk.outcome(row)
    return sorted(desk.problems, key=lambda p: p.row)


class _Desk:
    """Holds rows against the ledger: what they name is looked up in a few queries for the whole file."""

    def __init__(
        self,
        session: Session,
        bank: Bank,
        institution: Institution,
        rows: Sequence[OutcomeRow],
        headers: Mapping[str, str],
    ) -> None:
        self.problems: list[RowProblem] = []
        self._bank, self._headers, self._institution = bank, headers, institution
        self._accounts = learners.by_account_numbers(session, [r.account for r in rows if r.account])
        self._digests = {
            r.row: bank.identity_digests(r.document_type, r.document_number)
            for r in rows
            if r.document_type and r.document_number
        }
        wanted = [d for found in self._digests.values() for d in found.values()]
        self._documents = learners.by_digests(session, wanted)
        self._courses = courses.current(session, institution.id, [r.course_code for r in rows if r.course_code])
        self.learner_ids = {p.id for p in (*self._accounts.values(), *self._documents.values())}
        self._held = outcomes.fingerprints(session, self.learner_ids)
        self._former: dict[UUID, set[str]] = {}
        self._session = session
        self._accredited = {
            a.category for a in institutions.accreditations(session, institution.id) if a.valid_to is None
        }
        self._fallback = _only_category(session, institution)

    def _problem(self, row: OutcomeRow, field: str, code: str, **parameters: str | int | None) -> None:
        self.problems.append(RowProblem(row.row, self._headers.get(field), code, dict(parameters)))

    def outcome(self, row: OutcomeRow) -> dict[str, object] | None:
        """The outcome's columns, or None with its problems noted."""
        before = len(self.problems)
        learner = self._learner(row)
        course = self._courses.get(row.course_code) if row.course_code else None
        if row.course_code and course is None and not row.course_title:
            self._problem(row, "course_code", "course_unknown", course=row.course_code)
        category = row.category or (Category(course.category) if course else None) or self._fallback
        if category is None:
            self._problem(row, "category", "category_missing")
        elif category.value not in self._accredited:
            self._problem(row, "category", "category_not_accredited", category=category.value)
        credits = self._credits(row, course)
        if learner is None or category is None or credits is None or len(self.problems) > before:
            return None
        title = course.title if course else row.course_title
        print_ = fingerprint(self._institution.id, row.course_code or title, row.awarded.isoformat())
        if (learner.id, print_) in self._held:
            self._problem(row, "awarded", "outcome_known", course=row.course_code or title)
            return None
        self._held.add((learner.id, print_))
        return {
            "learner_id": learner.id,
            "id": new_id(),
            "institution_id": self._institution.id,
            "course_id": course.id if course else None,
            "title": title,
            "code": row.course_code or None,
            "category": category.value,
            "framework": EVERGREEN.id,
            "credits": credits,
            "hours": row.hours if row.hours is not None else (course.hours if course else None),
            "hour_kind": row.hour_kind or (course.hour_kind if course else None),
            "level": row.level or (course.level if course else None),
            "grade": row.grade or None,
            "term": row.term or None,
            "awarded_on": row.awarded,
            "valid_until": row.valid_until,
            "state": "recorded",
            "fingerprint": print_,
        }

    def _learner(self, row: OutcomeRow) -> Learner | None:
        if row.account:
            found = self._accounts.get(row.account)
            if found is None:
                self._problem(row, "account", "account_unknown")
        else:
            digests = self._digests.get(row.row, {})
            found = next((self._documents[d] for d in digests.values() if d in self._documents), None)
            if found is None:
                self._problem(row, "document_number", "document_unknown")
        if found is not None and row.name and not self._is_called(found, row.name):
            self._problem(row, "name", "name_differs")
            return None
        return found

    def _is_called(self, learner: Learner, name: str) -> bool:
        wanted = plain_name(name)
        if wanted == plain_name(learner.name):
            return True
        if learner.id not in self._former:
            former = learners.former_names(self._session, learner.id)
            self._former[learner.id] = {plain_name(f.name) for f in former}
        return wanted in self._former[learner.id]

    def _credits(self, row: OutcomeRow, course: Course | None) -> int | None:
        if course is None or course.credits_min is None or course.credits_max is None:
            if row.credits is None:
                self._problem(row, "credits", "credits_missing")
            return row.credits
        if row.credits is None:
            if course.credits_min != course.credits_max:
                self._problem(row, "credits", "credits_missing")
                return None
            return course.credits_min
        if not course.credits_min <= row.credits <= course.credits_max:
            least, most = EVERGREEN.credits(course.credits_min), EVERGREEN.credits(course.credits_max)
            self._problem(row, "credits", "credits_outside_course", least=least, most=most)
            return None
        return row.credits


def fingerprint(institution_id: UUID, course: str, awarded_on: str) -> bytes:
    """What makes an outcome the same one for a learner: who awarded it, for what, on which day (32 bytes)."""
    return hashlib.sha256("\x1f".join((str(institution_id), course.casefold(), awarded_on)).encode()).digest()
