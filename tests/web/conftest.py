"""Fixtures for tests of pages."""

import pytest
from flask import Flask

from tests.web.client import ClientRequest


@pytest.fixture
def client_request(app: Flask) -> ClientRequest:
    """Fetches pages of the test's application and checks each one; see tests/web/client.py."""
    return ClientRequest(app)
