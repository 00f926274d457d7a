"""Faults of an SVG picture: nothing that runs or reaches out, a title and a description, text large enough to read."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from adaptive.content.fault import Faults
from adaptive.content.picture_canvas import LEAST, Canvas
from adaptive.errors import Parameter

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = frozenset(
    [
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "title",
        "desc",
        "defs",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "use",
        "symbol",
        "marker",
        "pattern",
    ]
)
SMALLEST_TEXT, BOX = 14.0, 320.0
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_SIZE = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(?:px)?")
_OUTSIDE = re.compile(r"url\(\s*[\"']?(?!#)", re.IGNORECASE)


def check_picture_file(path: Path, faults: Faults) -> None:
    """Every fault of one SVG file."""
    picture = _Picture(path.as_posix(), faults)
    parser = DefusedXMLParser(target=picture, forbid_dtd=True)
    picture.parser = parser
    try:
        parser.feed(path.read_bytes())
        parser.close()
    except DefusedXmlException:
        faults.error(path.as_posix(), 1, "content.svg_forbidden", what="<!DOCTYPE>")
    except ParseError as error:
        faults.error(path.as_posix(), error.position[0], "content.svg_unreadable")


class _Picture:
    """The target of an XML parser: hears of each element as it comes."""

    def __init__(self, file: str, faults: Faults) -> None:
        self.parser: Any = None
        self._file, self._faults = file, faults
        self._path: list[str] = []
        self._sizes: list[float] = [16.0]
        self._width = BOX
        self._canvas = Canvas()
        self._said: dict[str, str] = {"title": "", "desc": ""}

    @property
    def _line(self) -> int:
        return int(self.parser.parser.CurrentLineNumber)

    def _wrong(self, code: str, **parameters: Parameter) -> None:
        self._faults.error(self._file, self._line, code, **parameters)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        name = tag.removeprefix(SVG)
        if tag == name or name not in DRAWN:
            self._wrong("content.svg_forbidden", what=f"<{name.rpartition('}')[2]}>")
        if not self._path:
            self._box(name, attributes)
        for key, value in attributes.items():
            self._attribute(key.rpartition("}")[2], value)
        size = _SIZE.fullmatch(attributes.get("font-size", "").strip())
        self._sizes.append(float(size[1]) if size else self._sizes[-1])
        self._path.append(name)
        self._canvas.start(name, attributes)

    def _box(self, name: str, attributes: Mapping[str, str]) -> None:
        box = _NUMBER.findall(attributes.get("viewBox", ""))
        if name != "svg" or len(box) != 4 or float(box[2]) <= 0 or float(box[3]) <= 0:
            self._wrong("content.svg_viewbox_missing")
        else:
            self._width = float(box[2])

    def _attribute(self, key: str, value: str) -> None:
        if key == "style" or key.startswith("on"):
            self._wrong("content.svg_forbidden", what=f"{key}=…")
        elif (key in ("href", "src") and not value.startswith("#")) or _OUTSIDE.search(value):
            self._wrong("content.svg_outside", what=value[:60])

    def data(self, text: str) -> None:
        """Characters between elements."""
        if not text.strip() or not self._path:
            return
        if len(self._path) == 2 and self._path[-1] in self._said:
            self._said[self._path[-1]] += text.strip()
        elif self._path[-1] in ("text", "tspan"):
            self._text(text.strip())

    def _text(self, text: str) -> None:
        size = self._sizes[-1] * BOX / self._width
        if size < SMALLEST_TEXT:
            self._wrong("content.svg_text_small", size=f"{size:.1f}", limit=int(SMALLEST_TEXT), text=text)
        shown = self._canvas.of_text(text)
        if shown.contrast is not None and shown.contrast < LEAST:
            self._wrong("content.svg_contrast", ratio=f"{shown.contrast:.1f}", limit=str(LEAST), text=text)
        if not shown.fits:
            self._faults.notice(self._file, self._line, "content.svg_text_wide", text=text)

    def end(self, _tag: str) -> None:
        """An element ends."""
        self._path.pop()
        self._sizes.pop()
        self._canvas.end()

    def close(self) -> None:
        """The picture ends."""
        for name, said in self._said.items():
            if not said:
                self._faults.error(self._file, 1, "content.svg_words_missing", name=name)
