"""Bringing a database to the schema that this version needs."""

import argparse
import tempfile
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from credit_bank.errors import Conflict
from web.database import make_engine


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


def write_revision(message: str, revision: str) -> None:
    """Write a migration for what the tables have and the migrations have not made; a developer then reads it."""
    with tempfile.TemporaryDirectory(prefix="evergreen-migration-") as folder:
        engine = make_engine(f"sqlite:///{folder}/before.sqlite")
        upgrade(engine)
        with engine.connect() as connection:
            command.revision(_config(connection), message=message, autogenerate=True, rev_id=revision)
        engine.dispose()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m web.migrating", description=write_revision.__doc__)
    parser.add_argument("revision", help="the number after the newest, such as 0002")
    parser.add_argument("message", help="what the migration does")
    given = parser.parse_args()
    write_revision(given.message, given.revision)
