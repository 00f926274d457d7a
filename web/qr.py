"""QR codes: drawing them for pages and paper, and reading them from pictures that strangers send."""

import io
import warnings

import segno
import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from credit_bank.errors import InvalidInput

MAX_PIXELS = 40_000_000
MAX_SIDE = 12_000
READ_SIDE = 2_600  # a photograph is made smaller before it is searched
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")


def svg(text: str, *, title: str | None = None, border: int = 4) -> str:
    """A QR code (error correction M) as an SVG element with a quiet zone; ``title`` is read out by screen readers."""
    code = segno.make(text, error="m", micro=False)
    size = code.symbol_size(border=border)[0]
    runs = []
    for y, line in enumerate(code.matrix_iter(border=border)):
        row = list(line)
        x = 0
        while x < size:
            length = 0
            while x + length < size and row[x + length]:
                length += 1
            if length:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += max(length, 1)
    name = f' role="img" aria-label="{_escaped(title)}"' if title else ' aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"{name}>'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{"".join(runs)}"/></svg>'
    )


def png(text: str, *, scale: int = 8, border: int = 4) -> bytes:
    """A QR code as a PNG picture."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=scale, border=border)
    return out.getvalue()


def read(data: bytes) -> list[str]:
    """The texts of the QR codes in a picture; none found is an empty list.

    Raises InvalidInput ``picture.unreadable`` or ``picture.too_large`` (over 40 million pixels, before any is decoded).
    """
    picture = _open(data)
    for side in (READ_SIDE, 1_200):
        smaller = picture.copy()
        smaller.thumbnail((side, side))
        found = zxingcpp.read_barcodes(smaller, formats=_QR)
        texts = [code.text for code in found if code.valid and code.text]
        if texts:
            return texts
    return []


def _open(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            width, height = picture.size
            if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
                raise InvalidInput("picture.too_large", width=width, height=height, limit=MAX_PIXELS // 1_000_000)
            picture.draft("L", (READ_SIDE, READ_SIDE))
            upright = ImageOps.exif_transpose(picture)
            if "A" in upright.getbands() or "transparency" in upright.info:
                ground = Image.new("RGBA", upright.size, "white")
                ground.alpha_composite(upright.convert("RGBA"))
                upright = ground
            return upright.convert("L")
    except InvalidInput:
        raise
    except Image.DecompressionBombError:
        raise InvalidInput("picture.too_large", width=None, height=None, limit=MAX_PIXELS // 1_000_000) from None
    # Pillow's readers raise many kinds of error on damaged files.
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, OverflowError, MemoryError, KeyError):
        raise InvalidInput("picture.unreadable") from None


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
