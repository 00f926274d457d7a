"""``issue``: signed credentials from recorded outcomes, or straight from a file of outcomes."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from sqlmodel import Session

from credit_bank import depositing, issuing
from credit_bank.depositing import SourceFile
from credit_bank.exchange.outcomes import read_outcomes
from credit_bank.exchange.table import read_table
from credit_bank.issuing import Issued
from credit_bank.report import ImportRefused
from web.cli import deployment
from web.cli.command import Command, WrongUsage, json_option, option
from web.cli.deployment import Deployment
from web.cli.importing import read_bytes, tell_problems, today
from web.cli.terminal import Progress, terminal


@click.command("issue", cls=Command, help="issue")
@option("--institution", required=True, metavar="ID", help="institution")
@option("--outcome", "outcomes", multiple=True, type=click.UUID, metavar="ID", help="outcome")
@option("--all-recorded", is_flag=True, help="all_recorded")
@option("--batch", type=click.UUID, metavar="ID", help="batch")
@option("--file", type=click.Path(exists=True, dir_okay=False, allow_dash=True), metavar="FILE", help="outcome_file")
@option("--output", type=click.Path(file_okay=False), metavar="DIR", help="output")
@json_option
def issue(
    institution: str,
    outcomes: tuple[UUID, ...],
    all_recorded: bool,
    batch: UUID | None,
    file: str | None,
    output: str | None,
    as_json: bool,
) -> None:
    """Issue credentials; all that were asked for or none."""
    if sum((bool(outcomes), all_recorded, batch is not None, file is not None)) != 1:
        raise WrongUsage("issue.what")
    out, found = terminal(), deployment.open_deployment()
    progress = Progress(out, out.text("issue.signing"))
    try:
        with found.db.writing() as session:
            place = found.institution(session, institution).id
            wanted = _wanted(session, found, place, outcomes, batch, file)
            issued = issuing.issue(session, found.bank, place, wanted, progress=progress)
    except ImportRefused as refused:
        if not as_json:
            tell_problems(out, refused.problems)
        raise
    found.publish()
    if output:
        _write(Path(output), issued)
    if as_json:
        out.json([_as_dict(i) for i in issued])
        return
    for one in issued:
        out.line(one.credential_id.urn)
    out.note("issue.done" if issued else "issue.none", count=len(issued))


def _wanted(
    session: Session,
    found: Deployment,
    institution_id: UUID,
    outcomes: tuple[UUID, ...],
    batch: UUID | None,
    file: str | None,
) -> list[UUID]:
    if outcomes:
        return list(outcomes)
    if file is None:
        return issuing.recorded_ids(session, institution_id, batch)
    content = read_bytes(file)
    name = "stdin" if file == "-" else Path(file).name
    reading = read_outcomes(read_table(content, name), today=today(found.bank.clock))
    source = SourceFile(name, hashlib.sha256(content).digest(), reading.mapping.as_dict())
    taken = depositing.record_outcomes(session, found.bank, institution_id, reading.require(), source)
    return list(taken.outcome_ids)


def _as_dict(issued: Issued) -> dict[str, Any]:
    return {
        "credential": issued.credential_id.urn,
        "outcome": str(issued.outcome_id),
        "document": json.loads(issued.document),
    }


def _write(folder: Path, issued: list[Issued]) -> None:
    """Each document, byte for byte, in a file named by its id; a file that is there is never touched."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in issued:
        path = folder / f"{one.credential_id}.json"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(one.document)
