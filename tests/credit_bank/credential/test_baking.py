"""A credential in a picture."""

import io
import json
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from credit_bank.credential import baking
from credit_bank.errors import InvalidInput
from tests.credit_bank.credential.worlds import world


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(buffer, "PNG")
    return buffer.getvalue()


PICTURE = picture()
CREDENTIAL = json.dumps(world().credential, ensure_ascii=False).encode()


def refusal(data: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        baking.extract(data)
    return caught.value.code


def test_what_is_baked_comes_out_again_and_the_picture_is_the_same() -> None:
    baked = baking.bake(PICTURE, CREDENTIAL)
    assert baking.extract(baked) == CREDENTIAL
    assert list(Image.open(io.BytesIO(baked)).convert("RGB").tobytes()) == list(
        Image.open(io.BytesIO(PICTURE)).tobytes()
    )
    assert Image.open(io.BytesIO(baked)).info["openbadgecredential"] == CREDENTIAL.decode()
    assert baking.extract(baking.bake(baked, b"{}")) == b"{}"


def text_chunk(body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))


def with_chunk(body: bytes) -> bytes:
    return PICTURE[:33] + text_chunk(body) + PICTURE[33:]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "baking.not_png"),
        (b"GIF89a", "baking.not_png"),
        (PICTURE, "baking.none"),
        (PICTURE[:-1], "baking.damaged"),
        (PICTURE[:20], "baking.damaged"),
        (baking.SIGNATURE, "baking.damaged"),
        (baking.SIGNATURE + PICTURE[33:], "baking.damaged"),
        (baking.SIGNATURE + b"\xff\xff\xff\xffIHDR", "baking.damaged"),
        pytest.param(PICTURE + b"\0" * baking.MAX_PICTURE, "baking.picture_too_large", id="large"),
        (with_chunk(b"openbadgecredential\0\1\0\0\0" + zlib.compress(b"{}")), "baking.compressed"),
        (with_chunk(b"openbadgecredential\0\0\0"), "baking.damaged"),
        pytest.param(
            with_chunk(b"openbadgecredential\0\0\0\0\0" + b"x" * 1_000_001), "baking.credential_too_large", id="long"
        ),
        (with_chunk(b"openbadges\0\0\0\0\0{}"), "baking.none"),
    ],
)
def test_what_holds_no_credential(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_two_credentials_are_none() -> None:
    baked = baking.bake(PICTURE, b"{}")
    chunk = text_chunk(b"openbadgecredential\0\0\0\0\0{}")
    assert refusal(baked[:33] + chunk + baked[33:]) == "baking.several"
    with pytest.raises(InvalidInput, match=r"baking\.credential_too_large"):
        baking.bake(PICTURE, b"x" * 1_000_001)


@given(st.data())
def test_a_damaged_picture_never_gives_another_credential(data: st.DataObject) -> None:
    baked = bytearray(baking.bake(PICTURE, b'{"a":1}'))
    place = data.draw(st.integers(0, len(baked) - 1))
    baked[place] ^= data.draw(st.integers(1, 255))
    try:
        assert baking.extract(bytes(baked)) == b'{"a":1}'
    except InvalidInput as problem:
        assert problem.code.startswith("baking.")
