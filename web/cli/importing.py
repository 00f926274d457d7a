"""The group ``import``: catalogues, outcomes and equivalences, a file whole or not at all, with all its faults."""

import hashlib
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from sqlmodel import Session

from credit_bank import depositing, recording_precedents
from credit_bank.depositing import CatalogueImport, OutcomeImport, SourceFile
from credit_bank.errors import CreditBankError
from credit_bank.exchange import problem_report
from credit_bank.exchange.catalogue import read_catalogue
from credit_bank.exchange.equivalences import EquivalenceRow, read_equivalences
from credit_bank.exchange.findings import Notice, Reading
from credit_bank.exchange.outcomes import OutcomeRow, read_outcomes
from credit_bank.exchange.table import Limits, Table, read_table
from credit_bank.recording_precedents import EquivalenceImport
from credit_bank.report import ImportRefused, RowProblem
from web.cli import deployment
from web.cli.command import Command, Group, WrongUsage, json_option, option
from web.cli.deployment import Deployment
from web.cli.terminal import Progress, Terminal, terminal
from web.messages import CITY

SHOWN = 50


class DryRun(Exception):
    """Ends a transaction that was only tried."""


def pairs(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """``field=value`` options as a mapping."""
    for text in given:
        if "=" not in text:
            raise click.BadParameter(f"{text!r}: field=value")
    return dict(text.split("=", 1) for text in given)


def today(bank_clock: Callable[[], Any]) -> date:
    """The civil date in the bank's city."""
    found: date = bank_clock().astimezone(CITY).date()
    return found


def read_bytes(name: str) -> bytes:
    """A file's bytes, or standard input's; at most one byte more than an import takes."""
    limit = Limits().file + 1
    if name == "-":
        return sys.stdin.buffer.read(limit)
    with Path(name).open("rb") as file:
        return file.read(limit)


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for decorate in reversed(
        (
            click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True)),
            option("--institution", required=True, metavar="ID", help="institution"),
            option("--map", "overrides", multiple=True, metavar="FIELD=HEADER", callback=pairs, help="map"),
            option("--default", "defaults", multiple=True, metavar="FIELD=VALUE", callback=pairs, help="default"),
            option("--sheet", metavar="NAME", help="sheet"),
            option("--dry-run", is_flag=True, help="dry_run"),
            option("--report", type=click.Path(dir_okay=False, writable=True), metavar="FILE.xlsx", help="report"),
            json_option,
        )
    ):
        command = decorate(command)
    return command


@click.group("import", cls=Group, help="import")
def import_group() -> None:
    """Import files."""


@import_group.command("catalogue", cls=Command, help="import_catalogue")
@_options
def catalogue(**given: Any) -> None:
    """Import an institution's catalogue."""

    def read(table: Table, _found: Deployment) -> Reading[Any]:
        return read_catalogue(table, overrides=given["overrides"], defaults=given["defaults"])

    def take(session: Session, found: Deployment, institution: UUID, rows: Any, source: SourceFile) -> CatalogueImport:
        return depositing.import_catalogue(session, found.bank, institution, rows, source)

    def tell(result: CatalogueImport) -> dict[str, Any]:
        return {"new": result.new, "changed": result.changed, "unchanged": result.unchanged}

    run(given, "catalogue", read, take, tell)


@import_group.command("outcomes", cls=Command, help="import_outcomes")
@_options
def outcomes(**given: Any) -> None:
    """Import outcomes that an institution awarded."""

    def read(table: Table, found: Deployment) -> Reading[OutcomeRow]:
        day = today(found.bank.clock)
        return read_outcomes(table, today=day, overrides=given["overrides"], defaults=given["defaults"])

    def take(session: Session, found: Deployment, institution: UUID, rows: Any, source: SourceFile) -> OutcomeImport:
        return depositing.record_outcomes(session, found.bank, institution, rows, source)

    def tell(result: OutcomeImport) -> dict[str, Any]:
        return {"recorded": len(result.outcome_ids), "outcomes": [str(i) for i in result.outcome_ids]}

    def hold(session: Session, found: Deployment, institution: UUID, reading: Reading[OutcomeRow]) -> list[RowProblem]:
        headers = reading.mapping.as_dict()
        return depositing.preview_outcomes(session, found.bank, institution, reading.rows, headers)

    run(given, "outcomes", read, take, tell, hold)


@import_group.command("equivalences", cls=Command, help="import_equivalences")
@_options
def equivalences(**given: Any) -> None:
    """Import what an institution takes other institutions' courses as."""

    def read(table: Table, _found: Deployment) -> Reading[EquivalenceRow]:
        source = given["defaults"].get("source_institution", "")
        return read_equivalences(table, overrides=given["overrides"], source=source, strict=True).reading

    def take(
        session: Session, found: Deployment, institution: UUID, rows: Any, source: SourceFile
    ) -> EquivalenceImport:
        day = today(found.bank.clock)
        return recording_precedents.import_equivalences(session, found.bank, institution, rows, source, today=day)

    def tell(result: EquivalenceImport) -> dict[str, Any]:
        return {"new": result.new, "changed": result.changed, "unchanged": result.unchanged}

    def hold(
        session: Session, _found: Deployment, institution: UUID, reading: Reading[EquivalenceRow]
    ) -> list[RowProblem]:
        return recording_precedents.preview_equivalences(session, institution, reading.rows, reading.mapping.as_dict())

    run(given, "equivalences", read, take, tell, hold)


