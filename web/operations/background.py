"""Work that takes longer than a person should wait for a page: one thread, one thing after another.

What it leaves behind is in the database (a staged file is consumed in the import's own transaction), so that a crash
loses the work under way and nothing else, and doing it again is safe. How far it has come is known in memory only.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from uuid import UUID

import structlog

logger = structlog.get_logger()
Progress = Callable[[int, int], None]


class Background:
    """Carries out long work and knows how far each piece has come."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="background")
        self._progress: dict[UUID, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def start(self, piece: UUID, work: Callable[[Progress], None]) -> Future[None]:
        """Queue a piece of work. It must note its own failures; one that it does not is logged."""

        def note(done: int, total: int) -> None:
            with self._lock:
                self._progress[piece] = done, total

        def run() -> None:
            try:
                work(note)
            except Exception:
                logger.exception("background work failed", piece=str(piece))
            finally:
                with self._lock:
                    self._progress.pop(piece, None)

        note(0, 0)
        return self._pool.submit(run)

    def progress(self, piece: UUID) -> tuple[int, int] | None:
        """How many of how many are done; None for work that this process does not know (any more)."""
        with self._lock:
            return self._progress.get(piece)
