"""An application for tests, on a migrated database of the test's own: SQLite, and PostgreSQL too.

With ``FULL=1`` every test of pages runs on both; the quick run takes a quarter of them to PostgreSQL.
"""

import base64
from collections.abc import Iterator

import pytest
from flask import Flask

from web.app import create_app
from web.database import Database
from web.settings import Settings


def settings_for(database_url: str, **changes: object) -> Settings:
    """Settings with test secrets, whatever the environment says."""

    def secret(letter: bytes) -> str:
        return base64.urlsafe_b64encode(letter * 32).decode()

    values: dict[str, object] = {
        "database_url": database_url,
        "public_origin": "http://localhost:8000",
        "key_encryption_key": secret(b"k"),
        "identity_key": secret(b"i"),
        "pepper": secret(b"p"),
        "session_key": secret(b"s"),
        "cookie_secure": False,
    }
    return Settings(_env_file=None, **{**values, **changes})  # type: ignore[arg-type, call-arg]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def app_settings(request: pytest.FixtureRequest) -> Settings:
    """The settings of the test's application; override the fixture to change one."""
    return settings_for(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def app(app_settings: Settings) -> Iterator[Flask]:
    """An application on an empty, migrated database."""
    made = create_app(app_settings)
    yield made
    database: Database = made.extensions["evergreen_database"]
    database.dispose()
