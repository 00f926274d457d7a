"""The video of an item in sign language: one file beside its forms, known by its own first bytes."""

from collections.abc import Collection
from pathlib import Path

MIMETYPES = {"sign.mp4": "video/mp4", "sign.webm": "video/webm"}
"""The names that such a file may have, and its media types; the first that is there is shown."""
LARGEST = 200 * 1024 * 1024


def named(names: Collection[str]) -> str | None:
    """Which of the files of a folder is the video; None when there is none."""
    return next((name for name in MIMETYPES if name in names), None)


def is_video(path: Path) -> bool:
    """Whether the file is of the kind that its name says, no larger than ``LARGEST``, and no link to another place.

    Source: ISO/IEC 14496-12, §4.3 (the box ``ftyp`` comes first); RFC 9559, §11.1 (EBML's own number).
    """
    try:
        if path.is_symlink() or path.stat().st_size > LARGEST:
            return False
        with path.open("rb") as file:
            begun = file.read(12)
    except OSError:
        return False
    return begun[4:8] == b"ftyp" if path.suffix == ".mp4" else begun[:4] == b"\x1a\x45\xdf\xa3"
