"""``region``: our own file for the banks of other cities, whom we recognise, and what was brought from there."""

from pathlib import Path
from typing import Any
from uuid import UUID

import click
from sqlmodel import Session

from credit_bank import regions
from credit_bank.errors import Missing
from credit_bank.exchange.region import stated_keys
from credit_bank.store import regions as rows
from credit_bank.store.tables import Region
from web.cli import deployment
from web.cli.command import Command, Group, json_option, option
from web.cli.importing import read_bytes
from web.cli.terminal import terminal

FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)


@click.group("region", cls=Group, help="region_group")
def region_group() -> None:
    """Banks of other cities."""


@region_group.command("export", cls=Command, help="region_export")
@option("--output", type=click.Path(dir_okay=False, writable=True), metavar="FILE", help="output_file")
def export(output: str | None) -> None:
    """Print this bank's own file, signed now."""
    found = deployment.open_deployment()
    with found.db.reading() as session:
        content = regions.own_file(session, found.bank)
    if output:
        Path(output).write_bytes(content)
        terminal().note("region.written", file=output, key=stated_keys(content)[1][-1])
    else:
        click.echo(content.decode(), nl=False)


@region_group.command("recognise", cls=Command, help="region_recognise")
@click.argument("file", type=FILE)
@option("--key", required=True, metavar="z6Mk…", help="region_key")
@json_option
def recognise(file: str, key: str, as_json: bool) -> None:
    """Recognise a bank by its file and the key that somebody compared."""
    found, content = deployment.open_deployment(), read_bytes(file)
    with found.db.writing() as session:
        done = regions.recognise(session, found.bank, content, key)
        shown = _as_dict(rows.get(session, done.region_id))
    _tell({**shown, "institutions": done.new}, "region.recognised", as_json)


@region_group.command("refresh", cls=Command, help="region_refresh")
@click.argument("region")
@click.argument("file", type=FILE)
@json_option
def refresh(region: str, file: str, as_json: bool) -> None:
    """Take a newer file of a recognised bank."""
    found, content = deployment.open_deployment(), read_bytes(file)
    with found.db.writing() as session:
        row = _named(session, region)
        done = regions.refresh(session, found.bank, row.id, content)
        shown = {**_as_dict(row), "new": done.new, "renewed": done.renewed, "withdrawn": done.withdrawn}
    _tell(shown, "region.refreshed", as_json)


@region_group.command("end", cls=Command, help="region_end")
@click.argument("region")
@json_option
def end(region: str, as_json: bool) -> None:
    """End a recognition."""
    found = deployment.open_deployment()
    with found.db.writing() as session:
        shown = _as_dict(regions.end(session, found.bank, _named(session, region).id))
    _tell(shown, "region.ended", as_json)


@region_group.command("list", cls=Command, help="region_list")
@json_option
def list_regions(as_json: bool) -> None:
    """List the recognised banks."""
    found = deployment.open_deployment()
    with found.db.reading() as session:
        listed = [_as_dict(row) for row in rows.every(session)]
    out = terminal()
    if as_json:
        out.json(listed)
        return
    columns = ("did", "name", "good_until", "ended_at")
    heads = [out.text(f"region.{name}") for name in columns]
    out.table([heads, *([str(row[name] or "") for name in columns] for row in listed)])


def _named(session: Session, reference: str) -> Region:
    found = rows.by_did(session, reference)
    if found is None:
        try:
            return rows.get(session, UUID(reference))
        except ValueError:
            raise Missing("region.unknown") from None
    return found


def _as_dict(row: Region) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "did": row.did,
        "name": row.name,
        "stated_at": row.stated_at.isoformat(),
        "good_until": row.good_until.isoformat(),
        "recognised_at": row.recognised_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }


def _tell(facts: dict[str, Any], sentence: str, as_json: bool) -> None:
    if as_json:
        terminal().json(facts)
    else:
        terminal().say(sentence, **{name: str(value) for name, value in facts.items()})
