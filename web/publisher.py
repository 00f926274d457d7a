"""Publishing in the background: a checkpoint within moments of each commit.

One thread a process waits for commits that touched a log. Publishing is safe to run twice and from several processes,
since the log's row is locked and a checkpoint's size is its key; what a crash leaves unpublished, the next start finds.
"""

import threading
from typing import Any

import structlog

from credit_bank import publishing
from credit_bank.bank import Bank
from credit_bank.errors import CreditBankError
from web.database import Database

logger = structlog.get_logger()

LONGEST_PAUSE = 60.0


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
        failures = 0
        while not self._stopping.is_set():
            self._due.wait(_pause(failures) if failures else None)
            if self._stopping.wait(self._delay):
                return
            self._due.clear()
            try:
                publish_now(self._db, self._bank)
                failures = 0
            except Exception:
                # Receipts stay "pending", which verification says, until a later try succeeds.
                failures += 1
                logger.exception("publishing failed", failures=failures)


def _pause(failures: int) -> float:
    """Seconds until the next try after so many failed ones: 1, 2, 4 … at most a minute."""
    return min(2.0 ** (failures - 1), LONGEST_PAUSE)


def publish_now(db: Database, bank: Bank) -> int:
    """Publish every log that has grown, each in a transaction of its own; how many there were.

    One that cannot be published holds no other up; the first such error is raised once all were tried.
    """
    with db.reading() as session:
        due = publishing.due(session)
    published, problem = 0, None
    for institution_id in due:
        try:
            with db.writing() as session:
                published += publishing.publish(session, bank, institution_id) is not None
        except CreditBankError as error:
            problem = problem or error
    if problem is not None:
        raise problem
    return published
