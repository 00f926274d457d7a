"""A language model for tests: a real HTTP server that speaks the OpenAI-compatible protocol, well or badly."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class ModelServer:
    """Where it listens, what it was sent, and how it answers: ``answer`` gets the messages and gives the text."""

    url: str = ""
    answer: Callable[[list[dict[str, str]]], str] = lambda _messages: "不知道"
    fault: str | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)

    @property
    def sent(self) -> str:
        """Everything that reached it, as one text."""
        return json.dumps(self.requests, ensure_ascii=False)


def _respond(server: ModelServer, handler: BaseHTTPRequestHandler) -> None:
    body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
    server.requests.append(body)
    server.keys.append(handler.headers.get("Authorization"))
    status, payload = 200, b""
    if server.fault == "slow":
        time.sleep(3)
    if server.fault == "status":
        status = 500
    elif server.fault == "busy":
        status = 429
    elif server.fault == "not_json":
        payload = b"<html>"
    elif server.fault == "shape":
        payload = b'{"choices": []}'
    elif server.fault == "huge":
        payload = b'{"choices": [{"message": {"content": "' + b"a" * 400_000 + b'"}}]}'
    elif server.fault == "redirect":
        status = 307
    else:
        text = server.answer(body["messages"])
        said = {"choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]}
        payload = json.dumps(said, ensure_ascii=False).encode()
    handler.send_response(status)
    if server.fault == "redirect":
        handler.send_header("Location", f"{server.url}/elsewhere")
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(payload)))
    handler.end_headers()
    handler.wfile.write(payload)


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """A server on a free port of this machine, ended with the block."""
    state = ModelServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if self.path == "/v1/chat/completions":
                with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked may have gone
                    _respond(state, self)
            else:
                self.send_error(404)

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
