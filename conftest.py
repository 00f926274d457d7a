"""Fixtures that tests of every package share."""

pytest_plugins = ["tests.banks", "tests.databases"]
