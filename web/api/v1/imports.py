"""Importing files: a catalogue, outcomes, or equivalences. All or nothing; with ``dry_run`` nothing, and a report."""

import hashlib
from typing import Any
from uuid import UUID

from flask import Response
from sqlmodel import Session

from credit_bank import depositing, recording_precedents
from credit_bank.depositing import SourceFile
from credit_bank.exchange.catalogue import CourseRow, read_catalogue
from credit_bank.exchange.equivalences import EquivalenceRow, read_equivalences
from credit_bank.exchange.findings import Reading
from credit_bank.exchange.outcomes import OutcomeRow, read_outcomes
from credit_bank.exchange.table import Table, read_table
from credit_bank.recognition.framework import Category
from credit_bank.report import ImportRefused, RowProblem
from credit_bank.store.tables import Institution
from web.accounts import audit
from web.accounts.api_tokens import Scope
from web.accounts.permissions import actor, now, permit
from web.api import problems
from web.api.answers import answer
from web.api.commands import Record, carry_out, guarded
from web.api.interface import blueprint
from web.api.models.base import FieldError, Notice
from web.api.models.comparisons import EquivalenceImportAnswer
from web.api.models.institutions import CatalogueImportAnswer, ImportQuery, OutcomeImportAnswer
from web.api.operation import BY_TOKEN, operation
from web.api.reading import FILE_TYPES, read_file, read_query
from web.api.v1.credentials import today
from web.banking import bank
from web.database import tx

PROBLEMS = {
    "import.refused": 422,
    "table.empty": 400,
    "table.undecodable": 400,
    "table.not_a_table": 400,
    "table.too_large": 413,
    "request.conflict": 409,
}


@blueprint.post("/institutions/<handle:handle>/imports/catalogue")
@permit(*BY_TOKEN)
@operation(
    "imports",
    scope=Scope.IMPORT,
    body=FILE_TYPES,
    query=ImportQuery,
    answers={200: CatalogueImportAnswer, 201: CatalogueImportAnswer},
    idempotent=True,
    problems=PROBLEMS,
)
def import_catalogue(institution: Institution) -> Response:
    """Import a catalogue of courses from a CSV, XLSX or JSON file, whole.

    The kind of file is told by its content. 201 when it was taken; 200 for a `dry_run`, which writes nothing and lists
    in `problems` what stands in the way. Without `dry_run` those problems are the `errors` of a 422.
    """
    wanted = read_query(ImportQuery)
    table, source = _file(wanted)
    reading = read_catalogue(table, overrides=_overrides(wanted))
    category = Category(wanted.category) if wanted.category else None

    def run(session: Session) -> Record:
        done = depositing.import_catalogue(
            session,
            bank(),
            institution.id,
            reading.require(),
            _named(source, reading),
            default_category=category,
            imported_by=actor().person_id,
        )
        _audit(session, institution, "api.catalogue_imported", done.batch_id)
        counts = {"new": done.new, "changed": done.changed, "unchanged": done.unchanged}
        return {"batch": str(done.batch_id), **counts}

    def show(_session: Session, record: Record) -> CatalogueImportAnswer:
        return CatalogueImportAnswer(
            dry_run=wanted.dry_run,
            batch_id=None if wanted.dry_run else UUID(record["batch"]),
            **{name: record.get(name) for name in ("new", "changed", "unchanged")},
            **_told(reading, record.get("problems", ())),
        )

    if wanted.dry_run:
        return answer(show(tx(), _tried(reading, run)))
    return carry_out(institution.id, run, show)


@blueprint.post("/institutions/<handle:handle>/imports/outcomes")
@permit(*BY_TOKEN)
@operation(
    "imports",
    scope=Scope.IMPORT,
    body=FILE_TYPES,
    query=ImportQuery,
    answers={200: OutcomeImportAnswer, 201: OutcomeImportAnswer},
    idempotent=True,
    problems=PROBLEMS,
)
def import_outcomes(institution: Institution) -> Response:
    """Import learning outcomes from a CSV, XLSX or JSON file, whole; they are recorded, and not yet issued.

    To issue them, send `outcome_ids` to `…/credentials`. 201 when the file was taken; 200 for a `dry_run`.
    """
    wanted = read_query(ImportQuery)
    table, source = _file(wanted)
    defaults = {"category": wanted.category} if wanted.category else None
    reading = read_outcomes(table, today=today(), overrides=_overrides(wanted), defaults=defaults)

    def run(session: Session) -> Record:
        done = depositing.record_outcomes(
            session,
            bank(),
            institution.id,
            reading.require(),
            _named(source, reading),
            imported_by=actor().person_id,
            origin="api",
        )
        _audit(session, institution, "api.outcomes_imported", done.batch_id)
        return {"batch": str(done.batch_id), "outcomes": [str(i) for i in done.outcome_ids]}

    def show(_session: Session, record: Record) -> OutcomeImportAnswer:
        return OutcomeImportAnswer(
            dry_run=wanted.dry_run,
            batch_id=None if wanted.dry_run else UUID(record["batch"]),
            outcome_ids=[] if wanted.dry_run else [UUID(i) for i in record["outcomes"]],
            **_told(reading, record.get("problems", ())),
        )

    if wanted.dry_run:
        return answer(show(tx(), _tried(reading, run)))
    return carry_out(institution.id, run, show)


