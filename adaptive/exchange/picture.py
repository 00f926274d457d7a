"""Pictures of packages: what they are by their own bytes, and none that could do more than be seen."""

import base64
import binascii
import posixpath
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from adaptive.content import files, raster
from adaptive.errors import InvalidInput
from adaptive.exchange import markup
from adaptive.exchange.archive import FILE_BASE, Archive
from adaptive.exchange.draft import Names, slug
from adaptive.exchange.problem import Problems
from adaptive.exchange.rich_text import with_pictures

LARGEST = raster.LARGEST
_MAGIC = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"))
_ACTIVE = {"script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler", "listener", "image"}
_ACTIVE |= {"set", "animate", "animateTransform", "animateMotion", "style"}


def kind_of(content: bytes) -> str | None:
    """The file extension for a picture's bytes: png, jpg, gif, webp, svg; None for anything else."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    return "svg" if b"<svg" in content[:2000] else None


def is_safe_svg(content: bytes) -> bool:
    """Whether an SVG is nothing but shapes and words: no script, no events, nothing loaded from elsewhere."""
    try:
        root = markup.parse(content)
    except InvalidInput:
        return False
    for node in root.iter():
        if node.tag in _ACTIVE:
            return False
        for name, value in node.attrib.items():
            if name.lower().startswith("on") or (name == "href" and not value.startswith("#")):
                return False
            if "url(" in value.replace(" ", "").replace("url(#", "") or "javascript:" in value.lower():
                return False
    return root.tag == "svg"


class Shelf:
    """The pictures of one item: takes them from the package and gives each its name in the item's folder."""

    def __init__(self, problems: Problems, place: str, load: Callable[[str], bytes | None]) -> None:
        self.pictures: dict[str, bytes] = {}
        self._problems = problems
        self._place = place
        self._load = load
        self._names = Names()
        self._given: dict[str, str | None] = {}

    def take(self, src: str) -> str | None:
        """The name of the picture that a src points to; None, and a problem, where it cannot be taken."""
        if src not in self._given:
            self._given[src] = self._take(src)
        return self._given[src]

    def name_of(self, src: str) -> str | None:
        """The name that a src was given, without taking it."""
        return self._given.get(src)

    def _take(self, src: str) -> str | None:
        content = _of_data_uri(src) if src.startswith("data:") else self._load(src)
        shown = src[:60]
        if content is None:
            code = "picture_elsewhere" if "://" in src else "picture_missing"
            self._problems.left_out(self._place, code, name=shown)
            return None
        kind = kind_of(content)
        problem = _problem_of(kind, content)
        if kind is None or problem is not None:
            self._problems.left_out(self._place, problem or "picture_kind", name=shown)
            return None
        path = "" if src.startswith("data:") else unquote(src.partition("?")[0]).removeprefix(FILE_BASE)
        stem = posixpath.splitext(posixpath.basename(path))[0]
        name = f"{self._names.give([slug(stem)], 'picture')}.{kind}"
        self.pictures[name] = content
        return name


def _problem_of(kind: str | None, content: bytes) -> str | None:
    """What keeps a picture out of a course: the rules are those by which courses are read (``content.raster``)."""
    if kind is None:
        return "picture_kind"
    if kind == "svg":
        if len(content) > files.LARGEST:
            return "picture_large"
        return None if is_safe_svg(content) else "picture_unsafe"
    found = raster.problem_of(f"x.{kind}", content)
    if found is None:
        return None
    codes = {"content.raster_moves": "picture_moves", "content.raster_unreadable": "picture_kind"}
    return codes.get(found[0], "picture_large")


def _of_data_uri(src: str) -> bytes | None:
    head, comma, body = src.partition(",")
    if not comma or len(body) > 2 * LARGEST:
        return None
    try:
        return base64.b64decode(body, validate=True) if head.endswith(";base64") else unquote_to_bytes(body)
    except (binascii.Error, ValueError):
        return None


def shelf_of(archive: Archive | None, base: str, place: str, problems: Problems) -> Shelf:
    """A shelf whose pictures are found beside the file ``base`` of a package."""

    def load(src: str) -> bytes | None:
        name = archive.resolve(base, src) if archive is not None else None
        return None if archive is None or name is None else archive.read(name)

    return Shelf(problems, place, load)


def of_question(html: str, shelf: Shelf, place: str, problems: Problems) -> tuple[dict[str, Any], str]:
    """The first picture of a question that can be taken, as its fields; and its HTML with words in place of the rest.

    Others are noted as ``second_picture``.
    """
    fields: dict[str, Any] = {}

    def put(src: str, alt: str) -> str:
        if "picture" in fields:
            if shelf.name_of(src) != fields["picture"]:
                problems.left_out(place, "second_picture", name=src[:60])
            return alt
        name = shelf.take(src)
        if name is None:
            return alt
        fields.update(picture=name, picture_text=alt or None)
        return ""

    return fields, with_pictures(html, put) if "<img" in html.lower() else html
