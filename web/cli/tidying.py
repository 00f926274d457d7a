"""``tidy``: forget what is past the time for which people were told that it is kept."""

import click

from accessibility import adjusting
from web.cli import deployment
from web.cli.command import Command, json_option
from web.cli.terminal import terminal
from web.messages import CITY
from web.operations import help_requests, neighbour_endings, voice_messages


@click.command("tidy", cls=Command, help="tidy")
@json_option
def tidy(as_json: bool) -> None:
    """Forget what the assistant noticed 120 days ago, requests that ended 180 days ago, their recordings after 7.

    Of neighbours who helped one another, what was said goes 30 days after the end, the rest after 180.
    """
    found = deployment.open_deployment()
    now = found.bank.clock()
    with found.db.writing() as session:
        noticed = adjusting.tidy(session, now.astimezone(CITY).date())
        messages = voice_messages.forget_old(session, now)
        asked = help_requests.forget_old(session, now) + neighbour_endings.forget_old(session, now)
    out = terminal()
    if as_json:
        out.json({"noticed": noticed, "asked": asked, "messages": messages})
        return
    out.say("tidy.done", noticed=noticed, asked=asked, messages=messages)
