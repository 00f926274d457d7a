"""A learner's record to keep: PDF (tagged, PDF/UA-1) as a table, in large print or in sentences; text for Braille.

The table is for whoever reads tables; in large print (nothing below 20 points) each outcome stands by itself, since a
table of that size fits no page; in sentences it says the same in plain words. All of it is in the reader's language.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from web import pdf

Version = Literal["standard", "large", "simple"]
VERSIONS: tuple[Version, ...] = ("standard", "large", "simple")
TEMPLATE = Path(__file__).parent / "certificate" / "record.typ"


@dataclass(frozen=True, slots=True)
class Row:
    """One outcome: its cells in the order of the columns, and the same as a sentence."""

    cells: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a record says. ``head`` are (label, value); ``sums`` and the rest are sentences in ``lang``."""

    lang: str
    title: str
    bank: str
    head: Sequence[tuple[str, str]]
    filtered: str
    list_title: str
    columns: Sequence[str]
    rows: Sequence[Row]
    none: str
    sums_title: str
    sums: Sequence[str]
    note: str
    made_at: datetime

    @property
    def colon(self) -> str:
        """What stands between a label and its value."""
        return ": " if self.lang == "en" else "："


def document(record: Record, version: Version) -> bytes:
    """The record as PDF. What the font lacks is printed as a square (□), so that no record is refused."""
    data = {
        "version": version,
        "lang": "en" if record.lang == "en" else "zh",
        "region": "gb" if record.lang == "en" else "cn",
        "colon": record.colon,
        "title": record.title,
        "bank": record.bank,
        "head": [list(pair) for pair in record.head],
        "filtered": record.filtered,
        "list_title": record.list_title,
        "columns": list(record.columns),
        "rows": [{"cells": list(row.cells), "sentence": row.sentence} for row in record.rows],
        "none": record.none,
        "sums_title": record.sums_title,
        "sums": list(record.sums),
        "note": record.note,
    }
    text = json.dumps(data, ensure_ascii=False)
    for character in pdf.unprintable(text):
        text = text.replace(character, "□")
    return pdf.compiled(TEMPLATE, {"data": text}, standards=["ua-1"], made_at=record.made_at)


def text(record: Record, version: Version) -> str:
    """The record as plain text, a paragraph on each line."""
    lines = [record.title, ""]
    lines += [f"{label}{record.colon}{value}" for label, value in record.head]
    lines += [record.filtered] if record.filtered else []
    lines += ["", record.list_title]
    if not record.rows:
        lines.append(record.none)
    for row in record.rows:
        if version == "simple":
            lines.append(row.sentence)
            continue
        lines += ["", row.cells[0]]
        lines += [f"{n}{record.colon}{v}" for n, v in list(zip(record.columns, row.cells, strict=True))[1:]]
    return "\n".join([*lines, "", record.sums_title, *record.sums, "", record.note])
