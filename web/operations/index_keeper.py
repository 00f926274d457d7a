"""The companion's index, kept by every server: looked after when it starts, when it is missed, and every hour.

One thread a process, whose library stays the same until it ends. Whoever asks before the index is made is told so at
once and waits for nothing.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from adaptive import index_keeping
from adaptive.content.model import Library
from credit_bank.store.types import new_id
from web.database import Database

logger = structlog.get_logger()
SOON, LATER = 5.0, 3600.0
"""Seconds until the next look: while another process makes the index or after a failure, and when all is well."""


class IndexKeeper:
    """Sees that the index of the library that this process shows is there."""

    def __init__(self, db: Database, library: Callable[[], Library]) -> None:
        self._db, self._library = db, library
        self._due, self._stopping = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, with a look at once."""
        self._thread = threading.Thread(target=self._run, name="index-keeper", daemon=True)
        self._thread.start()

    def look(self) -> None:
        """Look now: somebody asked and there was no index."""
        self._due.set()

    def stop(self) -> None:
        """End after the transaction under way; an index half made is taken over by the next who looks."""
        self._stopping.set()
        self._due.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def keep(self) -> bool:
        """Do it now; False while another process is at it."""
        return index_keeping.keep(self._db.writing, self._library(), new_id(), lambda: datetime.now(UTC))

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._due.clear()
            try:
                pause = LATER if self.keep() else SOON
            except Exception:
                # The companion says that it is not ready; everything else works.
                pause = SOON
                logger.exception("the companion's index could not be made")
            self._due.wait(pause)
