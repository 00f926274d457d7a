"""Requests to registered addresses: where they may go, and how much is read."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from credit_bank.errors import InvalidInput, Unavailable
from tests.web.lti_peers import Peer
from web.connections import fetching


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A server on this machine."""
    made = Peer()
    yield made
    made.close()


def test_a_private_address_is_asked_only_where_the_operator_says_so(peer: Peer) -> None:
    assert fetching.request("GET", f"{peer.origin}/jwks", private=True)[0] == 200
    with pytest.raises(InvalidInput, match=r"lti\.address"):
        fetching.request("GET", f"{peer.origin}/jwks", private=False)
    assert len(peer.asked) == 1


PRIVATE = ("127.0.0.1", "10.1.2.3", "192.168.0.9", "169.254.169.254", "100.64.0.1", "0.0.0.0")
PRIVATE_6 = ("::1", "fd00::1", "::ffff:10.0.0.1")


@pytest.mark.parametrize("address", PRIVATE + PRIVATE_6)
def test_no_name_may_lead_to_a_private_address(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    def resolve(_host: str, port: int, **_more: object) -> list[tuple[object, ...]]:
        return [(2, 1, 6, "", ("93.184.216.34", port)), (2, 1, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(InvalidInput, match=r"lti\.private_address"):
        fetching.request("GET", "https://looks.example/jwks", private=False)


def test_no_redirect_is_followed_and_a_long_answer_is_not_read(peer: Peer) -> None:
    peer.status = 302
    assert fetching.request("GET", f"{peer.origin}/a", private=True)[0] == 302
    assert peer.asked == ["/a"]
    peer.status, peer.body = 200, b"x" * (fetching.LARGEST + 1)
    with pytest.raises(Unavailable, match="too_large"):
        fetching.request("GET", f"{peer.origin}/a", private=True)


def test_what_does_not_answer_is_named(peer: Peer) -> None:
    origin = peer.origin
    peer.close()
    with pytest.raises(Unavailable, match="unreachable"):
        fetching.request("GET", f"{origin}/a", private=True)


def certificate(folder: Path) -> Path:
    """A key and a certificate of its own for the name localhost, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "localhost.pem"
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_a_certificate_must_be_trusted_and_be_for_that_name(
    peer: Peer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    peer.server.socket = context.wrap_socket(peer.server.socket, server_side=True)
    port = peer.server.server_address[1]
    with pytest.raises(Unavailable, match="unreachable"):
        fetching.request("GET", f"https://localhost:{port}/jwks", private=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with pytest.raises(Unavailable, match="unreachable"):
        fetching.request("GET", f"https://127.0.0.1:{port}/jwks", private=True)
    with pytest.raises(InvalidInput, match=r"lti\.private_address"):
        fetching.request("GET", f"https://localhost:{port}/jwks", private=False)
    assert fetching.request("GET", f"https://localhost:{port}/jwks", private=True)[0] == 200
