"""``credits``: what is to be done with learners' credit accounts every night, and whether their books balance."""

from datetime import datetime
from uuid import UUID

import click

from credit_bank.store import account_audit
from web.cli import deployment
from web.cli.command import Command, Group, json_option, option
from web.cli.terminal import terminal
from web.workflows import clock_work
from web.workflows.clock_work import Place


@click.group("credits", cls=Group, help="credits_group")
def credits_group() -> None:
    """Learners' credit accounts."""


@credits_group.command("expire", cls=Command, help="credits_expire")
@option("--on", type=click.DateTime(["%Y-%m-%d"]), help="credits_on")
@json_option
def expire(on: datetime | None, as_json: bool) -> None:
    """Set the unused credits aside whose last day has passed; a commit for every two hundred learners."""
    found = deployment.open_deployment()
    day = on.date() if on else found.bank.today()
    journals, failed = clock_work.expire_credits(Place(found.db, found.bank, found.settings.connect_private), day)
    if as_json:
        terminal().json({"on": day.isoformat(), "journals": journals, "failed": failed})
    else:
        terminal().say("credits.expired", day=day.isoformat(), count=journals)
    if failed:
        raise SystemExit(1)


@credits_group.command("check", cls=Command, help="credits_check")
@json_option
def check(as_json: bool) -> None:
    """Whether every journal sums to zero, nothing is below zero, and no outcome is used beyond what it is worth."""
    found = deployment.open_deployment()
    with found.db.reading() as session:
        faults: dict[str, list[UUID]] = account_audit.faults(session)
    if as_json:
        terminal().json({name: [str(i) for i in ids] for name, ids in faults.items()})
    else:
        for name, ids in faults.items():
            terminal().say(f"credits.{name}", count=len(ids), first=ids[0] if ids else "—")
    if any(faults.values()):
        raise SystemExit(1)
