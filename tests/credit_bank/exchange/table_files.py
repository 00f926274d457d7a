"""Makers of small files for the import tests."""

import csv
import io
import zipfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl

from credit_bank.sentences import sentence as in_locale

SHARED = Path(__file__).parents[3] / ".." / "shared" / "data"


def sentence(key: str, parameters: Any, locale: str = "zh-CN") -> str:
    return in_locale(key, locale, **parameters)


chinese, english = sentence, partial(sentence, locale="en")


def csv_bytes(rows: Sequence[Sequence[object]], encoding: str = "utf-8", **options: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, **options).writerows(rows)
    return text.getvalue().encode(encoding)


def workbook_bytes(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsx_bytes(rows: Sequence[Sequence[object]], **more_sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Sheet1"
    for row in rows:
        book.active.append(list(row))
    for name, sheet_rows in more_sheets.items():
        sheet = book.create_sheet(name)
        for row in sheet_rows:
            sheet.append(list(row))
    return workbook_bytes(book)


def repacked(content: bytes, *, drop: str = "", compression: int = zipfile.ZIP_DEFLATED, **parts: bytes) -> bytes:
    """The package with parts replaced or added; keywords write "/" as "__" and "." as "_dot_"."""
    names = {k.replace("__", "/").replace("_dot_", "."): v for k, v in parts.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", compression) as new:
        for name in old.namelist():
            if name != drop and name not in names:
                new.writestr(name, old.read(name))
        for name, data in names.items():
            new.writestr(name, data)
    return buffer.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name)
