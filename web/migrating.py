"""Bringing a database to the schema that this version needs."""

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from credit_bank.errors import Conflict


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("web") / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> bool:
    """Bring the database to the newest schema, in one transaction; True when anything was to be done."""
    with engine.connect().execution_options(writes=True) as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        command.upgrade(_config(connection), "head")
        after = MigrationContext.configure(connection).get_current_revision()
        connection.commit()
    return before != after


def check(engine: Engine) -> None:
    """Refuse a database of another schema. Raises Conflict ``database.schema_old`` or ``database.schema_unknown``."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        script = ScriptDirectory.from_config(_config(connection))
        if current == script.get_current_head():
            return
        known = {r.revision for r in script.walk_revisions()}
        raise Conflict("database.schema_old" if current is None or current in known else "database.schema_unknown")


def write_revision(engine: Engine, message: str, revision: str) -> None:
    """Write a migration for what the tables have and the database has not."""
    with engine.connect() as connection:
        command.revision(_config(connection), message=message, autogenerate=True, rev_id=revision)
