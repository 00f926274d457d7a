"""The bank that a command works on: its settings, its database, and itself."""

import base64
import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from sqlalchemy import make_url
from sqlmodel import Session

from credit_bank import founding
from credit_bank.bank import Bank
from credit_bank.errors import Conflict
from credit_bank.store import institutions
from credit_bank.store.tables import Institution
from web import migrating
from web.banking import make_bank
from web.cli.command import WrongUsage
from web.database import Database
from web.publisher import publish_now
from web.settings import SETTINGS_FILE, Settings

SECRETS = ("KEY_ENCRYPTION_KEY", "IDENTITY_KEY", "PEPPER", "SESSION_KEY")


@dataclass(frozen=True)
class Deployment:
    """A bank that is set up: read and write it in transactions of ``db``."""

    settings: Settings
    db: Database
    bank: Bank

    def publish(self) -> int:
        """Sign the checkpoints that are due, so that no receipt is pending for longer than a moment."""
        return publish_now(self.db, self.bank)

    def institution(self, session: Session, reference: str) -> Institution:
        """The institution of a handle, id, DID or social credit code. Raises Missing ``institution.unknown``."""
        return institutions.find(session, reference)


def load_settings() -> Settings:
    """The settings of the environment and of ``instance/settings.env``. Raises WrongUsage ``settings.incomplete``."""
    try:
        return Settings()
    except ValidationError as error:
        names = ", ".join(sorted({"EVERGREEN_" + str(e["loc"][0]).upper() for e in error.errors()}))
        raise WrongUsage("settings.incomplete", names=names) from None


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database, or None for another kind."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def open_deployment() -> Deployment:
    """The bank of the settings, on a database of this version's schema, with the keys it was founded with.

    Raises WrongUsage ``settings.incomplete`` or ``database.missing``; Conflict ``database.schema_old``,
    ``database.schema_unknown`` or ``founding.origin_changed``; InvalidInput ``key.unsealing_failed``.
    """
    settings = load_settings()
    file = sqlite_file(settings.database_url)
    if file is not None and not file.exists():  # connecting would leave an empty one behind
        raise WrongUsage("database.missing", file=str(file))
    found = Deployment(settings, Database(settings.database_url), make_bank(settings))
    found.db.ping()
    migrating.check(found.db.engine)
    with found.db.reading() as session:
        founding.check(session, found.bank)
    return found


def deployment_if_any() -> Deployment | None:
    """The bank of the settings, or None where this machine has none."""
    try:
        return open_deployment()
    except WrongUsage:
        return None


def migrate(settings: Settings) -> bool:
    """Bring the database to this version's schema and found the bank on it; True when there was anything to do."""
    file = sqlite_file(settings.database_url)
    if file is not None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    db, bank = Database(settings.database_url), make_bank(settings)
    changed = migrating.upgrade(db.engine)
    with db.reading() as session:
        founded = institutions.deployment(session) is not None
    with db.writing() as session:
        founding.found(session, bank)
    db.dispose()
    return changed or not founded


def write_settings(origin: str, *, demo: bool = False, database_url: str | None = None) -> Path:
    """Write ``instance/settings.env`` with fresh secrets, readable by its owner alone; whole or not at all.

    Raises Conflict ``settings.exist`` when it is there already; WrongUsage ``settings.origin`` for a bad origin.
    """
    values = {"PUBLIC_ORIGIN": origin}
    values |= {name: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=") for name in SECRETS}
    if origin.startswith("http://"):
        values["COOKIE_SECURE"] = "false"  # a browser would not send it back
    if database_url:
        values["DATABASE_URL"] = database_url
    if demo:
        values["DEMO"] = "true"
    try:
        Settings(_env_file=None, **{n.lower(): v for n, v in values.items()})  # type: ignore[arg-type]
    except ValidationError as error:
        raise WrongUsage("settings.origin", origin=origin[:80]) from error
    text = "".join(f"EVERGREEN_{name}={value}\n" for name, value in values.items())
    SETTINGS_FILE.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = SETTINGS_FILE.with_name(f".settings-{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, SETTINGS_FILE)  # fails where there is one, unlike a rename
    except FileExistsError:
        raise Conflict("settings.exist", file=str(SETTINGS_FILE)) from None
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
    return SETTINGS_FILE
