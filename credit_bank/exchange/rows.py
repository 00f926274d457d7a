"""What every tabular file becomes: a table of columns and numbered rows, read row by row."""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple

from credit_bank.errors import InvalidInput
from credit_bank.report import RowProblem

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CellValue = str | int | Decimal | float | bool | date | datetime | time | timedelta | None
Progress = Callable[[int, int | None], None]
"""Called with the rows read so far and the number expected (None when unknown)."""

PROGRESS_EVERY = 1000


Header = Callable[[Iterable[tuple[int, Sequence[str]]]], tuple[int, tuple[str, ...]] | None]


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be: sizes in bytes, ``cell`` in characters (32,767 is a spreadsheet's own limit).

    ``unpacked``, ``ratio`` and ``parts`` apply to the ZIP package of an XLSX file, ``settings_part`` to those of its
    parts that describe the workbook rather than hold its rows. With a ``header`` a table is read loosely, to be
    measured and not taken: it chooses the header's last row and the columns from the first rows, stray quotes, merged
    cells and nested JSON are no fault, and of several sheets the longest is read.
    """

    file: int = 100_000_000
    rows: int = 200_000
    columns: int = 200
    cell: int = 32_767
    unpacked: int = 300_000_000
    ratio: int = 100
    parts: int = 1_000
    settings_part: int = 4_000_000
    header: Header | None = None


class Row(NamedTuple):
    """One row below the header. ``number`` is the row as the file's own program numbers it (JSON: the element, from 1).

    ``cells`` holds the text of each column and ``values`` what the format itself says it is (a date, a number); the
    same tuple where the format knows only text. ``faults`` are what is wrong with single cells; a cell at fault is "".
    """

    number: int
    cells: tuple[str, ...]
    values: tuple[CellValue, ...]
    faults: tuple[RowProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A file read as a table. ``columns`` are the headers as written; ``rows()`` starts a new pass over the file.

    ``header_row`` is the number of the header's row (0 for JSON, which has none); ``expected`` is about how many rows
    there are. A pass may raise InvalidInput ``table.*`` where the file turns out to be broken further down.
    """

    format: Literal["csv", "xlsx", "json"]
    columns: tuple[str, ...]
    header_row: int
    expected: int | None
    scan: Callable[[], Iterator[Row]] = field(repr=False)
    limits: Limits = field(default_factory=Limits, repr=False)
    progress: Progress | None = field(default=None, repr=False)
    encoding: str | None = None
    sheet: str | None = None

    def rows(self) -> Iterator[Row]:
        """The rows in order, blank ones left out. Raises InvalidInput ``table.too_many_rows`` and the format's own."""
        count = 0
        for row in self.scan():
            count += 1
            if count > self.limits.rows:
                raise InvalidInput("table.too_many_rows", limit=self.limits.rows)
            if self.progress is not None and count % PROGRESS_EVERY == 0:
                self.progress(count, self.expected)
            yield row
        if self.progress is not None:
            self.progress(count, count)


class _View(io.RawIOBase):
    """A reader with a position of its own on a file that belongs to the caller; closing it leaves the file open."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._size, self._position = file, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._position = max(0, offset + (0, self._position, self._size)[whence])
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        self._file.seek(self._position)
        chunk = self._file.read(len(view))
        view[: len(chunk)] = chunk
        self._position += len(chunk)
        return len(chunk)


class Source:
    """The bytes of a file, readable from the start as often as needed."""

    def __init__(self, content: bytes | BinaryIO) -> None:
        self._content = content
        self.size = len(content) if isinstance(content, bytes) else content.seek(0, io.SEEK_END)

    def open(self) -> BinaryIO:
        """The file at its first byte."""
        if isinstance(self._content, bytes):
            return io.BytesIO(self._content)
        return io.BufferedReader(_View(self._content, self.size), 1 << 16)

    def head(self, length: int) -> bytes:
        """The first ``length`` bytes."""
        with self.open() as file:
            return file.read(length)


_CONTROL = re.compile(r"[\x00-\x08\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def cell_fault(text: str, limit: int) -> tuple[str, dict[str, str | int | None]] | None:
    """What makes a cell's text unusable, as a problem's code and parameters: too long, or not text at all."""
    if len(text) > limit:
        return "cell_too_long", {"length": len(text), "limit": limit}
    if found := _CONTROL.search(text):
        return "character_forbidden", {"character": f"U+{ord(found[0]):04X}"}
    return None


def faults_of(number: int, columns: tuple[str, ...], cells: list[str], limit: int) -> list[RowProblem]:
    """The faults of one row's cells, which are emptied in place."""
    joined = "".join(cells)
    if len(joined) <= limit and not _CONTROL.search(joined):
        return []
    faults = []
    for i, text in enumerate(cells):
        if fault := cell_fault(text, limit):
            faults.append(RowProblem(number, columns[i] if i < len(columns) else None, *fault))
            cells[i] = ""
    return faults


def number_text(value: int | float | Decimal) -> str:
    """A number as a person would write it: 1.0 is "1", 2.50 is "2.5"; a float at the 15 digits a spreadsheet shows."""
    exact = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return str(value)
    text = format(exact, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def value_text(value: CellValue) -> str:
    """The text of a typed cell: dates in ISO 8601, without a midnight that nobody wrote."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return number_text(value)


def check_columns(columns: tuple[str, ...], limits: Limits) -> tuple[str, ...]:
    """The header, checked.

    Raises InvalidInput ``table.header_empty``, ``…header_duplicate``, ``…header_malformed`` or ``…too_many_columns``.
    """
    if not any(columns):
        raise InvalidInput("table.header_empty")
    if len(columns) > limits.columns:
        raise InvalidInput("table.too_many_columns", limit=limits.columns)
    seen: set[str] = set()
    for column in columns:
        if column and column in seen:
            raise InvalidInput("table.header_duplicate", column=column)
        seen.add(column)
        if len(column) > 200 or cell_fault(column, 200):
            raise InvalidInput("table.header_malformed", column=repr(column[:40]))
    return columns


def trimmed_header(cells: list[str]) -> tuple[str, ...]:
    """Header cells on one line each, without the blank ones after the last."""
    columns = [" ".join(c.split()) for c in cells]
    while columns and not columns[-1]:
        columns.pop()
    return tuple(columns)


def fitted(number: int, cells: list[str], columns: tuple[str, ...], faults: list[RowProblem]) -> list[str]:
    """A row's cells cut to the header's width; text under no header is a fault (``cell_without_header``)."""
    width = len(columns)
    stray = next((t for t in cells[width:] if t.strip()), None)
    if stray is None:
        stray = next((t for t, c in zip(cells, columns, strict=False) if not c and t.strip()), None)
    if stray is not None:
        faults.append(RowProblem(number, None, "cell_without_header", {"text": stray.strip()[:40]}))
    return cells[:width]
