"""What every test run has: the application's fixtures, and one loud line for each kind of test that could not run."""

from collections.abc import Iterator

import pytest
from _pytest.terminal import TerminalReporter

from tests.apps import app, app_settings  # noqa: F401
from tests.browser.sampling import seed
from web import speaking


@pytest.fixture(scope="session", autouse=True)
def _no_synthesiser_is_left() -> Iterator[None]:
    """End the process that speaks for the applications of this run."""
    yield
    if speaking._speaker.cache_info().currsize:
        speaking._speaker(None).close()


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


def pytest_report_header() -> str:
    """How to repeat this run's sample of pages."""
    return f"pages looked at in the browser: PAGES_SEED={seed()}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests that need Chromium on one worker, unless they say which: they share a browser."""
    if not config.pluginmanager.hasplugin("xdist"):
        return
    for item in items:
        if item.get_closest_marker("browser") and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group("browser"))
