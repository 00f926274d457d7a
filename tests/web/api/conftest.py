"""Fixtures for tests of the interface: a service on SQLite, or on both databases; see programs.py."""

from collections.abc import Iterator

import pytest

from tests.web.api.programs import Service, service_on
from web.security import limiter


@pytest.fixture(autouse=True)
def unlimited() -> Iterator[None]:
    """No limits on how often: all tests come from one address. A test of the limit turns it on."""
    before, limiter.enabled = limiter.enabled, False
    yield
    limiter.enabled = before


@pytest.fixture
def service(sqlite_url: str) -> Iterator[Service]:
    """The interface on SQLite."""
    made = service_on(sqlite_url)
    yield made
    made.database.dispose()


@pytest.fixture
def both(database_url: str) -> Iterator[Service]:
    """The interface, once on SQLite and once on PostgreSQL."""
    made = service_on(database_url)
    yield made
    made.database.dispose()
