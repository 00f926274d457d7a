"""``verify``, ``bundle`` and ``trust-list``: what a stranger needs to check a credential, and the check itself."""

import json
from pathlib import Path
from uuid import UUID

import click

from credit_bank import __main__ as offline
from credit_bank import admitting, bundling, founding, verifying
from credit_bank.credential import baking
from credit_bank.credential.bundle import compose_bundle, is_bundle
from credit_bank.credential.instant import parse_instant
from credit_bank.credential.reading import parse_credential
from credit_bank.credential.summary import summary
from credit_bank.errors import CreditBankError, InvalidInput
from credit_bank.store import credentials, institutions
from web.cli import deployment
from web.cli.command import Command, WrongUsage, json_option, option
from web.cli.deployment import Deployment
from web.cli.terminal import terminal
from web.pdf_attachments import attached_json


@click.command("verify", cls=Command, help="verify")
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True))
@option("--offline", "is_offline", is_flag=True, help="offline")
@option("--trust", type=click.Path(dir_okay=False), metavar="FILE", help="trust")
@option("--bank-key", metavar="z6Mk…", help="bank_key")
@option("--status-list", "status_lists", multiple=True, type=click.Path(dir_okay=False), metavar="FILE", help="lists")
@option("--subject", metavar="ID", help="subject")
@option("--at", metavar="ISO8601", help="at")
@json_option
def verify(
    file: str,
    is_offline: bool,
    trust: str | None,
    bank_key: str | None,
    status_lists: tuple[str, ...],
    subject: str | None,
    at: str | None,
    as_json: bool,
) -> None:
    """Check a credential. Exit codes: 0 passes, 1 fails, 2 could not be checked."""
    given = bool(trust or bank_key or status_lists)
    found = None if is_offline or given else _deployment()
    try:
        source = _credential_of(offline.read_source(file))
        code = _online(found, source, subject, at, as_json) if found is not None else None
    except CreditBankError as error:
        raise WrongUsage(error.code, **error.parameters) from error
    except OSError as error:
        raise WrongUsage("file.unreadable", file=error.filename, reason=error.strerror) from error
    if code is None:
        arguments = ["verify", file, "--lang", terminal().locale, *(["--json"] if as_json else [])]
        options = (("--trust", trust), ("--bank-key", bank_key), ("--subject", subject), ("--at", at))
        for name, value in (*options, *(("--status-list", s) for s in status_lists)):
            arguments += [name, value] if value else []
        code = offline.main(arguments, source)
    click.get_current_context().exit(code)


def _deployment() -> Deployment | None:
    """This machine's bank, or None; a bank that is there but cannot be used is no reason to check less, silently."""
    try:
        return deployment.deployment_if_any()
    except CreditBankError as error:
        raise WrongUsage(error.code, **error.parameters) from error


def _online(found: Deployment, source: bytes, subject: str | None, at: str | None, as_json: bool) -> int:
    """Check against what the database knows: the trust list, the status lists and the logs as they stand."""
    now = parse_instant(at, "--at") if at else None
    try:
        document = parse_credential(source)
    except InvalidInput:
        document = {}  # the report names what cannot be read
    if is_bundle(document):
        document = document["credential"] if isinstance(document.get("credential"), dict) else {}
        source = b""
    with found.db.reading() as session:
        report = verifying.verify_document(session, found.bank, document or source, now=now, subject=subject)
    if as_json:
        terminal().json({**report.as_dict(), "credential": summary(document)})
    else:
        offline.tell(document, report, terminal().locale)
    return offline.EXIT[report.outcome]


def _credential_of(source: bytes) -> bytes:
    """The credential in a file: in a badge picture or a PDF certificate, or the file itself."""
    if baking.is_png(source):
        return baking.extract(source)
    if source.startswith(b"%PDF-"):
        found = attached_json(source)
        if not found:
            raise InvalidInput("pdf.no_credential")
        return found[0]
    return source


@click.command("bundle", cls=Command, help="bundle")
@click.argument("credential", type=click.UUID)
@option("--output", type=click.Path(dir_okay=False, writable=True), metavar="FILE", help="output_file")
def bundle(credential: UUID, output: str | None) -> None:
    """Write a credential with everything needed to check it without a network."""
    found = deployment.open_deployment()
    found.publish()
    with found.db.reading() as session:
        made = compose_bundle(bundling.bundle(session, found.bank, credentials.get(session, credential)))
    if output:
        Path(output).write_bytes(made)
        terminal().note("bundle.done", file=output)
    else:
        click.echo(made.decode())


@click.command("trust-list", cls=Command, help="trust_list")
@option("--output", type=click.Path(dir_okay=False, writable=True), metavar="FILE", help="output_file")
def trust_list(output: str | None) -> None:
    """Print the bank's public key and its signed statements of who may issue what."""
    found = deployment.open_deployment()
    with found.db.reading() as session:
        statements = [admitting.statement(session, found.bank, i) for i in institutions.every(session)]
        key = founding.bank_key(session, found.bank).multikey
    text = json.dumps({"bankKey": key, "statements": statements}, indent=2)
    if output:
        Path(output).write_text(text + "\n", "utf-8")
        terminal().note("trust_list.done", file=output, key=key)
    else:
        click.echo(text)
