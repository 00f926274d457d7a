"""An M4A as telephones record it, made by hand: AAC of one channel that is silent, so that no encoder is needed."""

import struct

RATE, FRAME = 16_000, 1024
# One raw_data_block of ISO/IEC 14496-3 (4.4.2.1): a single channel without scale factor bands, then the end.
_SILENT = b"\x00\x00\x00\x07"
_MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def box(kind: bytes, *parts: bytes) -> bytes:
    """A box of ISO/IEC 14496-12."""
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _full(kind: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def _described(codec: bytes) -> bytes:
    config = b"\x05\x02\x14\x08"  # AAC-LC, 16 kHz, one channel
    decoder = b"\x04" + bytes([13 + len(config)]) + b"\x40\x15" + bytes(11) + config
    esds = _full(b"esds", b"\x03" + bytes([3 + len(decoder) + 3]) + bytes(3) + decoder + b"\x06\x01\x02")
    entry = struct.pack(">6xH8xHHHHI", 1, 1, 16, 0, 0, RATE << 16)
    return _full(b"stsd", struct.pack(">I", 1), box(codec, entry, esds))


def _track(frames: int, offset: int, codec: bytes, handler: bytes) -> bytes:
    table = box(
        b"stbl",
        _described(codec),
        _full(b"stts", struct.pack(">III", 1, frames, FRAME)),
        _full(b"stsc", struct.pack(">IIII", 1, 1, frames, 1)),
        _full(b"stsz", struct.pack(">II", len(_SILENT), frames)),
        _full(b"stco", struct.pack(">II", 1, offset)),
    )
    reference = box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1)))
    media = box(
        b"mdia",
        _full(b"mdhd", struct.pack(">IIIIHH", 0, 0, RATE, frames * FRAME, 0x55C4, 0)),
        _full(b"hdlr", struct.pack(">I4s12x", 0, handler), b"\x00"),
        box(b"minf", _full(b"smhd", bytes(4)), reference, table),
    )
    told = struct.pack(">IIIII8xhhHH", 0, 0, 1, 0, frames * FRAME, 0, 0, 0x100, 0)
    head = _full(b"tkhd", told, _MATRIX, bytes(8), flags=3)
    return box(b"trak", head, media)


def m4a(
    seconds: float, *, codec: bytes = b"mp4a", handler: bytes = b"soun", tracks: int = 1, beside: bytes = b""
) -> bytes:
    """So many seconds; ``beside`` is what the file says of place and device."""
    frames = round(seconds * RATE / FRAME)
    kind = box(b"ftyp", b"M4A \x00\x00\x00\x00M4A mp42isom")

    def movie(offset: int) -> bytes:
        head = _full(
            b"mvhd", struct.pack(">IIIIIH10x", 0, 0, RATE, frames * FRAME, 0x10000, 0x100), _MATRIX, bytes(24),
            struct.pack(">I", 2),
        )  # fmt: skip
        about = box(b"udta", box(b"\xa9xyz", beside)) if beside else b""
        return box(b"moov", head, *(_track(frames, offset, codec, handler) for _ in range(tracks)), about)

    return kind + movie(len(kind) + len(movie(0)) + 8) + box(b"mdat", _SILENT * frames)
