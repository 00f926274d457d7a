"""The versions of the model that were fitted, and the moment in which a new one takes over."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import Session, col, select

from adaptive.store.tables import ModelWeights


def known(session: Session, version: str) -> bool:
    """Whether a version was kept, in force or refused."""
    return session.get(ModelWeights, version) is not None


def newest(session: Session, limit: int = 20) -> Sequence[ModelWeights]:
    """The versions that were fitted, in force or refused, the newest first."""
    statement = select(ModelWeights).order_by(col(ModelWeights.made_at).desc(), col(ModelWeights.version).desc())
    return session.exec(statement.limit(limit)).all()


def hold_terms(session: Session) -> None:
    """Let nobody add to the terms until the transaction ends (a writing one of SQLite is alone as it is)."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE shared_term IN EXCLUSIVE MODE"))
