"""Telling in the background: the addresses of institutions' programs learn of decisions within a minute or so.

One thread a process; several processes share the addresses by leases in the database. What a crash interrupts is told
again by whoever comes next.
"""

import threading

import structlog

from credit_bank.bank import Bank
from web.connections import webhooks
from web.database import Database

logger = structlog.get_logger()

PAUSE = 15.0


class Notifier:
    """Tells what is due, again and again."""

    def __init__(self, db: Database, bank: Bank, *, private: bool) -> None:
        self._db, self._bank, self._private = db, bank, private
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="notifier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the request under way."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=15)

    def _run(self) -> None:
        while not self._stopping.wait(PAUSE):
            try:
                webhooks.tell_due(self._db, self._bank, private=self._private)
            except Exception:
                logger.exception("telling webhooks failed")
