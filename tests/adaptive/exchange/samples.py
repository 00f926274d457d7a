"""Small packages of the formats' own shape, and what an import makes of them."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from adaptive.content.loading import load_library
from adaptive.content.model import Library
from adaptive.exchange.importing import Imported, import_file

TODAY = date(2026, 11, 22)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>t</title><circle cx="4" cy="4" r="4"/></svg>'


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def take(data: str | bytes, name: str = "sample.zip") -> Imported:
    """What an import makes of a file."""
    return import_file(data.encode() if isinstance(data, str) else data, name, today=TODAY)


def codes(imported: Imported) -> list[str]:
    """The codes of what did not arrive as it was."""
    return [problem.code for problem in imported.problems]


def write(files: Mapping[str, bytes], folder: Path) -> Library:
    """The library that written files are; no file of them has a fault but for what authors still have to add."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    library, faults = load_library(folder)
    left = {(fault.code, str(fault.parameters)) for fault in faults if fault.severity == "error"}
    to_add = {c for c, p in left if c == "content.file_missing" and "practice.yaml" in p}
    to_add |= {c for c, p in left if c == "content.key_missing" and "explanation" in p}
    assert {c for c, _p in left} <= to_add, left
    return library


def library_of(imported: Imported, folder: Path) -> Library:
    """The library that an import's files are."""
    return write(imported.files, folder)
