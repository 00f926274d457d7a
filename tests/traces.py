"""What a database holds, to look for what it should not hold."""

from flask import Flask
from sqlalchemy import MetaData, select

from web.database import Database


def everything_stored(app: Flask) -> bytes:
    """Every value of every row of the application's database, texts in UTF-8, bytes as they are."""
    database: Database = app.extensions["evergreen_database"]
    tables = MetaData()
    tables.reflect(database.engine)
    with database.reading() as session:
        rows = [row for table in tables.sorted_tables for row in session.execute(select(table))]
    values = [value for row in rows for value in row]
    return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in values)