def run(
    given: Mapping[str, Any],
    kind: str,
    read: Callable[[Table, Deployment], Reading[Any]],
    take: Callable[[Session, Deployment, UUID, Any, SourceFile], Any],
    tell: Callable[[Any], dict[str, Any]],
    hold: Callable[[Session, Deployment, UUID, Reading[Any]], list[RowProblem]] | None = None,
) -> None:
    """Read the file, hold it against the ledger, take it or refuse it, and say so; ends with exit code 0 or 1.

    Where the file itself has faults, ``hold`` finds what the ledger would say of its other rows, so that a person puts
    everything right in one go.
    """
    out, found = terminal(), deployment.open_deployment()
    content = read_bytes(given["file"])
    name = "stdin" if given["file"] == "-" else Path(given["file"]).name
    table = read_table(content, name, sheet=given["sheet"], progress=Progress(out, out.text("import.reading")))
    reading = read(table, found)
    problems: tuple[RowProblem, ...] = reading.problems
    facts: dict[str, Any] = {"kind": kind, "rows": len(reading.rows), "dry_run": given["dry_run"]}
    source = SourceFile(name, hashlib.sha256(content).digest(), reading.mapping.as_dict())
    with found.db.reading() as session:
        institution = found.institution(session, given["institution"]).id
        if problems and hold is not None:
            problems = tuple(sorted((*problems, *hold(session, found, institution, reading)), key=lambda p: p.row))
    if not problems:
        try:
            with found.db.writing() as session:
                result = take(session, found, institution, reading.rows, source)
                facts |= {"batch": str(result.batch_id), **tell(result)}
                if given["dry_run"]:
                    raise DryRun
        except DryRun:
            facts.pop("outcomes", None)
            del facts["batch"]
        except ImportRefused as refused:
            problems = refused.problems
    if given["report"]:
        write_report(out, given["report"], table, problems, reading.notices)
    if given["as_json"]:
        _tell_json(out, facts, problems, reading.notices, reading.mapping.as_dict())
    else:
        _tell(out, kind, facts, problems, reading.notices)
    if problems:
        click.get_current_context().exit(1)


def write_report(
    out: Terminal, name: str, table: Table, problems: Iterable[RowProblem], notices: Iterable[Notice]
) -> None:
    """Write the XLSX with the bad cells marked. Raises WrongUsage ``report.failed`` where the table breaks off."""
    try:
        Path(name).write_bytes(problem_report.problem_workbook(table, problems, out.library, notices))
    except CreditBankError as error:
        raise WrongUsage("report.failed", reason=out.error(error)) from error


def _tell_json(
    out: Terminal,
    facts: dict[str, Any],
    problems: tuple[RowProblem, ...],
    notices: tuple[Notice, ...],
    mapping: dict[str, str],
) -> None:
    out.json(
        {
            **facts,
            "imported": not problems and not facts["dry_run"],
            "columns": mapping,
            "problems": problem_report.problems_as_dicts(problems, out.library),
            "notices": problem_report.notices_as_dicts(notices, out.library),
        }
    )


def _tell(
    out: Terminal, kind: str, facts: dict[str, Any], problems: tuple[RowProblem, ...], notices: tuple[Notice, ...]
) -> None:
    tell_problems(out, problems)
    for notice in notices:
        said = out.library(f"row.{notice.code}", notice.parameters)
        out.line(f"  · {notice.column or '–'}（{notice.count}）{said}" if out.locale == "zh-CN" else
                 f"  · {notice.column or '–'} ({notice.count}): {said}", err=True)  # fmt: skip
    if problems:
        out.say("import.refused", count=len(problems))
        return
    out.say(f"import.{kind}_{'checked' if facts['dry_run'] else 'done'}", count=facts["rows"], **_counts(facts))


def _counts(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in ("new", "changed", "unchanged", "recorded", "batch") if name in facts}


def tell_problems(out: Terminal, problems: tuple[RowProblem, ...]) -> None:
    """Each problem by row and column with what to do, the first fifty of them, on standard error."""
    for problem in problems[:SHOWN]:
        said = out.library(f"row.{problem.code}", problem.parameters)
        step = out.library(f"next.row.{problem.code}", problem.parameters)
        where = "import.row" if problem.row else "import.file"
        if problem.column:
            where = "import.cell"
        out.line("✗ " + out.text(where, row=problem.row, column=problem.column) + said, err=True)
        out.line(f"    {step}", err=True)
    if len(problems) > SHOWN:
        out.note("import.more", count=len(problems) - SHOWN)
