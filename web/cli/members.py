"""``institution`` and ``staff``: who is a member, what it may issue, with which keys, and who works there."""

import secrets
from datetime import datetime
from typing import Any

import click

from credit_bank import admitting
from credit_bank.key.trust import IssuerRecord
from credit_bank.recognition.framework import Category
from credit_bank.store import institutions
from credit_bank.store.tables import Institution
from web.accounts import audit, memberships, people
from web.accounts.roles import Role
from web.accounts.signing_in import Gate
from web.cli import deployment
from web.cli.command import Command, Group, json_option, option
from web.cli.terminal import terminal

CATEGORY = click.Choice([c.value for c in Category])
# No letters or digits that are taken for one another when a password is read aloud or copied by hand.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@click.group("institution", cls=Group, help="institution_group")
def institution_group() -> None:
    """Member institutions."""


@institution_group.command("add", cls=Command, help="institution_add")
@click.argument("handle")
@option("--name", required=True, help="name")
@option("--name-en", help="name_en")
@option("--code", metavar="USCC", help="code")
@option("--kind", type=click.Choice(admitting.KINDS), default="university", show_default=True, help="kind")
@option("--tier", type=click.Choice(admitting.TIERS), default="member", show_default=True, help="tier")
@option("--district", help="district")
@option("--website", help="website")
@option("--category", "categories", multiple=True, type=CATEGORY, help="category")
@option("--since", type=click.DateTime(["%Y-%m-%d"]), help="since")
@json_option
def add(handle: str, categories: tuple[str, ...], since: datetime | None, as_json: bool, **facts: Any) -> None:
    """Admit an institution."""
    found = deployment.open_deployment()
    with found.db.writing() as session:
        made = admitting.admit(
            session,
            found.bank,
            handle=handle,
            categories=[Category(c) for c in categories],
            since=since.astimezone() if since else None,
            **facts,
        )
        shown = _as_dict(made, institutions.issuer_record(session, made))
    _tell(shown, as_json)


@institution_group.command("list", cls=Command, help="institution_list")
@json_option
def list_institutions(as_json: bool) -> None:
    """List the institutions."""
    found = deployment.open_deployment()
    with found.db.reading() as session:
        rows = [_as_dict(i, institutions.issuer_record(session, i)) for i in institutions.every(session)]
    out = terminal()
    if as_json:
        out.json(rows)
        return
    heads = [out.text(f"institution.{name}") for name in ("handle", "name", "tier", "categories")]
    body = [
        [r["handle"], r["name"], out.text(f"institution.tier_name.{r['tier']}"), _categories(r["categories"])]
        for r in rows
    ]
    out.table([heads, *body])


@institution_group.command("rotate-key", cls=Command, help="rotate_key")
@click.argument("institution")
@option("--compromised", is_flag=True, help="compromised")
@json_option
def rotate_key(institution: str, compromised: bool, as_json: bool) -> None:
    """Make an institution a new signing key."""
    found = deployment.open_deployment()
    with found.db.writing() as session:
        row = found.institution(session, institution)
        key = admitting.rotate_key(session, found.bank, row, compromised=compromised)
        facts = {"institution": row.handle, "multikey": key.multikey, "valid_from": key.valid_from.isoformat()}
    if as_json:
        terminal().json(facts)
    else:
        terminal().say("institution.rotated", **facts)


@institution_group.command("accredit", cls=Command, help="accredit")
@click.argument("institution")
@click.argument("category", type=CATEGORY)
@option("--withdraw", is_flag=True, help="withdraw")
@json_option
def accredit(institution: str, category: str, withdraw: bool, as_json: bool) -> None:
    """Let an institution issue a category of outcome, or no longer."""
    found = deployment.open_deployment()
    change = admitting.withdraw_accreditation if withdraw else admitting.accredit
    with found.db.writing() as session:
        row = found.institution(session, institution)
        change(session, found.bank, row, Category(category))
        shown = _as_dict(row, institutions.issuer_record(session, row))
    _tell(shown, as_json)


def _as_dict(row: Institution, record: IssuerRecord) -> dict[str, Any]:
    current = [k.multikey for k in record.keys if k.valid_to is None and k.revoked_at is None]
    return {
        "id": str(row.id),
        "handle": row.handle,
        "did": row.did,
        "name": row.name,
        "tier": row.tier,
        "kind": row.kind,
        "categories": sorted(a.category for a in record.accreditations if a.valid_to is None),
        "key": current[-1] if current else None,
        "closed": row.closed_at is not None,
    }


def _categories(values: list[str]) -> str:
    words = [terminal().library(f"word.category.{c}", {}) for c in values]
    return ("、" if terminal().locale == "zh-CN" else ", ").join(words) or "–"


def _tell(facts: dict[str, Any], as_json: bool) -> None:
    if as_json:
        terminal().json(facts)
    else:
        terminal().say("institution.stands", **{**facts, "categories": _categories(facts["categories"])})


@click.group("staff", cls=Group, help="staff_group")
def staff_group() -> None:
    """People who work at institutions."""


def one_time_password() -> str:
    """Four groups of four characters (79 bits)."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


@staff_group.command("add", cls=Command, help="staff_add")
@click.argument("sign_in_name")
@option("--institution", required=True, metavar="ID", help="institution")
@option("--name", required=True, help="staff_name")
@option("--role", "roles", required=True, multiple=True, type=click.Choice([r.value for r in Role]), help="role")
@json_option
def add_staff(sign_in_name: str, institution: str, name: str, roles: tuple[str, ...], as_json: bool) -> None:
    """Create a person with roles at an institution; the password is shown once and has to be changed at sign-in."""
    found = deployment.open_deployment()
    password = one_time_password()
    hashed = Gate.of(found.settings).hasher.hash(password)
    with found.db.writing() as session:
        place, now = found.institution(session, institution), found.bank.clock()
        person = people.create(
            session, display_name=name, secret_hash=hashed, now=now, sign_in_name=sign_in_name, must_change_secret=True
        )
        for role in dict.fromkeys(roles):
            memberships.grant(
                session, person_id=person.id, institution_id=place.id, role=Role(role), granted_by=None, now=now
            )
        audit.record(
            session, "staff.added", now=now, person_id=None, institution_id=place.id, subject_id=person.id, via="cli"
        )
        facts = {"person": str(person.id), "sign_in_name": person.sign_in_name, "one_time_password": password}
    if as_json:
        terminal().json(facts)
    else:
        terminal().say("staff.added", **facts)
