"""Alembic's environment: runs inside ``web.migrating`` on the engine that it passes in."""

from typing import Literal

from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import accessibility.store.tables  # noqa: F401 - registers the tables
import adaptive.store.tables  # noqa: F401 - registers the tables
import credit_bank.store.tables  # noqa: F401 - registers the tables
import web.accounts.tables
import web.connections.hook_tables
import web.connections.outcome_tables
import web.connections.tables
import web.operations.companion_tables
import web.operations.draft_tables
import web.operations.group_tables
import web.operations.help_tables
import web.operations.joining_tables
import web.operations.mastery_tables
import web.operations.neighbour_tables
import web.operations.speech_tables
import web.operations.tables
import web.operations.voice_tables  # noqa: F401 - registers the tables
from adaptive.store.types import Instant as LearningInstant
from credit_bank.store.types import Instant


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own column types by their short names, and SQLModel's text type as the text that it is."""
    if kind == "type" and isinstance(item, Instant | LearningInstant):
        return "types.Instant()"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
