"""``staff new-password``: for a member of staff whom nobody else can help."""

import click

from credit_bank.errors import Missing
from web.accounts import audit, memberships, people, resets
from web.accounts.signing_in import Gate
from web.cli import deployment
from web.cli.command import Command, json_option
from web.cli.members import one_time_password, staff_group
from web.cli.terminal import terminal

__all__ = ["new_password", "staff_group"]


@staff_group.command("new-password", cls=Command, help="staff_new_password")
@click.argument("sign_in_name")
@json_option
def new_password(sign_in_name: str, as_json: bool) -> None:
    """Give a member of staff a one-time password; it has to be changed at sign-in, and every session ends."""
    found = deployment.open_deployment()
    gate, password = Gate.of(found.settings), one_time_password()
    hashed = gate.hasher.hash(password)
    with found.db.writing() as session:
        now = found.bank.clock()
        person = people.find(session, sign_in_name)
        if person is None or person.disabled_at is not None or not memberships.active_of(session, person.id, now):
            raise Missing("staff.unknown", name=sign_in_name)
        resets.replace(session, gate.counter, person, hashed, now)
        people.require_new_secret(session, person)
        audit.record(session, "secret.given_anew", now=now, person_id=None, subject_id=person.id, via="cli")
        facts = {"person": str(person.id), "sign_in_name": sign_in_name, "one_time_password": password}
    if as_json:
        terminal().json(facts)
    else:
        terminal().say("staff.new_password", **facts)
