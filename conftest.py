"""Fixtures that tests of every package share."""

import os
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no fault of the program's: no test fails for the time that it takes.
settings.register_profile("evergreen", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("evergreen")

pytest_plugins = ["tests.banks", "tests.databases"]


def _forget_settings() -> None:
    for name in [n for n in os.environ if n.startswith("EVERGREEN_")]:
        del os.environ[name]


def pytest_configure() -> None:
    """Keep the settings of whoever runs the tests out of them."""
    _forget_settings()


@pytest.fixture(autouse=True)
def _settings_of_its_own() -> Iterator[None]:
    """Keep what one test puts into the environment (as ``serve`` does for its workers) out of the next."""
    yield
    _forget_settings()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without ``FULL=1``, take a quarter of the tests of pages to PostgreSQL; the ledger's and marked ones always."""
    if os.environ.get("FULL"):
        return

    def left_out(item: pytest.Item) -> bool:
        fixtures = getattr(item, "fixturenames", ())
        on_postgresql = "app_settings" in fixtures and item.get_closest_marker("postgresql") is not None
        always = item.get_closest_marker("both_databases") is not None
        return on_postgresql and not always and zlib.crc32(item.nodeid.encode()) % 4 != 0

    config.hook.pytest_deselected(items=[i for i in items if left_out(i)])
    items[:] = [i for i in items if not left_out(i)]
