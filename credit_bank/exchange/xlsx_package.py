"""The ZIP package of an XLSX file, looked at before anything in it is unpacked or parsed.

A spreadsheet reader that trusts its package can be made to spend minutes and gigabytes on a file of two megabytes. What
the ZIP directory declares bounds what Python's zipfile will unpack, so the sums below are taken from it alone.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from credit_bank.errors import InvalidInput
from credit_bank.exchange.rows import Limits

_DIRECTORY_LIMIT = 1_000_000
_LAST_ROW = 1_048_576
_SMALL = 1_000_000
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet of the workbook: its name, whether it is shown, and its part in the package."""

    name: str
    visible: bool
    part: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What a look through a worksheet's XML found: how many rows, whether any cell holds something, a merged range."""

    rows: int
    filled: bool
    merged: str | None


def open_package(file: BinaryIO, limits: Limits) -> ZipFile:
    """The package, its directory checked.

    Raises InvalidInput ``table.xlsx_malformed``, ``table.xlsx_encrypted``, ``table.xlsx_too_large`` (a ZIP bomb, or
    honestly too large), ``table.zip_not_xlsx``, ``table.xlsx_macros``, ``table.xlsx_external``.
    """
    if _directory_size(file) > _DIRECTORY_LIMIT:
        raise InvalidInput("table.xlsx_too_large")
    try:
        package = ZipFile(file)
    except (BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
        raise InvalidInput("table.xlsx_malformed") from None
    parts = package.infolist()
    names = {p.filename for p in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in {n.casefold() for n in names}:
        raise InvalidInput("table.zip_not_xlsx")
    unpacked = sum(p.file_size for p in parts)
    steep = any(p.file_size > _SMALL and p.file_size > limits.ratio * max(p.compress_size, 1) for p in parts)
    if len(parts) > limits.parts or unpacked > limits.unpacked or steep:
        raise InvalidInput("table.xlsx_too_large")
    if any(p.flag_bits & 1 for p in parts):
        raise InvalidInput("table.xlsx_encrypted")
    if len(names) != len(parts) or any(p.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for p in parts):
        raise InvalidInput("table.xlsx_malformed")
    _check_names(names)
    if any(p.file_size > limits.settings_part for p in parts if _is_settings(p.filename)):
        raise InvalidInput("table.xlsx_too_large")
    return package


def _is_settings(name: str) -> bool:
    folder = dirname(name).casefold()
    return name.casefold().endswith((".xml", ".rels")) and not (
        folder == "xl/worksheets" or basename(name).casefold() == "sharedstrings.xml"
    )


def _check_names(names: set[str]) -> None:
    lower = {n.casefold() for n in names}
    if any("vbaproject" in n or "/activex/" in n or "/macrosheets/" in n for n in lower):
        raise InvalidInput("table.xlsx_macros")
    if any(n.startswith(("xl/externallinks/", "xl/embeddings/", "xl/connections.xml")) for n in lower):
        raise InvalidInput("table.xlsx_external")


def _directory_size(file: BinaryIO) -> int:
    """The size of the ZIP directory, found as zipfile finds it (APPNOTE.TXT 4.3.14-4.3.16), before zipfile reads it."""
    size = file.seek(0, 2)
    tail_at = max(0, size - 65_557)
    file.seek(tail_at)
    tail = file.read()
    end = len(tail) - 22 if tail[-22:-18] == b"PK\5\6" and tail[-2:] == b"\0\0" else tail.rfind(b"PK\5\6")
    if end < 0 or len(tail) - end < 22:
        raise InvalidInput("table.xlsx_malformed")
    declared = int(struct.unpack_from("<L", tail, end + 12)[0])
    at = tail_at + end - 20 - 56
    if at >= 0:
        file.seek(at)
        record = file.read(56 + 20)
        if record.startswith(b"PK\6\6") and record[56:60] == b"PK\6\7":
            declared = max(declared if declared != 0xFFFFFFFF else 0, int(struct.unpack_from("<Q", record, 40)[0]))
    file.seek(0)
    return declared


def workbook_sheets(package: ZipFile) -> tuple[Sheet, ...]:
    """The worksheets, in the order of their tabs. Raises InvalidInput ``table.xlsx_malformed``.

    Every part that describes the workbook is parsed here by defusedxml with document types forbidden, so that none
    reaches a parser that would expand entities.
    """
    try:
        for name in package.namelist():
            if _is_settings(name):
                fromstring(package.read(name), forbid_dtd=True)
        targets = {
            r.get("Id"): normpath(join("xl", r.get("Target", ""))).lstrip("/")
            if not r.get("Target", "").startswith("/")
            else r.get("Target", "").lstrip("/")
            for r in fromstring(package.read("xl/_rels/workbook.xml.rels"), forbid_dtd=True)
            if r.get("Type", "").endswith("/worksheet")
        }
        book = fromstring(package.read("xl/workbook.xml"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, BadZipFile, KeyError, ValueError, EOFError):
        raise InvalidInput("table.xlsx_malformed") from None
    names = set(package.namelist())
    found = tuple(
        Sheet(s.get("name", ""), s.get("state", "visible") == "visible", part)
        for s in book.iter(f"{_MAIN}sheet")
        if (part := targets.get(s.get(f"{_RELATION}id"))) in names and part is not None
    )
    if not found:
        raise InvalidInput("table.xlsx_malformed")
    return found


_TAGS = re.compile(rb"<(?:\w+:)?(?:(row)\b([^>]*)>|(mergeCell)\b([^>]*)>|(v|is|f)[ >])")
_ROW_NUMBER = re.compile(rb"\br=\"(\d{1,12})\"")
_RANGE = re.compile(rb"\bref=\"([A-Za-z0-9:$]{1,40})\"")


def survey(package: ZipFile, part: str) -> Survey:
    """Look through a worksheet's bytes without parsing them.

    Raises InvalidInput ``table.xlsx_malformed`` (rows out of order, which a reader would drop in silence; XML that is
    not UTF-8 or has a document type) and ``table.xlsx_cell_too_long`` (a single text of a megabyte).
    """
    rows, last, filled, merged = 0, 0, False, None
    try:
        for block in _whole_tags(package, part):
            for tag in _TAGS.finditer(block):
                if tag[1]:
                    rows += 1
                    number = int(found[1]) if (found := _ROW_NUMBER.search(tag[2])) else last + 1
                    if number <= last or number > _LAST_ROW:
                        raise InvalidInput("table.xlsx_malformed")
                    last = number
                elif tag[3]:
                    merged = merged or (found[1].decode() if (found := _RANGE.search(tag[4])) else "?")
                else:
                    filled = True
    except (BadZipFile, EOFError, OSError, ValueError, NotImplementedError):
        raise InvalidInput("table.xlsx_malformed") from None
    return Survey(rows, filled, merged)


def _whole_tags(package: ZipFile, part: str) -> Iterator[bytes]:
    held = b""
    with package.open(part) as stream:
        first = True
        while chunk := stream.read(_SMALL):
            if first and (chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:200] or b"<!DOCTYPE" in chunk):
                raise InvalidInput("table.xlsx_malformed")
            first = False
            held += chunk
            cut = held.rfind(b">") + 1
            if cut:
                yield held[:cut]
            held = held[cut:]
            if len(held) > _SMALL:
                raise InvalidInput("table.xlsx_cell_too_long")