@blueprint.post("/institutions/<handle:handle>/imports/equivalences")
@permit(*BY_TOKEN)
@operation(
    "imports",
    scope=Scope.IMPORT,
    body=FILE_TYPES,
    query=ImportQuery,
    answers={200: EquivalenceImportAnswer, 201: EquivalenceImportAnswer},
    idempotent=True,
    problems=PROBLEMS,
)
def import_equivalences(institution: Institution) -> Response:
    """Import what the institution takes other institutions' courses as, from a CSV, XLSX or JSON file, whole.

    Each row becomes a precedent at once and is public from its day on (today, unless the row says). `category` has no
    meaning here. 201 when the file was taken; 200 for a `dry_run`.
    """
    wanted = read_query(ImportQuery)
    table, source = _file(wanted)
    reading = read_equivalences(table, overrides=_overrides(wanted), strict=True).reading

    def run(session: Session) -> Record:
        done = recording_precedents.import_equivalences(
            session,
            bank(),
            institution.id,
            reading.require(),
            _named(source, reading),
            today=today(),
            imported_by=actor().person_id,
        )
        _audit(session, institution, "api.equivalences_imported", done.batch_id)
        return {"batch": str(done.batch_id), "new": done.new, "changed": done.changed, "unchanged": done.unchanged}

    def show(_session: Session, record: Record) -> EquivalenceImportAnswer:
        return EquivalenceImportAnswer(
            dry_run=wanted.dry_run,
            batch_id=None if wanted.dry_run else UUID(record["batch"]),
            **{name: record.get(name) for name in ("new", "changed", "unchanged")},
            **_told(reading, record.get("problems", ())),
        )

    if wanted.dry_run:
        return answer(show(tx(), _tried(reading, run)))
    return carry_out(institution.id, run, show)


class _DryRun(Exception):
    """Ends a dry run, so that its savepoint is undone."""

    def __init__(self, record: Record) -> None:
        super().__init__()
        self.record = record


def _tried(reading: Reading[Any], run: Any) -> Record:
    """What the import would do, or what stands in its way; nothing of it stays."""

    def trial(session: Session) -> Record:
        raise _DryRun(run(session))

    if reading.problems:
        return {"problems": reading.problems}
    try:
        return guarded(trial)
    except _DryRun as done:
        return done.record
    except ImportRefused as refused:
        return {"problems": refused.problems}


def _file(wanted: ImportQuery) -> tuple[Table, SourceFile]:
    content, name = read_file(wanted.filename)
    table = read_table(content, name, sheet=wanted.sheet)
    return table, SourceFile(name, hashlib.sha256(content).digest(), {})


def _named(
    source: SourceFile, reading: Reading[CourseRow] | Reading[OutcomeRow] | Reading[EquivalenceRow]
) -> SourceFile:
    """The file with its headers by field, so that problems found later name the columns as written."""
    return SourceFile(source.name, source.sha256, _columns(reading))


def _columns(reading: Reading[Any]) -> dict[str, str]:
    return {name: reading.mapping.headers[i] for name, i in reading.mapping.columns.items()}


def _overrides(wanted: ImportQuery) -> dict[str, str]:
    errors = [
        problems.field_error("request.column_malformed", parameter="column") for c in wanted.column if ":" not in c
    ]
    if errors:
        raise problems.ApiProblem("request.invalid", errors)
    return {name: header for name, _, header in (c.partition(":") for c in wanted.column)}


def _told(reading: Reading[Any], found: tuple[RowProblem, ...]) -> dict[str, Any]:
    return {
        "rows": len(reading.rows),
        "problems": [FieldError(**problems.row_error(p)) for p in found],
        "notices": [Notice(**n.as_dict(), notice=problems.say(f"row.{n.code}", n.parameters)) for n in reading.notices],
        "columns": _columns(reading),
    }


def _audit(session: Session, institution: Institution, action: str, batch_id: UUID) -> None:
    audit.record(
        session,
        action,
        now=now(),
        person_id=None,
        institution_id=institution.id,
        subject_id=batch_id,
        token=str(actor().person_id),
    )
