"""Photographs among an item's pictures: what is taken, what is refused, and that nothing is decoded on the way."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from adaptive.content import raster
from adaptive.content.loading import read_folders
from adaptive.sentences import sentence
from tests.adaptive.content.folders import Folder, sound

ITEM = "courses/phone-basics/call"
KINDS = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "webp": "WEBP", "gif": "GIF"}


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 6), **how: object) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, "#205080").save(out, kind, **how)  # type: ignore[arg-type]
    return out.getvalue()


def moving(kind: str) -> bytes:
    """A picture of two frames."""
    out = io.BytesIO()
    frames = [Image.new("RGB", (8, 6), colour) for colour in ("#205080", "#f0f0f0")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=200)
    return out.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims that size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return sound(tmp_path / "content")


def shown(folder: Folder, name: str, data: bytes, text: str = "一部手机的屏幕") -> None:
    """Put a picture into the item and show it there."""
    folder.write(f"{ITEM}/{name}", data)
    folder.change(
        f"{ITEM}/item.md", "![绿色的电话图标](phone.svg)", f"![绿色的电话图标](phone.svg)\n\n![{text}]({name})"
    )


@pytest.mark.parametrize(("ending", "kind"), KINDS.items())
def test_a_picture_with_its_words_has_no_fault(folder: Folder, ending: str, kind: str) -> None:
    name = f"screen.{ending}"
    shown(folder, name, picture(kind))
    assert folder.check() == ()
    loaded = read_folders(folder.path)
    assert name in loaded.library.items["phone-basics/call"].pictures


def test_its_words_are_required(folder: Folder) -> None:
    shown(folder, "screen.png", picture(), text="")
    assert "picture_text_missing" in folder.faults()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.png", b"", "raster_unreadable"),
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "raster_unreadable"),
        ("a.png", picture("JPEG"), "raster_unreadable"),
        ("a.gif", picture("PNG"), "raster_unreadable"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBP", "raster_unreadable"),
        ("a.png", picture()[:40] + b"\x00" + picture()[41:], "raster_unreadable"),
        ("a.png", b"%PDF-1.7", "raster_unreadable"),
        ("a.png", bomb(20_000, 20_000), "raster_large"),
        ("a.png", bomb(10_000, 10_000), "raster_large"),
        ("a.png", bomb(6001, 10), "raster_large"),
        ("a.png", picture() + b"\x00" * raster.LARGEST, "file_too_large"),
        ("a.gif", moving("GIF"), "raster_moves"),
        ("a.png", moving("PNG"), "raster_moves"),
        ("a.webp", moving("WEBP"), "raster_moves"),
    ],
)
def test_what_is_refused_is_not_shown_either(folder: Folder, name: str, data: bytes, code: str) -> None:
    shown(folder, name, data)
    faults = folder.faults()
    assert code in faults, faults
    assert faults[code].file.endswith(f"/{name}")
    assert name not in read_folders(folder.path).library.items["phone-basics/call"].pictures
    for locale in ("zh-CN", "en"):
        assert sentence(f"fault.content.{code}", locale, **faults[code].parameters)


@pytest.mark.parametrize("name", ["photo.bmp", "photo.tiff", "photo.ico", "Photo.png", "a b.png", "photo.png.exe"])
def test_other_kinds_and_names_do_not_belong(folder: Folder, name: str) -> None:
    folder.write(f"{ITEM}/{name}", picture())
    assert "file_unexpected" in folder.faults()


def test_a_photograph_that_says_where_it_was_taken_is_noticed(folder: Folder) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"
    shown(folder, "photo.jpg", picture("JPEG", exif=exif))
    faults = folder.faults()
    assert faults.keys() == {"raster_place"}
    assert faults["raster_place"].severity == "notice"


@given(st.sampled_from(sorted(KINDS)), st.binary(max_size=200), st.booleans())
def test_nothing_that_bytes_say_goes_further_than_a_fault(ending: str, tail: bytes, real: bool) -> None:
    data = picture(KINDS[ending])[: len(tail)] + tail if real else tail
    found = raster.problem_of(f"a.{ending}", data)
    assert found is None or found[0].startswith("content.")
