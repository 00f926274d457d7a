"""An index of a library, made at once."""

from datetime import UTC, datetime
from uuid import uuid4

from adaptive import index_keeping
from adaptive.content.model import Library
from web.database import Database

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def make_index(db: Database, library: Library) -> None:
    """Make the index of a library, unless it is there."""
    assert index_keeping.keep(db.writing, library, uuid4(), lambda: NOW)
