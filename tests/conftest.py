"""What every test run has: the application's fixtures, and one loud line for each kind of test that could not run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter
from xdist.remote import Producer

from tests.apps import app, app_settings  # noqa: F401
from tests.browser.sampling import ROTATES, sampled, seed
from tests.scheduling import ByFile
from web import speaking

BROWSER = Path(__file__).parent / "browser"


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


def _taken(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Those of the tests that a run of this day takes: one of so many of each module whose tests rotate."""
    rotating: dict[tuple[object, int], list[pytest.Item]] = {}
    for item in items:
        mark = item.get_closest_marker(ROTATES)
        if mark is None:
            yield item
        else:
            rotating.setdefault((item.path, mark.args[0]), []).append(item)
    for (_module, share), several in rotating.items():
        yield from sampled(several, share) or several[:1]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with what needs a browser, which takes longest; of some tests a quick run takes a part only."""
    rest = set() if config.getoption("keyword") else set(items) - set(_taken(items))
    config.hook.pytest_deselected(items=[item for item in items if item in rest])
    items[:] = sorted((i for i in items if i not in rest), key=lambda item: BROWSER not in item.path.parents)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Tests of one file run on one worker."""
    return ByFile(config, log)
