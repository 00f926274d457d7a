"""``tidy``: do now what the clock asks a running server to do by itself."""

import click

from web.cli import deployment
from web.cli.command import Command, json_option
from web.cli.terminal import terminal
from web.workflows import clock_work
from web.workflows.clock_work import Place


@click.command("tidy", cls=Command, help="tidy")
@json_option
def tidy(as_json: bool) -> None:
    """End public notices, set credits aside, look at other cities' credentials, and forget what is past its time.

    What the assistant noticed goes after 120 days, requests 180 days after their end, their recordings after 7. Of
    neighbours who helped one another, what was said goes 30 days after the end, the rest after 180.
    """
    found = deployment.open_deployment()
    place = Place(found.db, found.bank, found.settings.connect_private)
    notices, credits = clock_work.end_notices(place), clock_work.expire_credits(place)
    regions, gone = clock_work.recheck_regions(place), clock_work.forget(place)
    found.publish()
    counts = {"noticed": gone.noticed, "asked": gone.asked, "messages": gone.messages}
    counts |= {"notices": notices.done, "credits": credits.done, "regions": regions.done}
    failed = notices.failed + credits.failed + regions.failed
    out = terminal()
    if as_json:
        out.json({**counts, "failed": failed})
    else:
        out.say("tidy.done", **counts)
    if failed:
        raise SystemExit(1)
