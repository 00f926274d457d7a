"""Checkpoints: the log's size and root, signed (C2SP tlog-checkpoint on C2SP signed-note, Ed25519)."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from credit_bank.errors import InvalidInput
from credit_bank.log.merkle import HASH_LENGTH, MAX_SIZE

MAX_NOTE = 16_384
MAX_SIGNATURES = 32

_ORIGIN = re.compile(r"[!-*,-~]{1,200}\Z", re.ASCII)  # printable, without spaces or plus (C2SP signed-note, key names)
_SIZE = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z", re.ASCII)
_SIGNATURE_LINE = re.compile(r"— ([^ +]+) ([A-Za-z0-9+/=]+)\Z")
_ED25519 = b"\x01"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: its name (``origin``), how many leaves it has, and their root hash (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The note's text: three lines, without signatures."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"


def key_id(name: str, key: Ed25519PublicKey) -> bytes:
    """The four bytes that name a key on a signature line (C2SP signed-note, Ed25519)."""
    return hashlib.sha256(name.encode("utf-8") + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:4]


def sign_checkpoint(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """The checkpoint as a signed note; the key's name is the origin. Raises InvalidInput ``checkpoint.malformed``."""
    _require_sound(checkpoint)
    body = checkpoint.text()
    signature = key_id(checkpoint.origin, key.public_key()) + key.sign(body.encode("utf-8"))
    return f"{body}\n— {checkpoint.origin} {base64.b64encode(signature).decode('ascii')}\n"


def parse_checkpoint(note: str) -> Checkpoint:
    """What a note says, before anyone has checked its signatures. Raises InvalidInput ``checkpoint.malformed``."""
    return _split(note)[0]


def verify_checkpoint(note: str, origin: str, key: Ed25519PublicKey) -> Checkpoint:
    """The checkpoint of a note that this key signed for this log; signatures by unknown keys are passed over.

    Raises InvalidInput ``checkpoint.malformed``, ``checkpoint.origin_mismatch``, ``checkpoint.key_absent`` (no
    signature by this key) or ``checkpoint.signature_mismatch``.
    """
    checkpoint, signatures = _split(note)
    if checkpoint.origin != origin:
        raise InvalidInput("checkpoint.origin_mismatch", origin=checkpoint.origin, expected=origin)
    wanted = key_id(origin, key)
    mine = [raw[4:] for name, raw in signatures if name == origin and raw[:4] == wanted]
    if not mine:
        raise InvalidInput("checkpoint.key_absent", origin=origin)
    for signature in mine:
        try:
            key.verify(signature, checkpoint.text().encode("utf-8"))
        except InvalidSignature:
            raise InvalidInput("checkpoint.signature_mismatch", origin=origin) from None
    return checkpoint


def _require_sound(checkpoint: Checkpoint) -> None:
    sound = _ORIGIN.match(checkpoint.origin) and 0 <= checkpoint.size < MAX_SIZE and len(checkpoint.root) == HASH_LENGTH
    if not sound:
        raise InvalidInput("checkpoint.malformed")


def _split(note: str) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    if len(note) > MAX_NOTE:
        raise InvalidInput("checkpoint.malformed")
    body, gap, tail = note.partition("\n\n")
    lines = body.split("\n")
    if not gap or len(lines) != 3 or not tail.endswith("\n") or not _SIZE.match(lines[1]):
        raise InvalidInput("checkpoint.malformed")
    checkpoint = Checkpoint(lines[0], int(lines[1]), _base64(lines[2]))
    _require_sound(checkpoint)
    signatures: list[tuple[str, bytes]] = []
    for line in tail[:-1].split("\n"):
        match = _SIGNATURE_LINE.match(line)
        if match is None or len(signatures) >= MAX_SIGNATURES:
            raise InvalidInput("checkpoint.malformed")
        raw = _base64(match[2])
        if len(raw) < 5:
            raise InvalidInput("checkpoint.malformed")
        signatures.append((match[1], raw))
    return checkpoint, signatures


def _base64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput("checkpoint.malformed") from None
    if base64.b64encode(raw).decode("ascii") != text:  # one spelling only
        raise InvalidInput("checkpoint.malformed")
    return raw
