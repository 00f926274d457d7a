"""Reads a library's files as text, YAML and Markdown with front matter; what cannot be read becomes a fault."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from adaptive.content.fault import Faults
from adaptive.content.record import Record
from adaptive.content.yaml_tree import Mapping, Node, Scalar, Unreadable, read_yaml

LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """A Markdown file: front matter (None where there is none), body, and the body's first line."""

    record: Record | None
    body: str
    first_line: int


class Files:
    """Reads files within bounds, and keeps a digest of all that was read."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._digest = hashlib.sha256()
        self._folder = Path()

    def enter(self, folder: Path) -> None:
        """Begin with a folder; its own name and place are no part of the digest."""
        self._folder = folder

    @property
    def digest(self) -> str:
        """SHA-256 over the names and contents of all files so far, in the order in which they were read."""
        return self._digest.hexdigest()

    def data(self, path: Path, *, largest: int = LARGEST) -> bytes | None:
        """A file's bytes."""
        if path.is_symlink() or not path.is_file():
            self._faults.error(path.as_posix(), 0, "content.file_not_plain", name=path.name)
            return None
        if path.stat().st_size > largest:
            self._faults.error(path.as_posix(), 0, "content.file_too_large", limit=largest // 1024)
            return None
        data = path.read_bytes()
        name = path.relative_to(self._folder).as_posix().encode()
        self._digest.update(len(name).to_bytes(4, "big") + name + hashlib.sha256(data).digest())
        return data

    def text(self, path: Path) -> str | None:
        """A file's text, in UTF-8 with or without a byte-order mark."""
        data = self.data(path)
        if data is None:
            return None
        try:
            return data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            self._faults.error(path.as_posix(), data.count(b"\n", 0, error.start) + 1, "content.not_utf8")
            return None

    def yaml(self, path: Path) -> Node | None:
        """A YAML file."""
        text = self.text(path)
        return None if text is None else self._parse(text, path.as_posix())

    def _parse(self, text: str, file: str, first_line: int = 1) -> Node | None:
        try:
            return read_yaml(text, first_line=first_line)
        except Unreadable as error:
            self._faults.error(file, error.line, error.code, **error.parameters)
            return None

    def page(self, path: Path, *, required: bool = True) -> Page | None:
        """A Markdown file; ``required`` is its front matter."""
        text = self.text(path)
        if text is None:
            return None
        file = path.as_posix()
        if not text.startswith("---\n"):
            if required:
                self._faults.error(file, 1, "content.front_matter_missing")
                return None
            return _page(None, text, 1)
        end = text.find("\n---\n", 3)
        if end < 0:
            self._faults.error(file, 1, "content.front_matter_open")
            return None
        node = self._parse(text[4 : end + 1], file, 2)
        if node is None:
            return None
        if isinstance(node, Scalar) and node.value is None:
            node = Mapping({}, 2)
        return _page(Record(node, file, self._faults), text[end + 5 :], text.count("\n", 0, end + 5) + 1)


def _page(record: Record | None, text: str, line: int) -> Page:
    body = text.lstrip("\n")
    return Page(record, body.rstrip(), line + len(text) - len(body))
