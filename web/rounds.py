"""Work that is done again and again in the background: telling webhooks, and what the clock asks for.

One thread a process for each; several processes share the work by leases in the database. What a crash interrupts is
done by whoever comes next.
"""

import threading
from collections.abc import Callable

import structlog

logger = structlog.get_logger()


class Rounds:
    """Calls ``work`` every ``pause`` seconds; what it raises is logged, and the next round comes all the same."""

    def __init__(self, name: str, pause: float, work: Callable[[], object]) -> None:
        self._name, self._pause, self._work = name, pause, work
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, with the first round after a pause."""
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the round under way."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=15)

    def _run(self) -> None:
        while not self._stopping.wait(self._pause):
            try:
                self._work()
            except Exception:
                logger.exception("a round failed", work=self._name)
