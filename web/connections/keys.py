"""Keys of LTI: our own, sealed at rest and shown as a JWKS; those of others, fetched from where they are registered."""

import json
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from sqlmodel import Session, col, select

from credit_bank.bank import Bank
from credit_bank.errors import InvalidInput, Unavailable
from credit_bank.key.keyring import open_sealed, seal
from credit_bank.store.types import new_id
from web.connections import fetching
from web.connections.tables import LtiKey

BITS = 3072
KEPT_SECONDS = 600
RETRY_SECONDS = 30
_PLACE = b"lti-key:"


@dataclass(frozen=True, slots=True)
class OwnKey:
    """Our signing key and its id."""

    kid: str
    private: rsa.RSAPrivateKey


def own_key(session: Session, bank: Bank, now: datetime) -> OwnKey:
    """The newest key of our own; makes the first. The session must be one that may write, unless there is a key."""
    row = session.exec(select(LtiKey).order_by(col(LtiKey.made_at).desc(), col(LtiKey.id).desc())).first()
    if row is None:
        private = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
        der = private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        key_id = new_id()
        sealed = seal(der, bank.kek, _PLACE + key_id.bytes, nonce=bank.random_bytes(12))
        row = LtiKey(id=key_id, sealed=sealed, made_at=now)
        session.add(row)
        session.flush()
    found = serialization.load_der_private_key(open_sealed(row.sealed, bank.kek, _PLACE + row.id.bytes), None)
    assert isinstance(found, rsa.RSAPrivateKey)
    return OwnKey(str(row.id), found)


def own_jwks(session: Session, bank: Bank) -> dict[str, Any]:
    """Our public keys as a JWKS (RFC 7517); none before the first registration."""
    keys = []
    for row in session.exec(select(LtiKey).order_by(col(LtiKey.made_at))):
        private = serialization.load_der_private_key(open_sealed(row.sealed, bank.kek, _PLACE + row.id.bytes), None)
        assert isinstance(private, rsa.RSAPrivateKey)
        public = json.loads(RSAAlgorithm.to_jwk(private.public_key()))
        public.pop("key_ops", None)
        keys.append({**public, "kid": str(row.id), "alg": "RS256", "use": "sig"})
    return {"keys": keys}


class KeySets:
    """The public keys of others by the address of their set, kept for ten minutes.

    A key id that is not in it has the set fetched anew, at most every half minute.
    """

    def __init__(self, *, private: bool) -> None:
        self._private = private
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, dict[str, jwt.PyJWK]]] = {}

    def key(self, url: str, kid: str) -> jwt.PyJWK:
        """A key. Raises InvalidInput ``lti.key_unknown``; Unavailable ``lti.keys_unreadable`` or as ``request``."""
        now = time.monotonic()
        with self._lock:
            at, found = self._kept.get(url, (float("-inf"), {}))
        if now - at > KEPT_SECONDS or (kid not in found and now - at > RETRY_SECONDS):
            found = self._fetch(url)
            with self._lock:
                self._kept[url] = (now, found)
        if kid not in found:
            raise InvalidInput("lti.key_unknown")
        return found[kid]

    def _fetch(self, url: str) -> dict[str, jwt.PyJWK]:
        status, content = fetching.request("GET", url, private=self._private)
        if status != 200:
            raise Unavailable("lti.keys_unreadable", status=status)
        try:
            listed = json.loads(content)["keys"]
            entries = [entry for entry in listed if isinstance(entry, dict) and entry.get("kty") == "RSA"]
        except (ValueError, KeyError, TypeError) as error:
            raise Unavailable("lti.keys_unreadable", status=status) from error
        found = {}
        for entry in entries[:50]:
            try:
                key = jwt.PyJWK({**entry, "alg": "RS256"})
            except (jwt.PyJWTError, ValueError):
                continue
            if isinstance(entry.get("kid"), str) and key.key.key_size >= 2048:
                found[entry["kid"]] = key
        return found
