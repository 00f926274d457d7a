"""Fixtures that tests of every package share."""

import os
from collections.abc import Iterator

import pytest

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
