"""The command line, ``credit-bank``: one module for each topic, and nothing decided here."""

import click

import web.cli.content_exchange  # noqa: F401 - adds to the group of content
from web.cli.command import Group
from web.cli.comparing import compare_group
from web.cli.content import content_group
from web.cli.crediting import credits_group
from web.cli.demo import demo
from web.cli.importing import import_group
from web.cli.issuing import issue
from web.cli.learning import learning_group
from web.cli.members import institution_group
from web.cli.passwords import staff_group
from web.cli.planning import plan
from web.cli.regions import region_group
from web.cli.ruling import rules_group
from web.cli.setting_up import migrate, serve, setup
from web.cli.speaking import speech
from web.cli.status import publish, revoke
from web.cli.tidying import tidy
from web.cli.verifying import bundle, trust_list, verify


@click.group(cls=Group, help="main")
@click.version_option(package_name="evergreen-credit-bank", message="%(version)s")
def main() -> None:
    """The credit bank."""


for command in (
    setup, migrate, serve, demo, institution_group, staff_group, import_group, issue, verify, revoke, publish, bundle,
    trust_list, content_group, learning_group, compare_group, rules_group, plan, credits_group, tidy, speech,
    region_group,
):  # fmt: skip
    main.add_command(command)
