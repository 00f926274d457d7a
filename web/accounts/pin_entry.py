"""A PIN that is entered piece by piece, on a pad or by counting taps, and what was entered so far, sealed.

Between two pages the pieces travel in a cookie under AES-GCM (AAD: the cookie's purpose): nothing is kept here, nothing
stands in an address, and every sealed entry is equally long, so that its length counts no digits. The moment until
which it holds is inside. Whether the PIN is right is asked of ``signing_in`` alone, with all its limits.
"""

import base64
import json
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from web.accounts.secret_rules import PIN_DIGITS

Way = Literal["pad", "dots"]
HOLDS_FOR = timedelta(minutes=20)
"""After the last press; as long as a session on a shared device may rest."""
MOST_DIGITS = PIN_DIGITS.stop - 1
MOST_TAPS = 9
LONGEST_WISH = 300
_PURPOSE = b"card sign-in"
_NONCE, _SIZE = 12, 768  # bytes; no entry is longer than _SIZE


@dataclass(frozen=True, slots=True)
class Entry:
    """Who signs in and what was entered so far; ``taps`` are those of the digit that is being counted.

    ``last`` is the button that was pressed last, for the focus; never one of the digits.
    """

    number: str
    way: Way = "pad"
    digits: str = ""
    taps: int = 0
    shared: bool = False
    wish: str = ""
    last: str = ""


def press(entry: Entry, act: str) -> Entry:
    """The entry after a button: a digit, ``tap``, ``next``, ``delete``, ``pad`` or ``dots``; any other changes nothing.

    A tenth tap begins the digit anew. Changing the way begins the PIN anew.
    """
    if act in ("pad", "dots"):
        return replace(entry, way="dots" if act == "dots" else "pad", digits="", taps=0, last="")
    if act == "delete":
        if entry.taps:
            return replace(entry, taps=0, last=act)
        return replace(entry, digits=entry.digits[:-1], last=act)
    full = len(entry.digits) >= MOST_DIGITS
    if entry.way == "pad" and len(act) == 1 and act in "0123456789":
        return entry if full else replace(entry, digits=entry.digits + act, last="")
    if entry.way == "dots" and act == "tap" and not full:
        return replace(entry, taps=(entry.taps + 1) % (MOST_TAPS + 1), last=act)
    if entry.way == "dots" and act == "next" and not full:
        return replace(entry, digits=entry.digits + str(entry.taps), taps=0, last=act)
    return entry


def finished(entry: Entry, more: str = "") -> str:
    """The whole PIN: what was entered here, ``more`` from the page's script, and a digit that is still being tapped."""
    typed = "".join(c for c in more if c in "0123456789")[: MOST_DIGITS + 1]
    return entry.digits + typed + (str(entry.taps) if entry.taps else "")


@dataclass(frozen=True, slots=True)
class EntrySealer:
    """Seals and opens entries under one key."""

    key: bytes

    @classmethod
    def of(cls, session_key: bytes) -> "EntrySealer":
        """The sealer whose key is derived from another (HKDF-SHA-256, RFC 5869)."""
        return cls(HKDF(algorithm=SHA256(), length=32, salt=None, info=b"evergreen pin entry").derive(session_key))

    def seal(self, entry: Entry, now: datetime) -> str:
        """The entry as a cookie's value, of one length whatever was entered."""
        until = int((now + HOLDS_FOR).timestamp())
        wish = entry.wish if len(entry.wish.encode()) <= LONGEST_WISH else ""
        row = [until, entry.number, entry.way, entry.digits, entry.taps, entry.shared, wish, entry.last]
        body = json.dumps(row, ensure_ascii=False).encode().ljust(_SIZE)
        nonce = secrets.token_bytes(_NONCE)
        return base64.urlsafe_b64encode(nonce + AESGCM(self.key).encrypt(nonce, body, _PURPOSE)).decode().rstrip("=")

    def open(self, sealed: str, now: datetime) -> Entry | None:
        """The entry; None for what is not ours or holds no longer."""
        try:
            data = base64.urlsafe_b64decode(sealed[:2_000] + "=" * (-len(sealed) % 4))
            body = AESGCM(self.key).decrypt(data[:_NONCE], data[_NONCE:], _PURPOSE)
        except (ValueError, InvalidTag):
            return None
        until, number, way, digits, taps, shared, wish, last = json.loads(body)
        return Entry(number, way, digits, taps, shared, wish, last) if now.timestamp() < until else None
