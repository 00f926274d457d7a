"""Photographs and screens among an item's pictures (PNG, JPEG, WebP, GIF): what they may be, known by their own bytes.

Only headers and checksums are read, never the picture itself, by the one reader that the file's name promises.
"""

import io
import re
from typing import Any

from PIL import Image

from adaptive.errors import Parameter

LARGEST = 2 * 1024 * 1024
MOST_PIXELS = 12_000_000
LONGEST_SIDE = 6000
# Which reader a name asks for. Nothing else is ever opened with it, whatever the bytes say.
_READERS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP", "gif": "GIF"}
MIMETYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
}
"""The media types of pictures by the ending of their names."""
PICTURE_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.(?:" + "|".join(MIMETYPES) + ")")
_GPS = 0x8825  # the tag of EXIF under which a camera writes where it stood (Exif 2.32, §4.6.3)

Problem = tuple[str, dict[str, Parameter]]


def ending(name: str) -> str:
    """The ending of a file's name, without the dot."""
    return name.rpartition(".")[2]


def is_raster(name: str) -> bool:
    """Whether a name is that of a raster picture."""
    return ending(name) in _READERS


def problem_of(name: str, content: bytes) -> Problem | None:
    """What keeps a raster picture out, as the code of a fault with its parameters; None where nothing does."""
    if len(content) > LARGEST:
        return "content.file_too_large", {"limit": LARGEST // 1024}
    try:
        with Image.open(io.BytesIO(content), formats=[_READERS[ending(name)]]) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
                return "content.raster_large", {"width": width, "height": height, "limit": MOST_PIXELS // 1_000_000}
            # What moves by itself needs a way to stop it, which a picture has not (WCAG 2.2, 2.2.2).
            if getattr(picture, "is_animated", False):
                return "content.raster_moves", {}
            picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return "content.raster_large", {"width": "?", "height": "?", "limit": MOST_PIXELS // 1_000_000}
    except Exception:
        return "content.raster_unreadable", {"name": name}
    return None


def tells_where(name: str, content: bytes) -> bool:
    """Whether a picture that has no problem says where on earth it was taken."""
    with Image.open(io.BytesIO(content), formats=[_READERS[ending(name)]]) as picture:
        try:
            found: Any = picture.getexif().get_ifd(_GPS)
        except Exception:
            return False
        return bool(found)
