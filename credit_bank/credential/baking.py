"""A credential inside a PNG picture: the iTXt chunk ``openbadgecredential`` (Open Badges 3.0 §5.3.1)."""

import struct
import zlib
from collections.abc import Iterator

from credit_bank.credential.parse import MAX_BYTES
from credit_bank.errors import InvalidInput

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
MAX_PICTURE = 10_000_000


def bake(picture: bytes, credential: bytes) -> bytes:
    """The picture with the credential (JSON as UTF-8) in it, in place of one that it may hold.

    Raises InvalidInput ``baking.not_png``, ``.picture_too_large`` (10 MB), ``.credential_too_large`` (1 MB) or
    ``.damaged``.
    """
    if len(credential) > MAX_BYTES:
        raise InvalidInput("baking.credential_too_large", limit=MAX_BYTES)
    parts = [SIGNATURE]
    for kind, data in _chunks(picture):
        if not _holds_credential(kind, data):
            parts.append(_chunk(kind, data))
        if kind == b"IHDR":
            # Keyword, no compression (flag and method 0), no language, no translated keyword (PNG §11.3.3.4).
            parts.append(_chunk(b"iTXt", KEYWORD + b"\0\0\0\0\0" + credential))
    return b"".join(parts)


def extract(picture: bytes) -> bytes:
    """The credential in a picture, as bytes not yet parsed.

    Raises InvalidInput ``baking.none``, ``.several``, ``.compressed`` (the standard forbids it) or as ``bake``.
    """
    found = [data for kind, data in _chunks(picture) if _holds_credential(kind, data)]
    if not found:
        raise InvalidInput("baking.none")
    if len(found) > 1:
        raise InvalidInput("baking.several")
    rest = found[0][len(KEYWORD) + 1 :]
    if rest[:2] != b"\0\0":
        raise InvalidInput("baking.compressed")
    fields = rest[2:].split(b"\0", 2)
    if len(fields) != 3:
        raise InvalidInput("baking.damaged")
    if len(fields[2]) > MAX_BYTES:
        raise InvalidInput("baking.credential_too_large", limit=MAX_BYTES)
    return fields[2]


def is_png(data: bytes) -> bool:
    """Whether these bytes begin as a PNG picture does."""
    return data.startswith(SIGNATURE)


def _holds_credential(kind: bytes, data: bytes) -> bool:
    return kind == b"iTXt" and data.startswith(KEYWORD + b"\0")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(picture: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The picture's chunks up to IEND, each with its checksum checked."""
    if not is_png(picture):
        raise InvalidInput("baking.not_png")
    if len(picture) > MAX_PICTURE:
        raise InvalidInput("baking.picture_too_large", limit=MAX_PICTURE)
    position, first = len(SIGNATURE), True
    while True:
        head = picture[position : position + 8]
        if len(head) < 8:
            raise InvalidInput("baking.damaged")
        length, kind = struct.unpack(">I4s", head)
        end = position + 8 + length
        data, checksum = picture[position + 8 : end], picture[end : end + 4]
        if len(checksum) < 4 or zlib.crc32(kind + data) != struct.unpack(">I", checksum)[0]:
            raise InvalidInput("baking.damaged")
        if first and kind != b"IHDR":
            raise InvalidInput("baking.damaged")
        yield kind, data
        if kind == b"IEND":
            return
        position, first = end + 4, False
