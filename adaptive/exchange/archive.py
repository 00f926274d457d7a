"""Packages: the files of a ZIP archive or of a folder, within limits, by names that stay inside."""

import io
import posixpath
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from adaptive.errors import InvalidInput

MB = 1024 * 1024
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a package may hold: bytes of the file, of an entry unpacked, of all; entries; bytes out per byte in."""

    file: int = 100 * MB
    entry: int = 30 * MB
    total: int = 300 * MB
    entries: int = 10_000
    ratio: int = 200


LIMITS = Limits()
# What stands before a path in the HTML of a cartridge's questions (Common Cartridge 1.1–1.3).
FILE_BASE = "$IMS-CC-FILEBASE$"


class Archive:
    """The files of a package by their paths, each read when it is asked for."""

    def __init__(self, names: Mapping[str, zipfile.ZipInfo | bytes], source: zipfile.ZipFile | None, limits: Limits):
        self._names = names
        self._source = source
        self._limits = limits

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def read(self, name: str) -> bytes:
        """A file's bytes. Raises KeyError for an unknown name; InvalidInput ``exchange.package_broken``, or
        ``exchange.package_too_large`` where it unpacks to more than it said."""
        entry = self._names[name]
        if isinstance(entry, bytes):
            return entry
        assert self._source is not None
        try:
            with self._source.open(entry) as file:
                content = file.read(self._limits.entry + 1)
        except _BROKEN as error:
            raise InvalidInput("exchange.package_broken", file=name) from error
        if len(content) > min(self._limits.entry, entry.file_size):
            raise InvalidInput("exchange.package_too_large", limit=self._limits.entry // MB)
        return content

    def resolve(self, base: str, reference: str) -> str | None:
        """The name that a reference inside the file ``base`` points to; None where no such file is in the package."""
        path = unquote(reference.partition("#")[0].partition("?")[0].replace("\\", "/"))
        candidates = []
        if path.startswith(FILE_BASE):
            # The standard means the folder of the file that says it; some systems mean a folder of their own.
            path = path.removeprefix(FILE_BASE).lstrip("/")
            candidates = [posixpath.join("web_resources", path)]
        if not path or "://" in path or path.startswith(("/", "data:")):
            return None
        for name in (posixpath.join(posixpath.dirname(base), path), path, *candidates):
            normal = posixpath.normpath(name)
            if normal in self._names:
                return normal
        return None


def is_zip(data: bytes) -> bool:
    """Whether bytes begin like a ZIP archive."""
    return data[:4] in (b"PK\x03\x04", b"PK\x05\x06")


def open_archive(data: bytes, limits: Limits = LIMITS) -> Archive:
    """The files of a ZIP archive.

    Raises InvalidInput ``exchange.package_broken``, ``exchange.package_too_large``, ``exchange.package_bomb`` (too
    many bytes out per byte in, or too many entries), ``exchange.package_encrypted``, ``exchange.package_path`` (a name
    that leaves the package, a link, or the same name twice).
    """
    if len(data) > limits.file:
        raise InvalidInput("exchange.package_too_large", limit=limits.file // MB)
    try:
        source = zipfile.ZipFile(io.BytesIO(data))
    except (*_BROKEN, ValueError) as error:
        raise InvalidInput("exchange.package_broken", file="") from error
    infos = source.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > limits.entries or total > max(limits.ratio * len(data), 10 * MB):
        raise InvalidInput("exchange.package_bomb")
    if total > limits.total or any(info.file_size > limits.entry for info in infos):
        raise InvalidInput("exchange.package_too_large", limit=limits.total // MB)
    names: dict[str, zipfile.ZipInfo | bytes] = {}
    for info in infos:
        name = _inside(info.filename)
        if info.is_dir():
            continue
        if info.flag_bits & 1:
            raise InvalidInput("exchange.package_encrypted")
        if stat.S_ISLNK(info.external_attr >> 16) or name in names:
            raise InvalidInput("exchange.package_path", name=info.filename)
        names[name] = info
    return Archive(names, source, limits)


def of_files(files: Mapping[str, bytes], limits: Limits = LIMITS) -> Archive:
    """The files of a folder, under the same limits. Raises InvalidInput as ``open_archive`` does."""
    if len(files) > limits.entries:
        raise InvalidInput("exchange.package_bomb")
    if sum(map(len, files.values())) > limits.total or any(len(c) > limits.entry for c in files.values()):
        raise InvalidInput("exchange.package_too_large", limit=limits.total // MB)
    return Archive({_inside(name): content for name, content in files.items()}, None, limits)


def _inside(name: str) -> str:
    """A name as a plain relative path; refuses one that would lead out of the package."""
    path = name.replace("\\", "/")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or ":" in parts[0] or any(ord(c) < 32 for c in path):
        raise InvalidInput("exchange.package_path", name=name)
    return posixpath.normpath(path)


def pack(files: Mapping[str, bytes]) -> bytes:
    """A ZIP archive of files, the same bytes for the same files (fixed dates, the order given)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return out.getvalue()
