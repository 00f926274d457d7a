"""Requests to the addresses that an administrator registered: HTTPS, to the very address that was looked at, in limits.

No redirect is followed. A name that resolves to a private, local or reserved address is refused, unless the operator
allows such addresses (``EVERGREEN_CONNECT_PRIVATE``, for closed networks); plain HTTP is possible only there.
"""

import ipaddress
import socket
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

import urllib3
from urllib3.exceptions import HTTPError

from credit_bank.errors import InvalidInput, Unavailable
from web.deadline import Deadline

TIMEOUT = urllib3.Timeout(connect=3, read=5)
LONGEST_SECONDS = 10.0
LARGEST = 256 * 1024


def check_address(url: str, *, private: bool) -> SplitResult:
    """An address in its parts. Raises InvalidInput ``lti.address`` for one that may not be asked."""
    parts = urlsplit(url)
    try:
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        port_is_good = False
    plain = parts.scheme == "http" and private
    if (
        (parts.scheme != "https" and not plain)
        or not parts.hostname
        or parts.username is not None
        or parts.fragment
        or any(c in parts.netloc for c in ";,'\"")
        or not port_is_good
        or any(ord(c) <= 0x20 or ord(c) > 0x7E for c in url)
    ):
        raise InvalidInput("lti.address", address=url[:200])
    return parts


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _resolve(parts: SplitResult, *, private: bool) -> str:
    """The address to connect to. Every address that the name has must be allowed, so that none can be picked later."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise Unavailable("lti.unreachable", host=parts.hostname or "") from error
    addresses = [ipaddress.ip_address(str(text).partition("%")[0]) for text in found]
    public = all(a.is_global and not a.is_multicast for a in addresses)
    if not addresses or (not public and not private):
        raise InvalidInput("lti.private_address", host=parts.hostname or "")
    if public and parts.scheme != "https":
        raise InvalidInput("lti.address", address=parts.geturl()[:200])
    return str(addresses[0])


def request(
    method: str,
    url: str,
    *,
    private: bool,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    largest: int = LARGEST,
) -> tuple[int, bytes]:
    """The status and body of an answer of at most ``largest`` bytes.

    Raises InvalidInput ``lti.address`` or ``lti.private_address``; Unavailable ``lti.unreachable`` or
    ``lti.answer_too_large``.
    """
    parts = check_address(url, private=private)
    host = parts.hostname or ""
    address = _resolve(parts, private=private)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    given = {"Host": parts.netloc, "Accept": "application/json", "User-Agent": "Evergreen", **(headers or {})}
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address, parts.port or 443, server_hostname=host, assert_hostname=host, timeout=TIMEOUT, retries=False
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, parts.port or 80, timeout=TIMEOUT, retries=False)
    with pool, Deadline(pool, LONGEST_SECONDS) as watch:
        try:
            answer = pool.urlopen(
                method, target, body=body, headers=given, redirect=False, preload_content=False, decode_content=False
            )
            content = answer.read(largest + 1)
            answer.release_conn()
        except (HTTPError, OSError) as error:
            raise Unavailable("lti.unreachable", host=host) from error
    if watch.passed:  # what was cut off may look like a short answer
        raise Unavailable("lti.unreachable", host=host)
    if len(content) > largest:
        raise Unavailable("lti.answer_too_large", host=host)
    return answer.status, content
