"""Publishing in the background: a checkpoint within moments of each commit.

One thread a process waits for commits that touched a log. Publishing is safe to run twice and from several processes,
since the log's row is locked and a checkpoint's size is its key; what a crash leaves unpublished, the next start finds.
"""

import threading
from typing import Any

import structlog

from credit_bank import publishing
from credit_bank.bank import Bank
from web.database import Database

logger = structlog.get_logger()


class Publisher:
    """Signs the checkpoints that commits made due, after ``delay`` seconds, so that a burst shares one."""

    def __init__(self, db: Database, bank: Bank, delay: float) -> None:
        self._db, self._bank, self._delay = db, bank, delay
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, with whatever an earlier process left unpublished."""
        self._db.after_commit.append(self._touched)
        self._due.set()
        self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the publishing under way."""
        self._stopping.set()
        self._due.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def _touched(self, _logs: frozenset[Any]) -> None:
        self._due.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._due.wait()
            if self._stopping.wait(self._delay):
                return
            self._due.clear()
            try:
                publish_now(self._db, self._bank)
            except Exception:
                # Receipts stay "pending", which verification says; the next commit or start tries again.
                logger.exception("publishing failed")


def publish_now(db: Database, bank: Bank) -> int:
    """Publish every log that has grown, in a transaction of its own; how many there were."""
    with db.reading() as session:
        if not publishing.due(session):
            return 0
    with db.writing() as session:
        return publishing.publish_all(session, bank)
