"""Keeping time in the background: what the clock asks for is done within minutes, without anybody pressing a button.

One thread a process; several processes share the work by leases in the database. What a crash interrupts is done by
whoever looks next.
"""

import threading

import structlog

from credit_bank.bank import Bank
from web.database import Database
from web.workflows import clock_work
from web.workflows.clock_work import Place

logger = structlog.get_logger()

PAUSE = 60.0


class Timekeeper:
    """Looks every minute what is due."""

    def __init__(self, db: Database, bank: Bank, *, private: bool) -> None:
        self._place = Place(db, bank, private)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="timekeeper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the work under way."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=15)

    def _run(self) -> None:
        while not self._stopping.wait(PAUSE):
            try:
                clock_work.do_due(self._place)
            except Exception:
                logger.exception("the clock's work failed")
