"""Reading a file as a table, whatever its name says it is: CSV, XLSX or JSON, told apart by their content."""

import re
from typing import BinaryIO

from credit_bank.errors import InvalidInput
from credit_bank.exchange.csv_table import csv_table
from credit_bank.exchange.json_table import json_table
from credit_bank.exchange.rows import CellValue, Limits, Progress, Row, Source, Table
from credit_bank.exchange.xlsx_table import xlsx_table

__all__ = ["CellValue", "Limits", "Progress", "Row", "Table", "read_table"]

_DEFAULT = Limits()
_KNOWN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "table.old_excel"),  # .xls, and XLSX behind a password
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf", "7z"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3", "SQLite"),
)
_JSON_START = re.compile(rb"^(?:\xef\xbb\xbf)?\s*(?:\{\s*[\"}]|\[\s*[\[{\]\"0-9tfn-])")
_MARKUP_START = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|head|meta)", re.IGNORECASE)


def read_table(
    content: bytes | BinaryIO,
    name: str = "",
    *,
    limits: Limits = _DEFAULT,
    sheet: str | None = None,
    progress: Progress | None = None,
) -> Table:
    """Read a CSV, XLSX or JSON file as a table.

    ``content`` is the bytes or a seekable binary file, which must stay open while
    the table is used; ``name`` is only
    a hint (a ``.json`` that does not look like JSON is reported as broken JSON, not as an odd CSV); ``sheet`` names the
    worksheet to take. Raises InvalidInput ``table.empty``, ``table.too_large``, ``table.old_excel``,
    ``table.not_a_table`` (a picture, a PDF, binary), ``table.web_page`` (HTML or XML under a spreadsheet's name) and
    what the three formats raise.
    """
    source = Source(content)
    if source.size > limits.file:
        raise InvalidInput("table.too_large", limit=limits.file // 1_000_000)
    head = source.head(4096)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise InvalidInput("table.empty")
    for magic, kind in _KNOWN:
        if head.startswith(magic):
            if kind.startswith("table."):
                raise InvalidInput(kind)
            raise InvalidInput("table.not_a_table", kind=kind)
    if head.startswith(b"PK\x03\x04"):
        return xlsx_table(source, limits, progress, sheet)
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InvalidInput("table.not_a_table", kind="?")
    if _MARKUP_START.match(head):
        raise InvalidInput("table.web_page")
    if _JSON_START.match(head) or name.casefold().endswith(".json"):
        return json_table(source, limits, progress)
    return csv_table(source, limits, progress)
