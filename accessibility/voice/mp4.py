"""A recording as telephones make it (M4A: AAC in MP4), looked into without being decoded.

No decoder of AAC comes with the packages, so the file is kept as it is, once it is sure that it holds one track of
sound and nothing to see, and how long that is. What it says beside the sound (place, device, pictures) is blotted out
in place, so that no offset changes. The layout is that of ISO/IEC 14496-12 (ISO base media file format).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from accessibility.errors import InvalidInput

_WITHIN = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"moof", b"traf"})
_BESIDE = frozenset({b"udta", b"meta", b"uuid", b"skip"})
_PLAYED = b"mp4a"
"""The only kind of sound that is taken: AAC, which browsers play; not AMR, nor ALAC."""
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its kind, where it begins, where its content begins and ends, and the boxes that it stands in."""

    kind: bytes
    start: int
    body: int
    end: int
    inside: tuple[bytes, ...]


def is_mp4(data: bytes) -> bool:
    """Whether a file begins as one of this family."""
    return data[4:8] == b"ftyp"


def looked_into(data: bytes) -> tuple[bytes, float]:
    """The file without what it says beside the sound, and the seconds of its sound.

    Raises InvalidInput ``voice.recording_unreadable`` for what is broken, has no sound or anything but one track of it.
    """
    try:
        boxes = list(_boxes(data, 0, len(data), ()))
        _demand_sound_alone(data, boxes)
        seconds = _seconds(data, boxes)
    except (struct.error, IndexError, ZeroDivisionError) as error:
        raise InvalidInput("voice.recording_unreadable") from error
    if seconds <= 0:
        raise InvalidInput("voice.recording_unreadable")
    kept = bytearray(data)
    for box in boxes:
        if box.kind in _BESIDE:
            kept[box.start + 4 : box.start + 8] = b"free"
            kept[box.body : box.end] = bytes(box.end - box.body)
    return bytes(kept), seconds


def _boxes(data: bytes, at: int, end: int, inside: tuple[bytes, ...]) -> Iterator[Box]:
    while at < end:
        size, kind = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, body)
            body += 8
        stop = end if size == 0 else at + size
        if stop < body or stop > end or len(inside) > _DEEPEST:
            raise InvalidInput("voice.recording_unreadable")
        yield Box(kind, at, body, stop, inside)
        if kind in _WITHIN:
            yield from _boxes(data, body, stop, (*inside, kind))
        at = stop


def _demand_sound_alone(data: bytes, boxes: list[Box]) -> None:
    tracks = [box for box in boxes if box.kind == b"trak"]
    handlers = [data[box.body + 8 : box.body + 12] for box in boxes if box.kind == b"hdlr" and b"mdia" in box.inside]
    described = [data[box.body + 12 : box.body + 16] for box in boxes if box.kind == b"stsd"]
    entries = [struct.unpack_from(">I", data, box.body + 4)[0] for box in boxes if box.kind == b"stsd"]
    sound = any(box.kind == b"mdat" and box.end > box.body for box in boxes)
    if not is_mp4(data) or len(tracks) != 1 or handlers != [b"soun"] or not sound:
        raise InvalidInput("voice.recording_unreadable")
    if described != [_PLAYED] or entries != [1]:
        raise InvalidInput("voice.recording_unreadable")


def _seconds(data: bytes, boxes: list[Box]) -> float:
    """How long the samples are together, which is what is played, whatever the header says."""
    scale, each, units = 0, 0, 0
    for box in boxes:
        if box.kind == b"mdhd":
            (scale,) = struct.unpack_from(">I", data, box.body + (20 if data[box.body] == 1 else 12))
        elif box.kind == b"stts":
            (count,) = struct.unpack_from(">I", data, box.body + 4)
            if box.body + 8 + 8 * count > box.end:
                raise InvalidInput("voice.recording_unreadable")
            units += sum(n * length for n, length in struct.iter_unpack(">II", data[box.body + 8 :][: 8 * count]))
        elif box.kind == b"trex":
            (each,) = struct.unpack_from(">I", data, box.body + 12)
        elif box.kind == b"tfhd":
            each = _of_fragment(data, box, each)
        elif box.kind == b"trun":
            units += _of_run(data, box, each)
    return float(units / scale)


def _of_fragment(data: bytes, box: Box, each: int) -> int:
    """How long a sample of a fragment is where its run does not say."""
    (flags,) = struct.unpack_from(">I", data, box.body)
    if not flags & 0x8:
        return each
    before = 8 + (8 if flags & 0x1 else 0) + (4 if flags & 0x2 else 0)
    found: int = struct.unpack_from(">I", data, box.body + before)[0]
    return found


def _of_run(data: bytes, box: Box, each: int) -> int:
    """How long the samples of a run are together."""
    flags, count = struct.unpack_from(">II", data, box.body)
    flags &= 0xFFFFFF
    if not flags & 0x100:
        return int(count) * each
    step = 4 * sum(bool(flags & bit) for bit in (0x100, 0x200, 0x400, 0x800))
    first = box.body + 8 + (4 if flags & 0x1 else 0) + (4 if flags & 0x4 else 0)
    if first + step * count > box.end:
        raise InvalidInput("voice.recording_unreadable")
    return sum(struct.unpack_from(">I", data, first + step * n)[0] for n in range(count))
