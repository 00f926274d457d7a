"""CSV (RFC 4180) as a table: comma, semicolon or tab; any line end; quoted line breaks; strict quoting."""

import csv
import io
from collections.abc import Iterator
from itertools import islice

from credit_bank.errors import InvalidInput
from credit_bank.exchange.encoding import UndecodableError, detect, refusal, text_before
from credit_bank.exchange.rows import (
    Limits,
    Progress,
    Row,
    Source,
    Table,
    check_columns,
    faults_of,
    fitted,
    trimmed_header,
)
from credit_bank.report import RowProblem

_DELIMITERS = ",;\t"


def csv_table(source: Source, limits: Limits, progress: Progress | None) -> Table:
    """Read a CSV file.

    Raises InvalidInput ``table.undecodable``, ``table.empty``, ``table.csv_quotes`` (a quote that does not close or
    stands inside a quoted cell), ``table.csv_cell_too_long`` and those of the header.
    """
    try:
        encoding = detect(source)
    except UndecodableError as error:
        raise refusal(error, _row_of(text_before(source, error))) from None
    strict = limits.header is None
    delimiter = (_delimiter if strict else _commonest_delimiter)(_text(source, encoding.codec))

    def records() -> Iterator[tuple[int, list[str]]]:
        return _records(_text(source, encoding.codec), delimiter, strict=strict)

    header_row, columns = _header(records(), limits)

    def scan() -> Iterator[Row]:
        for number, cells in records():
            if number > header_row and any(cells) and any(c.strip() for c in cells):
                yield _row(number, cells, columns, limits)

    return Table(
        "csv", columns, header_row, max(encoding.lines - 1, 0), scan, limits, progress, encoding=encoding.codec
    )


def _header(records: Iterator[tuple[int, list[str]]], limits: Limits) -> tuple[int, tuple[str, ...]]:
    filled = ((number, cells) for number, cells in records if any(c.strip() for c in cells))
    if limits.header is None:
        found = next(((number, trimmed_header(cells)) for number, cells in filled), None)
    else:
        found = limits.header(filled)
    if found is None:
        raise InvalidInput("table.empty")
    return found[0], check_columns(found[1], limits)


def _row(number: int, cells: list[str], columns: tuple[str, ...], limits: Limits) -> Row:
    faults: list[RowProblem] = []
    if len(cells) != len(columns) or "" in columns:
        if len(cells) < len(columns):
            faults.append(RowProblem(number, None, "cells_missing", {"found": len(cells), "expected": len(columns)}))
        cells = fitted(number, cells, columns, faults)
        cells += [""] * (len(columns) - len(cells))
    faults += faults_of(number, columns, cells, limits.cell)
    fixed = tuple(cells)
    return Row(number, fixed, fixed, tuple(faults))


def _text(source: Source, codec: str) -> Iterator[str]:
    # newline="" splits at \n, \r and \r\n alike but keeps them, as the csv module wants.
    with io.TextIOWrapper(source.open(), encoding=codec, newline="") as text:
        yield from text


def _records(lines: Iterator[str], delimiter: str, *, strict: bool) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                raise InvalidInput("table.csv_cell_too_long", row=number, limit=csv.field_size_limit()) from None
            raise InvalidInput("table.csv_quotes", row=number) from None
        yield number, cells


def _delimiter(lines: Iterator[str]) -> str:
    """The delimiter that stands most often, outside quotes, in the first line that is not blank; a comma if none."""
    for line in lines:
        if line.strip("\ufeff \t\r\n"):
            bare = "".join(line[:100_000].split('"')[::2])
            return max(_DELIMITERS, key=bare.count)
    return ","


def _commonest_delimiter(lines: Iterator[str]) -> str:
    """The delimiter that stands most often in the first lines, where a title may stand above the header."""
    bare = ["".join(line[:100_000].split('"')[::2]) for line in islice(lines, 30)]
    return max(",;\t|", key=lambda sign: sum(line.count(sign) for line in bare))


def _row_of(text: str) -> int:
    """The number of the row that a text breaks off in."""
    if not text:
        return 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(iter(text.splitlines())), strict=False)
    try:
        count = sum(1 for _ in reader)
    except csv.Error:
        count = text.count("\n") + 1
    return count + 1 if text.endswith(("\n", "\r")) else count
