"""What every test run has: the application's fixtures, and one loud line for each kind of test that could not run."""

import pytest
from _pytest.terminal import TerminalReporter

from tests.apps import app, app_settings  # noqa: F401


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Say loudly what was not run, and how many tests that were."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        if reason.startswith("NOT RUN"):
            reasons[reason] = reasons.get(reason, 0) + 1
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{reason} — {count} tests", red=True, bold=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests that need Chromium on one worker: they share a browser."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
