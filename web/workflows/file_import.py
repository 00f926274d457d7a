"""Importing a staged file: what it holds and what is wrong with it, then all of it at once or nothing.

Both steps read the file from its bytes; nothing that the first found is believed by the second.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal
from uuid import UUID

from sqlmodel import Session

from credit_bank import depositing, issuing, recording_precedents
from credit_bank.bank import Bank
from credit_bank.depositing import SourceFile
from credit_bank.exchange.catalogue import CourseRow, read_catalogue
from credit_bank.exchange.equivalence_columns import EQUIVALENCES
from credit_bank.exchange.equivalences import EquivalenceRow, read_equivalences
from credit_bank.exchange.findings import Notice
from credit_bank.exchange.headers import CATALOGUE, OUTCOMES
from credit_bank.exchange.mapping import ColumnMapping, Field
from credit_bank.exchange.outcomes import OutcomeRow, read_outcomes
from credit_bank.exchange.table import Table, read_table
from credit_bank.recognition.framework import Category
from credit_bank.report import ImportRefused, RowProblem
from credit_bank.store import courses, institutions
from web.accounts import audit
from web.messages import CITY
from web.operations import staging
from web.operations.tables import StagedFile

Kind = Literal["catalogue", "outcomes", "equivalences"]
FIELDS: dict[str, tuple[Field, ...]] = {"catalogue": CATALOGUE, "outcomes": OUTCOMES, "equivalences": EQUIVALENCES}
SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """What a staged file holds: how many rows, the first of them as written, and all that is wrong with it.

    ``fresh`` counts the courses whose code the catalogue does not have yet.
    """

    table: Table
    mapping: ColumnMapping
    rows: int
    sample: tuple[tuple[str, ...], ...]
    problems: tuple[RowProblem, ...]
    notices: tuple[Notice, ...]
    fresh: int = 0


@dataclass(frozen=True, slots=True)
class _Read:
    table: Table
    mapping: ColumnMapping
    problems: tuple[RowProblem, ...]
    notices: tuple[Notice, ...]
    courses: tuple[CourseRow, ...] = ()
    outcomes: tuple[OutcomeRow, ...] = ()
    equivalences: tuple[EquivalenceRow, ...] = ()


def table_of(bank: Bank, staged: StagedFile) -> Table:
    """The staged file as a table. Raises InvalidInput ``table.*``; Missing ``staged.expired``."""
    return read_table(staging.content(bank, staged), staged.file_name)


def _read(bank: Bank, staged: StagedFile, now: datetime) -> _Read:
    table = table_of(bank, staged)
    if staged.kind == "catalogue":
        found = read_catalogue(table, overrides=staged.overrides)
        return _Read(table, found.mapping, found.problems, found.notices, courses=found.rows)
    if staged.kind == "equivalences":
        told = read_equivalences(table, overrides=staged.overrides, strict=True).reading
        return _Read(table, told.mapping, told.problems, told.notices, equivalences=told.rows)
    read = read_outcomes(table, today=now.astimezone(CITY).date(), overrides=staged.overrides)
    return _Read(table, read.mapping, read.problems, read.notices, outcomes=read.rows)


def examine(session: Session, bank: Bank, staged: StagedFile, now: datetime) -> Preview:
    """Read a staged file whole and hold it against the ledger, writing nothing.

    Raises InvalidInput ``table.*`` for a file that cannot be read at all; Conflict ``institution.closed``.
    """
    read = _read(bank, staged, now)
    headers = read.mapping.as_dict()
    fresh = 0
    if staged.kind == "catalogue":
        found = _without_category(session, staged, read.courses, headers)
        known = courses.current(session, staged.institution_id, [r.code for r in read.courses])
        fresh = sum(r.code not in known for r in read.courses)
    elif staged.kind == "equivalences":
        found = recording_precedents.preview_equivalences(session, staged.institution_id, read.equivalences, headers)
    else:
        found = depositing.preview_outcomes(session, bank, staged.institution_id, read.outcomes, headers)
    return Preview(
        table=read.table,
        mapping=read.mapping,
        rows=len(read.courses) or len(read.outcomes) or len(read.equivalences),
        sample=tuple(row.cells for row in islice(read.table.scan(), SAMPLE)),
        problems=tuple(sorted((*read.problems, *found), key=lambda p: p.row)),
        notices=read.notices,
        fresh=fresh,
    )


def _without_category(
    session: Session, staged: StagedFile, rows: Sequence[CourseRow], headers: Mapping[str, str]
) -> list[RowProblem]:
    """What ``depositing.import_catalogue`` would refuse."""
    held = {a.category for a in institutions.accreditations(session, staged.institution_id) if a.valid_to is None}
    if staged.default_category or len(held) == 1:
        return []
    return [RowProblem(r.row, headers.get("category"), "category_missing") for r in rows if r.category is None]


def carry_out(
    session: Session,
    bank: Bank,
    *,
    person_id: UUID,
    institution_id: UUID,
    staged_id: UUID,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> StagedFile:
    """Import a staged file and, for outcomes, issue a credential for each row, in the caller's transaction.

    A file that was imported already is returned as it is: confirming twice imports once. Raises ImportRefused with
    every problem; InvalidInput ``table.*``; Missing ``staged.unknown`` or ``staged.expired``; and as
    ``depositing`` and ``issuing`` do.
    """
    staged = staging.find(
        session, person_id=person_id, institution_id=institution_id, staged_id=staged_id, now=now, lock=True
    )
    if staged.consumed_at is not None:
        return staged
    read = _read(bank, staged, now)
    if read.problems:
        raise ImportRefused(read.problems)
    source = SourceFile(staged.file_name, staged.sha256, read.mapping.as_dict())
    if staged.kind == "catalogue":
        batch_id, result = _take_catalogue(session, bank, staged, read.courses, source)
    elif staged.kind == "equivalences":
        batch_id, result = _take_equivalences(session, bank, staged, read.equivalences, source, now)
    else:
        batch_id, result = _take_outcomes(session, bank, staged, read.outcomes, source, progress)
    staged.consumed_at, staged.batch_id, staged.result = now, batch_id, result
    staged.sealed, staged.failure = None, None
    session.add(staged)
    audit.record(
        session,
        f"{staged.kind}.imported",
        now=now,
        person_id=person_id,
        institution_id=institution_id,
        subject_id=batch_id,
        **{name: str(count) for name, count in result.items()},
    )
    return staged


def _take_catalogue(
    session: Session, bank: Bank, staged: StagedFile, rows: Sequence[CourseRow], source: SourceFile
) -> tuple[UUID, dict[str, int]]:
    taken = depositing.import_catalogue(
        session,
        bank,
        staged.institution_id,
        rows,
        source,
        default_category=Category(staged.default_category) if staged.default_category else None,
        imported_by=staged.person_id,
    )
    return taken.batch_id, {"new": taken.new, "changed": taken.changed, "unchanged": taken.unchanged}


def _take_equivalences(
    session: Session,
    bank: Bank,
    staged: StagedFile,
    rows: Sequence[EquivalenceRow],
    source: SourceFile,
    now: datetime,
) -> tuple[UUID, dict[str, int]]:
    taken = recording_precedents.import_equivalences(
        session,
        bank,
        staged.institution_id,
        rows,
        source,
        today=now.astimezone(CITY).date(),
        imported_by=staged.person_id,
    )
    return taken.batch_id, {"new": taken.new, "changed": taken.changed, "unchanged": taken.unchanged}


def _take_outcomes(
    session: Session,
    bank: Bank,
    staged: StagedFile,
    rows: Sequence[OutcomeRow],
    source: SourceFile,
    progress: Callable[[int, int], None] | None,
) -> tuple[UUID, dict[str, int]]:
    recorded = depositing.record_outcomes(
        session, bank, staged.institution_id, rows, source, imported_by=staged.person_id
    )
    issued = issuing.issue(
        session, bank, staged.institution_id, recorded.outcome_ids, issued_by=staged.person_id, progress=progress
    )
    return recorded.batch_id, {"issued": len(issued)}
