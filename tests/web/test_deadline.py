"""A request to elsewhere ends in time, however slowly the other side sends."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from credit_bank.errors import Unavailable
from web.connections import fetching
from web.operations.model_endpoint import Endpoint, ModelFault, complete

SLOWLY = {
    "head": b"HTTP/1.1 200 OK\r\nX-Long: ",
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n",
    "last": b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9000\r\n\r\n",
    "chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n",
}


@contextmanager
def dripping(begin: bytes) -> Iterator[int]:
    """A server that begins an answer and goes on with a byte every tenth of a second; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError), server.accept()[0] as there:
                there.recv(65536)
                there.sendall(begin)
                for _ in range(100):
                    there.sendall(b"a")
                    time.sleep(0.1)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
    thread.join()


@pytest.mark.parametrize("begin", SLOWLY.values(), ids=SLOWLY)
def test_a_model_that_drips_is_too_slow(begin: bytes) -> None:
    began = time.monotonic()
    with dripping(begin) as port, pytest.raises(ModelFault, match="too_slow"):
        complete(Endpoint(f"http://127.0.0.1:{port}/v1", "示例模型", timeout_seconds=0.5), [])
    assert time.monotonic() - began < 5


def test_a_registered_address_that_drips_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "LONGEST_SECONDS", 0.5)
    began = time.monotonic()
    with dripping(SLOWLY["body"]) as port, pytest.raises(Unavailable, match=r"lti\.unreachable"):
        fetching.request("GET", f"http://127.0.0.1:{port}/jwks", private=True)
    assert time.monotonic() - began < 5
