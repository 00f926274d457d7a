"""The other side of LTI, as real HTTP servers on this machine: a platform, and a tool, each with its own keys."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
DEEP = "https://purl.imsglobal.org/spec/lti-dl/claim/"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
_KEYS = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]


class Peer:
    """A server that shows its keys, gives out a token and keeps what is posted to it."""

    def __init__(self) -> None:
        self.key, self.other_key = _KEYS
        self.posted: list[tuple[str, dict[str, str], bytes]] = []
        self.asked: list[str] = []
        self.status = 200
        self.body: bytes | None = None
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                peer.asked.append(self.path)
                self._answer(peer.body if peer.body is not None else json.dumps({"keys": [peer.jwk()]}).encode())

            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                peer.posted.append((self.path, dict(self.headers), content))
                self._answer(json.dumps({"access_token": "t0ken", "expires_in": 3600}).encode())

            def _answer(self, content: bytes) -> None:
                self.send_response(peer.status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_arguments: object) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def origin(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def jwk(self) -> dict[str, Any]:
        """Its public key."""
        return {**json.loads(RSAAlgorithm.to_jwk(self.key.public_key())), "kid": "k1", "alg": "RS256", "use": "sig"}

    def sign(self, claims: dict[str, Any], **changes: Any) -> str:
        """A token; a claim that is None is left out. ``key``, ``alg`` and ``kid`` may be others."""
        now = datetime.now(UTC)
        whole = {"iat": now, "exp": now + timedelta(minutes=5), **claims}
        kept = {name: value for name, value in whole.items() if value is not None}
        key = changes.get("key", self.key)
        return jwt.encode(kept, key, changes.get("alg", "RS256"), headers={"kid": changes.get("kid", "k1")})

    def close(self) -> None:
        """Stop answering."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


def launch_claims(platform: Peer, nonce: str, site: str, **changes: Any) -> dict[str, Any]:
    """The claims of a good launch from a platform."""
    return {
        "iss": platform.origin,
        "aud": "client-7",
        "sub": "user-17",
        "nonce": nonce,
        CLAIM + "deployment_id": "d1",
        CLAIM + "message_type": "LtiResourceLinkRequest",
        CLAIM + "version": "1.3.0",
        CLAIM + "target_link_uri": f"{site}/library",
        CLAIM + "resource_link": {"id": "r1", "title": "第三周"},
        AGS: {"scope": [SCORE], "lineitem": f"{platform.origin}/items/3"},
        **changes,
    }


def assertion_claims(client_id: str, audience: str, **changes: Any) -> dict[str, Any]:
    """The claims of a tool's assertion to our token endpoint."""
    return {"iss": client_id, "sub": client_id, "aud": audience, "jti": str(uuid4()), **changes}


def query_of(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
