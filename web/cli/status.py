"""``revoke`` and ``publish``."""

from uuid import UUID

import click

from credit_bank import impairing, revoking
from credit_bank.recognition.framework import EVERGREEN
from credit_bank.revoking import Action
from credit_bank.store import credentials
from web.cli import deployment
from web.cli.command import Command, WrongUsage, json_option, option
from web.cli.deployment import Deployment
from web.cli.terminal import terminal


@click.command("revoke", cls=Command, help="revoke")
@click.argument("credential", type=click.UUID)
@option("--reason", required=True, help="reason")
@option("--suspend", is_flag=True, help="suspend")
@option("--reinstate", is_flag=True, help="reinstate")
@option("--dry-run", is_flag=True, help="dry_run")
@json_option
def revoke(credential: UUID, reason: str, suspend: bool, reinstate: bool, dry_run: bool, as_json: bool) -> None:
    """Revoke, suspend or reinstate a credential."""
    if suspend and reinstate:
        raise WrongUsage("revoke.both")
    action: Action = "suspend" if suspend else "reinstate" if reinstate else "revoke"
    found = deployment.open_deployment()
    if dry_run:
        _reach(found, credential, as_json)
        return
    with found.db.writing() as session:
        held = credentials.get(session, credential)
        change = revoking.change_status(session, found.bank, held.institution_id, credential, action, reason=reason)
        sequence, at = change.log_sequence, change.changed_at
    found.publish()
    if as_json:
        facts = {"credential": credential.urn, "action": action, "at": at.isoformat(), "log_sequence": sequence}
        terminal().json(facts)
    else:
        terminal().say(f"revoke.{action}", credential=credential.urn)


def _reach(found: Deployment, credential: UUID, as_json: bool) -> None:
    """What rests on the credential, without any change (rule R27)."""
    with found.db.reading() as session:
        held = credentials.get(session, credential)
        rows = [
            {
                "case": str(one.case.id),
                "kind": one.case.kind,
                "title": one.case.title,
                "state": one.case.state,
                "distance": one.distance,
                "credits": EVERGREEN.credits(one.credits),
                "awarded": one.awarded,
            }
            for one in impairing.reach_of_credentials(session, held.institution_id, [credential])
        ]
    if as_json:
        terminal().json({"credential": credential.urn, "reached": rows})
        return
    terminal().say("revoke.reaches", count=len(rows))
    for row in rows:
        key = "revoke.reaches_award" if row["awarded"] else "revoke.reaches_one"
        terminal().say(key, kind=row["kind"], title=row["title"], credits=row["credits"], state=row["state"])


@click.command("publish", cls=Command, help="publish")
@json_option
def publish(as_json: bool) -> None:
    """Sign a checkpoint of every log that has grown."""
    logs = deployment.open_deployment().publish()
    if as_json:
        terminal().json({"published": logs})
    else:
        terminal().say("publish.done" if logs else "publish.nothing", count=logs)
