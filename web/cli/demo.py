"""``demo``: the demo city, set up on the first run, walked through once, and served."""

import os

import click

from adaptive.content.loading import load_library
from credit_bank.identity.account_number import grouped
from credit_bank.store import learners
from web.accounts.signing_in import Gate
from web.cli import deployment
from web.cli.command import Command, WrongUsage, option
from web.cli.deployment import Deployment
from web.cli.setting_up import run_server
from web.cli.terminal import Progress, Terminal, terminal
from web.demo import city, learning, recognition, walk
from web.settings import INSTANCE, SETTINGS_FILE

ORIGIN = "http://localhost:8000"
SHOWN_LEARNERS = 5
PAGES = ("/", "/verify", "/sign-in", "/trust-list.json", "/openapi.json")


@click.command("demo", cls=Command, help="demo")
@option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="port")
@option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="workers")
@option("--walk", "again", is_flag=True, help="walk")
@option("--no-serve", is_flag=True, help="no_serve")
def demo(port: int, workers: int, again: bool, no_serve: bool) -> None:
    """Set the demo city up, walk one credential through, and serve it."""
    out = terminal()
    # Links follow the port; what is signed does not, or the demo could be served on one port only.
    os.environ["EVERGREEN_SITE_ORIGIN"] = f"http://127.0.0.1:{port}"
    found = prepare(out)
    walked = _load(out, found)
    with found.db.reading() as session:
        first = not walk.was_walked(session, found.bank)
    if first or again:
        out.line()
        walk.walk(found.db, found.bank, out, INSTANCE / "demo")
    elif not walked:
        out.say("demo.again")
    out.line()
    tell_sign_ins(out, found)
    out.line()
    out.say("demo.addresses")
    for path in PAGES:
        out.line(f"  http://127.0.0.1:{port}{path}")
    found.db.dispose()
    if not no_serve:
        out.say("demo.stop")
        run_server("127.0.0.1", port, workers)


def prepare(out: Terminal) -> Deployment:
    """Settings, schema and keys, made where they are missing. Raises WrongUsage ``demo.not_a_demo``."""
    if not SETTINGS_FILE.exists() and "EVERGREEN_PUBLIC_ORIGIN" not in os.environ:
        deployment.write_settings(ORIGIN, demo=True)
        out.say("demo.settings", file=SETTINGS_FILE)
    settings = deployment.load_settings()
    if not settings.demo:
        raise WrongUsage("demo.not_a_demo", file=str(SETTINGS_FILE))
    if deployment.migrate(settings):
        out.say("demo.migrated")
    return deployment.open_deployment()


def _load(out: Terminal, found: Deployment) -> bool:
    """Load the city unless it is there; True when it was loaded now."""
    with found.db.reading() as session:
        if city.is_loaded(session):
            return False
    out.say("demo.loading")
    steps: dict[str, Progress] = {}

    def progress(step: str, done: int, total: int) -> None:
        if step not in steps or done == 1:
            steps[step] = Progress(out, out.text(f"demo.step.{step}"))
        steps[step](done, total)

    hashes = city.hash_secrets(Gate.of(found.settings).hasher, progress)
    with found.db.writing() as session:
        loaded = city.load(session, found.bank, hashes, progress)
        library, _faults = load_library(found.settings.content_dir)
        learnt = learning.load(session, found.bank, library, progress)
        recognition.load(session, found.bank, progress)
    found.publish()
    out.say(
        "demo.loaded",
        residents=loaded.residents,
        institutions=loaded.institutions,
        courses=loaded.courses,
        outcomes=loaded.outcomes + learnt.credentials,
        credentials=loaded.credentials + learnt.credentials,
    )
    if learnt.learners:
        out.say("demo.learning", learners=learnt.learners, courses=learnt.courses)
    return True


def tell_sign_ins(out: Terminal, found: Deployment) -> None:
    """Who can sign in, as a table. They are real accounts in a demo database."""
    rows = [[out.text(f"demo.table.{name}") for name in ("who", "role", "sign_in", "secret")]]
    with found.db.reading() as session:
        for who in city.residents()[: SHOWN_LEARNERS + 1]:
            learner = learners.by_digest(session, found.bank.identity_digests(who.document_type, who.document_number))
            if learner is not None:
                rows.append([learner.name, out.text("demo.learner"), grouped(learner.account_number), city.PIN])
    for entry in city.organisations():
        for member in entry.get("staff", ()):
            roles = [out.text(f"demo.role.{_role(entry, role)}") for role in member["roles"]]
            place = entry["name"] if out.locale == "zh-CN" else entry["name_en"]
            joined = f"{place} · " + ("、" if out.locale == "zh-CN" else ", ").join(roles)
            rows.append([member["display_name"], joined, member["sign_in_name"], member["password"]])
    out.say("demo.sign_ins")
    out.table(rows)


def _role(entry: dict[str, object], role: str) -> str:
    return "bank-administrator" if entry["tier"] == "centre" and role == "administrator" else role
