"""Tables as sentences: what the columns are, then each row with the header of each cell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from accessibility.reading.document import Node
from accessibility.reading.fragment import Character, Words, announced

Cell = Callable[[Node, str], list[Character]]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table as it is read; ``body`` for a row of data."""

    characters: list[Character]
    body: bool


def rows(table: Node, say: Words, language: str, cell: Cell) -> Iterator[Row]:
    """The lines of a table in their order: caption, size, columns, rows."""
    for caption in (n for n in table.children if isinstance(n, Node) and n.tag == "caption"):
        yield Row(cell(caption, language), body=False)
    found = list(_own_rows(table))
    heads = [row for row in found if _is_head(row)]
    body = [row for row in found if not _is_head(row)]
    yield Row(announced(say("table", rows=len(body), columns=max(map(_width, found), default=0)), language), body=False)
    headers: list[str] = []
    for row in heads:
        line: list[Character] = []
        for one in _cells(row):
            said = cell(one, language)
            headers += ["".join(c.text for c in said)] * _span(one)
            line += (announced(say("comma"), language) if line and said else []) + said
        if line:
            yield Row(announced(say("columns"), language) + line, body=False)
    for row in body:
        yield Row(list(_row(row, headers, say, language, cell)), body=True)


def _row(row: Node, headers: list[str], say: Words, language: str, cell: Cell) -> Iterator[Character]:
    at, begun = 0, False
    for one in _cells(row):
        said = cell(one, language)
        header = one.get("data-label") or (headers[at] if at < len(headers) else "")
        at += _span(one)
        if begun:
            yield from announced(say("comma"), language)
        if header and one.tag == "td":
            yield from announced(header + say("colon"), language)
        yield from said if any(c.text.isalnum() for c in said) else [*said, *announced(say("blank"), language)]
        begun = True


def _own_rows(node: Node) -> Iterator[Node]:
    """The rows of this table, without those of a table in a cell, which is read with its cell."""
    for child in node.children:
        if isinstance(child, Node) and child.tag == "tr" and not child.has("hidden"):
            yield child
        elif isinstance(child, Node) and child.tag in ("thead", "tbody", "tfoot"):
            yield from _own_rows(child)


def _is_head(row: Node) -> bool:
    cells = _cells(row)
    return bool(cells) and all(c.tag == "th" or not c.text() for c in cells) and any(
        c.get("scope") == "col" or not c.has("scope") for c in cells if c.tag == "th"
    )  # fmt: skip


def _cells(row: Node) -> list[Node]:
    return [c for c in row.children if isinstance(c, Node) and c.tag in ("td", "th") and not c.has("hidden")]


def _span(cell: Node) -> int:
    span = cell.get("colspan")
    return min(int(span), 100) if span.isascii() and span.isdigit() and 0 < len(span) < 4 else 1


def _width(row: Node) -> int:
    return sum(map(_span, _cells(row)))
