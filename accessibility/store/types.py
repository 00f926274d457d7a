"""Column types of these tables. No library imports another, so the few lines that all need stand in each."""

from typing import Any

from sqlalchemy import JSON, Column, Uuid
from sqlmodel import SQLModel

# The same names of constraints as every table's, whichever library is imported first.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Uuid(as_uuid=True, native_uuid=True)


def id_column() -> Column[Any]:
    """A column for an id."""
    return Column(Id, nullable=False)


def json_column() -> Column[Any]:
    """A column for a plain value."""
    return Column(JSON(none_as_null=True), nullable=False)
