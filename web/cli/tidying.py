"""``tidy``: forget what is past the time for which people were told that it is kept."""

import click

from accessibility import adjusting
from web.cli import deployment
from web.cli.command import Command, json_option
from web.cli.terminal import terminal
from web.messages import CITY


@click.command("tidy", cls=Command, help="tidy")
@json_option
def tidy(as_json: bool) -> None:
    """Forget what the assistant of presentation noticed more than 120 days ago."""
    found = deployment.open_deployment()
    today = found.bank.clock().astimezone(CITY).date()
    with found.db.writing() as session:
        forgotten = adjusting.tidy(session, today)
    out = terminal()
    if as_json:
        out.json({"noticed": forgotten})
        return
    out.say("tidy.done", count=forgotten)
