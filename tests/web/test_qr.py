"""QR codes: what is drawn can be read, and pictures made to harm are refused before they are decoded."""

import io
import struct
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from credit_bank.errors import InvalidInput
from web import qr

LINK = "http://localhost:8000/v/abcdefghijklmnopqrstuv"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that claims a size, with next to nothing in it."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=200))
def test_what_is_drawn_is_read(text: str) -> None:
    assert qr.read(qr.png(text)) == [text]


def test_the_drawing_for_pages_has_no_style_and_escapes_its_name() -> None:
    drawn = qr.svg(LINK, title='<script>"&')
    assert "<script>" not in drawn and "style" not in drawn and 'aria-label="&lt;script&gt;&quot;&amp;"' in drawn


def test_a_photograph_turned_blurred_and_on_a_dark_table() -> None:
    code = Image.open(io.BytesIO(qr.png(LINK, scale=10))).convert("RGB")
    table = Image.new("RGB", (3000, 2400), (40, 40, 40))
    table.paste(code, (1200, 900))
    photo = table.rotate(17, fillcolor=(40, 40, 40)).filter(ImageFilter.GaussianBlur(2))
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=70)
    assert qr.read(out.getvalue()) == [LINK]


def test_a_picture_without_a_code() -> None:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(out, "PNG")
    assert qr.read(out.getvalue()) == []


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (2_000_000_000, 1), (13_000, 100)])
def test_a_picture_of_enormous_size_is_refused_at_once(width: int, height: int) -> None:
    began = time.process_time()
    with pytest.raises(InvalidInput) as refused:
        qr.read(png_of_size(width, height))
    assert refused.value.code == "picture.too_large"
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\xff" * 50, b"\xff\xd8\xff\xe0 no picture", png_of_size(500, 500)]
)
def test_damaged_pictures_are_unreadable(data: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        qr.read(data)
    assert refused.value.code == "picture.unreadable"


def test_other_formats_are_not_even_tried() -> None:
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "TIFF")
    with pytest.raises(InvalidInput):
        qr.read(out.getvalue())
