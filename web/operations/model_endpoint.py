"""Asking a language model over the OpenAI-compatible protocol (``POST {base}/chat/completions``), carefully.

The address is the one that an administrator registered, and no other: no redirect is followed and no proxy is used.
Unless it may leave the house, every address that its name stands for must be private, and the connection goes to the
very address that was looked at. What comes back is bounded in size and time, and is only ever text.
"""

import ipaddress
import json
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import urllib3

from web.deadline import Deadline

LARGEST_ANSWER = 256 * 1024
LONGEST_REPLY = 700
"""Tokens that a model may answer with."""

# This machine (RFC 1122, RFC 4291) and private networks (RFC 1918, RFC 4193).
_HOUSE = tuple(
    ipaddress.ip_network(network)
    for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)


class ModelFault(Exception):
    """The model did not answer as it should; ``code`` says how (docs/how-to/companion.md lists the codes)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where the model is. ``base_url`` ends before ``/chat/completions``."""

    base_url: str
    model: str
    key: str | None = None
    may_leave: bool = False
    timeout_seconds: float = 20.0


def addresses(endpoint: Endpoint) -> list[str]:
    """The numeric addresses of the endpoint.

    Raises ModelFault ``address_malformed``, ``unreachable``, ``not_local`` or ``not_encrypted``.
    """
    parts = urlsplit(endpoint.base_url)
    try:
        port = parts.port
    except ValueError:
        raise ModelFault("address_malformed") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ModelFault("address_malformed")
    try:
        found = socket.getaddrinfo(parts.hostname, port or _port(parts.scheme), type=socket.SOCK_STREAM)
    except OSError:
        raise ModelFault("unreachable") from None
    numeric = [str(entry[4][0]) for entry in found]
    if not endpoint.may_leave and not all(is_local(address) for address in numeric):
        raise ModelFault("not_local")
    if endpoint.may_leave and parts.scheme == "http" and not all(is_local(address) for address in numeric):
        raise ModelFault("not_encrypted")
    return numeric


def is_local(address: str) -> bool:
    """Whether a numeric address is this machine's or a private network's."""
    plain = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(plain, ipaddress.IPv6Address) and plain.ipv4_mapped is not None:
        plain = plain.ipv4_mapped
    return any(plain in network for network in _HOUSE)


def complete(endpoint: Endpoint, messages: Sequence[Mapping[str, str]]) -> str:
    """What the model answers. Raises ModelFault."""
    parts = urlsplit(endpoint.base_url)
    address = addresses(endpoint)[0]
    body = {
        "model": endpoint.model,
        "messages": [dict(message) for message in messages],
        "temperature": 0,
        "max_tokens": LONGEST_REPLY,
        "stream": False,
    }
    headers = {"Content-Type": "application/json", "Accept": "application/json", "Host": parts.netloc}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    path = f"{parts.path.rstrip('/')}/chat/completions"
    with _pool(parts.scheme, address, parts.port, parts.hostname or "", endpoint.timeout_seconds) as pool:
        return _text_of(_post(pool, path, json.dumps(body).encode(), headers, endpoint.timeout_seconds))


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _pool(scheme: str, address: str, port: int | None, name: str, seconds: float) -> urllib3.HTTPConnectionPool:
    timeout = urllib3.Timeout(connect=min(5.0, seconds), read=seconds)
    if scheme == "https":
        return urllib3.HTTPSConnectionPool(
            address, port or 443, timeout=timeout, retries=False, server_hostname=name, assert_hostname=name
        )
    return urllib3.HTTPConnectionPool(address, port or 80, timeout=timeout, retries=False)


def _post(pool: urllib3.HTTPConnectionPool, path: str, body: bytes, headers: dict[str, str], seconds: float) -> bytes:
    watch = Deadline(pool, seconds)
    try:
        with watch:
            held = _read(pool, path, body, headers)
    except urllib3.exceptions.NewConnectionError:
        raise ModelFault("unreachable") from None
    except urllib3.exceptions.TimeoutError:
        raise ModelFault("too_slow") from None
    except (urllib3.exceptions.HTTPError, OSError):
        raise ModelFault("too_slow" if watch.passed else "unreachable") from None
    if watch.passed:  # what was cut off may look like a short answer
        raise ModelFault("too_slow")
    return held


def _read(pool: urllib3.HTTPConnectionPool, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    response = pool.urlopen(
        "POST", path, body=body, headers=headers, redirect=False, preload_content=False, decode_content=True
    )
    try:
        if response.status != 200:
            raise ModelFault("busy" if response.status in (429, 503) else "refused")
        held = bytearray()
        for piece in response.stream(8192):
            held += piece
            if len(held) > LARGEST_ANSWER:
                raise ModelFault("too_large")
        return bytes(held)
    finally:
        response.close()


def _text_of(body: bytes) -> str:
    try:
        answer = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ModelFault("malformed") from None
    if not isinstance(answer, str) or not answer.strip():
        raise ModelFault("malformed")
    return answer
