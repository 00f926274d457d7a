"""A Chromium whose camera plays frames that a test drew: a table, a hand that is not quite still, poor light."""

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageFilter

from tests.browser.site import ARGUMENTS, chromium

SIZE = (640, 480)
TABLE = (92, 74, 58)


def table() -> Image.Image:
    """What the camera sees while nobody holds anything to it: the table, brighter on one side."""
    return _lit(Image.new("RGB", SIZE, TABLE))


def held(card: Image.Image, *, moment: int, width: int = 250, turn: float = 7, blur: float = 0.9) -> Image.Image:
    """A card held to the camera: small, askew, not in the middle, a little out of focus, with light from one side.

    ``moment`` counts frames: the hand sways by it. ``width`` in pixels of the frame, ``turn`` in degrees.
    """
    sway = math.sin(moment / 5)
    shown = card.convert("RGBA").resize((width, round(width * card.height / card.width)), Image.Resampling.BICUBIC)
    shown = shown.rotate(turn + 2 * sway, resample=Image.Resampling.BICUBIC, expand=True)
    frame = Image.new("RGB", SIZE, TABLE)
    frame.paste(shown, (round(180 + 14 * sway), round(70 + 8 * math.cos(moment / 4))), shown)
    return _lit(frame.filter(ImageFilter.GaussianBlur(blur)))


def _lit(frame: Image.Image) -> Image.Image:
    """Light from the right, and in the left a third of it."""
    light = Image.linear_gradient("L").rotate(90).resize(SIZE).point(lambda value: 85 + value * 2 // 3)
    return ImageChops.multiply(frame, Image.merge("RGB", [light] * 3))


@contextmanager
def seeing(browser: Any, path: Path, frames: Sequence[Image.Image]) -> Iterator[Any]:
    """A Chromium that was launched like ``browser`` and whose camera plays the frames over and over."""
    with path.open("wb") as out:
        for frame in frames:
            picture = io.BytesIO()
            frame.save(picture, "JPEG", quality=75)
            out.write(picture.getvalue())
    arguments = [*ARGUMENTS, "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={path}"]
    launched = browser.browser_type.launch(executable_path=chromium(), args=arguments)
    try:
        yield launched
    finally:
        launched.close()
