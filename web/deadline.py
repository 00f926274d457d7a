"""A time by which a request to elsewhere has ended, however slowly the other side sends.

The timeouts of sockets begin anew with each byte, so that one byte every few seconds keeps a request going for hours.
"""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any

import urllib3

_AGAIN = 0.1


class Deadline:
    """Cuts the connections of a pool when so many seconds are over; ``passed`` says that it did."""

    def __init__(self, pool: urllib3.HTTPConnectionPool, seconds: float) -> None:
        self.passed = False
        self._seconds = seconds
        self._ended = threading.Event()
        self._sockets: list[socket.socket] = []
        self._made: Any = pool.ConnectionCls
        pool.ConnectionCls = self._connection  # type: ignore[assignment] # called like a class

    def __enter__(self) -> "Deadline":
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._ended.set()

    def _connection(self, *args: Any, **options: Any) -> Any:
        made = self._made(*args, **options)
        connect = made.connect

        def connect_and_remember() -> None:
            connect()
            self._sockets.append(made.sock)  # a connection forgets its socket before the answer is read

        made.connect = connect_and_remember
        return made

    def _watch(self) -> None:
        if self._ended.wait(self._seconds):
            return
        self.passed = True
        while not self._ended.wait(_AGAIN):  # again, for one that is still being made
            for one in list(self._sockets):
                with suppress(OSError):
                    socket.socket.shutdown(one, socket.SHUT_RDWR)  # not TLS's own, which would first say goodbye
