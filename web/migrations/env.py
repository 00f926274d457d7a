"""Alembic's environment: runs inside ``web.migrating`` on the engine that it passes in."""

from alembic import context
from sqlmodel import SQLModel

import credit_bank.store.tables  # noqa: F401 - registers the tables
import web.accounts.tables  # noqa: F401 - registers the tables

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="types.",
)
with context.begin_transaction():
    context.run_migrations()
