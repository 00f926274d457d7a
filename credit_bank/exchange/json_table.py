"""JSON as a table: a list of objects, or an object that holds one such list (``{"courses": […]}``)."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NoReturn

from credit_bank.errors import InvalidInput
from credit_bank.exchange.encoding import UndecodableError, detect, refusal, text_before
from credit_bank.exchange.nested_json import flattened
from credit_bank.exchange.rows import (
    CellValue,
    Limits,
    Progress,
    Row,
    Source,
    Table,
    check_columns,
    faults_of,
    value_text,
)
from credit_bank.report import RowProblem

_LONGEST_NUMBER = 40


def json_table(source: Source, limits: Limits, progress: Progress | None) -> Table:
    """Read a JSON file, strictly (RFC 8259; no NaN, no duplicate names, no number beyond 40 characters).

    Raises InvalidInput ``table.undecodable``, ``table.json_malformed`` (line and column),
    ``table.json_duplicate_name``, ``table.json_number``, ``table.json_too_deep``, ``table.json_shape`` (no list of
    objects, or several) and ``table.empty``. A column is any name that any of the objects has.
    """
    document = _parse(source)
    objects = _list_of_objects(document) if limits.header is None else flattened(document)
    if not objects:
        raise InvalidInput("table.empty")
    if len(objects) > limits.rows:
        raise InvalidInput("table.too_many_rows", limit=limits.rows)
    columns = check_columns(tuple(dict.fromkeys(name for o in objects for name in o)), limits)

    def scan() -> Iterator[Row]:
        for number, element in enumerate(objects, 1):
            row = _row(number, element, columns, limits)
            if row.faults or any(c.strip() for c in row.cells):
                yield row

    return Table("json", columns, 0, len(objects), scan, limits, progress)


def _parse(source: Source) -> Any:
    try:
        codec = detect(source).codec
    except UndecodableError as error:
        raise refusal(error, text_before(source, error).count("\n") + 1) from None
    try:
        return json.loads(
            source.open().read().decode(codec),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise InvalidInput("table.json_malformed", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise InvalidInput("table.json_too_deep") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        name = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise InvalidInput("table.json_duplicate_name", name=name[:40])
    return result


def _integer(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise InvalidInput("table.json_number", number=text[:_LONGEST_NUMBER])
    return int(text)


def _decimal(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER or abs((value := Decimal(text)).adjusted()) > _LONGEST_NUMBER:
        raise InvalidInput("table.json_number", number=text[:_LONGEST_NUMBER])
    return value


def _constant(text: str) -> NoReturn:
    raise InvalidInput("table.json_number", number=text)


def _list_of_objects(document: Any) -> list[dict[str, Any]]:
    if isinstance(document, dict):
        lists = [v for v in document.values() if isinstance(v, list)]
        if len(lists) != 1:
            raise InvalidInput("table.json_shape")
        document = lists[0]
    if not isinstance(document, list) or not all(isinstance(o, dict) for o in document):
        raise InvalidInput("table.json_shape")
    return document


def _row(number: int, element: dict[str, Any], columns: tuple[str, ...], limits: Limits) -> Row:
    values: list[CellValue] = []
    cells: list[str] = []
    faults: list[RowProblem] = []
    for column in columns:
        value = element.get(column)
        if isinstance(value, (list, dict)):
            faults.append(RowProblem(number, column, "value_nested"))
            value = None
        values.append(value)
        cells.append(value_text(value))
    faults += faults_of(number, columns, cells, limits.cell)
    return Row(number, tuple(cells), tuple(values), tuple(faults))
